"""Text for people: safe characters, colours, plurals, lengths of time, and lines that keep to a width.
Lines break between words, and inside a word that is too long, such as a place or a path, after a separator."""

import difflib
import re
import textwrap
from collections.abc import Iterable
from datetime import datetime
from typing import Final

COLOURS: Final = {"error": "31", "warning": "33", "note": "36", "bold": "1", "dim": "2", "good": "32"}

# Controls, line ends, lone surrogates, and all signs that turn the direction of text, join it or hide in it (Unicode's
# categories Cc, Cf, Cs, Zl and Zp; blank letters; tags and variation selectors that nobody sees).
_UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180e\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_COMPARED: Final = 80
"""Characters of an unknown word that are compared with known ones."""


def escape_controls(text: str) -> str:
    r"""Text from traffic for a terminal: what could move the cursor or reorder a line is shown as an escape.

    >>> escape_controls("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def escape_lines(text: str) -> str:
    r"""The same for sentences that stand in lines of their own, whose ends stay.

    >>> escape_lines("a\x07\nb")
    'a\\x07\nb'
    """
    return "\n".join(map(escape_controls, text.split("\n")))


def paint(text: str, colour: str, on: bool) -> str:
    """Wrap text in a terminal colour if colours are on."""
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if on else text


def plural(count: int, noun: str) -> str:
    """``1 note``, ``2 notes``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def nearest_of(word: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to an unknown one, in any case of letters; None where none is near.

    >>> nearest_of("PFS-Falback", ["denied", "pfs-fallback"])
    'pfs-fallback'
    """
    spelt = {one.lower(): one for one in reversed(list(known))}
    near = difflib.get_close_matches(word[:_COMPARED].lower(), spelt, n=1)
    return spelt[near[0]] if near else None


def span(seconds: float) -> str:
    """A length of time in its two largest units: ``2 hours 5 minutes``."""
    left = int(abs(seconds))
    parts: list[str] = []
    for noun, size in (("year", 31_536_000), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(plural(count, noun))
    return " ".join(parts[:2]) or "0 seconds"


def parse_time(text: str | None) -> datetime | None:
    """The time that an ISO 8601 text says; None for none."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


NARROWEST: Final = 40
"""Columns below which nothing is folded."""

_PIECES: Final = re.compile(r"[^/#.:,;&?=_-]*[/#.:,;&?=_-]?")


def fold(text: str, width: int | None, *, first: str = "", rest: str = "") -> list[str]:
    """The lines of a text; ``first`` stands before the first, ``rest`` before all others. One line without a width.

    >>> fold("at header:X-Device-Info#/osName", 40, first="  note  ", rest="        ")
    ['  note  at header:X-Device-Info#/osName']
    """
    if width is None or width < NARROWEST:
        return [first + text]
    room = width - max(len(first), len(rest))
    words = [part for word in text.split(" ") for part in _parts(word, max(room, NARROWEST // 2))]
    lines, line = [], first
    begun = False
    for glue, part in words:
        if begun and len(line) + len(glue) + len(part) > width:
            lines.append(line)
            line = rest + part
        else:
            line += (glue if begun else "") + part
        begun = True
    return [line.rstrip() for line in (*lines, line)]


def paragraph(text: str, width: int | None) -> str:
    """A text in lines of that width."""
    return "\n".join(fold(text, width))


def definition_list(rows: list[tuple[str, str]], width: int | None) -> list[str]:
    """Names with what is said of each beside them, folded below one another; below a name that would take half of the
    width."""
    longest = None if width is None or width < NARROWEST else width // 2 - 2
    column = max((len(name) for name, _ in rows if longest is None or len(name) <= longest), default=2) + 2
    lines: list[str] = []
    for name, said in rows:
        first = f"{name:<{column}}"
        if longest is not None and len(name) > longest:
            lines += fold(name, width)
            first = " " * column
        lines += fold(said, width, first=first, rest=" " * column)
    return lines


def _parts(word: str, room: int) -> list[tuple[str, str]]:
    """A word as it may be broken: each part with what stands before it where it is not."""
    if len(word) <= room:
        return [(" ", word)]
    pieces = [piece for piece in _PIECES.findall(word) if piece]
    parts = [cut for piece in pieces for cut in textwrap.wrap(piece, room) or [piece]]
    joined: list[str] = []
    for part in parts:
        if joined and len(joined[-1]) + len(part) <= room:
            joined[-1] += part
        else:
            joined.append(part)
    return [("" if number else " ", part) for number, part in enumerate(joined)]


def is_utf8(body: bytes) -> bool:
    """Whether bytes are a text in UTF-8.

    >>> is_utf8(b"caf\\xc3\\xa9"), is_utf8(b"caf\\xe9")
    (True, False)
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def printable(data: bytes) -> str | None:
    """The text that bytes are, if it is one that people or programs wrote.

    >>> printable(b"a\\tword"), printable(b"a\\x00word")
    ('a\\tword', None)
    """
    if not data:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    bare = text.lstrip("\ufeff")
    return text if all(sign.isprintable() or sign in "\r\n\t" for sign in bare) else None
