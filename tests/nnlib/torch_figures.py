"""What PyTorch computes for small networks with batch normalisation and dropout, to compare `nnlib` with.

Run once, with torch==2.13.0 installed:  python -m tests.nnlib.torch_figures
The suite reads torch_figures.json and needs no PyTorch. PyTorch normalises with the divisor n (ddof=0); the
masks are those that `nnlib` draws, applied in PyTorch by hand as F.dropout applies its own: h ⊙ d / p.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nnlib.network import Network

FIGURES = Path(__file__).with_suffix(".json")
KEEP_PROB = 0.6
ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def figures(activation: str) -> dict[str, Any]:
    """Inputs, parameters, masks, loss and gradients of one training pass of a 4-5-3-2 net over 6 samples."""
    rng = np.random.default_rng(23)
    network = Network(
        (4, 5, 3, 2), activation=activation, loss="softmax cross-entropy", random_state=1, keep_prob=KEEP_PROB
    )
    X, Y = rng.normal(size=(6, 4)), np.eye(2)[[0, 1, 0, 1, 1, 0]]
    masks = network.trace(X, Y, training=True).masks

    def leaf(values: np.ndarray) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.float64, requires_grad=True)

    W = [leaf(layer.W) for layer in network.dense]
    b = [leaf(rng.normal(size=m)) for m in (5, 3, 2)]
    gamma, beta = [leaf(rng.uniform(0.5, 2, m)) for m in (5, 3)], [leaf(rng.normal(size=m)) for m in (5, 3)]
    h = torch.tensor(X)
    for t in range(2):
        z = torch.nn.functional.batch_norm(h @ W[t] + b[t], None, None, gamma[t], beta[t], training=True, eps=1e-5)
        h = ACTIVATIONS[activation](z) * torch.tensor(masks[t]) / KEEP_PROB
    loss = torch.nn.functional.cross_entropy(h @ W[2] + b[2], torch.tensor(Y))
    loss.backward()
    given = {"W": W, "b": b, "gamma": gamma, "beta": beta}
    return {
        "X": X.tolist(),
        "Y": Y.tolist(),
        "masks": [mask.tolist() for mask in masks],
        "loss": loss.item(),
        **{name: [tensor.tolist() for tensor in tensors] for name, tensors in given.items()},
        **{f"d{name}": [t.grad.tolist() for t in tensors] for name, tensors in given.items()},
    }


if __name__ == "__main__":
    FIGURES.write_text(json.dumps({name: figures(name) for name in ACTIVATIONS}) + "\n")
