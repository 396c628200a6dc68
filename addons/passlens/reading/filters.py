"""Filter expressions of mitmproxy: which flows of a recording are looked at.
A .har holds no flows; its entries are made into some, so that one expression means the same for both. mitmproxy is
imported with the first expression: it takes longer to load than most recordings take to read."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from passlens.exchange import Exchange

if TYPE_CHECKING:
    from mitmproxy.flow import Flow

Wanted = Callable[["Flow | Exchange"], bool]

LONGEST: Final = 10_000


def wanted(expression: str) -> Wanted | None:
    """What tells whether a flow, or the exchange of a .har, matches; None without an expression.

    Raises ValueError with a clause.
    """
    if not expression.strip():
        return None
    from mitmproxy import flowfilter

    from passlens.reading.made_flows import to_flow

    try:
        matches = flowfilter.parse(expression) if len(expression) <= LONGEST else None
    except (ValueError, RecursionError):
        matches = None
    if matches is None:
        shown = expression if len(expression) <= 80 else f"{expression[:77]}..."
        words = f"{shown!r} is no filter expression of mitmproxy; see its documentation on filter expressions"
        raise ValueError(words)

    def holds(item: "Flow | Exchange") -> bool:
        return bool(matches(to_flow(item) if isinstance(item, Exchange) else item))

    return holds
