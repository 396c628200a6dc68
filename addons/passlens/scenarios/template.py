"""Templates of rule files, filled in; what goes wrong is one clause."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError

from passlens.errors import TemplateError
from passlens.scenarios.budget import limited, look, made
from passlens.scenarios.template_engine import LARGEST, MAX_TURNS, clause, compiled, is_expression, is_template, plain

Fill = Callable[[Any], Any]
"""Fills in the templates inside a JSON value."""


def value_of(text: str, context: Mapping[str, Any]) -> Any:
    """What a template is in JSON: one that is an expression as a whole has the expression's type, a number, true, false
    or null where it is one; all others are texts. Raises TemplateError."""
    if not is_expression(text):
        return render(text, context)
    kept: list[Any] = []

    def keep(value: Any) -> str:
        kept.append(value)
        return "" if value is None or isinstance(value, bool) else str(plain(value))

    filled = _render(compiled(text, True), {**context, "_keep": keep})
    value = kept[0]
    if isinstance(value, float) and not math.isfinite(value):
        raise TemplateError(f"the template makes {value}, which JSON does not have")
    return value if value is None or isinstance(value, (bool, int, float)) else filled


def render(text: str, context: Mapping[str, Any]) -> str:
    """Fill in a template; raises TemplateError."""
    return _render(compiled(text), context) if is_template(text) else text


def _render(template: Template, context: Mapping[str, Any]) -> str:
    turns = 0

    def turn() -> str:
        nonlocal turns
        turns += 1
        look()
        if turns > MAX_TURNS:
            raise SecurityError(f"the loops take more than {MAX_TURNS} turns")
        return ""

    pieces: list[str] = []
    size = 0
    try:
        with limited():
            look()
            for piece in template.generate(**context, _turn=turn):
                size += len(piece)
                made(len(piece))
                if size > LARGEST:
                    raise SecurityError(f"the text is longer than {LARGEST} characters")
                pieces.append(piece)
    except Exception as error:
        # A template is a program: whatever it trips over (a sum of text and number, a wrong argument) is told.
        raise TemplateError(f"the template cannot be filled in: {clause(error)}") from None
    return "".join(pieces)


@contextmanager
def deciding() -> Iterator[None]:
    """The pieces of one decision, which share its time and size; raises TemplateError where that does not do."""
    try:
        with limited():
            yield
    except SecurityError as error:
        raise TemplateError(f"the rule costs too much: {clause(error)}") from None


def render_json(value: Any, context: Mapping[str, Any]) -> Any:
    """Fill in the texts inside a JSON value, each with its type (``value_of``); keys stay as they are."""
    if isinstance(value, str):
        return value_of(value, context)
    if isinstance(value, list):
        return [render_json(item, context) for item in value]
    if isinstance(value, dict):
        return {key: render_json(item, context) for key, item in value.items()}
    return value
