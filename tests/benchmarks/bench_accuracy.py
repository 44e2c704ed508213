"""What the "Batch norm and dropout" preset of page 23.3 reaches over seeds, on held-out and on test rows.

Run from the top folder:  python -m tests.benchmarks.bench_accuracy [seeds]

The preset was chosen on the validation figures: trained without the last 8,000 training rows, measured on them.
"""

import statistics
import sys

import numpy as np

from nnlib import Dataset, Network, Trainer, load_mnist

HELD_OUT = 8000


def preset_accuracy(data: Dataset, seed: int) -> float:
    """Accuracy on the test rows of `data` after 20 epochs."""
    network = Network(
        (784, 100, 50, 10),
        activation="relu",
        loss="softmax cross-entropy",
        init="he",
        dtype=np.float32,
        random_state=seed,
        batch_norm=True,
        keep_prob=(0.9, 1.0),
    )
    trainer = Trainer(
        network,
        data,
        batch_size=64,
        learning_rate=0.004,
        optimizer="adam",
        schedule="cosine",
        epochs=20,
        measure_every=20,
        random_state=seed,
    )
    trainer.run()
    return trainer.history[-1].test_accuracy


def main() -> None:
    """Print mean and spread on both."""
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    source = load_mnist()
    X, Y = source.X_train, source.Y_train
    held_out = Dataset.from_arrays(
        X[:-HELD_OUT], Y[:-HELD_OUT], X[-HELD_OUT:], Y[-HELD_OUT:], scale=source.scale, image_shape=(28, 28)
    )
    for name, data in (("validation", held_out), ("test", source)):
        reached = [preset_accuracy(data, seed) for seed in seeds]
        mean, spread = statistics.mean(reached), statistics.stdev(reached)
        print(f"{name:10s} mean {mean:.2%}, standard deviation {spread:.2%}, {[f'{a:.2%}' for a in reached]}")


if __name__ == "__main__":
    main()
