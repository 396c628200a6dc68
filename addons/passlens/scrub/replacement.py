"""Stand-ins of the same form: digits for digits, letters for letters, an e-mail for one, an address for one.
Each follows from a key and the value alone, whatever its letter case; nobody can confirm a guess without the key."""

import hashlib
import re
import uuid
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from passlens.rest_v2.base64_decoding import QUOTES
from passlens.rest_v2.profiles import PROFILE_ROWS
from passlens.util.address import is_ip_address

_NO_PACKAGE: Final = r"(?!(?:[0-9]{1,9}(?:\.[0-9]{1,9}){1,2}(?:-[A-Za-z]{1,20}(?:\.[0-9]{1,9})?)?)(?![\w%-]|\.\w))"
"""What follows an @ is no version of a package (``hls.js@1.5.0``, ``core@2.0.0-beta.1``): no domain ends in a label
that begins with a digit. Four numbers may be an IP address."""

EMAIL, ESCAPED_EMAIL = (
    re.compile(rf"[\w.+-]{{1,64}}{sign}{_NO_PACKAGE}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}") for sign in ("@", "%40")
)
"""An e-mail address in a text, as it is and percent-encoded."""

_MAX_CACHED: Final = 4096
"""Characters of a text whose stand-in is kept."""

PLACEHOLDER: Final = re.compile(r"\$\{.*\}|\.{3,}|\s*", re.DOTALL)
"""What stands in documentation in place of a value, and says nothing."""

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEX: Final = re.compile(r"(?=\d*[a-fA-F])(?:[0-9a-f]{16,}|[0-9A-F]{16,})")
DOMAIN: Final = "@example.com"
_STARTS: Final = tuple(sorted({row.user_id for row in PROFILE_ROWS if row.user_id}))
_SAME_WIDTH: Final = ((0x80, "αβγδεζηθικλμνξοπρστυφχψω"), (0x800, "一二三四五六七八九十百千"), (0x10000, "𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯"))
"""Letters that take as many bytes in UTF-8 as those from a code point on."""


class ReplacementMaker:
    """Makes stand-ins with a key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._words = lru_cache(maxsize=1 << 14)(self._word)  # devices repeat themselves

    def _stream(self, text: str, size: int, again: int = 0) -> bytes:
        folded = text.lower().strip(QUOTES).rstrip("=").replace("-", "+").replace("_", "/")
        seed = b"%d:%b:%d:%b" % (len(self._key), self._key, again, folded.encode("utf-8", "surrogatepass"))
        return hashlib.shake_256(seed).digest(2 * size)

    def word(self, text: str) -> str:
        """A text with other digits and letters, its marks and length kept; UUIDs and hexadecimal digits stay such."""
        return self._words(text) if len(text) <= _MAX_CACHED else self._word(text)

    def _word(self, text: str) -> str:
        if PLACEHOLDER.fullmatch(text):
            return text
        for again in range(8):
            stream = self._stream(text, len(text), again)
            numbers = [stream[at] << 8 | stream[at + 1] for at in range(0, len(stream), 2)]
            if _UUID.fullmatch(text):
                made = _as_uuid(text, stream)
            elif _HEX.fullmatch(text):
                made = "".join("0123456789abcdef"[number % 16] for number in numbers)
                made = made.upper() if text.isupper() else made
            else:
                made = "".join(map(_like, text, numbers))
                if text[0] in "123456789":
                    made = "123456789"[numbers[0] % 9] + made[1:]
            made = _public_start(text) + made[len(_public_start(text)) :]
            if made != text:
                return made
        return made

    def email(self, text: str) -> str:
        """An e-mail address at example.com, as long as the original where that leaves enough letters."""
        local = text.partition("@")[0]
        size = len(text) - len(DOMAIN)
        stream = self._stream(text, 64)
        letters = "".join("abcdefghijklmnopqrstuvwxyz0123456789"[byte % 36] for byte in stream)
        return (letters[:size] if 4 <= size <= 100 else letters[: max(len(local), 6)]) + DOMAIN

    def address(self, text: str) -> str:
        """An address out of the ranges for documentation (RFC 5737 and 3849); several may share one of IPv4."""
        stream = self._stream(ip_address(text).compressed if is_ip_address(text) else text, 4)
        if ":" in text:
            return f"2001:db8::{stream[0] | 0x100:x}{stream[1] & 15:x}:{stream[2] | 0x100:x}{stream[3] & 15:x}"
        return f"192.0.2.{1 + (stream[0] << 8 | stream[1]) % 254}"


def _public_start(text: str) -> str:
    """How the userID of degraded and temporary profiles starts: it tells the type, and nothing of the user."""
    return next((start for start in _STARTS if text.startswith(start) and len(text) > len(start)), "")


def _as_uuid(text: str, stream: bytes) -> str:
    made = str(uuid.UUID(bytes=stream[:16]))
    made = made[:14] + text[14] + made[15:19] + text[19] + made[20:]  # version and variant
    return made.upper() if text.upper() == text else made.lower()


def _cased(sign: str, like: str) -> str:
    return sign.upper() if like.isupper() else sign


def _like(sign: str, number: int) -> str:
    if not sign.isalnum():
        return sign
    if sign.isascii():
        return "0123456789"[number % 10] if sign.isdigit() else _cased("abcdefghijklmnopqrstuvwxyz"[number % 26], sign)
    letters = [letters for start, letters in _SAME_WIDTH if ord(sign) >= start][-1]
    return letters[number % len(letters)]
