"""What passlens says in words of its own of values of the API, of verdicts, and of the names of its own things."""

from typing import Final

PLAIN: Final[dict[str, str]] = {
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
