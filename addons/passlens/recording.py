"""Opens recordings (files, folders, standard input; .mitm and .har) and yields what is in them, one flow at a time.
Whatever cannot be read becomes a sentence in its place; no exception leaves."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Generic, TypeVar

from passlens.exchange import Exchange
from passlens.reading.har import Trouble, read_har
from passlens.reading.mitm_flow import OtherFlow, Unusual, read_parts
from passlens.reading.mitm_records import CutOff, NotRecords, whole_records
from passlens.reading.parts import to_exchange
from passlens.reading.source import Progress, Source, Tally
from passlens.reading.splitting import Part

if TYPE_CHECKING:
    from mitmproxy.flow import Flow

    from passlens.reading.filters import Wanted

__all__ = ["SUFFIXES", "Item", "Other", "Progress", "Trouble", "names", "read", "read_flows", "total_size"]

SUFFIXES: Final = (".mitm", ".flow", ".flows", ".har")
"""What counts as a recording inside a folder; a file that is named itself is told by its first bytes."""


@dataclass(frozen=True)
class Other:
    """A flow that is not HTTP (``kind``: tcp, udp, dns), or that nobody wants (``filtered``); it only counts."""

    file: str
    index: int
    kind: str


Item = Exchange | Other | Trouble

_MARK: Final = b"\xef\xbb\xbf"

_CAPTURE: Final = "is a packet capture, in which TLS is not decrypted: record with passlens proxy or mitmdump -w"
_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x1f\x8b", "is compressed with gzip: unpack it first (gunzip)"),
    (b"PK\x03\x04", "is a ZIP archive: unpack it and give the .har file inside, or export as HAR"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it first (unzstd)"),
    (b"x\x01", "is compressed with zlib: save it as .har instead of .zhar"),
    (b"x\x9c", "is compressed with zlib: save it as .har instead of .zhar"),
    (b"x\xda", "is compressed with zlib: save it as .har instead of .zhar"),
    (b"\xd4\xc3\xb2\xa1", _CAPTURE),
    (b"\xa1\xb2\xc3\xd4", _CAPTURE),
    (b"\x4d\x3c\xb2\xa1", _CAPTURE),
    (b"\xa1\xb2\x3c\x4d", _CAPTURE),
    (b"\x0a\x0d\x0d\x0a", _CAPTURE),
    (b"\xff\xfe", "is text in UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "is text in UTF-16: save it as UTF-8"),
    (b"\xac\xed", "is a Charles session: export it from Charles as HAR"),
    (b"[", "is a JSON list, while a HAR file is an object with a log: export it as HAR"),
    (b"<", "is XML or HTML: export the session as HAR"),
)


T = TypeVar("T")


@dataclass(frozen=True)
class _Taker(Generic[T]):
    """What becomes of a flow of a .mitm, by its position and file, and of an exchange of a .har; ``record`` is a faster
    way for records as they are written today, which raises Unusual for others."""

    flow: Callable[["Flow", int, str], T]
    exchange: Callable[[Exchange], T]
    record: Callable[[bytes, int, str], T] | None = None
    whole: bool = False


def read(
    paths: Sequence[str | Part], progress: Progress | None = None, wanted: "Wanted | None" = None
) -> Iterator[Item]:
    """Everything in the given files, folders (searched through, sorted) and ``-`` (standard input), in that order.

    Yields an Exchange for each HTTP flow that may be one of the API's, an Other for the rest and for each flow that is
    not ``wanted``, and a Trouble where something could not be read. ``progress`` is called with the bytes read so far
    and the bytes in all (None if unknown).
    """

    def from_mitm(flow: "Flow", index: int, file: str) -> Exchange | Other:
        # Imported where mitmproxy is needed: it takes longer to load than most recordings take to read.
        from passlens.reading.by_mitmproxy import exchange_of

        found = exchange_of(flow, index, file)
        if isinstance(found, str):
            return Other(file, index, found)
        return found if wanted is None or wanted(flow) else Other(file, index, "filtered")

    def from_record(record: bytes, index: int, file: str) -> Exchange | Other:
        try:
            return to_exchange(read_parts(record), index, file)
        except OtherFlow as other:
            return Other(file, index, str(other))

    def from_har(ex: Exchange) -> Exchange | Other:
        return ex if wanted is None or wanted(ex) else Other(ex.file or "", ex.index, "filtered")

    # A filter expression asks for mitmproxy's own objects.
    return _read(paths, progress, _Taker(from_mitm, from_har, from_record if wanted is None else None))


def read_flows(paths: Sequence[str], progress: Progress | None = None) -> Iterator["Flow | Trouble"]:
    """The flows themselves, of every protocol; entries of a .har are made into flows."""
    from mitmproxy.flow import Flow

    from passlens.reading.made_flows import to_flow

    return _read(paths, progress, _Taker[Flow](lambda flow, index, file: flow, to_flow, whole=True))


def _read(paths: Sequence[str | Part], progress: Progress | None, take: _Taker[T]) -> Iterator[T | Trouble]:
    found = [name for path in paths for name in ([path] if isinstance(path, Part) else _expand(path))]
    tally = Tally(progress, total_size([name for name in found if not isinstance(name, Part)]))
    for name in found:
        if isinstance(name, Trouble):
            yield name
        else:
            yield from _read_one(name if isinstance(name, Part) else Part(name, 0, None, 0), tally, take)


def names(paths: Sequence[str]) -> list[str | Trouble]:
    """The recordings that paths stand for, in their order: folders by what is in them, ``-`` as it is."""
    return [name for path in paths for name in _expand(path)]


def _expand(path: str) -> list[str | Trouble]:
    """The recordings that a path stands for."""
    try:
        if path == "-" or not os.path.isdir(path):
            return [path]
    except ValueError:  # a null byte; opening it will say so
        return [path]
    found: list[str | Trouble] = []
    blocked: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=blocked.append):
        folders.sort()
        found += [os.path.join(folder, file) for file in sorted(files) if file.lower().endswith(SUFFIXES)]
    found += [Trouble(str(error.filename), _os_sentence(error), None, True) for error in blocked]
    if not found:
        kinds = ", ".join(SUFFIXES)
        found.append(Trouble(path, f"is a folder without recordings: give a file or a folder with {kinds}", None, True))
    return found


def total_size(names: Sequence[str | Trouble]) -> int | None:
    """Bytes of all files together; None if one of them is no file."""
    total = 0
    for name in names:
        if isinstance(name, Trouble):
            continue
        try:
            if name == "-" or not os.path.isfile(name):
                return None
            total += os.stat(name).st_size
        except (OSError, ValueError):
            continue  # opening it will say so
    return total


def _read_one(part: Part, tally: Tally, take: _Taker[T]) -> Iterator[T | Trouble]:
    name, limit = part.name, None if part.stop is None else part.stop - part.start
    with ExitStack() as stack:
        try:
            if name == "-":
                stream: BinaryIO = sys.stdin.buffer
            else:
                stream = stack.enter_context(open(name, "rb"))
                if part.start:
                    stream.seek(part.start)
            yield from _read_stream(Source(stream, tally, limit), part, take)
        except OSError as error:
            yield Trouble(name, _os_sentence(error), None, True)
        except Exception as error:  # whatever arrives, the other recordings are still read
            # The error's own text may quote the file, which nobody has redacted.
            what = type(error).__name__
            yield Trouble(name, f"could not be read to its end ({what}): check the file", None, True)


def _os_sentence(error: OSError) -> str:
    advice = {
        FileNotFoundError: "check the name",
        PermissionError: "make it readable for you",
    }.get(type(error), "check the file and its disk")
    return f"cannot be read ({error.strerror or error}): {advice}"


def _read_stream(source: Source, part: Part, take: _Taker[T]) -> Iterator[T | Trouble]:
    """Tell the format by the first bytes."""
    name = part.name
    start = source.peek(64)
    text = start.removeprefix(_MARK).lstrip(b" \t\r\n")
    if not start:
        yield Trouble(name, "is empty: nothing was recorded, or the recorder has not written it yet", None, True)
    elif text.startswith(b"{"):
        for item in read_har(source, name, whole=take.whole):
            yield item if isinstance(item, Trouble) else take.exchange(item)
    elif start[:1].isdigit():
        yield from _read_mitm(source, part, take)
    else:
        foreign = [sentence for magic, sentence in _FOREIGN if start.startswith(magic) or text.startswith(magic)]
        unknown = "is neither a .mitm nor a .har recording: give what mitmproxy saved or a browser exported as HAR"
        yield Trouble(name, foreign[0] if foreign else unknown, None, True)


def _read_mitm(source: Source, part: Part, take: _Taker[T]) -> Iterator[T | Trouble]:
    name, index = part.name, part.first - 1
    try:
        for index, record in enumerate(whole_records(source), part.first):
            item = _from_record(record, index, name, take)
            yield item
    except CutOff:
        where = f"flow {index + 1} is cut off"
        sentence = f"{where}: the recording is still being written or was cut short; what stands before it was read"
        yield Trouble(name, sentence, index + 1, True)
    except NotRecords as error:
        if index < part.first and not part.start:
            sentence = "starts with a digit like a .mitm recording but is none: give what mitmproxy or a browser saved"
        else:
            sentence = f"is damaged after flow {index} ({error}): record again; what stands before was read"
        yield Trouble(name, sentence, index + 1, True)


def _from_record(record: bytes, index: int, name: str, take: _Taker[T]) -> T | Trouble:
    """One flow. A record that is damaged inside or comes from a newer mitmproxy leaves its neighbours readable."""
    if take.record is not None:
        with suppress(Unusual):
            return take.record(record, index, name)
    from passlens.reading.by_mitmproxy import Unreadable, read_flow

    try:
        return take.flow(read_flow(record), index, name)
    except Unreadable as error:
        sentence = f"flow {index} cannot be read because {error}; the rest was read: record it again"
        return Trouble(name, sentence, index, False)
