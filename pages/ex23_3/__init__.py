"""The room of exercise 23.3: its settings, runs, sweep, pictures and digits."""
