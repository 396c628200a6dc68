"""What an answer means for the app, and what it calls next. Words for an app developer, no findings.
Sources: partner and basic flows, Enhanced Error Codes, throttling page."""

from typing import Final, NamedTuple

from passlens.checks.causes import access_status, cause, header_word, unescaped_ampersand
from passlens.checks.denials import RETRY, WORDS, of_code, of_success, partner_member, todays_code
from passlens.checks.intermediaries import in_place_of_answer, intermediary
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.errors import BY_CODE, MIN_WAIT_SECONDS, THROTTLED, ErrorResponse
from passlens.rest_v2.outcomes import parameter_name
from passlens.rest_v2.partner_status import ACCESS_WORDS
from passlens.rest_v2.wire import listed, moment
from passlens.util.http_date import http_date


class Diagnosis(NamedTuple):
    """``cause`` is a sentence or two, or None where all is plain; ``next`` lists operations, the main line first."""

    cause: str | None
    next: tuple[str, ...]


_NOTHING: Final = Diagnosis(None, ())

_BASIC: Final = "Go on with basic authentication: open the url in a user agent, or show the code for a second screen."

_STATUS_CAUSES: Final = {
    "not-base64": "AP-Partner-Framework-Status is not Base64, so the server could not read it.",
    "not-json": "AP-Partner-Framework-Status does not decode to a JSON object, so the server could not read it.",
    "old-structure": "AP-Partner-Framework-Status has the structure of 2024, which the server may not read any more.",
    "no-access-status": "AP-Partner-Framework-Status has no accessStatus.",
    "no-provider": "AP-Partner-Framework-Status names no provider: the user is not signed in to one on the device.",
    "expiry-form": "The expirationDate of AP-Partner-Framework-Status is not a string of epoch milliseconds, so the "
    "server may count the status as invalid or expired.",
    "expired": "AP-Partner-Framework-Status had expired by the recording's clock: read it again before the call.",
}

PFS_FALLBACK: Final = "pfs_fallback"
"""The reason whose cause stands in the request's partner status."""

CAUSES: Final = {
    "configuration_fallback": "Partner single sign-on is not switched on for this service provider and MVPD on the "
    f"server side; the request is not at fault, and repeating it will not help. {_BASIC}",
    "degraded": "A degradation rule is active for this MVPD: the user counts as signed in without a login. Go straight "
    "to the decisions; do not authenticate and do not poll.",
    "temporary": "Temporary access (TempPass) needs no session; the decisions can be asked for directly.",
}
"""What is said of other reasons (reasonType); none of those that only say where things stand."""

_OVER: Final = ("invalid_authentication_session", "invalid_parameter_code")
"""Errors about a code that nobody can go on with."""

_NEW_SESSION: Final = (
    "The code is over, or never was one. Start a new session: create-session, or partner-session with a partner."
)

_ERROR_ACTIONS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "none": ("Do not repeat the call unchanged.", ()),
    "configuration": (
        "The settings in the TVE Dashboard have to change; do not repeat the call unchanged.",
        (),
    ),
    "application-registration": ("Register again and get a new access token.", ("dcr-register", "dcr-token")),
    "authentication": ("The user has to sign in again.", ("create-session",)),
    "authorization": ("A new authorization is needed.", ("authorize",)),
}


def diagnose(ex: Decoded) -> Diagnosis:
    """The probable cause of an answer and the next operations; nothing for other traffic and plain successes."""
    if ex.route is None or ex.response is None:
        return _NOTHING
    if in_place_of_answer(ex) is not None:
        return _on_the_way(ex)
    if ex.error is not None and not ex.recognition.items:
        return _error(ex, ex.error)
    if ex.shape is not None:
        return _retrieve(ex)
    if ex.session is None:
        if ex.outcome is None:
            return _on_the_way(ex)
        found = of_success(ex)
        return _NOTHING if found is None else Diagnosis(found.words or None, found.next)
    row = ex.session.row
    following = row.followed_by
    if row.reason == PFS_FALLBACK:
        return Diagnosis(f"{partner_status_cause(ex)} {_BASIC}", following)
    if row.reason in CAUSES:
        return Diagnosis(CAUSES[row.reason], following)
    if row.action in ("resume", "retry"):
        return Diagnosis(_missing(ex), following)
    if row.operation == "partner-session" and row.action == "authenticate":
        # Rows of earlier revisions: the fallback had no reason of its own yet.
        return Diagnosis(f"{partner_status_cause(ex)} {_BASIC}", following)
    return Diagnosis(None, following)


def chosen(ex: Decoded) -> bool:
    """True if a scenario chose the answer, so that looking for a cause in the request would mislead."""
    return ex.injection is not None and ex.injection.chosen


def partner_status_cause(ex: Decoded) -> str:
    """Why the server fell back from partner single sign-on, as far as the request shows it."""
    if chosen(ex):
        return "The scenario asks for this answer, whatever the request holds."
    sent = ex.request.header("AP-Partner-Framework-Status")
    if sent is None:
        return "The request has no AP-Partner-Framework-Status."
    word = header_word(sent)
    if word is not None:
        return (
            f"AP-Partner-Framework-Status is the word {word}, not the Base64 of a JSON object: encode what the partner "
            "framework said, also when it is a refusal."
        )
    status = ex.partner_status
    if status is None:
        return "AP-Partner-Framework-Status is too long to be looked into."
    defect = status.defect(ex.sent_at)
    if defect == "not-granted":
        words = ACCESS_WORDS.get(status.access or "", "no listed value")
        return f"AP-Partner-Framework-Status says {status.access or 'nothing'}: {words}."
    if defect is not None:
        return access_status(ex) or _STATUS_CAUSES[defect]
    if status.encoded.deviations:
        # passlens reads more than the page promises; the server need not.
        return (
            f"AP-Partner-Framework-Status is not cleanly encoded ({status.encoded.deviations[0].detail}), "
            "so the server may not have read it."
        )
    if status.problems:
        problem = status.problems[0]
        what = problem.pointer.rpartition("/")[2] or "object"
        return (
            f"AP-Partner-Framework-Status departs from its page ({what} is {problem.actual}), "
            "so the server may count it as invalid."
        )
    return (
        "AP-Partner-Framework-Status is granted, names a provider and has not expired, so look at the server side: "
        "does the configuration answer list the provider id as a platformMappingId, and is its boarding status right?"
    )


def _missing(ex: Decoded) -> str:
    names = (ex.body or {}).get("missingParameters")
    texts = [parameter_name(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    cut_off = unescaped_ampersand(ex) if not chosen(ex) else None
    if cut_off is not None:
        return f"{cut_off} Escape it, and send the parameters to the url with the same code."
    what = listed(tuple(texts), "and") if texts else "a parameter"
    sent = [name for name in texts if ex.form.get(name)]
    why = f"The session lacks {what}."
    if sent and not chosen(ex):
        why += f" The form has {listed(tuple(sent), 'and')}: the server may not take the value."
    it = "them" if len(texts) > 1 else "it"
    return f"{why} Send {it} to the url with the same code, from this device or from a second one."


def _retrieve(ex: Decoded) -> Diagnosis:
    missing = [parameter_name(name) for name in ex.shape.missing if isinstance(name, str)] if ex.shape else []
    if not missing:
        return Diagnosis(None, ("authenticate",))
    cause = f"The session lacks {listed(tuple(missing), 'and')}. Resume it with the same code before the user signs in."
    return Diagnosis(cause, ("resume-session",))


def _shown(ex: Decoded, error: ErrorResponse) -> str | None:
    """What the request shows of the cause of an error."""
    if (error.code or "").startswith("invalid_header_pfs_"):
        status, code = ex.partner_status, error.code or ""
        if "provider_id" in code and status is not None and status.provider is not None:
            return partner_member(ex, code)
        shows = status is None or status.defect(ex.sent_at) is not None
        return partner_status_cause(ex) if shows else partner_member(ex, code)
    return cause(ex, error.code, error.http_status)


def _throttled(ex: Decoded) -> Diagnosis:
    asked = _retry_after((ex.response.header("Retry-After") or "").strip() if ex.response is not None else "")
    wait = f"Wait {asked or f'{MIN_WAIT_SECONDS} second or more'} before the next call, whatever it is."
    # The server tells devices by their address: another one behind the same may have sent the rest.
    cause = "" if chosen(ex) else "More than one request a second came from this device's address. "
    return Diagnosis(f"{cause}{wait}", (ex.operation.id,))


def _retry_after(value: str) -> str | None:
    """How long Retry-After asks to wait, in seconds or until a date (RFC 9110, 10.2.3); None where it asks for no more
    than the pages do."""
    if value.isascii() and value.isdecimal():
        more = len(value) < 7 and int(value) > MIN_WAIT_SECONDS
        return f"{int(value)} seconds or more, as Retry-After says," if more else None
    until = http_date(value)
    return None if until is None else f"until {moment(until)}, as Retry-After says,"


def _error(ex: Decoded, error: ErrorResponse) -> Diagnosis:
    if error.http_status == THROTTLED:
        return _throttled(ex)
    # Decisions on the page of a profile, in samples of 2024: the code stands inside them.
    code = todays_code(error.code or ex.recognition.error)
    row = BY_CODE.get(code or "")
    action = error.members.get("action")
    action = row.action if row is not None else action if isinstance(action, str) else None
    told = WORDS.get(error.name) if error.form == "dcr" else of_code(ex, code)
    about = f"The server objects: {row.about}. " if row is not None and told is None else ""
    shown = None if chosen(ex) else _shown(ex, error)
    about += f"{shown} " if shown is not None else ""
    if told is not None:
        return Diagnosis(f"{about}{told.words}", told.next)
    if action == "retry":
        return Diagnosis(about + RETRY, (ex.operation.id,))
    if action in _ERROR_ACTIONS:
        words, following = _ERROR_ACTIONS[action]
        if row is not None and row.code in _OVER:
            polled = "Stop polling. " if ex.operation.id == "retrieve-profile-code" else ""
            return Diagnosis(f"{about}{polled}{_NEW_SESSION}", ("create-session",))
        if ex.operation.id == "partner-profile" and code == "invalid_parameter_saml_response":
            following = ("partner-session",)
        return Diagnosis(about + words, following or ex.recognition.next)
    if error.http_status == 401:
        words = "Get a new one before repeating the call." if ex.bearer is not None else "Get one and send it."
        return Diagnosis(f"The access token was not taken. {about}{words}", ("dcr-token",))
    if error.http_status == 405:
        return Diagnosis(f"This path does not take {ex.request.method}, it takes {ex.operation.method}.", ())
    return _on_the_way(ex) if shown is None else Diagnosis(shown, ())


def _on_the_way(ex: Decoded) -> Diagnosis:
    """What is said of an answer that the server did not give."""
    found = intermediary(ex)
    return _NOTHING if found is None else Diagnosis(found.words, found.next)
