"""Feed-forward neural networks as in chapter 23 of Li Hang's "Machine Learning Methods", in NumPy."""

from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.network import Network
from nnlib.saving import load_network, save_network
from nnlib.training import Trainer

__all__ = ["Dataset", "Network", "Trainer", "load_digits", "load_mnist", "load_network", "save_network"]

__version__ = "1.0"
