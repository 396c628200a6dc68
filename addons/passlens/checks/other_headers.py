"""PL26x and PL27x: Accept, and the headers that only some calls have: visitors, service tokens, platform tokens."""

from collections.abc import Iterator
from ipaddress import ip_address

from passlens.checks.finding import CLOCK_TOLERANCE, Hit
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER
from passlens.rest_v2.operations import JSON
from passlens.rest_v2.sources import cite
from passlens.rest_v2.tokens import Jwt, decode_jwt
from passlens.rest_v2.wire import moment


def _accept(ex: Decoded) -> str | None:
    """Accept, where the operation's page lists it: what authenticate answers is for a user agent."""
    return ex.request.header("Accept") if "Accept" in ex.operation.headers else None


def accept_media_type(ex: Decoded) -> Iterator[Hit]:
    """Accept asks for something other than JSON alone.

    Why: if the header is sent, the page demands application/json;charset=utf-8. HTTP libraries send a wildcard or a
    list on their own, and either takes JSON too: that is a note. One that JSON does not fit is an error.
    Example: Accept: text/html
    Do: send application/json;charset=utf-8, or leave the header out.
    """
    value = _accept(ex)
    if value is None:
        return
    ranges = _ranges(value)
    if [name for name, _ in ranges] == [JSON]:
        return
    expected = "application/json;charset=utf-8"
    words = "The header Accept is {actual}, expected {expected}."
    yield Hit("header:Accept", words, expected, value or "empty", severity="note" if _takes_json(ranges) else None)


def _ranges(value: str) -> list[tuple[str, list[str]]]:
    """The media ranges of an Accept header in lower case, each with its parameters (RFC 9110, 12.5.1)."""
    split = [item.lower().replace(" ", "").replace("\t", "").replace('"', "").split(";") for item in value.split(",")]
    return [(name, parameters) for name, *parameters in split]


def _takes_json(ranges: list[tuple[str, list[str]]]) -> bool:
    """True if JSON fits: the most exact range that names it counts, and one with q=0 refuses it."""
    for wanted in (JSON, "application/*", "*/*"):
        named = [parameters for name, parameters in ranges if name == wanted]
        if named:
            return any(not any(_is_zero(parameter) for parameter in parameters) for parameters in named)
    return False


def _is_zero(parameter: str) -> bool:
    name, _, weight = parameter.partition("=")
    return name == "q" and weight != "" and weight.strip("0.") == ""


def accept_charset(ex: Decoded) -> Iterator[Hit]:
    """Accept is application/json without the charset, or with another one.

    Why: the pages demand application/json;charset=utf-8 since doc-2025-10-30; every sample leaves the charset out,
    so that is a note. Another charset than UTF-8 stands nowhere: that is an error.
    Example: Accept: application/json
    Do: add the charset when you touch the code; nothing is known to break without.
    """
    value = _accept(ex)
    if value is None:
        return
    ranges = _ranges(value)
    if len(ranges) > 1 or ranges[0][0] != JSON:
        return
    parameters = ranges[0][1]
    if "charset=utf-8" not in parameters:
        message = "The header Accept is {actual}, expected {expected}."
        other = any(parameter.startswith("charset=") for parameter in parameters)
        yield Hit("header:Accept", message, f"{JSON};charset=utf-8", value, severity="error" if other else None)


def visitor_quotes(ex: Decoded) -> Iterator[Hit]:
    """AP-Visitor-Identifier stands in quotes.

    Why: the header's page shows the value in quotes, the page on the Experience Cloud ID without.
    Example: AP-Visitor-Identifier: "32145614568799871233668799"
    Do: send the bare value.
    """
    value = (ex.request.header("AP-Visitor-Identifier") or "").strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        yield Hit(
            "header:AP-Visitor-Identifier",
            "The value stands {actual}, expected {expected}.",
            "without quotes",
            "in quotes",
        )


def _jwt(ex: Decoded, name: str) -> tuple[Jwt | None, str | None]:
    """The token in a header, or what it is instead; nothing of both if the header is not there to be read."""
    value = ex.request.header(name)
    if value is None or len(value) > MAX_HEADER:
        return None, None
    jwt, problem = decode_jwt(value.strip())
    if jwt is not None:
        return jwt, None
    return None, f"a JWT that cannot be read: {problem}" if problem else "no JWT"


def service_token_form(ex: Decoded) -> Iterator[Hit]:
    """AD-Service-Token is not a signed JWT.

    Why: the page demands a JWS that the identity service signed; without it service-token single sign-on does not
    happen.
    Example: AD-Service-Token: user-4711
    Do: send the compact JWS of the identity service.
    """
    _, instead = _jwt(ex, "AD-Service-Token")
    if instead is not None:
        yield Hit("header:AD-Service-Token", "The token is {actual}; expected {expected}.", "a JWS", instead)


def service_token_expired(ex: Decoded) -> Iterator[Hit]:
    """AD-Service-Token had expired when the request was sent.

    Why: exp is part of the token; an expired one carries no single sign-on.
    Example: exp an hour before the request
    Do: get a new token from the identity service.
    """
    jwt, _ = _jwt(ex, "AD-Service-Token")
    expires = jwt.time("exp") if jwt is not None else None
    if expires is not None and ex.sent_at is not None and expires < ex.sent_at - CLOCK_TOLERANCE:
        message = "The service token expired at {actual}, expected {expected}."
        yield Hit(
            "header:AD-Service-Token", message, f"later than the request at {moment(ex.sent_at)}", moment(expires)
        )


def service_token_audience(ex: Decoded) -> Iterator[Hit]:
    """AD-Service-Token is not addressed to Adobe.

    Why: the page says aud is Adobe, its sample has adobe; tokens of the premium service have none.
    Example: aud example
    Do: have the identity service set aud to Adobe.
    """
    jwt, _ = _jwt(ex, "AD-Service-Token")
    if jwt is None or jwt.encrypted:
        return
    audience = jwt.claims.get("aud")
    values = audience if isinstance(audience, list) else [audience]
    if any(isinstance(item, str) and item.lower() == "adobe" for item in values):
        return
    if audience is None:
        yield Hit("header:AD-Service-Token", "The claim aud is {actual}, expected {expected}.", "Adobe", "missing")
    else:
        yield Hit(
            "header:AD-Service-Token",
            "The claim aud is {actual}, expected {expected}.",
            "Adobe",
            "another audience",
            severity="warning",
        )


def subject_token_form(ex: Decoded) -> Iterator[Hit]:
    """A platform token is neither a JWS nor a JWE.

    Why: the page describes a signed or encrypted token of the platform's identity service. A value the server cannot
    read is ignored: no single sign-on, no error.
    Example: Adobe-Subject-Token: amzn1.account.AE
    Do: send the platform's token as it is.
    """
    for name in ("Adobe-Subject-Token", "X-Roku-Reserved-Roku-Connect-Token"):
        _, instead = _jwt(ex, name)
        if instead is not None:
            yield Hit(f"header:{name}", "The token is {actual}; expected {expected}.", "a JWS or JWE", instead)


def two_platform_tokens(ex: Decoded) -> Iterator[Hit]:
    """Both platform tokens are sent.

    Why: the page has them as alternatives, one for Fire OS and one for Roku.
    Example: Adobe-Subject-Token next to X-Roku-Reserved-Roku-Connect-Token
    Do: send the one of the platform.
    """
    names = ("Adobe-Subject-Token", "X-Roku-Reserved-Roku-Connect-Token")
    if all(ex.request.header(name) is not None for name in names):
        yield Hit(
            f"header:{names[1]}",
            "The request has {actual}, expected {expected}.",
            "one platform token",
            "two platform tokens",
        )


def forwarded_for_form(ex: Decoded) -> Iterator[Hit]:
    """X-Forwarded-For is not one address.

    Why: the pages show the address of the streaming device and do not speak of lists; throttling goes by it.
    Example: X-Forwarded-For: 203.0.113.7, 10.0.0.1
    Do: on server-to-server calls send the device's own address, alone.
    """
    value = ex.request.header("X-Forwarded-For")
    if value is None:
        return
    parts = value.split(",")
    if len(parts) > 1:
        yield Hit(
            "header:X-Forwarded-For",
            "The header holds {actual}, expected {expected}.",
            "one address",
            f"{len(parts)} entries",
            source=cite("throttling"),
        )
        return
    try:
        ip_address(value.strip())
    except ValueError:
        yield Hit(
            "header:X-Forwarded-For",
            "The header holds {actual}, expected {expected}.",
            "one address",
            "no address",
            source=cite("throttling"),
        )
