"""PL25x: the bearer token and the device identifier: their form, the token's times and scope."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.identifiers import TYPES
from passlens.rest_v2.tokens import SCOPE, Bearer, Jwt
from passlens.rest_v2.wire import listed, moment, says_no_value

_AUTHORIZATION: Final = "header:Authorization"
_IDENTIFIER: Final = "header:AP-Device-Identifier"
_NO_VALUE: Final = "a word like null, which programs write where they have no value"


def bearer_form(ex: Decoded) -> Iterator[Hit]:
    """Authorization is not the word Bearer, one blank and a token.

    Why: the page gives that form; anything else is answered with 401. A sample of doc-2024-08-05 had a second colon.
    Example: Authorization: Bearer: eyJhbGciOi…, or Bearer undefined
    Do: send Bearer and the access token of /o/client/token.
    """
    bearer = _bearer(ex)
    if bearer is None:
        return
    if bearer.scheme.lower() == "bearer" and bearer.token:
        if not says_no_value(bearer.token):
            return
        actual = f"Bearer and {_NO_VALUE}"
    elif not bearer.token:
        actual = "empty" if not bearer.scheme else "Bearer alone" if bearer.scheme.lower() == "bearer" else "one word"
    elif len(bearer.scheme) <= 12 and bearer.scheme.rstrip(":").isalpha():
        actual = f"{bearer.scheme} and a value"
    else:
        actual = "something else"
    yield Hit(_AUTHORIZATION, "Authorization is {actual}, expected {expected}.", "Bearer and a token", actual)


def _bearer(ex: Decoded) -> Bearer | None:
    """The bearer token of an operation that takes one; DCR and the user agent may carry another Authorization."""
    return ex.bearer if "Authorization" in ex.operation.headers else None


def _jwt(ex: Decoded) -> Jwt | None:
    bearer = _bearer(ex)
    return bearer.jwt if bearer is not None else None


def bearer_unreadable(ex: Decoded) -> Iterator[Hit]:
    """The bearer token has the three parts of a JWT, and one of them cannot be read.

    Why: the page calls the token opaque, so this may be right; but every sample is a JWT, and a token cut short or
    changed on the way is answered with 401. passlens cannot check its times and scope.
    Example: a token whose middle part lost characters
    Do: compare it with what /o/client/token answered.
    """
    bearer = _bearer(ex)
    if bearer is not None and bearer.problem is not None:
        yield Hit(_AUTHORIZATION, "The token looks like a JWT, but {actual}.", "a readable JWT", bearer.problem)


def bearer_expired(ex: Decoded) -> Iterator[Hit]:
    """The access token had expired when the request was sent.

    Why: the checklist asks to check a token before using it; the answer is 401. The times are read from the JWT, which
    samples show and no page promises. Samples live 6 hours, pages say 24.
    Example: exp an hour before the request
    Do: get a new token from /o/client/token with the stored client credentials, and do not register again.
    """
    jwt = _jwt(ex)
    expires = jwt.time("exp") if jwt is not None else None
    if expires is not None and ex.sent_at is not None and expires < ex.sent_at - CLOCK_TOLERANCE:
        message = "The access token expired at {actual}, expected {expected}."
        yield Hit(_AUTHORIZATION, message, f"later than the request at {moment(ex.sent_at)}", moment(expires))


def bearer_not_yet_valid(ex: Decoded) -> Iterator[Hit]:
    """The access token is not valid yet by the recording's clock.

    Why: the device, the proxy and the server may disagree about the time.
    Example: nbf ten minutes after the request
    Do: set the clocks; compare with the Date header of the answer.
    """
    jwt = _jwt(ex)
    starts = jwt.time("nbf") if jwt is not None else None
    if starts is not None and ex.sent_at is not None and starts > ex.sent_at + CLOCK_TOLERANCE:
        message = "The access token is valid from {actual}, expected {expected}."
        yield Hit(_AUTHORIZATION, message, f"before the request at {moment(ex.sent_at)}", moment(starts))


def bearer_scope(ex: Decoded) -> Iterator[Hit]:
    """The access token does not name the scope of REST API V2.

    Why: the checklist demands a registered application with that scope; its value is known from samples.
    Example: scopes api:client:v1
    Do: have the scope added to the registered application, get a new software statement, register again.
    """
    jwt = _jwt(ex)
    if jwt is None or jwt.encrypted or not ({"scopes", "scope"} & jwt.claims.keys()):
        return
    if SCOPE not in jwt.scopes:
        actual = " ".join(jwt.scopes) or "empty"
        yield Hit(_AUTHORIZATION, "The scopes of the access token are {actual}, expected {expected}.", SCOPE, actual)


def device_identifier_form(ex: Decoded) -> Iterator[Hit]:
    """AP-Device-Identifier is not a type, one blank and an identifier.

    Why: the page gives that form. Without the type the server cannot read the identifier.
    Example: AP-Device-Identifier: YmEyM2QxNDE=
    Do: send fingerprint, one blank, and the identifier in Base64.
    """
    identifier = ex.device_identifier
    if identifier is None:
        return
    expected = "fingerprint, one blank, and Base64"
    if identifier.encoded is None:
        yield Hit(_IDENTIFIER, "AP-Device-Identifier is {actual}, expected {expected}.", expected, "one word")
    elif says_no_value(identifier.raw.partition(" ")[2]):
        words = "AP-Device-Identifier is {actual}, expected {expected}."
        yield Hit(_IDENTIFIER, words, expected, f"a type and {_NO_VALUE}")
    elif not identifier.single_space:
        yield Hit(
            _IDENTIFIER,
            "AP-Device-Identifier has {actual}, expected {expected}.",
            "one blank",
            "several blanks",
            severity="warning",
        )


def device_identifier_type(ex: Decoded) -> Iterator[Hit]:
    """The type of AP-Device-Identifier is not fingerprint.

    Why: the page says that fingerprint is the only supported type. Whether its letter case counts is not said, so
    another one is a warning.
    Example: AP-Device-Identifier: uuid YmEyM2QxNDE=
    Do: send fingerprint.
    """
    identifier = ex.device_identifier
    if identifier is None or identifier.type is None or identifier.type in TYPES:
        return
    kind = identifier.type
    actual = kind if len(kind) <= 20 and kind.rstrip(":").isalpha() else "something else"
    message = "The type of the identifier is {actual}, expected {expected}."
    if kind.lower() in TYPES:
        yield Hit(_IDENTIFIER, message, listed(TYPES), actual, severity="warning", basis="inferred")
    else:
        yield Hit(_IDENTIFIER, message, listed(TYPES), actual)
