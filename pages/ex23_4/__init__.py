"""The room of exercise 23.4: its question and home's picture of it."""
