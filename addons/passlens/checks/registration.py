"""PL490 to PL494, PL125, PL126, PL128 and PL521: registration of a client and its access token."""

import re
from collections.abc import Iterator
from typing import Any, Final

from passlens.checks.finding import Hit, Severity
from passlens.checks.json_place import place
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.errors import THROTTLED
from passlens.rest_v2.forms import parse_form
from passlens.rest_v2.registration import MAX_TOKEN
from passlens.rest_v2.response_rows import BY_ID
from passlens.rest_v2.results import text
from passlens.rest_v2.tokens import SCOPE, decode_jwt
from passlens.rest_v2.wire import epoch_seconds, kind_of, listed, moment

_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
SECRETS: Final[dict[str, tuple[str, ...]]] = {
    "dcr-register": ("client_id", "client_secret", "software_statement"),
    "dcr-token": ("client_id", "client_secret"),
    "partner-profile": ("SAMLResponse",),
}
"""Parameters of a body that nobody else may read, by operation."""

_AGREEMENT: Final = 60
"""Seconds by which the two ends of a token may differ."""

_REQUIRED: Final = {"dcr-register": ("software_statement",), "dcr-token": ("client_id", "client_secret", "grant_type")}
_ERROR_ROWS: Final = {"dcr-register": "G-E1", "dcr-token": "T-E1"}


def _sent(ex: Decoded) -> dict[str, Any] | None:
    """The parameters of the body, None where it is not there to be read."""
    if ex.route is None or not ex.route.documented_method or ex.request.body is None:
        return None
    if ex.operation.id == "dcr-token":
        return dict(ex.form) if ex.takes_form else None
    read = ex.request.json
    return read.value if read is not None and read.valid and isinstance(read.value, dict) else None


def _no_object(ex: Decoded) -> str | None:
    """What the body of a registration is, where it is no JSON object; None where it is one, or not there to be read."""
    if ex.operation.id != "dcr-register" or ex.route is None or not ex.route.documented_method:
        return None
    if ex.request.body is None:
        return None
    read = ex.request.json
    if read is None:
        return "empty"
    if not read.valid:
        return f"no JSON ({place(read)})"
    return None if isinstance(read.value, dict) else kind_of(read.value)


def _granted(ex: Decoded, operation: str) -> dict[str, Any]:
    return ex.body if ex.operation.id == operation and ex.outcome is not None and ex.body is not None else {}


def registration_parameter_missing(ex: Decoded) -> Iterator[Hit]:
    """A parameter of a registration or of a request for a token is missing from the body.

    Why: the pages demand software_statement, and client_id, client_secret and grant_type, in the body. The OpenAPI file
    has those of the token in the query.
    Example: a token request without grant_type
    Do: send all of them; grant_type is client_credentials.
    """
    if ex.operation.id not in _REQUIRED:
        return
    broken = _no_object(ex)
    if broken is not None:
        yield Hit("body", "The body is {actual}, expected {expected}.", "a JSON object with software_statement", broken)
    sent = _sent(ex)
    if sent is None:
        return
    query = {one.name for one in parse_form(ex.request.query.encode("utf-8", "surrogateescape"))}
    for name in _REQUIRED[ex.operation.id]:
        if not sent.get(name):
            at = f"form:{name}" if ex.operation.id == "dcr-token" else f"body#/{name}"
            severity: Severity | None = "note" if name in query else None
            actual = "in the query" if name in query else "empty" if name in sent else "missing"
            message = f"The parameter {name} is {{actual}}, expected {{expected}}."
            yield Hit(at, message, "in the body", actual, severity)


def secret_in_query(ex: Decoded) -> Iterator[Hit]:
    """Credentials, a software statement or a SAMLResponse stand in the query string.

    Why: the pages have them in the body; proxies and servers write queries into their logs. The OpenAPI file has the
    client's credentials in the query.
    Example: POST /o/client/token?client_id=…&client_secret=…
    Do: send them in the body.
    """
    secrets = SECRETS.get(ex.operation.id, ())
    if not secrets or not ex.request.query:
        return
    query = [one.name for one in parse_form(ex.request.query.encode("utf-8", "surrogateescape"))]
    for name in secrets:
        if name in query:
            yield Hit(f"query:{name}", f"{name} stands in {{actual}}, expected {{expected}}.", "the body", "the query")


def software_statement_form(ex: Decoded) -> Iterator[Hit]:
    """The software statement is no JWS on one line.

    Why: it is a JWT, three parts joined by dots; the page's sample is broken over lines, which JSON does not allow.
    Example: a software statement with line breaks
    Do: send the statement of the TVE Dashboard as it was downloaded, without white space.
    """
    sent = _sent(ex) if ex.operation.id == "dcr-register" else None
    value = sent.get("software_statement") if sent is not None else None
    if value is None or value == "":
        return
    if not isinstance(value, str):
        actual: str = kind_of(value)
    elif re.search(r"\s", value):
        actual = "with white space"
    elif not _JWS.fullmatch(value):
        actual = "no such thing"
    else:
        return
    yield Hit(
        "body#/software_statement",
        "The software statement is {actual}, expected {expected}.",
        "a JWS on one line",
        actual,
    )


def issued_at_form(ex: Decoded) -> Iterator[Hit]:
    """client_id_issued_at is not of 10 digits.

    Why: the sample has epoch seconds; no page names the unit.
    Example: {"client_id_issued_at": 1767323045000}
    Do: let the app do without it.
    """
    value = _granted(ex, "dcr-register").get("client_id_issued_at")
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) != 10:
        yield Hit(
            "body#/client_id_issued_at",
            "client_id_issued_at has {actual}, expected {expected}.",
            "10 digits",
            f"{len(str(value))} digits",
        )


def scope_missing(ex: Decoded) -> Iterator[Hit]:
    """The registered client does not have the scope of REST API V2.

    Why: the checklist demands it, and the sample has it; tokens of such a client are refused.
    Example: {"scopes": ["api:client:v1"]}
    Do: have the registered application in the TVE Dashboard given the scope, and download a new statement.
    """
    scopes = _granted(ex, "dcr-register").get("scopes")
    # A string in the list's place has a finding of its own.
    if isinstance(scopes, list) and SCOPE not in scopes:
        names = tuple(text(one) or "" for one in scopes[:5] if isinstance(one, str))
        yield Hit(
            "body#/scopes",
            "The scopes are {actual}, expected {expected}.",
            SCOPE,
            listed(names, "and") if names else "none",
        )


def created_at_unit(ex: Decoded) -> Iterator[Hit]:
    """created_at of a token is not of epoch milliseconds.

    Why: the page states milliseconds since doc-2025-07-09; samples before had seconds.
    Example: {"created_at": 1767323045}
    Do: let the app go by expires_in alone.
    """
    value = _granted(ex, "dcr-token").get("created_at")
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) != 13:
        yield Hit(
            "body#/created_at",
            "created_at has {actual}, expected {expected}.",
            "13 digits of epoch milliseconds",
            f"{len(str(value))} digits",
        )


def token_ends_differ(ex: Decoded) -> Iterator[Hit]:
    """The token ends at another time by its own claims than by created_at and expires_in.

    Why: an app that goes by the one keeps a token that the server takes for over by the other. A minute is tolerated.
    Example: exp an hour before created_at and expires_in
    Do: renew the token before the earlier of the two.
    """
    body = _granted(ex, "dcr-token")
    token, life, created = body.get("access_token"), body.get("expires_in"), body.get("created_at")
    start = epoch_seconds(created) if isinstance(created, int) else None
    if not isinstance(token, str) or len(token) > MAX_TOKEN or start is None:
        return
    if not isinstance(life, int) or isinstance(life, bool) or not 0 <= life < 10**9:
        return
    jwt = decode_jwt(token)[0]
    ends = jwt.time("exp") if jwt is not None else None
    if ends is not None and abs(start + life - ends) > _AGREEMENT:
        message = "The token ends at {actual} by its exp, at {expected} by created_at and expires_in."
        yield Hit("body#/expires_in", message, moment(start + life), moment(ends))


def token_type(ex: Decoded) -> Iterator[Hit]:
    """token_type is not bearer.

    Why: the sample has bearer, and the API takes the token as a bearer; letter case does not matter (RFC 6749).
    Example: {"token_type": "mac"}
    Do: send the token as Authorization: Bearer.
    """
    value = _granted(ex, "dcr-token").get("token_type")
    if isinstance(value, str) and value.lower() != "bearer":
        yield Hit("body#/token_type", "token_type is {actual}, expected {expected}.", "bearer", text(value) or "empty")


def registration_error_word(ex: Decoded) -> Iterator[Hit]:
    """The error of a registration or of a request for a token is not one of the page's words.

    Why: these operations answer errors with one word; Enhanced Error Codes belong to the API itself.
    Example: 400 with {"error": "invalid_grant"}
    Do: let the app register again where it does not know the word.
    """
    row = BY_ID[_ERROR_ROWS[ex.operation.id]] if ex.operation.id in _ERROR_ROWS else None
    error = ex.error
    if row is None or error is None or ex.response is None or not 400 <= ex.response.status < 500:
        return
    if ex.response.status == THROTTLED or error.form in ("none", "unreadable"):
        return
    word = text(error.members.get("error"))
    if word in row.codes:
        return
    actual = word or ("an Enhanced Error Code" if error.code is not None else "another form")
    yield Hit("body#/error", "The error is {actual}, expected one of {expected}.", listed(row.codes), actual)
