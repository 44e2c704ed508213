"""Train a network on handwritten digits in the terminal: `python -m nnlib --help`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.network import Network
from nnlib.saving import save_network
from nnlib.training import SCHEDULES, Trainer

DATA = ("mnist", "mnist-standard", "digits")
BY_GRADIENT = ("sgd", "momentum", "adam")
WHOLE: dict[str, Any] = {"type": int, "metavar": "N"}
SLICE_SECONDS = 0.1  # of training between two pictures of the progress bar
BAR_WIDTH = 30


def parser() -> argparse.ArgumentParser:
    """The options, with the defaults of page 23.3."""
    options = argparse.ArgumentParser(
        prog="python -m nnlib",
        usage="%(prog)s [options]",
        description="Train a feed-forward network on handwritten digits and print its accuracy on test digits.",
    )
    add = options.add_argument
    add("--data", choices=DATA, default="mnist", help="MNIST in the source's split (default) or its own, or 8 x 8")
    add("--hidden", **WHOLE, nargs="*", default=[100, 50], help="neurons of each hidden layer (100 50)")
    add("--activation", choices=list(ACTIVATIONS), default="relu", help="of the hidden layers (%(default)s)")
    add("--batch", **WHOLE, default=32, help="samples a step (%(default)s)")
    add("--rate", type=float, default=0.3, metavar="ETA", help="learning rate (%(default)s)")
    add("--epochs", **WHOLE, default=10, help="passes over the training digits (%(default)s)")
    add("--optimizer", choices=BY_GRADIENT, default="sgd", help="how the weights move (%(default)s)")
    add("--schedule", choices=SCHEDULES, default="cosine", help="learning rate over time (%(default)s)")
    about = "probability to keep a hidden neuron (dropout), one for all hidden layers or one each (1)"
    add("--keep-prob", type=float, nargs="+", default=[1.0], metavar="P", help=about)
    add("--batch-norm", action="store_true", help="normalise the net inputs of hidden layers by batch (off)")
    add("--seed", **WHOLE, default=0, help="the same seed gives the same network (%(default)s)")
    add("--save", type=Path, metavar="FILE", help="keep the network in an .npz file, for nnlib.load_network")
    return options


def load(name: str) -> Dataset:
    """The data of that name."""
    if name == "digits":
        return load_digits()
    return load_mnist("standard" if name == "mnist-standard" else "source")


def build(options: argparse.Namespace) -> Trainer:
    """A trainer as the options say.

    Raises ValueError or TypeError if they cannot be.
    """
    data = load(options.data)
    network = Network(
        (data.X_train.shape[1], *options.hidden, data.Y_train.shape[1]),
        options.activation,
        "softmax cross-entropy",
        "he" if options.activation == "relu" else "xavier",
        np.float32,
        options.seed,
        options.batch_norm,
        keep_prob=options.keep_prob[0] if len(options.keep_prob) == 1 else options.keep_prob,
    )
    return Trainer(
        network,
        data,
        options.batch,
        options.rate,
        options.optimizer,
        options.schedule,
        options.epochs,
        measure_every=1.0,
        random_state=options.seed,
    )


def show_progress(trainer: Trainer) -> None:
    """Draw the bar over itself, where a person is looking: not into files and pipes."""
    if not sys.stderr.isatty():
        return
    share = trainer.step / trainer.total_steps
    filled = round(share * BAR_WIDTH)
    sys.stderr.write(
        f"\r[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] epoch {trainer.epoch:5.2f} of {trainer.epochs}, "
        f"test accuracy {trainer.history[-1].test_accuracy:.2%} " + ("\n" if trainer.state != "training" else "")
    )
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the arguments (default: the command line's) say; 0 if all went well, 1 if training diverged.

    Bad arguments end the program with exit status 2 and a sentence.
    """
    options_parser = parser()
    options = options_parser.parse_args(arguments)
    if options.save is not None and not options.save.parent.is_dir():
        options_parser.error(f"the folder of {options.save} does not exist: the network could not be kept there")
    try:
        trainer = build(options)
    except (ValueError, TypeError) as error:
        options_parser.error(str(error))
    sizes = "-".join(str(m) for m in trainer.network.sizes)
    parameters, data = trainer.network.parameters.size, trainer.data
    say(f"Training {sizes} ({parameters:,} parameters) on {len(data.X_train):,} digits")
    while trainer.state == "training":
        trainer.run_for(SLICE_SECONDS)
        show_progress(trainer)
    if trainer.state == "diverged":
        sys.stderr.write(f"{trainer.problem}\n")
        return 1
    accuracy = f"Test accuracy {trainer.history[-1].test_accuracy:.2%} on {len(data.X_test):,} digits"
    say(f"{accuracy}, after {trainer.epoch:g} epochs in {trainer.seconds:.1f} s")
    if options.save is not None:
        try:
            save_network(
                options.save, trainer.network, trainer.history, {**vars(options), "save": str(options.save)}
            )
        except OSError as error:
            sys.stderr.write(f"The network could not be kept: {error}\n")
            return 1
        say(f"Kept in {options.save}")
    return 0


def say(line: str) -> None:
    """Print a line at once, before the progress bar goes on."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
