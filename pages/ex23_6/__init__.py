"""The room of exercise 23.6: its stage, its answer and graph, two nets that train, its questions."""
