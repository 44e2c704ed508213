"""The room of exercise 23.7: its masks, charts and twin trainings."""
