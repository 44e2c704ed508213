"""The room of exercise 23.5: its question and home's picture of it."""
