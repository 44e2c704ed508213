"""The room of exercise 23.6: its number lines, its graph's layout, batch norm in use."""
