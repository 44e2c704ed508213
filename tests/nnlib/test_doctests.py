"""The examples in nnlib's docstrings give what they say, and every public name has one."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import nnlib
from nnlib import estimator, gradcheck, graph

MODULES = sorted(module.name for module in pkgutil.walk_packages(nnlib.__path__, "nnlib."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    failed, _ = doctest.testmod(import_module(name), verbose=False)
    assert failed == 0  # what failed is printed


PUBLIC = [
    *(getattr(nnlib, name) for name in nnlib.__all__),
    estimator.FeedforwardClassifier,
    gradcheck.check_gradients,
    graph.Graph,
]


@pytest.mark.parametrize("thing", PUBLIC, ids=lambda thing: thing.__name__)
def test_public_names_are_documented_with_an_example(thing: type) -> None:
    documented = doctest.DocTestFinder().find(thing, thing.__name__)
    assert any(test.examples for test in documented)


def test_importing_the_modules_found_all_of_them() -> None:
    assert {"nnlib.network", "nnlib.__main__", "nnlib.chapter23.gates"} <= set(MODULES)
