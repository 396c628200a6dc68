"""What an answer was recognised as, and how an answer of success and an error are told by their rows."""

from typing import Any, Final, NamedTuple

from passlens.rest_v2 import decisions, errors, logouts, outcomes, profiles, retrieve
from passlens.rest_v2.configuration import Configuration
from passlens.rest_v2.response_rows import BY_ID, ResponseRow, error_row
from passlens.rest_v2.results import ItemResult
from passlens.rest_v2.wire import MAX_PROBLEMS, Problem

Items = tuple[profiles.Profile, ...] | tuple[decisions.Decision, ...] | tuple[logouts.Logout, ...]


class Recognition(NamedTuple):
    """What an answer was recognised as.

    ``row`` is the id of its answer row, error rows and old ones included. ``outcome`` is that row where the answer is
    one of success, None for an error, and ``error`` is then its code, else a name for its status. ``exact`` is False
    where the row is the nearest one, and not all that tells it is there. ``since`` and ``until`` are the row's
    revisions, ``until`` None means current.

    ``results`` are the items as they mean something to the user, in the order of the answer. ``items`` are the same
    with their rows and values, for checks; ``configuration`` stands for them in a configuration. ``cut`` counts items
    that were not looked into. ``problems`` are departures from the models of the rows: pointers are those of the
    body, at most 20. ``next`` holds the operations that an app calls next, empty where no page says.

    ``session`` is the row of the truth table that a sessions answer fits or comes nearest to (only a fitting one is its
    outcome), ``shape`` that of a retrieved session.
    """

    row: str | None = None
    outcome: str | None = None
    error: str | None = None
    exact: bool = False
    since: str | None = None
    until: str | None = None
    results: tuple[ItemResult, ...] = ()
    items: Items = ()
    configuration: Configuration | None = None
    cut: int = 0
    problems: tuple[Problem, ...] = ()
    next: tuple[str, ...] = ()
    session: outcomes.Recognised | None = None
    shape: retrieve.Shape | None = None


NOTHING: Final = Recognition()


class RawResponse(NamedTuple):
    """An answer to be recognised: ``value`` is the parsed JSON of ``body``, None where that is no JSON; ``location`` is
    its header."""

    operation: str
    status: int
    value: Any
    body: bytes | None
    location: str | None


def success(response: RawResponse, row_id: str, results: tuple[ItemResult, ...] = (), **more: Any) -> Recognition:
    """An answer of a row of success; ``exact`` False where it only comes nearest to it."""
    row = BY_ID[row_id]
    exact = more.pop("exact", True) and response.status in row.statuses
    followed = row.followed_by(response.operation)
    return Recognition(row.id, row.id, None, exact, row.since, row.until, results, next=followed, **more)


def error_of_row(response: RawResponse, row: ResponseRow | None, code: str | None) -> Recognition:
    """An error by its row, where there is one, and its code."""
    if row is None:
        return Recognition(error=code)
    exact = response.status in row.statuses and (not row.codes or code in row.codes)
    followed = row.followed_by(response.operation, code)
    return Recognition(row.id, None, code, exact, row.since, row.until, next=followed)


def failed(response: RawResponse) -> Recognition:
    """An error answer, or a success of another operation's form that carries an error code of earlier samples."""
    read = errors.read(response.status, _bytes(response), response.value)
    if response.status < 400:
        row = error_row(response.operation, response.status, read.code)
        return error_of_row(response, row, read.code) if row is not None else NOTHING
    return error_of_row(response, error_row(response.operation, response.status, read.name), read.name)


def _bytes(response: RawResponse) -> bytes | None:
    """Bytes that say whether there was a body at all, for what is parsed already."""
    return b"{}" if response.value is not None else response.body


def within(pointer: str, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems of an item as those of the body: ``pointer`` leads to the item."""
    return tuple(problem._replace(pointer=pointer + problem.pointer) for problem in found)


def bounded(groups: list[tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """The first problems of all items."""
    return tuple(problem for group in groups for problem in group)[:MAX_PROBLEMS]
