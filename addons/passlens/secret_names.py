"""By which names secrets are known: headers, parameters and members whose values are secrets wherever they stand.
Names are compared without separators and letter case."""

import re
from functools import lru_cache
from typing import Final

SECRET_HEADERS: Final = frozenset(
    {
        "authorization", "proxy-authorization", "cookie", "set-cookie", "ap-device-identifier", "ap-temppass-identity",
        "ap-visitor-identifier", "ad-service-token", "adobe-subject-token", "x-roku-reserved-roku-connect-token",
        "x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip",
    }
)  # fmt: skip

_NAMES: Final = frozenset(
    {
        "samlresponse", "samlrequest", "softwarestatement", "clientid", "clientsecret", "deviceinfo", "apvi",
        "deviceid", "deviceidentifier", "email", "password", "assertion", "connectionip", "ipaddress", "userid",
        "upstreamuserid", "householdid", "nameid", "visitorid", "ecid", "authorization", "cookie",
    }
)  # fmt: skip
_TAIL: Final = 64
"""Last characters of a name that decide; the longest listed one has 24."""

_NAME_ENDS: Final = ("token", "secret", "password", "passcode", "apikey")

_HINTS: Final = tuple(name.encode() for name in (*_NAMES, *_NAME_ENDS, "attributes", "authenticationrequest"))
"""One of these stands in every answer that holds a secret, separators left out."""

STATUS_NAMES: Final = frozenset(
    {
        "frameworkPermissionInfo", "accessStatus", "frameworkProviderInfo", "id", "expirationDate",
        "error", "code", "message",
    }
)  # fmt: skip
"""Members of AP-Partner-Framework-Status; values of others may be anything."""


def is_secret_name(name: str) -> bool:
    """True for names of parameters and members whose values are secrets wherever they stand."""
    return _ends_secret(name[-_TAIL:])


@lru_cache(maxsize=4096)
def _ends_secret(tail: str) -> bool:
    plain = re.sub(r"[-_ ]", "", tail).lower()
    return plain in _NAMES or plain.endswith(_NAME_ENDS)


def may_hold_secrets(body: bytes | None) -> bool:
    """False if no name of a secret stands anywhere in an answer: a short look where most have none."""
    if not body or not body.isascii() or b"\\u" in body or b"?" in body:
        return bool(body)
    plain = body.translate(None, b"-_ ").lower()
    return any(hint in plain for hint in _HINTS)
