"""What may be shown. Everything passlens writes goes through here: secrets become stable pseudonyms, so that two
lines about one device can still be linked. Pseudonyms are one-way, but a guess can be confirmed with them."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

from passlens.exchange import Exchange, parse_form
from passlens.spec.device_info import NAMES

SECRET_HEADERS: Final = (
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "ap-device-identifier",
    "ap-temppass-identity",
    "ap-visitor-identifier",
    "ad-service-token",
    "adobe-subject-token",
    "x-roku-reserved-roku-connect-token",
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
)
SECRET_NAMES: Final = frozenset(
    {
        "samlresponse", "samlrequest", "software_statement", "client_id", "client_secret", "refresh_token",
        "access_token", "device_info", "ap_vi", "device_id", "deviceid", "email", "password", "token", "assertion",
        "connectionip", "ipaddress", "serializedtoken", "userid", "upstreamuserid", "householdid", "nameid",
    }
)  # fmt: skip
"""Names of parameters and JSON members, in lower case, whose values are secrets wherever they stand."""

SHORTEST: Final = 6
"""Secrets shorter than this are not searched for in other text: they would match by chance."""

LONGEST: Final = 300
"""Characters of a text that are shown."""

_JWT: Final = re.compile(r"\beyJ[\w-]{4,}\.[\w-]*(?:\.[\w-]*){0,3}")
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_XML: Final = re.compile(r"(?:PD94|PHNhbWw|PFJlc3BvbnNl|PHN)[A-Za-z0-9+/=_-]{16,}")
_SECRET_IN_QUERY: Final = re.compile(r"([?&;][^=&#\s]{1,64}=)([^&#\s]+)")


def pseudonym(value: str) -> str:
    """The stable stand-in of a secret: the first 12 hexadecimal digits of its SHA-256.

    >>> pseudonym("fingerprint YWJj")
    'sha256:4c3fdd38c7a6'
    """
    return f"sha256:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


class Redactor:
    """Redacts texts about one exchange: what its secret places hold, and what looks like a token anywhere.

    With ``reveal`` nothing is redacted.
    """

    def __init__(self, ex: Exchange, *, reveal: bool = False) -> None:
        self._reveal = reveal
        secrets = set() if reveal else {secret for secret in _secrets(ex) if len(secret) >= SHORTEST}
        # Longest first, so that a token is replaced as a whole and not by its parts.
        ordered = sorted(secrets, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def secret(self, value: str) -> str:
        """A value that is a secret as a whole."""
        return value if self._reveal else pseudonym(value)

    def text(self, value: str) -> str:
        """A text that may hold a secret, made short."""
        if not self._reveal:
            if self._pattern is not None:
                value = self._pattern.sub(lambda match: pseudonym(match[0]), value)
            value = _XML.sub(lambda match: pseudonym(match[0]), value)
            value = _JWT.sub(lambda match: pseudonym(match[0]), value)
            value = _EMAIL.sub(lambda match: pseudonym(match[0]), value)
        return value if len(value) <= LONGEST else f"{value[: LONGEST - 3]}..."

    def path(self, value: str) -> str:
        """A request target: values in the query string are never shown."""
        if not self._reveal:
            value = _SECRET_IN_QUERY.sub(lambda match: match[1] + pseudonym(match[2]), value)
        return self.text(value)

    def value(self, value: Any, name: str = "", *, depth: int = 0) -> Any:
        """A decoded JSON value for display: secrets by the name of their member, texts by what they look like."""
        if isinstance(value, str):
            secret = name.lower().replace("-", "_") in SECRET_NAMES
            return self.secret(value) if secret and value else self.text(value)
        if isinstance(value, (dict, list)) and depth > 8:
            return "…"
        if isinstance(value, dict):
            items = list(value.items())[:100]
            return {self.text(str(key)): self.value(item, str(key), depth=depth + 1) for key, item in items}
        if isinstance(value, list):
            return [self.value(item, name, depth=depth + 1) for item in value[:100]]
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            return str(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**20:
            return "a huge number"
        return value

    def device_info(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Decoded X-Device-Info for display: values of keys that the page does not list are pseudonyms."""
        known = (*NAMES, "type")
        return {
            self.text(key): self.value(item, key)
            if key in known or not isinstance(item, (str, dict, list))
            else self.secret(str(item))
            for key, item in list(shown.items())[:100]
        }


def _secrets(ex: Exchange) -> Iterator[str]:
    """Every literal secret of an exchange: header values and their parts, parameters, members of JSON bodies."""
    if ex.request.client:
        yield ex.request.client
    for message in (ex.request, ex.answer):
        for name, value in message.headers if message is not None else ():
            if name.lower() in SECRET_HEADERS and value:
                yield from _header(value)
    for parameter in (*parse_form(ex.request.query.encode("utf-8", "replace")), *_form(ex)):
        if parameter.name.lower() in SECRET_NAMES:
            yield from (parameter.value, parameter.raw)
    for body in (_json(ex.request.json) if ex.operation.media_type != "application/x-www-form-urlencoded" else None,
                 _json(ex.answer.json) if ex.answer is not None else None):  # fmt: skip
        if body is not None:
            yield from _members(body, 0)
    if ex.device_info is not None:
        yield from _members(ex.device_info.shown, 0)
        yield from _members({key: item for key, item in ex.device_info.shown.items() if key not in NAMES}, 0)
    if ex.device_identifier is not None and ex.device_identifier.encoded is not None:
        data = ex.device_identifier.encoded.data or b""
        yield data.decode("utf-8", "replace")
        yield data.hex()


def _form(ex: Exchange) -> tuple[Any, ...]:
    return ex.request.form if ex.request.media_type == "application/x-www-form-urlencoded" else ()


def _json(text: Any) -> Any:
    if text is None:
        return None
    return text.value if text.valid else text.salvaged


def _header(value: str) -> Iterator[str]:
    """A secret header value, and the words and cookie values in it."""
    yield value
    for word in re.split(r"[\s;,]+", value):
        if word.lower() not in ("bearer", "fingerprint", "path=/", "secure", "httponly"):
            yield word
            yield word.partition("=")[2]


def _members(value: Any, depth: int) -> Iterator[str]:
    """Values of members with a secret name, at any depth that a documented body has."""
    if depth > 8:
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _members(item, depth + 1)
    if not isinstance(value, dict):
        return
    for name, item in list(value.items())[:200]:
        if isinstance(item, str) and str(name).lower() in SECRET_NAMES:
            yield item
        else:
            yield from _members(item, depth + 1)
