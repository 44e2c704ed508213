"""The room of exercise 23.4: its controls, graph and curves, its question and home's picture of it."""
