"""What an answer means for the app, and what it calls next. Words for an app developer, no findings.
Sources: partner and basic flows, Enhanced Error Codes, throttling page."""

from typing import Final, NamedTuple

from passlens.exchange import Exchange
from passlens.spec.errors import BY_CODE, MIN_WAIT_SECONDS, THROTTLED, ErrorAnswer
from passlens.spec.outcomes import NEXT, parameter_name
from passlens.spec.partner_status import ACCESS_WORDS
from passlens.spec.wire import listed


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


def diagnose(ex: Exchange) -> Diagnosis:
    """The probable cause of an answer and the next operations; nothing for other traffic and plain successes."""
    if ex.route is None or ex.answer is None:
        return _NOTHING
    if ex.error is not None:
        return _error(ex, ex.error)
    if ex.shape is not None:
        return _retrieve(ex)
    if ex.outcome is None:
        return _NOTHING
    row = ex.outcome.row
    following = NEXT.get(row.action, ())
    match row.reason:
        case "pfs_fallback":
            return Diagnosis(f"{partner_status_cause(ex)} {_BASIC}", (*following, "retrieve-profile-code"))
        case "configuration_fallback":
            cause = (
                "Partner single sign-on is not switched on for this service provider and MVPD on the server side; the "
                f"request is not at fault, and repeating it will not help. {_BASIC}"
            )
            return Diagnosis(cause, (*following, "retrieve-profile-code"))
        case "degraded":
            cause = (
                "A degradation rule is active for this MVPD: the user counts as signed in without a login. "
                "Go straight to the decisions; do not authenticate and do not poll."
            )
            return Diagnosis(cause, following)
        case "temporary":
            cause = "Temporary access (TempPass) needs no session; the decisions can be asked for directly."
            return Diagnosis(cause, following)
    if row.action in ("resume", "retry"):
        return Diagnosis(_missing(ex), following)
    if row.operation == "partner-session" and row.action == "authenticate":
        # Rows of earlier revisions: the fallback had no reason of its own yet.
        return Diagnosis(f"{partner_status_cause(ex)} {_BASIC}", (*following, "retrieve-profile-code"))
    return Diagnosis(None, following)


def chosen(ex: Exchange) -> bool:
    """True if a scenario chose the answer, so that looking for a cause in the request would mislead."""
    how = ex.injected.get("how", "") if ex.injected is not None else ""
    return how.startswith(("outcome", "respond"))


def partner_status_cause(ex: Exchange) -> str:
    """Why the server fell back from partner single sign-on, as far as the request shows it."""
    if chosen(ex):
        return "The scenario asks for this answer, whatever the request holds."
    if ex.request.header("AP-Partner-Framework-Status") is None:
        return "The request has no AP-Partner-Framework-Status."
    status = ex.partner_status
    if status is None:
        return "AP-Partner-Framework-Status is too long to be looked into."
    defect = status.defect(ex.started)
    if defect == "not-granted":
        words = ACCESS_WORDS.get(status.access or "", "no listed value")
        return f"AP-Partner-Framework-Status says {status.access or 'nothing'}: {words}."
    if defect is not None:
        return _STATUS_CAUSES[defect]
    if status.encoded.liberties:
        # passlens reads more than the page promises; the server need not.
        return (
            f"AP-Partner-Framework-Status is not cleanly encoded ({status.encoded.liberties[0].detail}), "
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


def _missing(ex: Exchange) -> str:
    names = (ex.body or {}).get("missingParameters")
    texts = [parameter_name(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    what = listed(tuple(texts), "and") if texts else "a parameter"
    sent = [name for name in texts if ex.form.get(name)]
    why = f"The session lacks {what}."
    if sent and not chosen(ex):
        why += f" The form has {listed(tuple(sent), 'and')}: the server may not take the value."
    it = "them" if len(texts) > 1 else "it"
    return f"{why} Send {it} to the url with the same code, from this device or from a second one."


def _retrieve(ex: Exchange) -> Diagnosis:
    missing = [parameter_name(name) for name in ex.shape.missing if isinstance(name, str)] if ex.shape else []
    if not missing:
        return Diagnosis(None, ("authenticate",))
    cause = f"The session lacks {listed(tuple(missing), 'and')}. Resume it with the same code before the user signs in."
    return Diagnosis(cause, ("resume-session",))


def _error(ex: Exchange, error: ErrorAnswer) -> Diagnosis:
    if error.http_status == THROTTLED:
        wait = f"Wait {MIN_WAIT_SECONDS} second or more before the next call, whatever it is."
        cause = "" if chosen(ex) else "The device sent more than one request a second. "
        return Diagnosis(f"{cause}{wait}", (ex.operation.id,))
    row = BY_CODE.get(error.code or "")
    action = error.members.get("action")
    action = row.action if row is not None else action if isinstance(action, str) else None
    about = f"The server objects: {row.about}. " if row is not None else ""
    if action == "retry":
        words = "Send the request again, 2 or 3 times at most or with growing pauses."
        return Diagnosis(about + words, (ex.operation.id,))
    if action in _ERROR_ACTIONS:
        words, following = _ERROR_ACTIONS[action]
        if row is not None and row.code in ("invalid_authentication_session", "invalid_parameter_code"):
            following = ("create-session",)
        return Diagnosis(about + words, following)
    if error.http_status == 401:
        return Diagnosis("The access token was not taken. Get a new one before repeating the call.", ("dcr-token",))
    if error.http_status == 405:
        return Diagnosis(f"This path does not take {ex.request.method}, it takes {ex.operation.method}.", ())
    return _NOTHING
