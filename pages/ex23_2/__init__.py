"""The room of exercise 23.2: its table of labels, its pictures and the loss in use."""
