"""Train a network on handwritten digits in the terminal: `python -m nnlib --help`."""

import argparse
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from nnlib import __version__
from nnlib.activations import ACTIVATIONS
from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.measuring import evaluate
from nnlib.network import Network
from nnlib.saving import check_writable, load_checkpoint, load_network, save_checkpoint, save_network
from nnlib.training import SCHEDULES, Trainer
from nnlib.validation import check_integer

DATA = ("mnist", "mnist-standard", "digits")
BY_GRADIENT = ("sgd", "momentum", "adam")
WHOLE: dict[str, Any] = {"type": int, "metavar": "N"}
SLICE_SECONDS = 0.1  # of training between two pictures of the progress bar
SAVE_SECONDS = 1.0  # at least, between two times that a training under way is kept, at the end of an epoch
BAR_WIDTH = 30
TERMINAL_WIDTH = 79

# The library's names, with which its error messages begin, and the options that stand for them here.
OPTION_OF = {
    "activation": "--activation",
    "batch_size": "--batch",
    "learning_rate": "--rate",
    "epochs": "--epochs",
    "optimizer": "--optimizer",
    "schedule": "--schedule",
    "keep_prob": "--keep-prob",
    "batch_norm": "--batch-norm",
    "random_state": "--seed",
}

NOT_OF_TRAINING = {"save", "resume"}

DONE, FAILED = 0, 1
# As a shell reports a program ended by SIGINT or SIGPIPE.
INTERRUPTED, BROKEN_PIPE = 130, 141


def parser() -> argparse.ArgumentParser:
    """The options, with the defaults of page 23.3."""
    options = argparse.ArgumentParser(
        prog="python -m nnlib",
        usage="%(prog)s [options]",
        description="Train a feed-forward network on handwritten digits and print its accuracy on test digits.",
        epilog="Ctrl-C stops training; with --save, the network so far is kept, and --resume goes on with it.",
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
    about = "keep the network in an .npz file, for nnlib.load_network; until the last epoch, also for --resume"
    add("--save", type=Path, metavar="FILE", help=about)
    about = "go on with a training that was stopped or killed, as if it had not been, and keep it in the same file"
    add("--resume", type=Path, metavar="FILE", help=about)
    add("--version", action="version", version=f"nnlib {__version__}")
    return options


def load(name: str) -> Dataset:
    """The data of that name; raises OSError if they are missing or damaged."""
    if name == "digits":
        return load_digits()
    return load_mnist("standard" if name == "mnist-standard" else "source")


def build(options: argparse.Namespace, data: Dataset) -> Trainer:
    """A trainer on `data` as the options say.

    Raises ValueError or TypeError, beginning with the library's name for an option, if they cannot be.
    """
    hidden = [check_integer("--hidden", m, 1) for m in options.hidden]
    network = Network(
        (data.X_train.shape[1], *hidden, data.Y_train.shape[1]),
        activation=options.activation,
        loss="softmax cross-entropy",
        init="he" if options.activation == "relu" else "xavier",
        dtype=np.float32,
        random_state=options.seed,
        batch_norm=options.batch_norm,
        keep_prob=options.keep_prob[0] if len(options.keep_prob) == 1 else options.keep_prob,
    )
    return Trainer(
        network,
        data,
        batch_size=options.batch,
        learning_rate=options.rate,
        optimizer=options.optimizer,
        schedule=options.schedule,
        epochs=options.epochs,
        measure_every=1.0,
        random_state=options.seed,
    )


def names_given(options_parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> set[str]:
    """The names of the options that stand among the arguments, whatever their values."""
    names = vars(options_parser.parse_args([]))
    parsed = options_parser.parse_args(arguments, argparse.Namespace(**dict.fromkeys(names)))  # no default is set
    return {name for name, value in vars(parsed).items() if value is not None}


def take_over(options: argparse.Namespace) -> None:
    """Set the options to those the training in the --resume file began with; keep it there if not told otherwise.

    Raises OSError if the file cannot be opened, ValueError if it holds no such training.
    """
    then = load_network(options.resume).settings
    options.save = options.save or options.resume
    names = vars(options).keys() - NOT_OF_TRAINING
    if not names <= then.keys() or then["data"] not in DATA:
        raise ValueError("This file does not come from python -m nnlib --save.")
    vars(options).update({name: then[name] for name in names})


def why_not_writable(path: Path) -> str:
    """A sentence that says why no network can be kept there, or ""."""
    try:
        if not path.parent.is_dir():
            return f"--save: the folder of {path} does not exist, the network could not be kept there"
        if path.is_dir():
            return f"--save: {path} is a folder, name a file in it"
        check_writable(path)
    except OSError as error:
        return f"--save: the network could not be kept in {path} ({error.strerror})"
    return ""


@contextmanager
def first_ctrl_c_noted() -> Iterator[Callable[[], bool]]:
    """Within, the first Ctrl-C is only noted, so that no step is left half done; a second one interrupts.

    Gives a function that says whether there was one.
    """
    pressed, before = threading.Event(), signal.getsignal(signal.SIGINT)

    def note(*_: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, before)

    if before is not signal.SIG_IGN:  # whoever runs this in the background wants no Ctrl-C
        signal.signal(signal.SIGINT, note)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def train(options: argparse.Namespace, trainer: Trainer, interrupted: Callable[[], bool]) -> None:
    """Train to the end, or until interrupted; show how far it is, and keep it now and then."""
    kept_at = -math.inf
    while trainer.state == "training" and not interrupted():
        end_of_epoch = (trainer.step // trainer.steps_per_epoch + 1) * trainer.steps_per_epoch
        trainer.run_for(SLICE_SECONDS, end_of_epoch, interrupted)
        seen = trainer.history[-1]
        whole_epoch = seen.step == end_of_epoch
        if whole_epoch and trainer.state == "training" and perf_counter() - kept_at > SAVE_SECONDS:
            save(options, trainer)
            kept_at = perf_counter()
        if whole_epoch and not sys.stdout.isatty():
            say(
                f"Epoch {seen.epoch:g} of {trainer.epochs}: training loss {seen.train_loss:.4g}, "
                f"test accuracy {seen.test_accuracy:.2%}, {seen.seconds:.1f} s"
            )
        draw_bar(trainer)


def draw_bar(trainer: Trainer) -> None:
    """Draw the progress bar over itself, where a person is looking: not into files and pipes."""
    if not sys.stderr.isatty():
        return
    share = trainer.step / trainer.total_steps
    filled = round(share * BAR_WIDTH)
    sys.stderr.write(
        f"\r[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] epoch {trainer.epoch:5.2f} of {trainer.epochs}, "
        f"test accuracy {trainer.history[-1].test_accuracy:.2%} " + ("\n" if trainer.state != "training" else "")
    )
    sys.stderr.flush()


def say(line: str) -> None:
    """Print a line at once, in place of the progress bar if there is one."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{' ' * TERMINAL_WIDTH}\r")
        sys.stderr.flush()
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def save(options: argparse.Namespace, trainer: Trainer) -> bool:
    """Keep network and training if that was asked for; False, after saying why, if it could not be done."""
    if options.save is None:
        return True
    settings = {name: value for name, value in vars(options).items() if name not in NOT_OF_TRAINING}
    try:
        if trainer.state == "training":
            save_checkpoint(options.save, trainer, settings)
        else:
            save_network(options.save, trainer.network, history=trainer.history, settings=settings)
    except OSError as error:
        sys.stderr.write(f"The network could not be kept: {error}\n")
        return False
    return True


def with_option_name(message: str) -> str:
    """An error message of the library, with the option in place of the library's own name for it."""
    name, space, rest = message.partition(" ")
    return OPTION_OF.get(name, name) + space + rest


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the arguments (default: the command line's) say, and return the exit status.

    0 if all went well, 1 if training diverged or a file could not be read or written, 130 after Ctrl-C. Bad
    arguments end the program with exit status 2 and a sentence, before anything is trained.

    Raises BrokenPipeError, the network kept, if nobody reads on.
    """
    options_parser = parser()
    options = options_parser.parse_args(arguments)
    if options.resume is not None:
        for name in sorted(names_given(options_parser, arguments) - NOT_OF_TRAINING):
            options_parser.error(f"--{name.replace('_', '-')} cannot be given with --resume: all is as it began")
        try:
            take_over(options)
        except OSError as error:
            options_parser.error(f"--resume: {options.resume} cannot be opened ({error.strerror})")
        except ValueError as error:
            options_parser.error(f"--resume: {error}")
    if options.save is not None and (problem := why_not_writable(options.save)):
        options_parser.error(problem)
    try:
        data = load(options.data)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    try:
        trainer = load_checkpoint(options.resume, data).trainer if options.resume else build(options, data)
    except (ValueError, TypeError) as error:
        options_parser.error(with_option_name(str(error)))
    except MemoryError as error:
        options_parser.error(f"such a training does not fit into memory: {error}")
    with first_ctrl_c_noted() as interrupted:
        return train_and_tell(options, trainer, interrupted)


def train_and_tell(options: argparse.Namespace, trainer: Trainer, interrupted: Callable[[], bool]) -> int:
    """Train, keep the network where that was asked for, say what came of it, and return the exit status.

    However training ends, the network is kept: as far as it is, or the last finite one.
    """
    data, sizes = trainer.data, "-".join(str(m) for m in trainer.network.sizes)
    say(f"Training {sizes} ({trainer.network.parameters.size:,} parameters) on {len(data.X_train):,} digits")
    if trainer.step:
        say(f"Going on after {trainer.epoch:.2f} of {trainer.epochs} epochs")
    if options.save not in (None, options.resume) and options.save.is_file():
        say(f"{options.save} is there already and will be written over")
    try:
        train(options, trainer, interrupted)
    except BrokenPipeError:
        save(options, trainer)
        raise
    saved = save(options, trainer)  # before anything else is said: a broken pipe must not lose it

    stopped = trainer.state == "training"
    if trainer.state == "diverged":
        sys.stderr.write(f"{trainer.problem}\n")
    else:
        accuracy = (
            f"Test accuracy {evaluate(trainer.network, data, 'test').accuracy:.2%} on {len(data.X_test):,} digits"
        )
        after = f"stopped after {trainer.epoch:.2f} of {trainer.epochs}" if stopped else f"after {trainer.epoch:g}"
        say(f"{accuracy}, {after} epochs in {trainer.seconds:.1f} s")
        if warning := trainer.warning:
            sys.stderr.write(f"{warning}\n")
    if options.save is None:
        if stopped:
            say("The network is not kept: that takes --save FILE")
    elif saved:
        say(f"Kept in {options.save}{': the network so far, for --resume to go on with' if stopped else ''}")
    if trainer.state == "diverged" or not saved:
        return FAILED
    return INTERRUPTED if stopped else DONE


def run() -> int:
    """`main` for a terminal: Ctrl-C and a pipe that nobody reads end it without a traceback."""
    try:
        try:
            return main()
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return INTERRUPTED
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):  # they are flushed once more at exit
            os.dup2(nowhere, stream.fileno())
        return BROKEN_PIPE


if __name__ == "__main__":
    sys.exit(run())
