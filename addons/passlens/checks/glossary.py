"""What the words mean that passlens shows beside findings: operations, outcomes, actions, reasons, error codes and
others. ``passlens explain`` prints it; it is made from the tables of ``rest_v2/``."""

import re
from collections.abc import Callable
from typing import Final

from passlens.checks.checklist import LINES, Line
from passlens.checks.denials import WORDS
from passlens.rest_v2 import decisions, errors, logouts, outcomes, profiles, response_rows, retrieve
from passlens.rest_v2 import meanings as rows_in_words
from passlens.rest_v2.operations import BY_ID as OPERATIONS
from passlens.rest_v2.wire import listed

Lines = list[str]

_WORDS: Final = {
    "error": "A finding that rests on a sentence of the documentation, or on all its samples where nothing contradicts "
    "them. It makes the exit status 1.",
    "warning": "A finding that rests on samples, or on one of two sources that disagree.",
    "note": "A finding that rests on an inference, a contradiction, or an older revision; or advice.",
    "prose": "The basis of a finding: a sentence of the documentation.",
    "sample": "The basis of a finding: what the samples of the documentation show.",
    "inferred": "The basis of a finding: what follows from other facts, and stands nowhere.",
    "injected": "passlens made, changed, delayed or broke this answer; scenario and rule stand beside it.",
    "interactive": "A type of action: the user has to do something, in a user agent or on a second screen.",
    "partner_interactive": "A type of action: the user has to do something in the settings of the partner's system.",
    "direct": "A type of action: the app goes on by itself.",
    "exchange": "One request with its response, or the lack of one. passlens check shows each as a block.",
    "operation": "One call of the API by its id, such as create-session; passlens explain create-session tells more.",
    "outcome": "The documented answer that a response fits, by the id of its row, such as C1 or PA-0. passlens explain "
    "C1 tells what it means; docs/truth-table.md has all.",
    "result": "What an answer means to the user, item by item: a profile, a permit or a denial, each with its row. "
    "passlens explain permit tells more.",
    "finding": "One thing in an exchange that is wrong or worth knowing, with a code. passlens explain lists the "
    "codes, and passlens explain PL230 tells of one.",
    "diagnosis": "Why an answer is as it is, as far as the exchange shows it: the row why of a report.",
    "partner": "The company whose device signs the user in for all apps, such as Apple: its name stands in the path of "
    "partner calls, and its framework's word in AP-Partner-Framework-Status. In a report, the row partner shows that "
    "header decoded. Go on with passlens explain partner-session.",
    "device": "What sent an exchange, told by AP-Device-Identifier, else by the token, else by the address. In a "
    "report, the row device shows X-Device-Info decoded.",
    "journey": "The exchanges of one device towards one sign-in or playback, in order, with a verdict "
    "(docs/journeys.md).",
    "verdict": "What came of a journey, an expectation or a line of the checklist, in a word such as signed-in or met; "
    "passlens explain signed-in tells of one.",
    "scenario": "A rule file with a name: while it runs, its rules change or make answers. passlens scenarios lists "
    "those that ship, passlens proxy --scenario NAME runs one, docs/scenarios.md tells how to write one.",
    "rule": "A part of a scenario: when an exchange matches, then something is done to it (docs/scenarios.md).",
    "expectation": "What a scenario expects the app to do next, and by when; its verdict stands in the summary "
    "(docs/scenarios.md).",
    "baseline": "A file of findings that are known already, so that only new ones fail a check: passlens check "
    "--write-baseline FILE writes it, --baseline FILE reads it (docs/ci.md).",
    "recording": "A .mitm or .har file with exchanges; passlens check reads it (docs/recordings.md).",
    "sandbox": "The API answered by passlens, without a server: passlens proxy --sandbox (docs/sandbox.md).",
    "seen": "How far a device has come: it uses the proxy.",
    "refuses": "How far a device has come: it uses the proxy and does not trust the certificate for the host named.",
    "trusts": "How far a device has come: it trusts the certificate, and has not called the API.",
    "api": "How far a device has come: it calls the API.",
}

ACTIONS: Final[dict[str, str]] = {
    "authenticate": "Open the url in a user agent, or show the code for a second screen; then poll for the profile.",
    "resume": "Send what missingParameters names to the url, with the same code.",
    "authorize": "No sign-in is needed: go on with the decisions of the mvpd.",
    "retry": "Send what missingParameters names to the url again, with the same code.",
    "partner_profile": "Hand the authenticationRequest to the partner framework, and send its answer to the url.",
}

REASONS: Final[dict[str, str]] = {
    "none": "Nothing special: the usual next step.",
    "authenticated": "There is a profile of an earlier sign-in.",
    "temporary": "TempPass gives access without a sign-in.",
    "degraded": "The MVPD has a failure, and a degradation rule gives access without a sign-in.",
    "authenticatedSSO": "There is a profile of a single sign-on.",
    "pfs_fallback": "AP-Partner-Framework-Status is missing or not usable: basic authentication.",
    "configuration_fallback": "Partner single sign-on is not switched on: basic authentication.",
    "missing_parameters_fallback": "Parameters are missing: basic authentication, after a resume.",
}

STATUSES: Final[dict[str, str]] = {
    "throttled": "Status 429: too many requests. Wait a second or more, whatever the next call is.",
    "unauthorized": "Status 401: the bearer token is missing, over or of another application. Get a new one.",
    "forbidden": "Status 403 without an error code: something before the API refuses the call. Look for it.",
    "method_not_allowed": "Status 405: the path takes another method. Send the documented one.",
    "server_error": "Status 5xx: a fault of the server. Try again after a pause that grows.",
}
"""Names for statuses that come without an error code."""


PROFILE_TYPES: Final[dict[str, str]] = {
    "regular": "somebody signed in with the MVPD.",
    "degraded": "a degradation rule signs everybody in; Adobe issues it.",
    "temporary": "TempPass, basic or promotional; Adobe issues it, and nobody signed in.",
    "appleSSO": "single sign-on with Apple; it is there for requests with a usable AP-Partner-Framework-Status.",
    "platformSSO": "single sign-on of the platform; it is there for requests with Adobe-Subject-Token or Roku's token.",
    "serviceTokenSSO": "single sign-on by a service; it is there for requests with AD-Service-Token.",
}

SOURCES: Final[dict[str, str]] = {
    "mvpd": "the MVPD decided.",
    "degradation": "a degradation rule decided, and the MVPD was not asked.",
    "temppass": "TempPass decided.",
    "dummy": "nobody was asked.",
}

LOGOUTS: Final[dict[str, str]] = {
    "logout": "open the url in a user agent, so that the MVPD's own session ends as well.",
    "partner_logout": "tell the user to sign out of the TV provider in the system settings.",
    "complete": "nothing is left to do.",
    "invalid": "there was no valid profile to delete.",
}

RESULTS: Final[dict[str, str]] = {
    "permit": "A decision: the resource may be watched. With authorize a media token comes with it.",
    "deny": "A decision: the resource may not be watched; the error code behind it says why.",
}

VERDICTS: Final[dict[str, str]] = {
    "signed-in": "a response held a profile, or said that the user is signed in.",
    "authorized": "the last decision permitted something.",
    "denied": "the last decision permitted nothing.",
    "waiting": "a code is open, or nothing more is known.",
    "fell-back": "a partner session was answered with a fallback, and nothing followed.",
    "expired": "the code ran out before the user signed in.",
    "failed": "an error was the last that happened.",
    "abandoned": "half an hour without an exchange, and nothing was reached.",
    "logged-out": "a logout succeeded.",
}
"""What came of a journey (analysis/journeys.py, docs/journeys.md)."""

REACTIONS: Final[dict[str, str]] = {
    "met": "Of an expectation: the app did what the scenario expects. Of a line of the checklist: the recordings show "
    "it, and nothing was found against it.",
    "not-met": "Of an expectation: what must come did not come in time, or what must not come came (PL690). Of a line "
    "of the checklist: a finding says that it is not kept.",
    "not-exercised": "Of an expectation: no rule acted, or nothing more came from the app.",
    "open": "Of an expectation: what was seen ends before it was decided. Of a line of the checklist: a person "
    "decides.",
    "not-seen": "Of a line of the checklist: the recordings do not hold what it takes to see it.",
    "not-visible": "Of a line of the checklist: only people, screens or other systems show it.",
}
"""Verdicts on expectations (docs/scenarios.md) and on lines of the checklist (docs/conformance.md)."""

CHECKLIST: Final[dict[str, Line]] = {line.id: line for line in LINES}

_BARE_STATUS: Final = re.compile(r"http_[1-5]\d\d")


def known() -> list[str]:
    """Every word that has a meaning here."""
    rows = [row.id for row in outcomes.ROWS] + [row.id for row in retrieve.SHAPES]
    rows += [row.id for row in response_rows.RESPONSE_ROWS]
    rows += [*profiles.BY_ID, *decisions.BY_ID, *logouts.BY_ID]
    plain = (_WORDS, ACTIONS, REASONS, STATUSES, VERDICTS, REACTIONS, PROFILE_TYPES, SOURCES, LOGOUTS, RESULTS)
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
    return f"Next {word}{after}: {', then '.join(operations)}." if operations else ""


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
        return [*lines, f"What the client should do: {row.action}." if row.action != "none" else "No action is named."]
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
    return [_WORDS[name]] if name in _WORDS else None


_TELLERS: Final[tuple[Callable[[str], Lines | None], ...]] = (
    _operation, _outcome, _row, _action, _reason, _error, _word, _status, _verdict, _checklist, _result,
    _plain,
)  # fmt: skip
