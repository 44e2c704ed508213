"""What another project may write with nnlib, with lists where lists are taken: it runs, and strict mypy agrees.

pyproject.toml asks of this file what `mypy --strict` does, and of nnlib that what it re-exports it says so.
"""

import io
import pickle
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import nnlib
import nnlib.chapter23.algorithms
from nnlib import Dataset, Network, Trainer, load_mnist, load_network, save_network
from nnlib.datasets import one_hot
from nnlib.estimator import FeedforwardClassifier
from nnlib.losses import binary_cross_entropy, softmax_cross_entropy_from_logits
from nnlib.measuring import evaluate
from nnlib.optimizers import SGD, Adam

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [[1], [0], [0], [1]]
xnor = Network((2, 2, 1))
other = Network([2, 2, 1], activation="tanh", keep_prob=[0.9], dtype=np.float32, random_state=0)
P: NDArray[np.floating] = xnor.predict_proba(X)
loss: float = xnor.mean_loss(X, Y)
z: NDArray[np.floating] = xnor.trace(X, Y, training=True).z[0]
agrees: bool = bool(xnor.check_gradients(X, Y, xnor.sample_parameters(X, 1, 1, random_state=0)).passes.all())
also_loss: float = binary_cross_entropy(P, Y) + softmax_cross_entropy_from_logits([[0.5, 1]], [[1, 0]])
labels: NDArray[np.floating] = one_hot([0, 1, 2], 3)

data = Dataset.from_arrays(X, Y, X, Y)
for optimizer in (Adam, lambda network: SGD(network, momentum=0.5)):
    trainer = Trainer(xnor, data, batch_size=2, learning_rate=1, optimizer=optimizer, epochs=2)
    trainer.run_for(1)
    trainer.run()
accuracy: float = evaluate(xnor, data, "test")[1]

file = io.BytesIO()
save_network(file, other, history=trainer.history, settings={"hidden": [2]})
save_network(Path("xnor.npz"), xnor)
again: Network = load_network("xnor.npz").network
copied: Network = pickle.loads(pickle.dumps(again))

digits = load_mnist().first(1000)
by_digit = Trainer(Network((784, 10), random_state=0), digits, optimizer="adam", epochs=1, random_state=0)
by_digit.run()
model = FeedforwardClassifier((5,), keep_prob=[0.9], max_iter=1, learning_rate="cosine").fit(X, [0, 1, 1, 0])
model.predict(X)

sys.stdout.write(f"{nnlib.__file__}\n{nnlib.__version__}\n{by_digit.state}\n")
