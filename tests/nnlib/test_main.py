"""`python -m nnlib`, as a reader runs it: what it prints, keeps and refuses."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import nnlib
from nnlib import load_digits, load_network
from nnlib.__main__ import build, main, parser
from nnlib.measuring import evaluate
from nnlib.saving import load_checkpoint

QUICK = ["--data", "digits", "--epochs", "2", "--rate", "0.1"]
ENDLESS = ["--data", "digits", "--epochs", "100000", "--rate", "0.01"]


def mind_ctrl_c() -> None:
    """Undo what tests that are run in the background hand down: that Ctrl-C is to be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """`python -m nnlib` with pipes, to whom Ctrl-C may be sent; killed if it is still there at the end."""
    command = [sys.executable, "-m", "nnlib", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=mind_ctrl_c
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_epoch(process: subprocess.Popen[str]) -> list[str]:
    """The lines up to that of the first epoch it ends, as soon as it does."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    while not lines[-1].startswith("Epoch "):
        assert lines[-1], "ended before its first epoch did"
        lines.append(process.stdout.readline())
    return lines


def test_the_default_network_reads_mnist() -> None:
    command = [sys.executable, "-m", "nnlib", "--epochs", "1"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    first, epoch, last = run.stdout.splitlines()
    assert first == "Training 784-100-50-10 (84,060 parameters) on 56,000 digits"
    assert epoch.startswith("Epoch 1 of 1: training loss 0.")
    assert "on 14,000 digits, after 1 epochs in " in last
    accuracy = last.removeprefix("Test accuracy ").split("%")[0]
    assert float(accuracy) > 94
    assert f"test accuracy {accuracy}%, " in epoch
    assert run.stderr == ""  # no progress bar into a pipe


@pytest.mark.thorough
def test_a_pipe_is_given_one_line_an_epoch() -> None:
    command = [sys.executable, "-m", "nnlib", *QUICK, "--epochs", "5"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    _, *epochs, _ = run.stdout.splitlines()
    assert [line.split(":")[0] for line in epochs] == [f"Epoch {k} of 5" for k in range(1, 6)]
    assert "\r" not in run.stdout + run.stderr


@pytest.mark.thorough
@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal needs POSIX")
def test_in_a_terminal_there_is_a_progress_bar() -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "nnlib", *QUICK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs) as run:
        os.close(theirs)
        drawn = b""
        while part := read_terminal(ours):
            drawn += part
        os.close(ours)
    assert run.returncode == 0
    bars = [picture for picture in drawn.decode().split("\r") if picture.strip()]
    assert bars[-1].startswith("[##############################] epoch  2.00 of 2, test accuracy ")
    assert all(len(picture) < 80 for picture in bars)


def read_terminal(descriptor: int) -> bytes:
    """What comes next from a pseudo-terminal; nothing when its other end is closed."""
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux's way of saying so
        return b""


def test_what_is_saved_is_the_network_that_was_trained(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    options = (
        "--data digits --hidden 30 --batch 64 --optimizer adam --rate 0.01 --epochs 1 --keep-prob 0.9 "
        "--batch-norm --seed 3"
    )
    assert main([*options.split(), "--activation", "tanh", "--schedule", "constant", "--save", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"Kept in {path}"
    back = load_network(path)
    architecture = back.network.architecture
    assert architecture["sizes"] == (64, 30, 10)
    assert (architecture["activation"], architecture["batch_norm"], architecture["keep_prob"]) == (
        "tanh",
        True,
        (0.9,),
    )
    assert back.settings["optimizer"] == "adam"
    assert back.history[-1].epoch == 1
    accuracy = evaluate(back.network, load_digits(), "test")[1]
    assert lines[-2].startswith(f"Test accuracy {accuracy:.2%} on 360 digits, after 1 epochs in ")


def test_the_same_seed_gives_the_same_network(tmp_path: Path) -> None:
    contents = []
    for seed in ("1", "1", "2"):
        main([*QUICK, "--seed", seed, "--save", str(tmp_path / "network.npz")])
        contents.append(load_network(tmp_path / "network.npz").network.parameters.tobytes())
    assert contents[0] == contents[1] != contents[2]


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    options = (
        "hidden activation batch rate epochs optimizer schedule keep-prob batch-norm seed save resume data version"
    )
    assert all(f"--{name}" in shown for name in options.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--batch", "0"], "--batch must be from 1 to 1437, got 0"),
        (["--batch", "1", "--batch-norm"], "--batch must be at least 2, got 1"),
        (["--rate", "-1"], "--rate must be finite and in"),
        (["--rate", "fast"], "argument --rate: invalid float value: 'fast'"),
        (["--epochs", "0"], "--epochs must be at least 1, got 0"),
        (["--hidden", "10", "0"], "--hidden must be at least 1, got 0"),
        (["--optimizer", "newton"], "argument --optimizer: invalid choice: 'newton'"),
        (["--keep-prob", "0.5", "0.5", "0.5"], "--keep-prob must be one number or 2, one a hidden layer, got 3"),
        (["--keep-prob", "0"], "--keep-prob must be finite and in"),
        (["--seed", "-1"], "--seed must be at least 0, got -1"),
        (["--save", "/no/such/folder/x.npz"], "--save: the folder of /no/such/folder/x.npz does not exist"),
        (["--save", "."], "--save: . is a folder, name a file in it"),
        (["--save", f"{'long' * 100}.npz"], "--save: the network could not be kept in long"),
        (["--epochs", "100000000000000"], "such a training does not fit into memory: "),
        (["--turbo"], "unrecognized arguments: --turbo"),
    ],
)
def test_bad_options_end_with_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*QUICK, *arguments])
    assert ended.value.code == 2
    assert f"python -m nnlib: error: {sentence}" in capsys.readouterr().err


def test_divergence_is_said_and_the_last_finite_network_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "network.npz"
    assert main([*QUICK, "--rate", "1e30", "--save", str(path)]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith("Loss or weights ceased to be finite at step 1")
    assert "accuracy" not in shown.out
    assert f"Kept in {path}\n" in shown.out
    assert np.isfinite(load_network(path).network.parameters).all()


def test_dead_neurons_are_said_where_training_went_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUICK, "--rate", "10"]) == 0
    assert " of 50 neurons are dead: they give 0 for each of the 1,437 training rows" in capsys.readouterr().err
    assert main(QUICK) == 0
    assert capsys.readouterr().err == ""


def test_a_file_that_cannot_be_written_is_refused_before_training(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "network.npz"
    path.write_bytes(b"mine")

    def not_allowed(self: Path, *arguments: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", not_allowed)  # rights would not stop a test run by root
        with pytest.raises(SystemExit) as ended:
            main([*ENDLESS, "--save", str(path)])
    assert ended.value.code == 2
    assert f"--save: the network could not be kept in {path} (Permission denied)" in capsys.readouterr().err
    assert path.read_bytes() == b"mine"


def test_a_file_that_cannot_be_written_any_more_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    assert main([*QUICK, "--save", str(tmp_path / "network.npz")]) == 1
    shown = capsys.readouterr()
    assert "The network could not be kept: " in shown.err
    assert "Kept in" not in shown.out


def test_writing_over_a_file_is_announced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    announced = f"{path} is there already and will be written over\n"
    main([*QUICK, "--save", str(path)])
    assert announced not in capsys.readouterr().out
    main([*QUICK, "--save", str(path)])
    assert announced in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_resumed_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    finished, other = tmp_path / "finished.npz", tmp_path / "other.npz"
    assert main([*QUICK, "--save", str(finished)]) == 0
    other.write_bytes(b"a picture of a cat")
    missing = tmp_path / "missing.npz"
    refused = {
        ("--resume", str(finished)): "holds a network but no training to go on with",
        ("--resume", str(other)): "--resume: This file cannot be read",
        ("--resume", str(missing)): f"--resume: {missing} cannot be opened (No such file or directory)",
        ("--resume", str(finished), "--rate", "0.3"): "--rate cannot be given with --resume",
        ("--resume", str(finished), "--batch-norm"): "--batch-norm cannot be given with --resume",
    }
    capsys.readouterr()
    for arguments, sentence in refused.items():
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert sentence in capsys.readouterr().err


def test_missing_digits_are_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(split: str) -> None:
        raise FileNotFoundError("The MNIST file is missing.")

    monkeypatch.setattr("nnlib.__main__.load_mnist", missing)
    assert main([]) == 1
    assert capsys.readouterr().err == "The MNIST file is missing.\n"


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"nnlib {nnlib.__version__}\n"


# Ctrl-C and broken pipes; Windows has neither in this form


def test_ctrl_c_keeps_the_network_so_far(tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    with running([*ENDLESS, "--save", str(path)]) as process:
        first_epoch(process)
        process.send_signal(signal.SIGINT)
        shown, problems = process.communicate(timeout=600)
    assert (process.returncode, problems) == (130, "")
    *_, result, kept = shown.splitlines()
    assert kept == f"Kept in {path}: the network so far, for --resume to go on with"
    back = load_network(path)
    assert back.history[-1].epoch >= 1
    accuracy = evaluate(back.network, load_digits(), "test")[1]
    assert result.startswith(f"Test accuracy {accuracy:.2%} on 360 digits, stopped after ")
    assert " of 100000 epochs in " in result


@pytest.mark.thorough
def test_ctrl_c_without_a_file_says_that_nothing_is_kept() -> None:
    with running(ENDLESS) as process:
        first_epoch(process)
        process.send_signal(signal.SIGINT)
        shown, problems = process.communicate(timeout=600)
    assert (process.returncode, problems) == (130, "")
    assert shown.splitlines()[-1] == "The network is not kept: that takes --save FILE"


ENDLESS_WITH_ALL = [*ENDLESS, "--optimizer", "adam", "--keep-prob", "0.8", "--batch-norm", "--seed", "3"]


@pytest.mark.thorough
def test_resumed_training_is_the_same_to_the_last_bit_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    # Killed, resumed, stopped by Ctrl-C.
    path = tmp_path / "network.npz"
    steps = [0]
    for options, end in (([*ENDLESS_WITH_ALL, "--save"], signal.SIGKILL), (["--resume"], signal.SIGINT)):
        with running([*options, str(path)]) as process:
            said = first_epoch(process)
            process.send_signal(end)
            process.communicate(timeout=600)
        assert process.returncode == (130 if end == signal.SIGINT else -end)
        assert len(steps) == 1 or said[1].startswith("Going on after ")
        resumed = load_checkpoint(path, load_digits()).trainer
        steps.append(resumed.step)
    assert steps == sorted(set(steps))

    straight = build(parser().parse_args(ENDLESS_WITH_ALL), load_digits())
    straight.run_batches(resumed.step)
    np.testing.assert_array_equal(resumed.network.parameters, straight.network.parameters)
    for _ in range(2):  # what comes next is the same, too
        resumed.run_batches(50)
        straight.run_batches(50)
    np.testing.assert_array_equal(resumed.network.parameters, straight.network.parameters)


@pytest.mark.thorough
def test_when_nobody_reads_on_it_ends_quietly_and_keeps_the_network(tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    with running([*ENDLESS, "--save", str(path)]) as process:
        first_epoch(process)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=600) == 141
    assert load_network(path).history[-1].epoch >= 1


def test_help_that_nobody_reads_is_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "nnlib", "--help"]
    run = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=600)
    os.close(writing)
    assert run.stderr == ""
