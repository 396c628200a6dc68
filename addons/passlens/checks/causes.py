"""What a request itself shows of why the server refused it: sentences about what was sent, no guesses about the server.
One function for each thing an error can be about; a table says which error asks which."""

import re
from collections.abc import Callable
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.encoded_json import EncodedJson
from passlens.rest_v2.forms import Parameter
from passlens.rest_v2.identifiers import TYPES
from passlens.rest_v2.tokens import SCOPE
from passlens.rest_v2.wire import kind_of, listed, moment

_WORDS: Final = re.compile(
    r"[\"'(<\[]?(?:none|null|nil|undefined|nan|n/a|unknown|empty|true|false|granted|denied)[\"')>\]]?", re.I
)
"""What a program writes for a value that it does not have, or for the one member it has."""


def header_word(value: str) -> str | None:
    """A word that stands in the place of an encoded header (none, null, undefined …), else None."""
    text = value.strip()
    return text if _WORDS.fullmatch(text) else None


def unescaped_ampersand(ex: Decoded) -> str | None:
    """The redirectUrl whose & ended it: what followed was read as parameters of their own."""
    if not ex.takes_form:
        return None
    cut_off: list[Parameter] = []
    after = False
    for parameter in ex.request.form:
        if parameter.name == "redirectUrl":
            after = "?" in parameter.value
        elif parameter.name in ex.operation.parameters:
            after = False
        elif after:
            cut_off.append(parameter)
    if not cut_off:
        return None
    names = listed(tuple(dict.fromkeys(parameter.name for parameter in cut_off[:5])), "and")
    return f"The redirectUrl has an & that is not escaped (%26): {names} went to the server as parameters of their own."


def unescaped_plus(ex: Decoded) -> str | None:
    """A SAMLResponse whose + signs were not escaped, so that a form has blanks in their places."""
    for parameter in ex.request.form if ex.takes_form else ():
        if parameter.name == "SAMLResponse" and "+" in parameter.raw:
            return "The SAMLResponse has + signs that are not escaped (%2B): in a form they are blanks."
    return None


def token(ex: Decoded) -> str | None:
    """What the access token shows: not there, over, not valid yet by the recording's clock, or without the scope."""
    if "Authorization" not in ex.operation.headers:
        return None
    bearer = ex.bearer
    if bearer is None:
        return "The request has no Authorization." if ex.request.header("Authorization") is None else None
    jwt = bearer.jwt
    if jwt is None or ex.sent_at is None:
        return None
    expires, starts = jwt.time("exp"), jwt.time("nbf")
    if expires is not None and expires < ex.sent_at - CLOCK_TOLERANCE:
        return f"The access token expired at {moment(expires)}."
    if starts is not None and starts > ex.sent_at + CLOCK_TOLERANCE:
        late = starts - ex.sent_at
        return (
            f"The access token is not valid before {moment(starts)}, {late:.0f} s after the request: a clock is wrong, "
            "of the device, the recorder or the server."
        )
    scoped = not jwt.encrypted and {"scopes", "scope"} & jwt.claims.keys()
    return f"The access token does not have the scope {SCOPE}." if scoped and SCOPE not in jwt.scopes else None


def access_status(ex: Decoded) -> str | None:
    """An accessStatus that is no string (true, 1, null), as a clause: which it is and which words there are."""
    value = (ex.partner_status.encoded.value if ex.partner_status is not None else None) or {}
    inner = value.get("frameworkPermissionInfo")
    if not isinstance(inner, dict) or "accessStatus" not in inner or isinstance(inner["accessStatus"], str):
        return None
    sent = inner["accessStatus"]
    kind = kind_of(sent)
    shown = {True: "true, a boolean", False: "false, a boolean"}[sent] if kind == "boolean" else f"of type {kind}"
    return (
        f"accessStatus of AP-Partner-Framework-Status is {shown}; the server reads the words granted, denied, "
        "restricted and notDetermined only."
    )


def device_identifier(ex: Decoded) -> str | None:
    """AP-Device-Identifier that is not there or cannot be read."""
    identifier = ex.device_identifier
    if ex.request.header("AP-Device-Identifier") is None:
        return "The request has no AP-Device-Identifier."
    if identifier is None or identifier.encoded is None:
        return "AP-Device-Identifier is not fingerprint, one blank and Base64."
    if (identifier.type or "").lower() not in TYPES:
        return "The type of AP-Device-Identifier is not fingerprint."
    deviations = identifier.encoded.deviations
    return f"AP-Device-Identifier is not clean Base64: {deviations[0].detail}." if deviations else None


def device_info(ex: Decoded) -> str | None:
    """X-Device-Info that is not there or cannot be read."""
    if ex.request.header("X-Device-Info") is None:
        return "The request has no X-Device-Info."
    return _encoded("X-Device-Info", ex.device_info.encoded) if ex.device_info is not None else None


def _encoded(name: str, encoded: EncodedJson) -> str | None:
    return f"{name} is not cleanly encoded: {encoded.deviations[0].detail}." if encoded.deviations else None


def redirect_url(ex: Decoded) -> str | None:
    """What is odd about the redirectUrl."""
    cut = unescaped_ampersand(ex)
    value = ex.form.get("redirectUrl", "") if ex.takes_form else ""
    if cut is not None or not value:
        return cut
    if "%3a%2f%2f" in value.lower() and "://" not in value:
        return "The redirectUrl is percent-encoded twice."
    return None if ":" in value else "The redirectUrl is not an absolute URL."


_BY_ERROR: Final[dict[str, Callable[[Decoded], str | None]]] = {
    "invalid_parameter_redirect_url": redirect_url,
    "invalid_parameter_saml_response": unescaped_plus,
    "invalid_header_device_info": device_info,
    "invalid_header_device_identifier": device_identifier,
    "invalid_access_token_client_application": token,
    "invalid_access_token_service_provider": token,
}


def cause(ex: Decoded, code: str | None, status: int) -> str | None:
    """What the request shows of an error with this code and HTTP status, as one sentence; None if it shows nothing."""
    if status == 401:
        return token(ex)
    found = _BY_ERROR.get(code or "")
    if found is not None:
        return found(ex)
    # A parameter that was cut off may bring about any error about parameters, and one without a code.
    return unescaped_ampersand(ex) if code is None or code.startswith("invalid_parameter") else None
