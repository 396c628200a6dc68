"""Regular expressions everywhere in passlens: none relies on what some Python gets wrong."""

import ast
import importlib
import pkgutil
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import passlens

PACKAGE = Path(passlens.__file__).parent
NOT_IN_3_11_2 = {_constants.POSSESSIVE_REPEAT, _constants.ATOMIC_GROUP}
"""Python 3.11.2, Debian 12's own, lets a possessive repeat of groups match into what it should refuse."""


def parts(parsed: Any) -> Iterator[Any]:
    """Every operation of a parsed expression, however deep."""
    for item in parsed:
        if isinstance(item, _constants._NamedIntConstant):
            yield item
        elif isinstance(item, tuple | list | _parser.SubPattern):
            yield from parts(item)


def relies_on_it(pattern: str | bytes, flags: int = 0) -> bool:
    """Whether a text is an expression with such an operation; a text that is no expression is not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return not NOT_IN_3_11_2.isdisjoint(parts(_parser.parse(pattern, flags & ~re.DEBUG)))
    except (re.error, ValueError, OverflowError):
        return False


def compiled() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every expression that a module holds, as it was put together."""
    for found in pkgutil.walk_packages([str(PACKAGE)], "passlens."):
        if not found.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{found.name}.{name}", value


@pytest.mark.parametrize(
    ("pattern", "relies"),
    [
        (r"a*+", True),
        (r"a++b", True),
        (r"a?+b", True),
        (r"(?:a|b){1,2}+", True),
        (rb'(?:[^"]++|"x")*+', True),
        (r"x(?>a|b)", True),
        (r"(?:(a)|(?:b*+))", True),
        (r"(?=(?>a))", True),
        (r"[*+]+", False),
        (r"a\++", False),
        (r"a*?b+?", False),
        (r"(?=(a*))\1", False),
        ("C++ (", False),
    ],
)
def test_what_is_looked_for(pattern: str | bytes, relies: bool) -> None:
    assert relies_on_it(pattern) is relies


def test_no_expression_relies_on_possessive_quantifiers_or_atomic_groups() -> None:
    found = dict(compiled())
    assert len(found) > 50
    assert [name for name, pattern in found.items() if relies_on_it(pattern.pattern, pattern.flags)] == []


def test_nor_does_one_inside_a_function() -> None:
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re."):
                for node in ast.walk(call):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                        assert not relies_on_it(node.value), f"{path}:{node.lineno} {node.value!r}"
