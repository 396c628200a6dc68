"""Whether a text may hold what the scrubber looks for, found out quickly. Most of a recording is other traffic, and
most of that holds nothing: here such text costs one look at the speed of C. A doubt is always a yes; a test compares
with the plain way, ``Scrubber.free`` without this module."""

import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from passlens.redaction.named_values import names_values
from passlens.redaction.patterns import USER
from passlens.redaction.policy import is_secret_name
from passlens.scrub import percent, saml

CHUNK: Final = 2048
"""Characters that are looked at together: where one of them may matter, all go the plain way."""

_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_TEXT: Final = bytes([*range(0x20, 0x7F), 0x09, 0x0A, 0x0D])
_OF_BASE64, _OF_TEXT = (bytes(0x61 if sign in signs else 0x20 for sign in range(256)) for signs in (_LETTERS, _TEXT))
"""The signs of a run become one letter, so that it is found as a fixed word."""

_SHORT: Final = 64
"""Signs of a run of Base64 that is remembered."""

_TO_STANDARD: Final = bytes.maketrans(b"-_", b"+/")

# Each begins with a fixed sign, which Python's engine looks for quickly.
_TOKEN: Final = re.compile(r"e(?:(?<![A-Za-z0-9_-]e)|(?<=%[0-9A-Fa-f]{2}e))[wy][A-Za-z0-9_-]{6,}={0,2}\.")
_QUERY: Final = (*(re.compile(rf"{sign}[\w.-]{{1,64}}=") for sign in (r"\?", "&", "#")), re.compile(";jsessionid="))
_ENCODED_QUERY: Final = re.compile(percent.QUERY)
_EMAIL: Final = re.compile(r"@(?<=[\w.+-]@)[\w-]{1,63}\.[\w-]")
_USER: Final = re.compile(USER)
_V4: Final = re.compile(r"\.(?<=\d\.)\d{1,3}\.\d")
_V6: Final = re.compile(r":(?::|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:)")
_INPUT: Final = re.compile(r"<[iI][nN][pP][uU][tT]\b")
_ESCAPED: Final = re.compile(r"%(?:40|2[BbFf]|3[AaDd])")
_BREAK: Final = re.compile(r"[\"\n;]")
_ESCAPE: Final = re.compile(r"\\[^u/]")
_NAME: Final = re.compile(r'"([^"\\]*)"[ \t\r\n]*:')
_BLANK: Final = r"(?:\s|\\[nrt])*"
_NESTED: Final = re.compile(rf'"{_BLANK}(?:\{{{_BLANK}\\"|\[{_BLANK}(?:[\\{{\[\d-]|true|false|null))')
"""Where a string may begin that is JSON itself."""

_HOLDERS: Final = frozenset({"attributes", "authenticationRequest", "existingParameters", "existing"})

_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"{}[]"))

MAX_NESTING: Final = 60
"""Brackets inside each other; ``json_text`` follows paths four more."""


def chunks(text: str) -> Iterator[str]:
    """The text in pieces that end where nothing that the scrubber looks for goes on."""
    at = 0
    while len(text) - at > 2 * CHUNK:
        match = _BREAK.search(text, at + CHUNK)
        if match is None:
            break
        yield text[at : match.end()]
        at = match.end()
    yield text[at:]


def may_matter(text: str, *, of_code: bool = False) -> bool:
    """False if no token, address, parameter, encoded text or value with the name of a secret stands in a text; markup
    is asked for separately, and so are parameters and names in code."""
    if not of_code and (has_query(text) or names_values(text)):
        return True
    return any(asks(text) for asks in (has_email, has_address, has_token, has_encoded))


def has_email(text: str) -> bool:
    """False if no e-mail address and no user of an address stands in a text."""
    if _EMAIL.search(text) is not None or "%40" in text:
        return True
    return "@" in text and "://" in text and _USER.search(text) is not None


def has_address(text: str) -> bool:
    """False if no IP address stands in a text."""
    escaped = "%" in text and _ESCAPED.search(text) is not None
    return escaped or _V4.search(text) is not None or _V6.search(text) is not None


def has_token(text: str) -> bool:
    """False if no JWT stands in a text."""
    return _TOKEN.search(text) is not None


def has_query(text: str) -> bool:
    """False if no parameter with a value, of a query, a fragment or a path, stands in a text."""
    if "=" in text and any(pattern.search(text) for pattern in _QUERY):
        return True
    return "%" in text and _ENCODED_QUERY.search(text) is not None


def has_encoded(text: str) -> bool:
    """False if nothing in a text is Base64 or hexadecimal digits over text."""
    return ("%" in text and _ESCAPED.search(text) is not None) or any(map(_may_be_text, _base64_runs(text)))


def has_markup(text: str) -> bool:
    """True if a field of an HTML form or an element of SAML stands in a text; either may be long."""
    return "<" in text and (_INPUT.search(text) is not None or saml.looks_like(text))


def is_plain_json(text: str) -> bool:
    """True for JSON in which no member has a secret name, and no string holds anything of interest."""
    if "\\u00" in text or _NESTED.search(text) is not None:
        return False
    if "\\" in text:
        text = _ESCAPE.sub("  ", text.replace("\\/", "/"))
    names = set(_NAME.findall(text))
    if any(name in _HOLDERS or is_secret_name(name) for name in names) or _deep(text):
        return False
    return is_plain_text(text)


def is_plain_text(text: str) -> bool:
    """True for a text, short or long, that holds nothing of interest."""
    return not has_markup(text) and not any(map(may_matter, chunks(text)))


def _deep(text: str) -> bool:
    """True if brackets may stand deeper inside each other than paths are followed."""
    depth = 0
    for mark in text.encode("ascii", "replace").translate(None, _NO_BRACKETS):
        depth += 1 if mark in b"{[" else -1
        if depth > MAX_NESTING:
            return True
    return False


def texts_in(data: bytes) -> str | None:
    """What people could read in a body that is not text; None for one that is."""
    if len(data.translate(None, _TEXT)) * 10 < 3 * len(data):
        return None
    return b"\n".join(data[start:end] for start, end in words(data)).decode("ascii")


def words(data: bytes) -> Iterator[tuple[int, int]]:
    """Where people could read something in bytes: runs of text, from six signs on."""
    return _runs(data, _OF_TEXT, 6)


def _runs(data: bytes, signs: bytes, least: int) -> Iterator[tuple[int, int]]:
    mapped, word = data.translate(signs), b"a" * least
    at = mapped.find(word)
    while at >= 0:
        end = mapped.find(b" ", at)
        end = len(mapped) if end < 0 else end
        yield at, end
        at = mapped.find(word, end)


def _base64_runs(text: str) -> Iterator[bytes]:
    """Runs of signs of Base64, from twelve on."""
    data = text.encode("ascii", "replace")
    return (data[start:end] for start, end in _runs(data, _OF_BASE64, 12))


def _may_be_text(run: bytes) -> bool:
    """Whether a run may encode text, in Base64 as a whole or between slashes, or in hexadecimal digits."""
    return _short_may_be_text(run) if len(run) <= _SHORT else _is_text_inside(run)


@lru_cache(maxsize=1 << 15)
def _short_may_be_text(run: bytes) -> bool:
    """The same, remembered: names in scripts are such runs, and come again."""
    return _is_text_inside(run)


def _is_text_inside(run: bytes) -> bool:
    if _encodes_text(run):
        return True
    if len(run) >= 16 and any(map(_hex_text, re.split(rb"[^0-9A-Za-z]", run))):
        return True
    return b"/" in run and any(len(part) >= 12 and _encodes_text(part) for part in run.split(b"/"))


def _encodes_text(run: bytes) -> bool:
    if len(run) % 4 == 1:
        return False
    data = binascii.a2b_base64(run.translate(_TO_STANDARD) + b"=" * (-len(run) % 4))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _inflates(data)
    bare = text.lstrip("\ufeff")
    return bare.isprintable() or all(sign.isprintable() or sign in "\r\n\t" for sign in bare) or _inflates(data)


def _hex_text(run: bytes) -> bool:
    if len(run) < 16 or len(run) % 2:
        return False
    try:
        bytes.fromhex(run.decode("ascii")).decode("utf-8")
    except ValueError:
        return False
    return True


def _inflates(data: bytes) -> bool:
    return saml.deflated(data, str) is not None
