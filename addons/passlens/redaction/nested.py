"""What a secret holds when it is a JWT, SAML, Base64 or JSON, and how else it may be spelt."""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from passlens.exchange.model import MAX_HEADER
from passlens.redaction.normalize import SHORTEST, normalize
from passlens.redaction.policy import PUBLIC_CLAIMS
from passlens.rest_v2.base64_decoding import decode_base64
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.rest_v2.json_decoding import decode_json

PREFIX: Final = 64
"""Characters by which a longer secret is recognised, for texts are cut."""

MORE: Final = "\0"
"""Stands for secrets that were not looked for, because a limit was reached: whoever meets it redacts everything."""

DEEPEST: Final = 8
"""Levels of a JSON value that are looked into; documented bodies have 5."""

LEVELS: Final = 4
"""Encodings over each other that are looked through."""

TELLING: Final = ("NameID", "AttributeValue", "SessionIndex")
"""Elements of SAML that hold secrets of their own."""

_XML_TEXT: Final = re.compile(rf"<(?:\w+:)?(?:{'|'.join(TELLING)})\b[^<>]{{0,400}}>([^<]{{6,400}})<")
COMMENT: Final = r"<!--[^-]*(?:-(?!->)[^-]*)*(?:-->|\Z)"
"""A comment in XML, which may be cut."""

_ASIDE: Final = re.compile(rf"{COMMENT}|<!\[CDATA\[|\]\]>")
"""What parts a text of XML, and says nothing to its reader."""

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_SAFE: Final = str.maketrans("+/", "-_")
_SHIFTS: Final = ((0, 0), (1, 2), (2, 3))
"""Bytes before a secret in its group of three, and the signs of Base64 that hang on them."""


def strings(value: Any, depth: int = 0) -> Iterator[str]:
    """All texts and numbers of a JSON value, names left out; MORE for what lies too deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        yield str(value)
    elif isinstance(value, (dict, list)) and depth > DEEPEST:
        yield MORE
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item, depth + 1)


def inside_all(values: Iterable[str]) -> Iterator[str]:
    """What the secrets hold, one after the other."""
    for value in values:
        yield from inside(value)


def inside(secret: str, depth: int = 0) -> Iterator[str]:
    """What a secret holds when it is a JWT, or Base64 over text, JSON or XML, and what is nested in that."""
    if depth == LEVELS or not SHORTEST <= len(secret) <= MAX_HEADER:
        return
    if secret.count(".") in (2, 4) and not any(mark in secret for mark in " @:/"):
        for part in secret.split(".")[:2]:
            text = decode_json(decode_base64(part).data or b"")
            claims = text.value if isinstance(text.value, dict) else text.salvaged
            held = strings({key: item for key, item in claims.items() if key not in PUBLIC_CLAIMS})
            yield from with_inside(held, depth + 1)
        return
    if secret.startswith("{"):
        yield from with_inside(strings(decode_encoded_json(secret).shown), depth + 1)
        return
    yield from with_inside(_XML_TEXT.findall(_ASIDE.sub("", secret)), depth + 1)
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
        yield from with_inside([text_inside.strip()], depth + 1)
        name, colon, password = text_inside.partition(":")
        if colon and " " not in text_inside and "{" not in text_inside:  # as in the scheme Basic
            yield from (name, password)


def with_inside(texts: Iterable[str], depth: int = 0) -> Iterator[str]:
    """Texts, each followed by what it holds."""
    for text in texts:
        yield text
        yield from inside(text, depth)


def spellings(secret: str) -> tuple[str, ...]:
    """A secret as it is, percent-encoded, in Base64 and as hexadecimal digits; of a long one the first characters."""
    return _spellings(secret[: 2 * PREFIX], len(secret) > 2 * PREFIX)


@lru_cache(maxsize=4096)
def _spellings(short: str, cut: bool) -> tuple[str, ...]:
    """The same. Cached: a device repeats its own."""
    data = short.encode("utf-8", "surrogatepass")
    escaped = short if short.isascii() and short.isalnum() else quote(data, safe="")
    if escaped == short:  # no escape changes it
        plain: tuple[str, ...] = (short, short.lower(), data.hex())
    else:
        in_form, twice = escaped.replace("%20", "+"), escaped.replace("%", "%25")
        plain = (short, normalize(short), escaped, in_form, twice, data.hex())
    # A cut secret has other last digits; whole groups of three bytes are the same in any case.
    data = data[: len(data) // 3 * 3] if cut else data
    return (*plain, *base64_spellings(data))


def base64_spellings(data: bytes) -> tuple[str, ...]:
    """Bytes in Base64, in both alphabets: inside longer runs, without the signs that hang on what stands before and
    after, and at the end alone. Equally many for all bytes."""
    runs = [base64.b64encode(bytes(before) + data).decode("ascii") for before, _ in _SHIFTS]
    inner = [run[shared : (before + len(data)) // 3 * 4] for run, (before, shared) in zip(runs, _SHIFTS, strict=True)]
    return tuple(text for run in (*inner, runs[0].rstrip("=")) for text in (run, run.translate(_SAFE)))
