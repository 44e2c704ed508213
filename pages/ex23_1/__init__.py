"""The room of exercise 23.1: its sliders, pictures and training."""
