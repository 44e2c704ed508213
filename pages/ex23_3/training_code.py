"""The lines of `nnlib` that repeat what page 23.3 shows: one training run, or a sweep of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from textwrap import indent
from typing import Any

from nnlib.chapter23.printed_program import AS_PRINTED
from pages.ex23_3.settings import DIGITS, FULL, Settings
from pages.ex23_3.sweep import combine

VARIABLES = {"batch": "batch_size", "rate": "learning_rate", "keep": "keep_prob"}  # others keep their names


def training_code(settings: Settings) -> str:
    """One run with these settings, and `test_accuracy` at its end."""
    imported = _printed_import(settings, {})
    part = "" if settings.rows == FULL else f".first({settings.training_pictures})"
    return f"""import numpy as np
from nnlib import Network, Trainer, {_loader(settings)}
{imported}
data = {_loaded(settings)}{part}
{_training(settings, {}, imported)}test_accuracy = trainer.history[-1].test_accuracy
"""


def sweep_code(settings: Settings, swept: Mapping[str, Sequence[Any]]) -> str:
    """A run for every combination, and `test_accuracy` of each at its end."""
    lists = {
        name: [replace(settings, rows=rows).training_pictures for rows in values]
        if name == "rows"
        else list(values)
        for name, values in swept.items()
    }
    variables = {name: VARIABLES.get(name, name) for name in swept}
    names = ", ".join(variables.values())
    combined = list(combine(settings, lists))
    whole = len(combined) == prod(map(len, lists.values()))
    every = ", ".join(map(str, lists.values()))
    combinations = f"product({every})" if whole else f"{combined}"
    imported = _printed_import(settings, swept)
    rows = "rows" if "rows" in swept else settings.training_pictures
    body = f"data = all_data.first({rows})\n" + _training(settings, variables, imported)
    return f"""# The sweep
{"from itertools import product" if whole else "# (batch normalisation goes without batches of a single picture)"}

import numpy as np
from nnlib import Network, Trainer, {_loader(settings)}
{imported}
all_data = {_loaded(settings)}
test_accuracy = {{}}
for {names}{"," if len(swept) == 1 else ""} in {combinations}:
{indent(body, "    ")}    test_accuracy[{names}] = trainer.history[-1].test_accuracy
"""


def _loader(settings: Settings) -> str:
    return "load_digits" if settings.data == DIGITS else "load_mnist"


def _loaded(settings: Settings) -> str:
    return "load_digits()" if settings.data == DIGITS else f"load_mnist({settings.data.split()[1]!r})"


def _printed_import(settings: Settings, swept: Mapping[str, Sequence[Any]]) -> str:
    """The line that the printed program's optimizer needs; empty where it is not among the chosen."""
    chosen = swept.get("optimizer", [settings.optimizer])
    return "from nnlib.chapter23.printed_program import OPTIMIZERS\n" if AS_PRINTED in chosen else ""


def _training(settings: Settings, variables: Mapping[str, str], imported: str) -> str:
    """Lines that make and run `trainer`; a hyperparameter in `variables` is written as its variable."""
    given = {
        name: variables.get(name, repr(value))
        for name, value in vars(settings).items()
        if name not in ("hidden", "keep")
    }
    if imported:
        given["optimizer"] = f"OPTIMIZERS[{given['optimizer']}]"
    extras = ""
    if "batch_norm" in variables:
        extras += '\n    batch_norm=batch_norm != "off", ddof=int(batch_norm == "n−1"),'
    elif settings.batch_norm != "off":
        extras += f"\n    batch_norm=True, ddof={int(settings.batch_norm == 'n−1')},"
    if "keep" in variables or settings.drops:
        extras += f"\n    keep_prob={_keep(settings, variables)}, inverted={settings.dropout == 'inverted'},"
    return f"""network = Network(
    (data.X_train.shape[1], {_hidden(settings, variables)}10),
    activation={given["activation"]}, loss={given["loss"]}, init={given["init"]},
    dtype=np.float32, random_state={given["seed"]},{extras}
)
trainer = Trainer(
    network, data, batch_size={given["batch"]}, learning_rate={given["rate"]}, optimizer={given["optimizer"]},
    schedule={given["schedule"]}, epochs={given["epochs"]}, random_state={given["seed"]},
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
