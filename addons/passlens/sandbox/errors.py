"""Every error an operation can answer, by name: Enhanced Error Codes, errors without a code, the words of DCR.
Which operation can have which follows from what the code is about, and from the statuses of the operation's page."""

import random
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.decisions import DECISION_ROWS
from passlens.rest_v2.errors import BY_CODE, PARTNER_PROFILE_ONLY, THROTTLED, THROTTLED_MEDIA_TYPE, ErrorCode
from passlens.rest_v2.operations import DCR, FAMILIES, OPERATIONS, Operation
from passlens.rest_v2.routing import route
from passlens.sandbox.profile_store import new_id
from passlens.sandbox.response import SyntheticResponse, empty, html_note, html_response, json_response

HELP: Final = "https://errors.passlens.example/"
"""Where helpUrl points to; a made-up address."""

DCR_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "dcr-register": (
        "invalid_request", "invalid_redirect_uri", "invalid_software_statement", "unapproved_software_statement",
    ),
    "dcr-token": ("invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type"),
}  # fmt: skip
"""Values of ``error`` on the two DCR pages; their status is 400."""

UNCODED: Final = ("unauthorized", "method_not_allowed", "throttled", "server_error")
"""Names of errors without a code of their own; the names are those a report gives them."""

_TEMPPASS: Final = ("retrieve-profile-mvpd", "retrieve-profile-code", "authorize")
"""Operations whose pages show the errors of TempPass: two in the place of a profile, the third inside a decision."""


def _with_path(name: str) -> tuple[str, ...]:
    return tuple(row.id for row in OPERATIONS if any("{" + name + "}" in path for path in row.paths))


def _with_parameter(name: str) -> tuple[str, ...]:
    return tuple(row.id for row in OPERATIONS if name in row.parameters)


def _with_header(name: str) -> tuple[str, ...]:
    return tuple(row.id for row in OPERATIONS if name in row.headers and row.prefix != DCR)


_ABOUT: Final[dict[str, tuple[str, ...]]] = {
    # code, or how codes start -> the operations whose requests have what it is about; all others: every operation
    "invalid_parameter_service_provider": _with_path("serviceProvider"),
    "invalid_parameter_mvpd": (*_with_path("mvpd"), *_with_parameter("mvpd")),
    "invalid_parameter_code": _with_path("code"),
    "invalid_parameter_resources": FAMILIES["decisions"],
    "invalid_parameter_redirect_url": (*_with_parameter("redirectUrl"), "logout"),
    "invalid_parameter_partner": _with_path("partner"),
    "invalid_parameter_saml_response": _with_parameter("SAMLResponse"),
    "invalid_header_device_info": _with_header("X-Device-Info"),
    "invalid_header_device_identifier": _with_header("AP-Device-Identifier"),
    "invalid_header_identity_for_temporary_access": _TEMPPASS,
    PARTNER_PROFILE_ONLY: ("partner-profile",),
    "invalid_integration": (*_with_path("mvpd"), *_with_parameter("mvpd"), *_with_path("partner")),
    "invalid_authentication_session": _with_path("code"),
    "preauthorization_denied_by_mvpd": ("preauthorize",),
    "authorization_denied_by_": FAMILIES["decisions"],
    "too_many_resources": FAMILIES["decisions"],
    "temporary_access_": _TEMPPASS,
    "invalid_configuration_temporary_access": _TEMPPASS,
}


def error_names(operation: Operation) -> tuple[str, ...]:
    """The names of all errors an operation can answer: codes in page order, then those without a code."""
    if operation.prefix == DCR:
        return (*DCR_WORDS[operation.id], "throttled")
    codes = [row.code for row in BY_CODE.values() if _can_be(row, operation)]
    uncoded = [name for name in UNCODED if name != "unauthorized" or 401 in operation.errors]
    return (*codes, *uncoded)


def _can_be(row: ErrorCode, operation: Operation) -> bool:
    if is_item(row.code, operation.id):
        return True
    about = next((where for start, where in _ABOUT.items() if row.code.startswith(start)), None)
    if about is not None and operation.id not in about:
        return False
    return row.status in operation.errors


def is_item(code: str, operation_id: str) -> bool:
    """True if the operation answers the code inside its decisions with HTTP 200, not as an answer of its own: a current
    row of its decisions has it."""
    return any(
        code in (*row.codes, *row.other_codes)
        for row in DECISION_ROWS
        if not row.old and operation_id in row.operations
    )


def error_response(name: str, ex: Decoded, rng: random.Random, hint: str = "") -> SyntheticResponse:
    """An error as the operation's page shows it. ``name`` is one of ``error_names``, and no item of decisions;
    ``hint`` is a sentence that the message ends with."""
    operation = ex.operation
    if name == "throttled":
        return throttled()
    if name == "unauthorized":
        return empty(401)
    if name == "method_not_allowed":
        return empty(405, ("Allow", ", ".join(allowed(ex)) or operation.method))
    if operation.prefix == DCR:
        return json_response({"error": name}, 400)
    row = BY_CODE["internal_server_error" if name == "server_error" else name]
    if operation.id == "authenticate":
        # Its page has text/html for errors and describes no body.
        return html_note("This sign-in cannot go on", f"{_sentence(row)} ({row.code})", row.status)
    return json_response(members(row.code, rng, hint), row.status)


def members(code: str, rng: random.Random, hint: str = "") -> dict[str, Any]:
    """The flat form of an Enhanced Error Code: action and status by the table, text and trace made up."""
    row = BY_CODE[code]
    return {
        "action": row.action,
        "status": row.status,
        "code": row.code,
        "message": f"{_sentence(row)} {hint}".rstrip(),
        "helpUrl": HELP + row.code,
        "trace": new_id(rng),
    }


def _sentence(row: ErrorCode) -> str:
    """What an error is about, made up: the pages leave messages open."""
    if row.code.startswith("invalid_"):
        return f"Not accepted: {row.about}."
    return f"{row.about[:1].upper()}{row.about[1:]}."


def allowed(ex: Decoded) -> tuple[str, ...]:
    """The documented methods of a request's path."""
    routes = ((method, route(method, ex.request.path, ex.request.host)) for method in ("GET", "POST"))
    return tuple(method for method, found in routes if found is not None and found.documented_method)


def throttled() -> SyntheticResponse:
    """429 in the form of the throttling page: a short HTML page of openresty, without Retry-After."""
    title = "429 Too Many Requests"
    lines = (
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{title}</h1></center>",
        "<hr><center>openresty</center>",
        "</body>",
        "</html>",
        "",
    )
    page = html_response("\r\n".join(lines), THROTTLED)
    return SyntheticResponse(
        page.status, (("Content-Type", THROTTLED_MEDIA_TYPE), ("Server", "openresty")), page.body, page.reason
    )
