"""PL40x: the meaning of an answer: its row, its revision, attributes out of place."""

from collections.abc import Iterator

from passlens.checks import item_shape
from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.decisions import MEMBERS, Decision
from passlens.rest_v2.outcomes import ACTION_NAMES, ACTION_TYPES, EVERY_REASON_TYPE, REASON_TYPES, ROWS, OutcomeRow
from passlens.rest_v2.wire import listed


def older_revision(ex: Decoded) -> Iterator[Hit]:
    """The answer is that of an earlier revision of the documentation.

    Why: it fits what was documented then, and lacks what is documented today. An older server, or a stub made from an
    older page, answers so.
    Example: an answer without reasonType
    Do: let the app take both forms; if a stub answered, bring it up to date.
    """
    if ex.shape is not None and ex.shape.row.until is not None:
        shape = ex.shape.row
        words = f"The answer has the shape {shape.id}, current until {shape.until}"
        yield Hit(
            "body",
            f"{words}; it lacks {{expected}}.",
            shape.lacks,
            shape.id,
            source=ex.operation.cite(shape.since),
        )
    yield from _older_items(ex)
    row = ex.session.row if ex.session is not None and ex.session.exact else None
    if row is not None and row.old:
        words = f"The answer is row {row.id}, current until {row.until}"
        lacks = _lacks(row, ex)
        message = f"{words}; it lacks {{expected}}." if lacks else f"{words}; today {{expected}} stands there."
        if row.type not in {item.type for item in _current(row)} and _current(row):
            message = f"{message[:-1]}, and actionType is {_current(row)[0].type} today."
        yield Hit("body", message, lacks or _today(row), row.id, source=ex.operation.cite(row.since))


def _older_items(ex: Decoded) -> Iterator[Hit]:
    """Answers and items of the other operations that are of an earlier revision."""
    found = ex.recognition
    if item_shape.FAMILY_OF[ex.operation.id] == "sessions":
        return
    if found.row is not None and found.until is not None and found.exact:
        words = f"The answer is row {found.row}, current until {found.until}"
        source = ex.operation.cite(found.since)
        yield Hit("body", f"{words}; expected {{expected}}.", "a row of today", found.row, source=source)
    seen: set[str] = set()
    for item in found.items:
        if isinstance(item, Decision) and item.row is not None and item.row.old and item.row.id not in seen:
            seen.add(item.row.id)
            lacks = [name for name in MEMBERS[:5] if not isinstance(item.value, dict) or name not in item.value]
            expected = listed(tuple(lacks), "and") if lacks else "another code or status in the error"
            words = f"The decision is row {item.row.id}, current until {item.row.until}; today there is {{expected}}."
            source = ex.operation.cite(item.row.since)
            yield Hit(f"body#/decisions/{item.place}", words, expected, item.row.id, source=source)


def _lacks(row: OutcomeRow, ex: Decoded) -> str:
    """Attributes that the current row of the same action has and this answer has not."""
    names = [name for item in _current(row)[:1] for name in item.required if name not in (ex.body or {})]
    return listed(tuple(names), "and") if names else ""


def _current(row: OutcomeRow) -> list[OutcomeRow]:
    """Current rows of the same operation and action."""
    return [item for item in ROWS if item.current and (item.operation, item.action) == (row.operation, row.action)]


def _today(row: OutcomeRow) -> str:
    reasons = dict.fromkeys(str(item.reason) for item in _current(row))
    if reasons:
        return f"reasonType {listed(tuple(reasons))}"
    return f"actionName {listed(ACTION_NAMES[row.operation])}"


def _triple(ex: Decoded) -> tuple[str, str, str | None] | None:
    """Action, type and reason (None if missing) of an answer in no row, if each of them is listed somewhere."""
    if not ex.succeeded or ex.body is None or ex.operation.id not in ACTION_NAMES or ex.session is not None:
        return None
    action, kind, reason = (ex.body.get(name) for name in ("actionName", "actionType", "reasonType"))
    if not isinstance(action, str) or not isinstance(kind, str) or not (reason is None or isinstance(reason, str)):
        return None
    known = action in ACTION_NAMES[ex.operation.id] and kind in ACTION_TYPES
    return (action, kind, reason) if known and (reason is None or reason in EVERY_REASON_TYPE) else None


def combination(ex: Decoded) -> Iterator[Hit]:
    """actionName and reasonType are each documented, but not together.

    Why: no sample and no flow shows this pair, so nobody can tell what it asks for.
    Example: actionName authorize with reasonType pfs_fallback
    Do: let the app go by actionName; report it to Adobe with the recording.
    """
    triple = _triple(ex)
    # A reason that only other operations list is a note of its own (PL322), whatever the action.
    if triple is None or triple[2] not in REASON_TYPES[ex.operation.id]:
        return
    rows = [row for row in ROWS if row.operation == ex.operation.id and row.current and row.action == triple[0]]
    if rows and triple[2] not in [row.reason for row in rows]:
        expected = listed(tuple(dict.fromkeys(str(row.reason) for row in rows)))
        yield Hit(
            "body#/reasonType",
            f"{triple[0]} comes with reasonType {{actual}}, documented is {{expected}}.",
            expected,
            triple[2],
        )


def pair(ex: Decoded) -> Iterator[Hit]:
    """actionName and actionType do not belong together.

    Why: authenticate is for a user agent (interactive), every other action for the app itself (direct). The pages
    list the two attributes on their own; flows and every sample since doc-2024-10-15 have these pairs.
    Example: actionName authorize with actionType interactive
    Do: let the app go by actionName; report it to Adobe with the recording.
    """
    triple = _triple(ex)
    if triple is None:
        return
    expected = "interactive" if triple[0] == "authenticate" else "direct"
    if triple[1] != expected:
        yield Hit(
            "body#/actionType",
            f"{triple[0]} comes with actionType {{actual}}, expected {{expected}}.",
            expected,
            triple[1],
        )


def attribute_unexpected(ex: Decoded) -> Iterator[Hit]:
    """The answer has an attribute that no sample of its outcome has.

    Why: "absent" is nowhere in prose; it rests on the samples. A code with authorize is an old form. A permit has no
    error, a denial no media token, a preauthorization none of either. issuedAt of a media token stands in old samples
    and in no table: that is a note.
    Example: missingParameters with actionName authenticate
    Do: let the app ignore it; report it to Adobe with the recording.
    """
    for problem in ex.problems:
        if problem.kind != "forbidden" or ex.session is None:
            continue
        name = problem.pointer[1:]
        if (ex.body or {}).get(name) is None:
            continue  # A null says what absence says.
        old = ex.session.row.action == "authorize" and name == "code"
        message = f"The attribute {name} is {{actual}}; samples of {ex.session.row.id} do not have it."
        yield Hit(f"body#{problem.pointer}", message, "absent", "present", severity="note" if old else None)
    for hit in item_shape.hits(ex, "forbidden", "{name} is {actual}; samples of such an item do not have it."):
        if hit.actual != "null":
            yield hit._replace(actual="present")
    for item in ex.recognition.items if ex.outcome is not None else ():
        if not isinstance(item, Decision):
            return
        token = item.member("token")
        if isinstance(token, dict) and "issuedAt" in token:
            message = "The token has issuedAt, which is in no table; samples had it until doc-2024-10-15."
            yield Hit(f"body#/decisions/{item.place}/token/issuedAt", message, "absent", "present", "note")
            return  # One tells it for all.


def outcome_unconfirmed(ex: Decoded) -> Iterator[Hit]:
    """A create answer has the reason missing_parameters_fallback.

    Why: the release notes of 3.2.0 announce it for this operation; its page neither lists nor shows it.
    Example: create session answered with resume and missing_parameters_fallback
    Do: treat it like resume with reasonType none.
    """
    if ex.session is not None and ex.session.exact and ex.session.row.id == "C7":
        yield Hit(
            "body#/reasonType",
            "reasonType is {actual}, the page lists {expected}.",
            "none",
            "missing_parameters_fallback",
        )
