"""Every documented case as data, built for one clock: current rows, other operations, earlier revisions, errors.
Tests, the local upstream and the recordings all draw from this one list."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import forge
from passlens.exchange.model import Exchange, Request, Response
from samples.case import Case
from samples.errors import errors
from samples.others import others
from samples.revisions import revisions
from samples.sessions import current, variants

__all__ = ["GROUPS", "Case", "as_exchange", "case", "cases"]

GROUPS = {"current": current, "other": others, "revisions": revisions, "variants": variants, "errors": errors}


def cases(clock: float = forge.CLOCK, *groups: str) -> list[Case]:
    """All cases, or those of the named groups, in a fixed order. Names are unique."""
    return [made for group in groups or GROUPS for made in _group(group, clock)]


def case(name: str, clock: float = forge.CLOCK) -> Case:
    """The case of that name."""
    found = _by_name(clock)
    if name not in found:
        raise LookupError(f"no case {name!r}; there are {', '.join(found)}")
    return found[name]


# Cases do not change, and a thousand tests ask for one of the same clock.
@lru_cache(maxsize=len(GROUPS) * 4)
def _group(name: str, clock: float) -> tuple[Case, ...]:
    return tuple(GROUPS[name](clock))


@lru_cache(maxsize=4)
def _by_name(clock: float) -> Mapping[str, Case]:
    return MappingProxyType({made.name: made for made in cases(clock)})


def as_exchange(case: Case, clock: float = forge.CLOCK) -> Exchange:
    """The exchange a capture of the case would give."""
    request = Request(case.headers, case.body, None, case.method, "https", case.host, 443, case.path, "127.0.0.1")
    response = Response(case.answer_headers, case.response_body, None, case.status, case.reason)
    return Exchange(request, response, started=clock, duration_ms=41.0)
