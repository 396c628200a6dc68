"""How long a template may take. The clock is looked at before each step that could take long, and texts are kept short
enough for one step to be quick; it counts the CPU time of this thread, so that a busy machine changes nothing."""

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from jinja2.exceptions import SecurityError

MOST_SECONDS: Final = 0.25
"""Seconds to read or fill in a template; useful ones take less than a hundredth of that."""

_ends: ContextVar[float | None] = ContextVar("passlens_template_ends", default=None)


@contextmanager
def limited(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Let steps be taken for so long."""
    before = _ends.set(time.thread_time() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


def look() -> None:
    """Raise SecurityError if the time is over."""
    ends = _ends.get()
    if ends is not None and time.thread_time() > ends:
        raise SecurityError(f"it takes more than {MOST_SECONDS:g} seconds")


def timed(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step that is only taken while there is time left."""

    @functools.wraps(step)
    def taken(*values: Any, **named: Any) -> Any:
        look()
        return step(*values, **named)

    return taken
