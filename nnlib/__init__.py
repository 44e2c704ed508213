"""Feed-forward neural networks as in chapter 23 of Li Hang's "Machine Learning Methods", in NumPy.

Where to begin reading:

1. `chapter23/algorithms.py`: the book's algorithms, slow, one sample and one formula at a time.
2. `layers.py`: the same formulas for rows of samples; `Dense.add_gradients` is where ∇W comes from, and
   `Network.check_gradients` shows that it is right.
3. `network.py`: layers one after the other, forward and back.
4. `optimizers.py` moves the weights by the gradient; `training.py` does so batch by batch, measures and stops.

Around them: `activations.py`, `losses.py`, `gradcheck.py`, `measuring.py`, `datasets.py`, `saving.py`, and for
scikit-learn `estimator.py`. `batches.py` holds all that is there for speed alone, `graph.py` computation graphs,
`chapter23/` the exercises' own experiments.
"""

from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.network import Network
from nnlib.saving import load_checkpoint, load_network, save_checkpoint, save_network
from nnlib.training import Trainer

__all__ = [
    "Dataset",
    "Network",
    "Trainer",
    "load_checkpoint",
    "load_digits",
    "load_mnist",
    "load_network",
    "save_checkpoint",
    "save_network",
]

__version__ = "1.0"
