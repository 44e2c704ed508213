"""Feed-forward neural networks as in chapter 23 of Li Hang's "Machine Learning Methods", in NumPy."""
