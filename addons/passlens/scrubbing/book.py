"""The book of a file: each secret found in one of its places with its stand-in, and the search for it everywhere else.
Filled while the file is read a first time, used while it is written: an echo may come before its secret."""

import base64
import re
from collections import Counter
from typing import Final
from urllib.parse import quote, quote_plus

from passlens.scrubbing.names import VOCABULARY

SHORTEST: Final = 6
"""Secrets shorter than this are replaced in their place and not searched for elsewhere."""

LONGEST: Final = 1 << 12
"""Characters of a secret that are searched for."""

_PREFIX: Final = 40
"""Characters by which a longer secret is recognised where a text was cut."""

_ALIKE: Final = 16
"""Secrets with the same start that are tried on a cut one."""

_WORD: Final = re.compile(r"[A-Za-z]?[a-z]{0,11}")
_FOLD: Final = {code: code + 32 for code in range(65, 91)}


class Book:
    """Secrets with their stand-ins; ``counts`` says how many of which kind were replaced."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._found: dict[str, str] = {}
        self._public: set[str] = set()
        self._loose: set[str] = set()
        self._literals: dict[str, tuple[str, str]] = {}
        self._sizes: dict[str, set[int]] = {}  # of the literals with these first characters
        self._long: dict[str, list[str]] = {}
        self.searching = False

    def add(self, secret: str, stand_in: str, *, loose: bool = False) -> None:
        """Note a secret. A ``loose`` one stands where anything may: it is not searched for if it is public too."""
        if self.searching or not SHORTEST <= len(secret) <= LONGEST or secret == stand_in:
            return
        if secret.lower() in VOCABULARY or (loose and _WORD.fullmatch(secret)):
            return
        if not loose:
            self._loose.discard(secret)
        elif secret not in self._found:
            self._loose.add(secret)
        self._found[secret] = stand_in

    def public(self, value: str) -> None:
        """Note a value that is shown as it is."""
        if not self.searching and SHORTEST <= len(value) <= 64:
            self._public.add(value)

    def is_public(self, value: str) -> bool:
        """True once it is known that a value is shown elsewhere as it is."""
        return self.searching and value in self._public

    def close(self) -> None:
        """The file was read: from now on its secrets are replaced wherever they stand."""
        self.searching = True
        self.counts.clear()
        public = "\n".join(self._public).lower()
        for secret, stand_in in self._found.items():
            if secret in self._loose and secret.lower() in public:
                continue
            for old, new in zip(_spellings(secret), _spellings(stand_in), strict=True):
                folded = old.translate(_FOLD)
                if len(folded) >= SHORTEST and folded not in self._literals:
                    self._literals[folded] = old, new
                    self._sizes.setdefault(folded[:SHORTEST], set()).add(len(folded))
                    if len(folded) > _PREFIX:
                        self._long.setdefault(folded[:_PREFIX], []).append(folded)

    def swept(self, text: str) -> str:
        """The text with every secret of the file replaced, however it is spelt."""
        if not self._literals or len(text) < SHORTEST:
            return text
        folded, starts = text.translate(_FOLD), self._sizes
        pieces: list[str] = []
        at = kept = 0
        last = len(text) - SHORTEST
        while at <= last:
            sizes = starts.get(folded[at : at + SHORTEST])
            literal, size = self._longest(sizes, folded, at) if sizes is not None else ("", 0)
            if not size:
                at += 1
                continue
            pieces += (text[kept:at], _recased(text[at : at + size], *self._literals[literal]))
            self.counts["echo"] += 1
            at = kept = at + size
        return "".join(pieces) + text[kept:] if pieces else text

    def _longest(self, sizes: set[int], folded: str, at: int) -> tuple[str, int]:
        """The longest literal that stands here, whole or cut, and how much of it."""
        found, best = "", 0
        for size in sizes:
            literal = folded[at : at + size]
            if size > best and literal in self._literals and not _inside_number(literal, folded, at, size):
                found, best = literal, size
        for literal in self._long.get(folded[at : at + _PREFIX], ())[:_ALIKE]:
            pairs = enumerate(zip(literal, folded[at : at + len(literal)], strict=False))
            size = next((place for place, (one, other) in pairs if one != other), min(len(literal), len(folded) - at))
            if size > best:
                found, best = literal, size
        return found, best


def _inside_number(literal: str, text: str, at: int, size: int) -> bool:
    """True for digits in the middle of more digits: another number, or another address."""
    if not literal.replace(".", "").isdigit():
        return False
    before, after = text[max(at - 2, 0) : at], text[at + size : at + size + 2]
    return before[-1:].isdigit() or after[:1].isdigit() or (after[:1] == "." and after[1:].isdigit())


def _recased(match: str, old: str, new: str) -> str:
    if old.startswith(match):
        return new[: len(match)] if len(match) < len(old) else new
    for case in (str.upper, str.lower):
        if match == case(match) and old != case(old):
            return case(new)
    if len(old) == len(new):
        pairs = zip(match, old, new, strict=False)
        return "".join(sign if one == other else sign.swapcase() for one, other, sign in pairs)
    return new


def _spellings(secret: str) -> tuple[str, ...]:
    """As it is, percent-encoded once and twice, as hexadecimal digits, in Base64."""
    data = secret.encode("utf-8", "surrogatepass")
    escaped = quote(data, safe="")
    standard, safe = base64.b64encode(data).decode("ascii"), base64.urlsafe_b64encode(data).decode("ascii")
    groups = len(data) // 3 * 4
    encoded = tuple(text for full in (standard, safe) for text in (full.rstrip("="), full[:groups]))
    return (secret, escaped, quote_plus(data), quote(escaped, safe=""), data.hex(), *encoded)
