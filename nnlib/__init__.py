"""Feed-forward neural networks as in chapter 23 of Li Hang's "Machine Learning Methods", in NumPy."""

from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.network import Network
from nnlib.training import Trainer

__all__ = ["Dataset", "Network", "Trainer", "load_digits", "load_mnist"]
