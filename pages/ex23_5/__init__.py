"""The room of exercise 23.5: its controls, graph and comparisons, its question and home's picture of it."""
