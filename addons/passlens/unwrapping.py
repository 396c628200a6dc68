"""What a secret holds when it is a JWT, SAML, Base64 or JSON, and how else it may be spelt."""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, quote_plus

from passlens.exchange import MAX_HEADER
from passlens.spec.decoding import decode_base64, decode_encoded_json, decode_json

SHORTEST: Final = 6
"""Secrets shorter than this are not searched for in other text: they would match by chance."""

PREFIX: Final = 64
"""Characters by which a longer secret is recognised, for texts are cut."""

DEEPEST: Final = 8
"""Levels of a JSON value that are looked into; documented bodies have 5."""

# Claims that say nothing about a device or a person.
PUBLIC_CLAIMS: Final = frozenset({"iss", "scopes", "scope", "aud", "alg", "typ", "iat", "nbf", "exp"})

TELLING: Final = ("NameID", "AttributeValue", "SessionIndex")
"""Elements of SAML that hold secrets of their own."""

_XML_TEXT: Final = re.compile(rf"<(?:\w+:)?(?:{'|'.join(TELLING)})\b[^<>]{{0,400}}>([^<]{{6,400}})<")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def strings(value: Any, depth: int = 0) -> Iterator[str]:
    """All texts and numbers of a JSON value, names left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        yield str(value)
    elif isinstance(value, (dict, list)) and depth <= DEEPEST:
        for item in list(value.values() if isinstance(value, dict) else value)[:100]:
            yield from strings(item, depth + 1)


def inside_all(values: Iterable[str]) -> Iterator[str]:
    """What the secrets hold, one after the other."""
    for value in values:
        yield from inside(value)


def inside(secret: str, depth: int = 0) -> Iterator[str]:
    """What a secret holds when it is a JWT, or Base64 over text, JSON or XML."""
    if depth > 2 or not SHORTEST <= len(secret) <= MAX_HEADER:
        return
    if secret.count(".") in (2, 4) and not any(mark in secret for mark in " @:/"):
        for part in secret.split(".")[:2]:
            text = decode_json(decode_base64(part).data or b"")
            claims = text.value if isinstance(text.value, dict) else text.salvaged
            yield from strings({key: item for key, item in claims.items() if key not in PUBLIC_CLAIMS})
        return
    if secret.startswith("{"):
        yield from strings(decode_encoded_json(secret).shown)
        return
    yield from _XML_TEXT.findall(secret)[:100]
    data = decode_base64(secret).data if _BASE64.fullmatch(secret) or "%" in secret else None
    if not data:
        return
    if len(data) <= PREFIX:
        yield data.hex()
    try:
        text_inside = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text_inside.isprintable() or "<" in text_inside or "{" in text_inside:
        yield text_inside.strip()
        yield from inside(text_inside.strip(), depth + 1)


def spellings(secret: str) -> tuple[str, ...]:
    """A secret as it is, percent-encoded, in Base64 and as hexadecimal digits; of a long one the first characters."""
    return _spellings(secret[: 2 * PREFIX], len(secret) > 2 * PREFIX)


@lru_cache(maxsize=4096)
def _spellings(short: str, cut: bool) -> tuple[str, ...]:
    """The same. Cached: a device repeats its own."""
    data = short.encode("utf-8", "surrogatepass")
    escaped = quote(data, safe="")
    plain = (short, escaped, quote_plus(data), quote(escaped, safe=""), data.hex())
    # A cut secret has other last digits; whole groups of three bytes are the same in any case.
    data = data[: len(data) // 3 * 3] if cut else data
    encoded = (base64.b64encode(data), base64.urlsafe_b64encode(data))
    return (*plain, *(text.decode("ascii").rstrip("=") for text in encoded))
