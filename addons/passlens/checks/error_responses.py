"""PL51x: error bodies: Enhanced Error Codes against their table, older forms, bodies that cannot be read."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import Basis, Hit, Severity
from passlens.checks.intermediaries import intermediary
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.decisions import Decision
from passlens.rest_v2.errors import ACTIONS, OLD_BY_CODE, STATUSES, THROTTLED, V1_CODES, ErrorResponse
from passlens.rest_v2.operations import DCR, JSON
from passlens.rest_v2.wire import listed

_OTHER_FORMS: Final[dict[str, str]] = {
    "array": "an errors array (doc-2024-08-05)",
    "wrapper": "an error object",
    "dcr": "the one-word form of Dynamic Client Registration",
}


def enhanced_error(ex: Decoded) -> ErrorResponse | None:
    """The error of an operation that answers with Enhanced Error Codes, if its body is there to be read."""
    if ex.operation.id == "authenticate" or ex.operation.prefix == DCR:
        return None
    if ex.response is None or ex.response.body is None or ex.response.status < 400:
        return None
    # Decisions of 2024 came with 400: their errors stand inside them.
    return None if ex.outcome is not None else ex.error


def _errors(ex: Decoded) -> Iterator[tuple[str, ErrorResponse]]:
    """Errors with their places: the answer itself, and those inside decisions, each different one once. Decisions of
    2024 are told by their row (PL401)."""
    error = enhanced_error(ex)
    if error is not None:
        yield "body#", error
    seen: set[str] = set()
    for item in ex.recognition.items:
        if not isinstance(item, Decision) or not item.error or (item.row is not None and item.row.old):
            continue
        key = repr([item.error.get(name) for name in ("code", "action", "status")])
        if key not in seen:
            seen.add(key)
            status = ex.response.status if ex.response is not None else 200
            yield f"body#/decisions/{item.place}/error", ErrorResponse(status, "flat", item.error)


def body_missing(ex: Decoded) -> Iterator[Hit]:
    """An error answer has no body.

    Why: the pages say that the body may carry error information; without it the cause is left to guessing.
    Example: 400 with an empty body
    Do: check the request's findings; they may tell the cause.
    """
    error = enhanced_error(ex)
    if error is not None and error.form == "none" and error.http_status in (400, 500):
        yield Hit("body", "The body is {actual}, expected {expected}.", "an Enhanced Error Code", "empty")


def body_unreadable(ex: Decoded) -> Iterator[Hit]:
    """An error body that says it is JSON cannot be read as a JSON object.

    Why: clients that trust the Content-Type fail on it.
    Example: Content-Type: application/json with an HTML page
    Do: let the app survive a body it cannot parse; look for the gateway that made it.
    """
    error = enhanced_error(ex)
    if error is None or error.form != "unreadable" or ex.response is None or ex.response.media_type != JSON:
        return
    yield Hit("body", "The error body is {actual}, expected {expected}.", "a JSON object", "no JSON object")


def member_missing(ex: Decoded) -> Iterator[Hit]:
    """An Enhanced Error Code lacks its action, status or code.

    Why: these three are what clients are to go by; message, details, helpUrl and trace may be missing. A body with
    neither action nor code is another's, as gateways and frameworks answer: one warning.
    Example: {"code": "invalid_parameter_code", "message": "…"}
    Do: let the app go by the HTTP status where a member is missing.
    """
    for at, error in _errors(ex):
        if at == "body#" and error.form in ("flat", "wrapper") and not {"action", "code"} & error.members.keys():
            message = "The body is {actual}, expected {expected}."
            yield Hit("body", message, "an Enhanced Error Code", "another JSON object", "warning", "sample")
            continue
        for problem in error.problems:
            if problem.kind == "missing":
                name = problem.pointer[1:]
                yield Hit(f"{at}{problem.pointer}", f"The member {name} is {{actual}}.", "present", "missing")


def member_type(ex: Decoded) -> Iterator[Hit]:
    """A member of an Enhanced Error Code has another JSON type than every sample.

    Why: a client with typed models fails to decode the error, and the user sees nothing of it.
    Example: {"status": "400"}
    Do: decode errors tolerantly.
    """
    for at, error in _errors(ex):
        for problem in error.problems:
            if problem.kind == "type":
                message = f"The member {problem.pointer[1:]} is {{actual}}, expected {{expected}}."
                yield Hit(f"{at}{problem.pointer}", message, problem.expected, problem.actual)


def code_unknown(ex: Decoded) -> Iterator[Hit]:
    """The error code is not on the list.

    Why: the page reserves the right to add codes, so this is news, not an error. Codes of REST API V1, and those of
    earlier samples, are named so.
    Example: {"code": "unknown_integration"}
    Do: let the app go by action and status for codes it does not know.
    """
    for at, error in _errors(ex):
        if error.code is None or error.known is not None:
            continue
        if error.code in V1_CODES:
            yield Hit(
                f"{at}/code",
                "The code {actual} belongs to REST API V1, expected {expected}.",
                "a code of V2",
                error.code,
            )
        elif error.code in OLD_BY_CODE:
            old = OLD_BY_CODE[error.code]
            yield Hit(
                f"{at}/code",
                f"The code {{actual}} was that of samples until {old.until}; {{expected}} says it today.",
                old.today or "no code",
                error.code,
            )
        else:
            yield Hit(
                f"{at}/code",
                "The code {actual} is not on the list, expected {expected}.",
                "one of the 47 codes",
                error.code,
            )


def action_differs(ex: Decoded) -> Iterator[Hit]:
    """The action of an error is not the one that the table gives its code.

    Why: table and samples of the documentation disagree for two codes; the table is what clients are told to use.
    Example: {"code": "invalid_access_token_service_provider", "action": "none"}
    Do: let the app go by the code for what it handles on its own, by the action for the rest.
    """
    for at, error in _errors(ex):
        action = error.members.get("action")
        if error.known is None or not isinstance(action, str) or action == error.known.action:
            continue
        yield Hit(
            f"{at}/action",
            f"The action of {error.known.code} is {{actual}}, the table has {{expected}}.",
            error.known.action,
            action,
        )


def status_differs(ex: Decoded) -> Iterator[Hit]:
    """The status member of an error is not the one that the table gives its code.

    Why: the table pairs each code with one status.
    Example: {"code": "invalid_parameter_code", "status": 500}
    Do: let the app go by the code.
    """
    for at, error in _errors(ex):
        status = error.members.get("status")
        if error.known is None or not isinstance(status, int) or isinstance(status, bool):
            continue
        if status == error.known.status:
            continue
        yield Hit(
            f"{at}/status",
            f"The status of {error.known.code} is {{actual}}, the table has {{expected}}.",
            str(error.known.status),
            str(status),
        )


def action_unknown(ex: Decoded) -> Iterator[Hit]:
    """The action of an error is not on the list.

    Why: the page reserves the right to add values.
    Example: {"action": "wait"}
    Do: treat it like none.
    """
    for at, error in _errors(ex):
        action = error.members.get("action")
        if isinstance(action, str) and action not in ACTIONS:
            yield Hit(
                f"{at}/action",
                "The action {actual} is not on the list, expected one of {expected}.",
                listed(ACTIONS),
                action,
            )


def status_unknown(ex: Decoded) -> Iterator[Hit]:
    """The status member of an error is not on the list.

    Why: the page has a closed list, and reserves the right to add values.
    Example: {"status": 418}
    Do: let the app go by its hundreds: 4 for the client's side, 5 for the server's.
    """
    for at, error in _errors(ex):
        status = error.members.get("status")
        if isinstance(status, int) and not isinstance(status, bool) and status not in STATUSES:
            yield Hit(
                f"{at}/status",
                "The status {actual} is not on the list, expected one of {expected}.",
                listed(STATUSES),
                str(status),
            )


def shape_old(ex: Decoded) -> Iterator[Hit]:
    """The error body has another shape than the flat one.

    Why: the page's prose puts an error object at the top, its samples have the members there; doc-2024-08-05 showed an
    errors array without status and trace.
    Example: {"errors": [{"code": "unknown_integration"}]}
    Do: let the app read all three.
    """
    error = enhanced_error(ex)
    if error is not None and error.form in _OTHER_FORMS:
        actual = _OTHER_FORMS[error.form]
        yield Hit("body", "The error comes in {actual}, expected {expected}.", "the flat form", actual)


def content_type(ex: Decoded) -> Iterator[Hit]:
    """An error body does not say that it is JSON.

    Why: the pages give application/json for 400, 401, 405 and 500. A web page in its place comes from a gateway, and
    an app that parses by status alone crashes on it. Of a gateway's own answer no page says so: there it is a note.
    Example: 500 with Content-Type: text/html
    Do: look at the Content-Type before parsing.
    """
    error = enhanced_error(ex)
    if error is None or error.form == "none" or ex.response is None or error.http_status == THROTTLED:
        return
    if ex.response.media_type != JSON:
        actual = ex.response.media_type or "missing"
        # Of other statuses no page tells the Content-Type, nor of what a gateway answers in the server's place.
        stated = error.http_status in ex.operation.errors and intermediary(ex) is None
        severity: Severity | None = None if stated else "note"
        basis: Basis | None = None if stated else "inferred"
        message = "The Content-Type of the error is {actual}, expected {expected}."
        yield Hit("header:Content-Type", message, JSON, actual, severity, basis)
