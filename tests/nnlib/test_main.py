"""`python -m nnlib`, as a reader runs it: what it prints, keeps and refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnlib import load_mnist, load_network
from nnlib.__main__ import main
from nnlib.measuring import evaluate

QUICK = ["--data", "digits", "--epochs", "2", "--rate", "0.1"]


def test_the_default_network_reads_mnist() -> None:
    command = [sys.executable, "-m", "nnlib", "--epochs", "1"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    first, last = run.stdout.splitlines()
    assert first == "Training 784-100-50-10 (84,060 parameters) on 56,000 digits"
    assert "on 14,000 digits, after 1 epochs in " in last
    assert float(last.removeprefix("Test accuracy ").split("%")[0]) > 94
    assert run.stderr == ""  # no progress bar into a pipe


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
    last = drawn.decode().split("\r")[-2].strip()
    assert last.startswith("[##############################] epoch  2.00 of 2, test accuracy ")
    assert all(len(picture) < 80 for picture in drawn.decode().split("\r"))


def read_terminal(descriptor: int) -> bytes:
    """What comes next from a pseudo-terminal; nothing when its other end is closed."""
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux's way of saying so
        return b""


def test_what_is_saved_is_the_network_that_was_trained(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    options = (
        "--hidden 30 --batch 64 --optimizer adam --rate 0.01 --epochs 1 --keep-prob 0.9 --batch-norm --seed 3"
    )
    assert main([*options.split(), "--activation", "tanh", "--schedule", "constant", "--save", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"Kept in {path}"
    back = load_network(path)
    architecture = back.network.architecture
    assert architecture["sizes"] == (784, 30, 10)
    assert (architecture["activation"], architecture["batch_norm"], architecture["keep_prob"]) == (
        "tanh",
        True,
        (0.9,),
    )
    assert back.settings["optimizer"] == "adam"
    assert back.history[-1].epoch == 1
    accuracy = evaluate(back.network, load_mnist(), "test")[1]
    assert lines[1].startswith(f"Test accuracy {accuracy:.2%} on 14,000 digits, after 1 epochs in ")


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
    options = "hidden activation batch rate epochs optimizer schedule keep-prob batch-norm seed save data"
    assert all(f"--{name}" in shown for name in options.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--batch", "0"], "batch_size must be from 1 to 1437, got 0"),
        (["--batch", "1", "--batch-norm"], "batch_size must be at least 2, got 1"),
        (["--rate", "-1"], "learning_rate must be finite and in"),
        (["--rate", "fast"], "argument --rate: invalid float value: 'fast'"),
        (["--epochs", "0"], "epochs must be at least 1, got 0"),
        (["--hidden", "10", "0"], "sizes must be two or more whole numbers of at least 1"),
        (["--optimizer", "newton"], "argument --optimizer: invalid choice: 'newton'"),
        (["--keep-prob", "0.5", "0.5", "0.5"], "keep_prob must be one number or 2, one a hidden layer, got 3"),
        (["--keep-prob", "0"], "keep_prob must be finite and in"),
        (["--seed", "-1"], "random_state must be at least 0, got -1"),
        (["--save", "/no/such/folder/x.npz"], "the folder of /no/such/folder/x.npz does not exist"),
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


def test_divergence_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUICK, "--rate", "1e30"]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith("Loss or weights ceased to be finite at step 1")
    assert "accuracy" not in shown.out


def test_a_file_that_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([*QUICK, "--save", str(tmp_path)]) == 1
    assert "The network could not be kept" in capsys.readouterr().err
