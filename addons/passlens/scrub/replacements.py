"""The book of a file: each secret found in one of its places with its stand-in, and the search for it everywhere else.
Filled while the file is read a first time, used while it is written: an echo may come before its secret."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final
from urllib.parse import quote_plus

from passlens.redaction.nested import base64_spellings
from passlens.redaction.normalize import SHORTEST, Needles, is_plain, normalize, positions
from passlens.redaction.vocabulary import UNTOUCHABLE
from passlens.scrub import percent

MAX_CHARS: Final = 1 << 12
"""Characters of a secret that are searched for."""

_PREFIX: Final = 40
"""Characters by which a longer secret is recognised where a text was cut."""

_ALIKE: Final = 16
"""Secrets with the same start that are tried on a cut one."""

_CLEAN: Final = 1 << 22
"""Characters of texts that are kept as known to hold no secret: a copy repeats its headers, and its last step looks at
each body again."""

_ROUNDS: Final = 3
_COMMON: Final = re.compile(r"[A-Za-z]?[a-z]{0,11}|\d{4}-\d\d-\d\d(?:[T ]\d\d[\d:.]{0,13}(?:Z|[+-]\d\d:?\d\d)?)?")
"""Words and times, which say nothing in another place."""


class Replacements:
    """Secrets with their stand-ins; ``counts`` says how many of which kind were replaced."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._found: dict[str, str] = {}
        self._public: set[str] = set()
        self._loose: set[str] = set()
        self._literals: dict[str, tuple[str, str]] = {}
        self._needles = Needles()
        self._long: dict[str, list[str]] = {}
        self._clean: set[str] = set()
        self._clean_size = 0
        self.searching = False

    def add(self, secret: str, replacement: str, *, loose: bool = False) -> None:
        """Note a secret and what replaces it. A ``loose`` one stands where anything may: it is not searched for if it
        is public too."""
        if self.searching or not SHORTEST <= len(secret) <= MAX_CHARS or secret == replacement:
            return
        if secret.lower() in UNTOUCHABLE or (loose and _COMMON.fullmatch(secret)):
            return
        if not loose:
            self._loose.discard(secret)
        elif secret not in self._found:
            self._loose.add(secret)
        self._found[secret] = replacement

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
        for secret, replacement in self._found.items():
            if secret in self._loose and secret.lower() in public:
                continue
            for old, new in zip(_spellings(secret), _spellings(replacement), strict=True):
                folded = normalize(old)
                if len(folded) >= SHORTEST and folded not in self._literals:
                    self._literals[folded] = old, new
                    self._needles.add(folded)
                    if len(folded) > _PREFIX:
                        self._long.setdefault(folded[:_PREFIX], []).append(folded)

    def swept(self, text: str) -> str:
        """The text with every secret of the file replaced, however it is spelt."""
        if not self._literals or len(text) < SHORTEST or text in self._clean:
            return text
        folded = normalize(text)
        place: Callable[[int], int] | None = None
        pieces: list[str] = []
        end = kept = 0
        for at, sizes in self._needles.starts(folded):
            if at < end:
                continue
            literal, size = self._longest(sizes, folded, at)
            if not size:
                continue
            if place is None:
                place = positions(text)
            start, end = place(at), at + size
            old, new = self._literals[literal]
            if size < len(literal):  # of a secret that was cut, the part that stands here
                old, new = old[: positions(old)(size)], new[: positions(new)(size)]
            pieces += (text[kept:start], _recased(text[start : place(end)], old, new))
            self.counts["echo"] += 1
            kept = place(end)
        if pieces:
            return "".join(pieces) + text[kept:]
        self.note_clean(text)
        return text

    def note_clean(self, text: str) -> None:
        """Note a text that is known to hold no secret: it is not searched again soon."""
        self._clean_size += len(text)
        if self._clean_size > _CLEAN:
            self._clean, self._clean_size = set(), len(text)
        self._clean.add(text)

    def _longest(self, sizes: set[int], folded: str, at: int) -> tuple[str, int]:
        """The longest literal that stands here, whole or cut, and how much of it."""
        found, best = "", 0
        for size in sizes:
            literal = folded[at : at + size]
            if (
                len(literal) == size > best
                and literal in self._literals
                and not _inside_number(literal, folded, at, size)
            ):
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
    if match == old:
        return new
    if not is_plain(match):
        return _escaped(match, new)
    for case in (str.upper, str.lower):
        if match == case(match) and old != case(old):
            return case(new)
    if len(old) == len(new):
        pairs = zip(match, old, new, strict=False)
        return "".join(sign if one == other else sign.swapcase() for one, other, sign in pairs)
    return new


def _escaped(match: str, new: str, depth: int = 0) -> str:
    """The stand-in with as many escapes over each other as what it stands for."""
    if depth == _ROUNDS or "%" not in match:
        return new
    return percent.rewrite(match, lambda inner: _escaped(inner, new, depth + 1))


def _spellings(secret: str) -> tuple[str, ...]:
    """As it is, with signs for blanks, as hexadecimal digits, in Base64; the normal form knows the escaped ones."""
    data = secret.encode("utf-8", "surrogatepass")
    return (secret, quote_plus(data), data.hex(), *base64_spellings(data))
