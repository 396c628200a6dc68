"""What a rule file may cost to read, and a decision to carry out: all its pieces together, so that many small ones cost
no more than one large one. The clock is looked at before each step that could take long, and values are kept short
enough for one step to be quick; it counts the CPU time of this thread, so that a busy machine changes nothing."""

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from jinja2.exceptions import SecurityError

MAX_SECONDS: Final = 0.25
"""Seconds for a decision, and for one template; useful ones take less than a hundredth of that."""

READING: Final = 0.5
"""Seconds to read the expressions and templates of one file; the largest that ships takes a twentieth of that."""

MAX_MADE_CHARS: Final = 1 << 20
"""Characters that the templates of one decision may make together (1 MiB)."""


@dataclass
class _Spent:
    seconds: float
    ends: float
    made: int = 0


_spent: ContextVar[_Spent | None] = ContextVar("passlens_spent", default=None)


@contextmanager
def limited(seconds: float = MAX_SECONDS) -> Iterator[None]:
    """Let steps be taken for so long; inside another limit not beyond that one's end."""
    outer = _spent.get()
    inner = _Spent(seconds, time.thread_time() + seconds)
    if outer is not None:
        inner.made = outer.made
        if outer.ends < inner.ends:
            inner.seconds, inner.ends = outer.seconds, outer.ends
    before = _spent.set(inner)
    try:
        yield
    finally:
        _spent.reset(before)
        if outer is not None:
            outer.made = inner.made


def is_over() -> bool:
    """True if there is a limit and its time is over."""
    spent = _spent.get()
    return spent is not None and time.thread_time() > spent.ends


def look() -> None:
    """Raise SecurityError if the time is over."""
    spent = _spent.get()
    if spent is not None and time.thread_time() > spent.ends:
        raise SecurityError(f"it takes more than {spent.seconds:g} seconds")


def made(characters: int) -> None:
    """Count what a template has made; SecurityError if all of the decision have made too much."""
    spent = _spent.get()
    if spent is None:
        return
    spent.made += characters
    if spent.made > MAX_MADE_CHARS:
        raise SecurityError(f"the texts of the rule are longer than {MAX_MADE_CHARS} characters together")


def timed(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step that is only taken while there is time left."""

    @functools.wraps(step)
    def taken(*values: Any, **named: Any) -> Any:
        look()
        return step(*values, **named)

    return taken
