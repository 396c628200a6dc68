"""The normal form of texts in which secrets are looked for, shared by redaction and clean copies: escapes of URLs,
HTML and JSON are undone up to three times, letters are compared as Unicode compares them (NFKD, no case), invisible
signs count for nothing. Everything here takes time that grows with the text alone."""

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import compress
from typing import Final
from urllib.parse import unquote_to_bytes

SHORTEST: Final = 6
"""Shorter texts are not looked for in other text: they would match by chance."""

_ROUNDS: Final = 3
_KEPT: Final = 1 << 14
_GRAM: Final = 4
_STEP: Final = 2
"""Of every five characters, one run of four begins at an even place."""

_BLOCK: Final = 1 << 11
"""Characters that are looked at together."""

_MARKS: Final = ("%", "&#", "\\u", "\\x")
"""How an escape begins."""

_ESCAPES: Final = re.compile(
    r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*|&#(?:0{0,9}(?P<decimal>[0-9]{1,7})|[xX]0{0,9}(?P<hex>[0-9A-Fa-f]{1,6}));"
    r"|\\u(?P<u>[0-9A-Fa-f]{4})|\\x(?P<x>[0-9A-Fa-f]{2})"
)
_IGNORED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Control characters, and what Unicode says is not shown (Default_Ignorable_Code_Point)."""

_UNUSUAL: Final = re.compile(r"[^\t\n\r -~]+")
"""All whose normal form is not itself in lower case."""


class _Signs(dict[int, str]):
    """The normal form of each character, by code point; made when it is asked for."""

    def __missing__(self, code: int) -> str:
        made = _IGNORED.sub("", unicodedata.normalize("NFKD", chr(code)).lower())
        if len(self) < _KEPT:
            self[code] = made
        return made


_SIGNS: Final = _Signs()


def is_plain(text: str) -> bool:
    """True if the normal form of a text is the text in lower case."""
    return text.isascii() and not _has_escapes(text)


def normalize(text: str) -> str:
    """The normal form of a text.

    >>> normalize("a%25%32%35%37%30p\\u200bP\\uff2c"), normalize(r"&#97;\\u0062\\x63")
    ('apppl', 'abc')
    """
    if is_plain(text):
        return text.lower()
    for _ in range(_ROUNDS):
        if not _has_escapes(text):
            break
        text = _ESCAPES.sub(_decoded, text)
    pieces: list[str] = []
    end = 0
    for match in _UNUSUAL.finditer(text):
        pieces += (text[end : match.start()].lower(), match[0].translate(_SIGNS))
        end = match.end()
    return "".join(pieces) + text[end:].lower()


def positions(text: str) -> Callable[[int], int]:
    """Where a character of the normal form, told by its place, begins in the text; its end tells the text's end."""
    shifts: list[_Shifts] = []
    for _ in range(_ROUNDS):
        if not _has_escapes(text):
            break
        undone = _Shifts()
        pieces: list[str] = []
        for match in _ESCAPES.finditer(text):
            pieces.append(undone.kept(text, match.start()))
            decoded, old = _decoded(match), match.start()
            for sign in decoded:
                undone.put(old, 1)
                if match[0][0] == "%":  # one escape a byte
                    old += 3 * len(sign.encode("utf-8", "surrogateescape"))
            pieces.append(decoded)
            undone.old = match.end()
        text = "".join((*pieces, undone.kept(text, len(text))))
        shifts.append(undone)
    if not text.isascii() or shifts:
        folded = _Shifts()
        for match in _UNUSUAL.finditer(text):
            folded.kept(text, match.start())
            for old, sign in enumerate(match[0], match.start()):
                for _ in _SIGNS[ord(sign)]:
                    folded.put(old, 1)
            folded.old = match.end()
        folded.kept(text, len(text))
        shifts.append(folded)

    def origin(at: int) -> int:
        for one in reversed(shifts):
            at = one.origin(at)
        return at

    return origin


class _Shifts:
    """How places of a text are told from those of a text made of it, piece by piece: most of it stays as it is."""

    def __init__(self) -> None:
        self._new: list[int] = []
        self._old: list[int] = []
        self._size = 0
        self.old = 0
        """The end of what was taken over of the old text."""

    def put(self, place: int, size: int) -> None:
        """So many characters come next, which began at ``place``."""
        self._new.append(self._size)
        self._old.append(place)
        self._size += size

    def kept(self, text: str, end: int) -> str:
        """What stays of the old text as it is, up to ``end``."""
        self.put(self.old, end - self.old)
        return text[self.old : end]

    def origin(self, at: int) -> int:
        """The place in the old text."""
        piece = bisect_right(self._new, at) - 1
        return self._old[piece] + at - self._new[piece]


def _has_escapes(text: str) -> bool:
    return any(mark in text for mark in _MARKS)


def _decoded(escape: re.Match[str]) -> str:
    if escape[0][0] == "%":
        return unquote_to_bytes(escape[0]).decode("utf-8", "surrogateescape")
    code = int(escape["decimal"]) if escape["decimal"] else int(escape["hex"] or escape["u"] or escape["x"], 16)
    return chr(code) if code <= sys.maxunicode else escape[0]


class Needles:
    """Texts in normal form that are looked for all at once: a look costs the same for one and for ten thousand."""

    def __init__(self, needles: Iterable[str] = ()) -> None:
        self._sizes: dict[str, set[int]] = {}
        self._grams: set[int] = set()
        self._all: set[str] = set()
        for needle in needles:
            self.add(needle)

    def __bool__(self) -> bool:
        return bool(self._all)

    def __contains__(self, needle: str) -> bool:
        return needle in self._all

    def add(self, needle: str) -> None:
        """Look for one more; one that is shorter than ``SHORTEST`` is left out."""
        if len(needle) < SHORTEST or needle in self._all:
            return
        self._all.add(needle)
        self._sizes.setdefault(needle[:SHORTEST], set()).add(len(needle))
        data = memoryview(needle[:SHORTEST].encode("ascii", "replace"))
        self._grams.update(data[at : at + _GRAM].cast("I")[0] for at in range(_STEP))

    def starts(self, text: str) -> Iterator[tuple[int, set[int]]]:
        """Places of a text in normal form where a needle may begin, in order, with the lengths of those needles."""
        sizes = self._sizes
        for near in self._near(text):
            for at in (near - 1, near):  # before the first character, six are never cut out
                found = sizes.get(text[at : at + SHORTEST])
                if found is not None:
                    yield at, found

    def _near(self, text: str) -> Iterator[int]:
        """Places of the runs that stand in a needle. Runs are numbers of four bytes, and each step is one of C: most of
        what a copy takes is this."""
        data = memoryview(text.encode("ascii", "replace"))
        known = self._grams
        for begin in range(0, len(data) - _GRAM + 1, _BLOCK):
            near: list[int] = []
            for at in range(begin, begin + _GRAM, _STEP):
                block = data[at : at + _BLOCK]
                runs = block[: len(block) // _GRAM * _GRAM].cast("I")
                if not known.isdisjoint(runs):
                    near += compress(range(at, at + _BLOCK, _GRAM), map(known.__contains__, runs))
            yield from sorted(near)

    def longest(self, text: str) -> Iterator[tuple[int, str]]:
        """The longest needle at each place where one stands, with the place; they may overlap."""
        for at, sizes in self.starts(text):
            found = [size for size in sizes if text[at : at + size] in self._all]
            if found:
                yield at, text[at : at + max(found)]

    def found(self, text: str) -> set[str]:
        """Those that stand in a text in normal form."""
        starts = self.starts(text)
        return {text[at : at + size] for at, sizes in starts for size in sizes if text[at : at + size] in self._all}
