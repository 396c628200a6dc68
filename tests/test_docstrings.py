"""Every example in a docstring comes out as it says."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import passlens


def examples() -> Iterator[doctest.DocTest]:
    """The examples of all modules, in one namespace for each docstring."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    for found in pkgutil.walk_packages(passlens.__path__, "passlens."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            yield from (one for one in finder.find(module, found.name) if one.examples)


EXAMPLES = list(examples())


def test_examples_are_found() -> None:
    assert len(EXAMPLES) > 50


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_an_example_comes_out_as_it_says(example: doctest.DocTest) -> None:
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert result.failed == 0, "".join(said)
