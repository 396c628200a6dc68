"""What the words mean that passlens shows beside findings: operations, outcomes, actions, reasons, error codes and
others. ``passlens explain`` prints it; it is made from the tables of ``rest_v2/`` and from glossary_words.py."""

import re
from collections.abc import Callable
from typing import Final

from passlens.checks.checklist import LINES, Line
from passlens.checks.denials import WORDS, cause_of
from passlens.checks.glossary_words import (
    ACTIONS,
    LOGOUTS,
    PLAIN,
    PROFILE_TYPES,
    REACTIONS,
    REASONS,
    RESULTS,
    SOURCES,
    STATUSES,
    VERDICTS,
)
from passlens.checks.next_steps import next_steps
from passlens.rest_v2 import decisions, errors, logouts, outcomes, profiles, response_rows, retrieve
from passlens.rest_v2 import meanings as rows_in_words
from passlens.rest_v2.operations import BY_ID as OPERATIONS
from passlens.rest_v2.wire import listed

Lines = list[str]

CHECKLIST: Final[dict[str, Line]] = {line.id: line for line in LINES}

_BARE_STATUS: Final = re.compile(r"http_[1-5]\d\d")


def known() -> list[str]:
    """Every word that has a meaning here."""
    rows = [row.id for row in outcomes.ROWS] + [row.id for row in retrieve.SHAPES]
    rows += [row.id for row in response_rows.RESPONSE_ROWS]
    rows += [*profiles.BY_ID, *decisions.BY_ID, *logouts.BY_ID]
    plain = (PLAIN, ACTIONS, REASONS, STATUSES, VERDICTS, REACTIONS, PROFILE_TYPES, SOURCES, LOGOUTS, RESULTS)
    listed = [name for table in (*plain, WORDS, CHECKLIST) for name in table]
    return list(dict.fromkeys([*OPERATIONS, *rows, *listed, *errors.BY_CODE, *errors.OLD_BY_CODE, *errors.V1_CODES]))


def meaning(word: str) -> Lines | None:
    """What a word means, in paragraphs; the letter case makes no difference. None for a word passlens does not show."""
    word = word.strip().lower()
    if _BARE_STATUS.fullmatch(word):
        return [word, "", f"Status {word[5:]} without an error code that passlens could read."]
    wanted = next((name for name in known() if name.lower() == word), None)
    if wanted is None:
        return None
    found = [lines for tell in _TELLERS if (lines := tell(wanted)) is not None]
    return [wanted, *(line for lines in found for line in ("", *lines))]


def _operation(name: str) -> Lines | None:
    operation = OPERATIONS.get(name)
    if operation is None:
        return None
    rows = [row.id for row in outcomes.ROWS if row.operation == name and row.current]
    rows += [row.id for row in retrieve.SHAPES if row.until is None] if name == "retrieve-session" else []
    rows += [
        row.id
        for row in response_rows.RESPONSE_ROWS
        if name in row.operations and not row.old and row.kind == "success"
    ]
    path = f"{operation.prefix}{operation.paths[0]}"
    lines = [f"An operation: {operation.title}.", f"{operation.method} {path}"]
    lines += [f"Outcomes: {', '.join(rows)}"] if rows else []
    return [*lines, f"Statuses of errors: {', '.join(map(str, operation.errors))}"]


def _outcome(name: str) -> Lines | None:
    for row in outcomes.ROWS:
        if row.id == name:
            said = " / ".join(part for part in (row.action, row.type, row.reason) if part)
            lines = [f"An outcome of {row.operation}: {said}."]
            if row.reason and row.reason in REASONS:
                lines.append(REASONS[row.reason])
            lines.append(f"Next: {ACTIONS[row.action]}" if row.action in ACTIONS else "")
            lines.append(_calls(row.followed_by))
            lines.append(f"Attributes: {', '.join(row.required)}")
            return [line for line in [*lines, _since(row.since, row.until)] if line]
    for shape in retrieve.SHAPES:
        if shape.id == name:
            return ["An outcome of retrieve-session: the session as it stands.", _since(shape.since, shape.until)]
    return None


def _calls(operations: tuple[str, ...], after: str = "") -> str:
    """The next calls of an app, as entries have them; empty for none."""
    word = "call" if len(operations) == 1 else "calls"
    return f"Next {word}{after}: {next_steps(operations)}." if operations else ""


def _since(since: str, until: str | None) -> str:
    return f"In the documentation since {since}" + (f", until {until}." if until else ".")


def _row(name: str) -> Lines | None:
    """A row of an answer of the other operations, or of an item inside one."""
    said = rows_in_words.meaning(name)
    if said is None:
        return None
    lines = [f"{_subject(name)}: {said.says}."]
    lines += [f"What an app does: {said.do}"] if said.do else []
    row = response_rows.BY_ID.get(name)
    followed = row.next if row is not None else {}
    lines += [_calls(calls, "" if after == "*" else f" after {after}") for after, calls in followed.items()]
    today = rows_in_words.TODAY.get(name)
    lines += [f"The row of today is {today}."] if today else []
    return [*lines, *_revisions(name)]


def _subject(name: str) -> str:
    row = response_rows.BY_ID.get(name)
    if row is not None:
        kind = "An outcome" if row.kind == "success" else "An error"
        statuses = listed(tuple(map(str, row.statuses)))
        return f"{kind} of {listed(row.operations, 'and')}, status {statuses}"
    if name in profiles.BY_ID:
        found = profiles.BY_ID[name]
        return f"A profile of type {found.type}, in answers of {listed(found.operations, 'and')}"
    if name in decisions.BY_ID:
        decision = decisions.BY_ID[name]
        said = "permit" if decision.authorized else "denial"
        by = f" by {decision.source}" if decision.source else ""
        return f"A {said}{by}, in answers of {listed(decision.operations, 'and')}"
    return f"A deleted profile with actionName {logouts.BY_ID[name].action}, in answers of logout"


def _revisions(name: str) -> Lines:
    row = response_rows.BY_ID.get(name) or decisions.BY_ID.get(name)
    if row is not None:
        return [_since(row.since, row.until)]
    item = profiles.BY_ID.get(name) or logouts.BY_ID.get(name)
    return [_since(item.since, None)] if item is not None else []


def _action(name: str) -> Lines | None:
    if name not in ACTIONS:
        return None
    rows = [row.id for row in outcomes.ROWS if row.action == name]
    return [f"An actionName: {ACTIONS[name]}", f"Outcomes with it: {', '.join(rows)}"]


def _reason(name: str) -> Lines | None:
    if name not in REASONS:
        return None
    rows = [row.id for row in outcomes.ROWS if row.reason == name]
    return [f"A reasonType: {REASONS[name]}", f"Outcomes with it: {', '.join(rows)}"]


def _error(name: str) -> Lines | None:
    row = errors.BY_CODE.get(name)
    if row is not None:
        lines = [f"An error code, with status {row.status}. It says: {row.about}."]
        lines.append(f"What the client should do: {row.action}." if row.action != "none" else "It names no action.")
        cause = cause_of(name)
        return lines if cause is None else [*lines, cause.words]
    old = errors.OLD_BY_CODE.get(name)
    if old is not None:
        today = f"Today it is {old.today}." if old.today else "No code says the same today."
        return [f"An error code of earlier samples, since {old.since} until {old.until}. {today}"]
    return ["An error code of REST API V1; version 2 has others."] if name in errors.V1_CODES else None


def _status(name: str) -> Lines | None:
    return [STATUSES[name]] if name in STATUSES else None


def _verdict(name: str) -> Lines | None:
    if name in REACTIONS:
        return [REACTIONS[name]]
    return [f"The verdict of a journey: {VERDICTS[name]}"] if name in VERDICTS else None


def _checklist(name: str) -> Lines | None:
    line = CHECKLIST.get(name)
    if line is None:
        return None
    codes = [f"Not kept where one of these is found: {', '.join(line.not_met)}."] if line.not_met else []
    codes += [f"For a person to decide: {', '.join(line.unclear)}."] if line.unclear else []
    said = [f"A line of the official checklist, {line.level}: {line.title}.", line.app, *codes]
    return [*said, f"To see it: {line.do}"]


def _result(name: str) -> Lines | None:
    """What stands in results: types of profiles, sources of decisions, actions of logouts."""
    found: Lines = []
    if name in PROFILE_TYPES:
        rows = [row.id for row in profiles.PROFILE_ROWS if row.type == name]
        found += [f"The type of a profile: {PROFILE_TYPES[name]}", f"Profiles with it: {', '.join(rows)}"]
    if name in SOURCES:
        given = [row.id for row in decisions.DECISION_ROWS if row.source == name and not row.old]
        found += [f"The source of a decision: {SOURCES[name]}", f"Decisions with it: {', '.join(given)}"]
    if name in LOGOUTS:
        found.append(f"The actionName of a logout: {LOGOUTS[name]}")
    return [*found, RESULTS[name]] if name in RESULTS else found or None


def _word(name: str) -> Lines | None:
    cause = WORDS.get(name)
    return [f"An error of registration or of a request for a token. {cause.words}"] if cause is not None else None


def _plain(name: str) -> Lines | None:
    return [PLAIN[name]] if name in PLAIN else None


_TELLERS: Final[tuple[Callable[[str], Lines | None], ...]] = (
    _operation, _outcome, _row, _action, _reason, _error, _word, _status, _verdict, _checklist, _result,
    _plain,
)  # fmt: skip
