"""Filter expressions of mitmproxy: which flows of a recording are looked at.
A .har holds no flows; its entries are made into some, so that one expression means the same for both. mitmproxy is
imported with the first expression: it takes longer to load than most recordings take to read."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from passlens.exchange.model import Exchange

if TYPE_CHECKING:
    from mitmproxy.flow import Flow
    from mitmproxy.flowfilter import TFilter

Wanted = Callable[["Flow | Exchange"], bool]

MAX_CHARS: Final = 10_000

MAX_WORK: Final = 3_000
"""What an expression may take to be read, in words of a plain one; a third of a second."""

_GROWTH: Final = 2.2
"""How many times longer a word takes to be read behind one more !, and twice that often inside one more bracket:
mitmproxy's parser tries each of its levels anew."""

_WORD: Final = re.compile(r"""[()!]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s()!]+""")


def wanted(expression: str) -> Wanted | None:
    """What tells whether a flow, or the exchange of a .har, matches; None without an expression.

    Raises ValueError with a clause.
    """
    if not expression.strip():
        return None
    from passlens.recordings.exchange_to_flow import to_flow

    matches = parse(expression)

    def holds(item: "Flow | Exchange") -> bool:
        return bool(matches(to_flow(item) if isinstance(item, Exchange) else item))

    return holds


@lru_cache(maxsize=1024)
def parse(expression: str) -> "TFilter":
    """What tells whether a flow matches; raises ValueError with a clause for an expression that is none, and for one
    that would take long to read."""
    from mitmproxy import flowfilter

    shown = expression if len(expression) <= 80 else f"{expression[:77]}..."
    if len(expression) <= MAX_CHARS and _work(expression) > MAX_WORK:
        raise ValueError(f"{shown!r} is nested too deep for mitmproxy's filter expressions; use fewer brackets and !")
    try:
        if len(expression) <= MAX_CHARS:
            return flowfilter.parse(expression)
    except (ValueError, RecursionError):
        pass
    raise ValueError(f"{shown!r} is no filter expression of mitmproxy; see its documentation on filter expressions")


def _work(expression: str) -> float:
    """What mitmproxy takes to read an expression, in words of a plain one."""
    work, levels, negations = 0.0, [0], 0
    for match in _WORD.finditer(expression):
        word = match[0]
        if word == "!":
            negations += 1
            continue
        if word == ")":
            levels = levels[:-1] or [0]
        else:
            work += _GROWTH ** min(levels[-1] + negations, 99)
        if word == "(":
            levels.append(levels[-1] + negations + 2)
        negations = 0
    return work
