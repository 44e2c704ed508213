"""The lines of `nnlib` that repeat what page 23.3 shows: one training run, or a sweep of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from textwrap import indent
from typing import Any

import streamlit as st

from nnlib.chapter23.printed_program import AS_PRINTED
from pages.ex23_3.network_file import network_file
from pages.ex23_3.runs import measuring_interval
from pages.ex23_3.settings import DATA, DIGITS, DOUBLE, FULL, PRINTED_WEIGHTS, SHUFFLED, Settings
from pages.ex23_3.sweep import HELD_OUT, combine
from pages.ex23_3.training import Training
from pages.shared.python_code import code_to_take

VARIABLES = {"batch": "batch_size", "rate": "learning_rate", "keep": "keep_prob"}  # others keep their names


def show_code(training: Training, settings: Settings) -> None:
    """The lines for the run on screen as far as it has come."""
    run = training.shown
    if run is None:
        st.info("There is no run on screen: its pictures cannot be read.", icon=":material/code:")
        return
    trainer, step = run.trainer, None
    if training.at_work == "run":
        do = f"train **{run.name}** to its last epoch; pause the run, and they stop where it has come to"
    elif not run.has_begun:
        do = f"do what *Train* would, for all {trainer.epochs} epochs"
    else:
        do = f"reproduce **{run.name}**, the run on screen, after epoch {trainer.epoch:.2f} of {trainer.epochs}"
        step = trainer.step if trainer.state == "training" else None
    code_to_take(training_code(run.settings, trainer.rates, step), "mnist", do)
    network_file(training, settings)


def training_code(
    settings: Settings, rates: Sequence[tuple[int, float]] = (), last_step: int | None = None
) -> str:
    """One run with these settings, and `test_accuracy` at its end.

    Parameters
    ----------
    rates : (step, η) for every learning rate that was set on the way, as `Trainer.rates`
    last_step : where it ends, or None for its last epoch
    """
    imported = _printed_import(settings, {})
    part = "" if settings.rows == FULL else f".first({settings.pictures})"
    held_out = f".hold_out({settings.validation:g})" if settings.validation else ""
    if rates:
        settings = replace(settings, rate=rates[0][1])
    lines = []
    for step, rate in rates[1:]:
        lines += [_batches_up_to(step), f"trainer.learning_rate = {rate:g}"]
    lines.append("trainer.run()" if last_step is None else f"{_batches_up_to(last_step)}\ntrainer.record()")
    body = _training(settings, {}, imported).replace("trainer.run()", "\n".join(lines))
    return f"""import numpy as np
from nnlib import Network, Trainer, {_loader(settings)}
{imported}
{_which_split(settings)}data = {_loaded(settings)}{part}{held_out}
{body}test_accuracy = trainer.history[-1].test_accuracy
print(test_accuracy)
"""


def _batches_up_to(step: int) -> str:
    return f"trainer.run_batches({step} - trainer.step)"


def sweep_code(settings: Settings, swept: Mapping[str, Sequence[Any]]) -> str:
    """A run for every combination, its last measurement as `last`, and `test_accuracy` of the best one."""
    lists = {
        name: [replace(settings, rows=rows).pictures for rows in values] if name == "rows" else list(values)
        for name, values in swept.items()
    }
    variables = {name: VARIABLES.get(name, name) for name in swept}
    names = ", ".join(variables.values())
    combined = list(combine(settings, lists))
    whole = len(combined) == prod(map(len, lists.values()))
    every = ", ".join(map(str, lists.values()))
    combinations = f"product({every})" if whole else f"{combined}"
    imported = _printed_import(settings, swept)
    rows = "rows" if "rows" in swept else settings.pictures
    body = f"data = all_data.first({rows}).hold_out({settings.validation or HELD_OUT:g})\n" + _training(
        settings, variables, imported
    )
    return f"""# The sweep
{"from itertools import product" if whole else "# (batch normalisation goes without batches of a single picture)"}

import numpy as np
from nnlib import Network, Trainer, {_loader(settings)}
{imported}
all_data = {_loaded(settings)}
last = {{}}
for {names}{"," if len(swept) == 1 else ""} in {combinations}:
{indent(body, "    ")}    last[{names}] = trainer.history[-1]
best = max(last, key=lambda combination: last[combination].validation_accuracy)
test_accuracy = last[best].test_accuracy
"""


def _loader(settings: Settings) -> str:
    return "load_digits" if settings.data == DIGITS else "load_mnist"


def _loaded(settings: Settings) -> str:
    return "load_digits()" if settings.data == DIGITS else f"load_mnist({settings.data.split()[1]!r})"


def _which_split(settings: Settings) -> str:
    """A comment on what `load_mnist` is asked for."""
    if settings.data == DIGITS:
        return ""
    if settings.data == DATA[0]:
        return "# the printed program's split, 56,000 pictures and 14,000 (MNIST's own is 60,000 and 10,000)\n"
    return "# MNIST's own split, 60,000 pictures and 10,000\n"


def _printed_import(settings: Settings, swept: Mapping[str, Sequence[Any]]) -> str:
    """The line that imports what is the printed program's own; empty where none of it is chosen."""
    names = []
    if AS_PRINTED in swept.get("optimizer", [settings.optimizer]):
        names.append("OPTIMIZERS")
    if PRINTED_WEIGHTS in swept.get("init", [settings.init]):
        names.append("set_first_weights")
    return f"from nnlib.chapter23.printed_program import {', '.join(names)}\n" if names else ""


def _training(settings: Settings, variables: Mapping[str, str], imported: str) -> str:
    """Lines that make and run `trainer`; a hyperparameter in `variables` is written as its variable."""
    given = {
        name: variables.get(name, repr(value))
        for name, value in vars(settings).items()
        if name not in ("hidden", "keep")
    }
    if "OPTIMIZERS" in imported:
        given["optimizer"] = f"OPTIMIZERS[{given['optimizer']}]"
    extras = ""
    if "batch_norm" in variables:
        extras += '\n    batch_norm=batch_norm != "off", ddof=int(batch_norm == "n−1"),'
    elif settings.batch_norm != "off":
        extras += f"\n    batch_norm=True, ddof={int(settings.batch_norm == 'n−1')},"
    if "keep" in variables or settings.drops:
        extras += f"\n    keep_prob={_keep(settings, variables)}, inverted={settings.dropout == 'inverted'},"
    init, first = given["init"], ""
    set_printed = f"set_first_weights(network, {given['seed']})\n"
    if "init" in variables and "set_first_weights" in imported:
        init, first = (
            f'"normal" if init == {PRINTED_WEIGHTS!r} else init',
            f"if init == {PRINTED_WEIGHTS!r}:\n    {set_printed}",
        )
    elif settings.init == PRINTED_WEIGHTS:
        init, first = '"normal"', set_printed
    trained = ""
    if "l2" in variables or settings.l2:
        trained += f" l2={given['l2']},"
    if settings.patience:
        trained += f" patience={settings.patience}, measure_every={measuring_interval(settings):g},"
    if settings.order != SHUFFLED:
        trained += " shuffle=False,"
    return f"""network = Network(
    (data.X_train.shape[1], {_hidden(settings, variables)}10),
    activation={given["activation"]}, loss={given["loss"]}, init={init},
    dtype=np.{"float64" if settings.precision == DOUBLE else "float32"}, random_state={given["seed"]},{extras}
)
{first}trainer = Trainer(
    network, data, batch_size={given["batch"]}, learning_rate={given["rate"]}, optimizer={given["optimizer"]},
    schedule={given["schedule"]}, epochs={given["epochs"]},{trained} random_state={given["seed"]},
)
trainer.run()
"""


def _hidden(settings: Settings, variables: Mapping[str, str]) -> str:
    """The sizes of the hidden layers, each with a comma after it."""
    hidden = settings.hidden
    if "neurons" in variables:
        return f"*(neurons,) * {'layers' if 'layers' in variables else len(hidden)}, "
    if "layers" in variables:
        return f"*{settings.of_most_layers[0]}[:layers], "
    return "".join(f"{size}, " for size in hidden)


def _keep(settings: Settings, variables: Mapping[str, str]) -> str:
    """The keep probability of every hidden layer, or of each."""
    if "keep" in variables:
        return variables["keep"]
    if "layers" in variables:
        return f"{settings.of_most_layers[1]}[:layers]"
    return f"{settings.keep}"
