"""Finds the entries of a HAR file one at a time, so that memory does not grow with the file.
A broken entry is reported and the reading resumes at the next one, even where quotes and brackets no longer match."""

from collections.abc import Generator, Iterator
from typing import Any, Final, NamedTuple

from passlens.errors import NotHarError
from passlens.exchange.recorders import UNKNOWN, recorder_of
from passlens.recordings.har_element import element, parse
from passlens.recordings.har_feed import DOCUMENT, ENTRIES, ENTRY, RESUME, Feed, Readable

_LISTS: Final = {2: b'"entries"', 1: b'"log"'}
"""Names of members that stand once, by how many objects are open around them: the log in the file."""

MAX_NAME: Final = 80
"""Characters kept of the name of who recorded."""


class HarEntry(NamedTuple):
    """One element of the list. ``value`` is the parsed JSON; where there is a ``problem`` (a clause), there is none.
    ``ended`` says that the file could not be read any further, ``recorder`` who recorded (None: passlens copied it from
    mitmproxy), ``document`` which of the HAR documents of the file it stands in, from 1; ``loose`` that it stands in
    none, but in the file itself."""

    value: Any
    problem: str | None
    ended: bool
    recorder: str | None = UNKNOWN
    document: int = 1
    loose: bool = False


def entries(stream: Readable, repeated: set[str] | None = None) -> Iterator[HarEntry]:
    """The elements of ``log.entries``, parsed, in file order; of each document, where a file holds several of them, one
    on each line, in a list or simply joined. Entries may stand in the same ways without a document. ``repeated`` takes
    the names of members (``log``, ``entries``) that stand twice in a document: what the second one holds is not read.

    ``stream`` starts at the first bracket or a UTF-8 mark. Raises NotHarError if there is no such list, and whatever
    reading the stream raises.
    """
    feed = Feed(stream)
    repeated = set() if repeated is None else repeated
    feed.begin()
    in_list = feed.peek() == b"["
    if not feed.begins():
        raise NotHarError("the file is no JSON object")
    document = 0
    while feed.begins() or feed.peek():
        if feed.peek() != b"{":
            goes_on = feed.resume(DOCUMENT)
            yield HarEntry(None, f"what stands behind document {document} is no HAR", not goes_on, UNKNOWN, document)
            continue
        document += 1
        if feed.sees(ENTRY):
            if not (yield from _listed(feed, UNKNOWN, document, loose=True)):
                return
            continue
        try:
            recorder, depth = _start(feed)
        except NotHarError as error:
            if document == 1 and in_list:
                raise NotHarError("its list holds neither HAR documents nor entries") from None
            if document == 1:
                raise
            yield HarEntry(None, f"document {document} in the file is no HAR ({error})", True, UNKNOWN, document)
            return
        if not (yield from _listed(feed, recorder, document)):
            return
        if _leave(feed, repeated, depth):
            yield HarEntry(None, f"document {document} breaks off behind its entries", False, recorder, document)


def _start(feed: Feed) -> tuple[str | None, int]:
    """Go to the first entry of a document; who recorded it, as far as is said before, and how many objects it stands
    in: the log and the file, or the log alone, as scripts save what a browser's getHAR gives them."""
    told: dict[str, Any] = {}
    depth = 1
    if _enter(feed, "log", "the file", told):
        depth = 2
        _enter(feed, "entries", "its log", told)
    if feed.peek() != b"[":
        raise NotHarError("its log.entries is no list")
    feed.at += 1
    return _recorder(told.get("creator") or told.get("browser")), depth


def _recorder(creator: Any) -> str | None:
    """Name and version of who recorded; None for passlens, which says beside each entry who did."""
    if not isinstance(creator, dict):
        return UNKNOWN
    words = [str(creator[name]) for name in ("name", "version") if isinstance(creator.get(name), str | int | float)]
    told = "".join(sign for sign in " ".join(words) if sign.isprintable()).strip()[:MAX_NAME]
    return None if told.lower().startswith("passlens") else told or UNKNOWN


def _of_entry(entry: Any, recorder: str | None) -> str | None:
    """Who recorded an entry, told by the entry itself where its document does not say it before."""
    return recorder_of(entry) if recorder == UNKNOWN and isinstance(entry, dict) else recorder


def _listed(feed: Feed, recorder: str | None, document: int, *, loose: bool = False) -> Generator[HarEntry, None, bool]:
    """The entries of one document; True if its list was read up to the bracket that closes it, or the next document
    begins. ``loose`` ones go on to the end of the file, a bracket or a document."""
    while (start := feed.peek()) != b"]":
        if loose and not start:
            return True
        if start == b"{" and feed.sees(DOCUMENT):
            if not loose:
                yield HarEntry(None, f"document {document} breaks off inside its entries", False, recorder, document)
            return True
        if (entry := feed.object()) is not None:
            yield HarEntry(entry, None, False, _of_entry(entry, recorder), document, loose)
            continue
        text, problem = element(feed) if start else (b"", "the file ends before its list of entries does")
        balanced = problem is None
        if problem is None:
            value, problem = parse(text)
            if problem is None:
                yield HarEntry(value, None, False, _of_entry(value, recorder), document, loose)
                continue
        match = RESUME.search(text, 1)
        following = feed.peek() if balanced else b""
        over = following == b"]" or (loose and balanced and not following)
        if match:
            resumed = feed.again(text[match.start(match.lastindex or 0) :])
        else:
            # A bracket after a broken entry may be one of its own, so the list has ended only if no entry follows.
            resumed = following == b"{" or feed.resume()
        yield HarEntry(None, problem, not resumed and not over, recorder, document, loose)
        if not resumed:
            return False
    return True


def _leave(feed: Feed, repeated: set[str], depth: int) -> bool:
    """Go behind the document whose list of entries ends here, out of ``depth`` objects; True if the next one begins
    before its end."""
    feed.at += feed.peek() == b"]"
    while depth and (byte := feed.peek()):
        if byte in b"}:":
            depth -= byte == b"}"
            feed.at += 1
            continue
        if byte == b"{" and feed.sees(DOCUMENT):
            return True
        text, problem = element(feed)
        if text == _LISTS[depth] and feed.peek() == b":":
            repeated.add(text[1:-1].decode("ascii"))
        if problem is not None or DOCUMENT.search(text):
            return feed.again(text) and feed.resume(DOCUMENT)
    return False


def _enter(feed: Feed, wanted: str, what: str, told: dict[str, Any]) -> bool:
    """Go to the value of a member of the object that comes next; what it tells of its makers before is ``told``. False
    if the entries themselves come before it."""
    if feed.peek() != b"{":
        raise NotHarError(f"{what} is no JSON object")
    feed.at += 1
    while feed.peek() == b'"':
        key, problem = element(feed)
        if problem is not None or feed.peek() != b":":
            break
        feed.at += 1
        name = parse(key)[0]
        if name == wanted or (name == "entries" and feed.sees(ENTRIES)):
            return bool(name == wanted)
        kept = name in ("creator", "browser")
        if not feed.peek():
            break
        value, problem = element(feed, keep=kept)
        if problem is not None:
            break
        if kept:
            told[name] = parse(value)[0]
    raise NotHarError(f"{what} has no {wanted!r} that could be found")
