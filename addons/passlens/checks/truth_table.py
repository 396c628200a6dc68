"""Every documented answer of every operation, with what the app should do: the text of ``docs/truth-table.md``.
Made from the tables of ``rest_v2/``; ``passlens explain --truth-table`` prints it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from passlens.checks.glossary_words import ACTIONS, REASONS, STATUSES
from passlens.rest_v2 import decisions, errors, logouts, meanings, outcomes, profiles, response_rows, retrieve
from passlens.rest_v2.operations import FAMILIES, OPERATIONS, Operation

_CODE_ACTIONS: Final[dict[str, str]] = {
    "none": "Do not repeat the call unchanged.",
    "configuration": "Have the settings changed; do not repeat the call unchanged.",
    "application-registration": "Register again and get a new access token.",
    "authentication": "Let the user sign in again.",
    "authorization": "Ask for a new authorization.",
    "retry": "Send the request again, 2 or 3 times at most or with growing pauses.",
}
"""What a client does by the action of an Enhanced Error Code."""

_HEAD: Final = """\
# Truth table

Made from the tables of the package by `passlens explain --truth-table`; do not edit. It holds every documented answer
of every operation, the rows of earlier revisions too, and what an app does then. passlens shows the rows as outcomes
and in results; `passlens explain ROW` tells more about one.
"""


def as_markdown() -> str:
    """The whole page."""
    lines = [_HEAD]
    for operation in OPERATIONS:
        lines += [
            f"## {operation.id}",
            "",
            f"{operation.title}: `{operation.method} {operation.prefix}{operation.paths[0]}`",
            "",
        ]
        lines += [*_table(("row", "status", "answer", "what the app does", "revisions"), _responses(operation)), ""]
    lines += ["## Items", "", "What stands inside the answers, item by item.", ""]
    lines += [*_table(("row", "item", "means", "what the app does", "revisions"), _items()), ""]
    lines += ["## Error codes", "", "The Enhanced Error Codes, in answers and in decisions.", ""]
    lines += _table(("code", "status", "about", "what the app does"), _codes())
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def _responses(operation: Operation) -> Iterator[tuple[str, ...]]:
    success = ", ".join(map(str, operation.success))
    for row in outcomes.ROWS:
        if row.operation == operation.id:
            said = " / ".join(part for part in (row.action, row.type, row.reason) if part)
            reason = REASONS[row.reason] if row.reason not in (None, "none") else ""
            does = " ".join(filter(None, (reason, ACTIONS.get(row.action, _by_profile(row.action)))))
            yield row.id, success, said, does, _revisions(row.since, row.until)
    if operation.id == "retrieve-session":
        for shape in retrieve.SHAPES:
            lacks = f"; lacks {shape.lacks}" if shape.until else ""
            does = "Show the session to the user, resume it if it lacks parameters, and go on with authenticate."
            yield shape.id, success, f"the session as it stands{lacks}", does, _revisions(shape.since, shape.until)
    for found in response_rows.RESPONSE_ROWS:
        if operation.id in found.operations:
            said, does = _meaning(found.id)
            statuses = ", ".join(map(str, found.statuses))
            codes = f" ({', '.join(found.codes)})" if found.codes else ""
            yield found.id, statuses, said + codes, does, _revisions(found.since, found.until)
    if operation.id in FAMILIES["sessions"]:
        said = "the call was refused or failed; the code says why"
        does = "Go by the code; repeat only what it allows."
        yield "error", ", ".join(map(str, operation.errors)), said, does, "all"


def _by_profile(action: str) -> str:
    return "Ask for the profile by its code." if action == "profile" else ""


def _meaning(row: str) -> tuple[str, str]:
    found = meanings.meaning(row)
    assert found is not None, f"rest_v2/meanings.py has no {row}"
    return found.says, found.do or "Nothing is left to do."


def _items() -> Iterator[tuple[str, ...]]:
    for profile in profiles.PROFILE_ROWS:
        yield profile.id, f"profile of type {profile.type}", *_meaning(profile.id), _revisions(profile.since, None)
    for decision in decisions.DECISION_ROWS:
        by = f" by {decision.source}" if decision.source else ""
        item = f"{'permit' if decision.authorized else 'denial'}{by} of {' and '.join(decision.operations)}"
        codes = f" ({', '.join((*decision.codes, *decision.other_codes))})" if decision.codes else ""
        said, does = _meaning(decision.id)
        yield decision.id, item, said + codes, does, _revisions(decision.since, decision.until)
    for logout in logouts.LOGOUT_ROWS:
        yield logout.id, f"logout {logout.action} / {logout.type}", *_meaning(logout.id), _revisions(logout.since, None)


def _codes() -> Iterator[tuple[str, ...]]:
    for code in errors.CODES:
        # A fault of the server is no wrong call, although its page names no action.
        action = "retry" if code.action == "none" and code.status >= 500 else code.action
        yield code.code, str(code.status), code.about, _CODE_ACTIONS[action]
    for name, said in STATUSES.items():
        cause, _, does = said.partition(". ")
        status, _, about = cause.removeprefix("Status ").partition(": ")
        yield name, status, about, does


def _revisions(since: str, until: str | None) -> str:
    if until == outcomes.UNCONFIRMED:
        return f"since {since}, unconfirmed"
    return f"{since} to {until}" if until else f"since {since}"
