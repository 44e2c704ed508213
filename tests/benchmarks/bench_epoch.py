"""Seconds for one epoch of 784-100-50-10 on MNIST: nnlib against the libraries a reader may know, on one core.

Run from the top folder:  python -m tests.benchmarks.bench_epoch [--busy] [batch sizes…]

scikit-learn is always measured; PyTorch and JAX when installed (`pip install torch==2.13.0 jax`). Every
pair is timed in this one process, in turn, and the median of the ratios is printed. With --busy the
machine's other cores do matrix products meanwhile, and nnlib is compared with itself at rest.
"""

import argparse
import multiprocessing
import os
import statistics
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from nnlib import Network, Trainer, load_mnist

SIZES = (784, 100, 50, 10)
RATE = 0.1
Epoch = Callable[[], object]


def nnlib_epoch(batch: int) -> Epoch:
    """A trainer with float32, plain SGD and sigmoids, as the others have."""
    network = Network(SIZES, dtype=np.float32, random_state=0)
    trainer = Trainer(
        network, load_mnist(), batch_size=batch, learning_rate=RATE, epochs=1000, measure_every=1e6, random_state=0
    )
    trainer.run_batches(1)
    return lambda: trainer.run_epochs(1)


def loop_epoch(batch: int) -> Epoch:
    """The straightforward NumPy loop: a line a formula, a new array a result."""
    data = load_mnist()
    X_all, Y_all = data.train_inputs(slice(None), np.float32), data.Y_train
    rng = np.random.default_rng(0)
    shapes = list(pairwise(SIZES))
    weights = [rng.normal(0, np.sqrt(2 / sum(shape)), shape).astype(np.float32) for shape in shapes]
    biases = [np.zeros(m, np.float32) for m in SIZES[1:]]

    def epoch() -> None:
        order = rng.permutation(len(X_all))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            outputs = [X_all[rows]]
            for W, b in zip(weights, biases, strict=True):
                outputs.append(1 / (1 + np.exp(-(outputs[-1] @ W + b))))
            delta = outputs[-1] - Y_all[rows]
            for t in (2, 1, 0):
                dW, db = outputs[t].T @ delta / len(rows), delta.mean(axis=0)
                delta = (delta @ weights[t].T) * outputs[t] * (1 - outputs[t]) if t else delta
                weights[t] -= RATE * dW
                biases[t] -= RATE * db

    return epoch


def sklearn_epoch(batch: int) -> Epoch:
    """MLPClassifier with plain SGD and logistic activation, one pass."""
    from sklearn.neural_network import MLPClassifier

    data = load_mnist()
    X, y = data.train_inputs(slice(None), np.float32), data.Y_train.argmax(axis=1)
    model = MLPClassifier(
        SIZES[1:-1],
        "logistic",
        solver="sgd",
        alpha=0,
        batch_size=batch,
        learning_rate_init=RATE,
        momentum=0,
        max_iter=1,
    )

    def epoch() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X, y)

    return epoch


def torch_epoch(batch: int) -> Epoch:
    """PyTorch on one thread, data in memory as a tensor, the batch taken by index."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    data = load_mnist()
    X, Y = torch.tensor(data.train_inputs(slice(None), np.float32)), torch.tensor(data.Y_train)
    parts: list[nn.Module] = []
    for fan_in, fan_out in pairwise(SIZES):
        parts += [nn.Linear(fan_in, fan_out), nn.Sigmoid()]
    model = nn.Sequential(*parts[:-1])
    loss = nn.BCEWithLogitsLoss(reduction="sum")
    optimizer = torch.optim.SGD(model.parameters(), momentum=RATE)

    def epoch() -> None:
        order = torch.randperm(len(X))
        for rows in order.split(batch):
            optimizer.zero_grad()
            (loss(model(X[rows]), Y[rows]) / len(rows)).backward()
            optimizer.step()

    return epoch


def jax_epoch(batch: int) -> Epoch:
    """JAX: the whole epoch one jitted scan, compiled by XLA, parameters donated."""
    import jax
    import jax.numpy as jnp

    data = load_mnist()
    X, Y = jnp.asarray(data.train_inputs(slice(None), np.float32)), jnp.asarray(data.Y_train)
    rng = np.random.default_rng(0)
    parameters = [
        (jnp.asarray(rng.normal(0, np.sqrt(2 / (m + k)), (m, k)), jnp.float32), jnp.zeros(k, jnp.float32))
        for m, k in pairwise(SIZES)
    ]

    def mean_loss(parameters, x, y):  # type: ignore[no-untyped-def]
        for W, b in parameters[:-1]:
            x = jax.nn.sigmoid(x @ W + b)
        z = x @ parameters[-1][0] + parameters[-1][1]
        return jnp.sum(jnp.logaddexp(0, z) - y * z) / len(x)

    def step(parameters, rows):  # type: ignore[no-untyped-def]
        gradients = jax.grad(mean_loss)(parameters, X[rows], Y[rows])
        return jax.tree.map(lambda p, g: p - RATE * g, parameters, gradients), None

    whole = len(X) // batch * batch
    scan = jax.jit(lambda p, order: jax.lax.scan(step, p, order.reshape(-1, batch))[0], donate_argnums=0)
    state = {"parameters": parameters}

    def epoch() -> None:
        order = jnp.asarray(rng.permutation(len(X))[:whole])
        state["parameters"] = jax.block_until_ready(scan(state["parameters"], order))

    return epoch


def seconds(epoch: Epoch) -> float:
    """Wall time of one epoch."""
    start = perf_counter()
    epoch()
    return perf_counter() - start


def compare(ours: Epoch, other: Epoch, rounds: int) -> tuple[float, float, float]:
    """Median seconds of ours and of the other, and the median of other / ours, measured in turn."""
    pairs = [(seconds(ours), seconds(other)) for _ in range(rounds)]
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    return a, b, statistics.median(b / a for a, b in pairs)


def _keep_busy() -> None:
    A = np.random.default_rng(0).normal(size=(500, 500))
    with threadpool_limits(1, "blas"):
        while True:
            A = A @ A
            A /= np.abs(A).max()


def main() -> None:
    """Print a line a pair."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("batches", nargs="*", type=int, default=[1, 8, 16, 32, 64, 128, 256])
    parser.add_argument("--busy", action="store_true", help="compare nnlib with itself while other cores work")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.busy:
        return busy(arguments.batches, arguments.rounds)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    others = {"NumPy loop": loop_epoch, "scikit-learn": sklearn_epoch}
    if find_spec("torch"):
        others["PyTorch"] = torch_epoch
    if find_spec("jax"):
        others["JAX (XLA)"] = jax_epoch
    for batch in arguments.batches:
        ours = nnlib_epoch(batch)
        rounds = arguments.rounds if batch >= 8 else max(1, arguments.rounds // 3)
        for name, make in others.items():
            other = make(batch)
            seconds(ours), seconds(other) if batch >= 8 or name.startswith("JAX") else 0.0
            a, b, ratio = compare(ours, other, rounds)
            print(f"batch {batch:4d}   nnlib {a:6.3f} s   {name:12s} {b:6.3f} s   ratio {ratio:5.2f}", flush=True)


def busy(batches: list[int], rounds: int) -> None:
    """nnlib at rest and with every other core busy."""
    cores = os.cpu_count() or 2
    for batch in batches:
        ours = nnlib_epoch(batch)
        seconds(ours)
        at_rest = statistics.median(seconds(ours) for _ in range(rounds))
        workers = [multiprocessing.Process(target=_keep_busy, daemon=True) for _ in range(cores - 1)]
        for worker in workers:
            worker.start()
        loaded = statistics.median(seconds(ours) for _ in range(rounds))
        for worker in workers:
            worker.terminate()
        print(
            f"batch {batch:4d}   at rest {at_rest:6.3f} s   busy {loaded:6.3f} s   ratio {loaded / at_rest:5.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
