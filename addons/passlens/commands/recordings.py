"""``passlens scrub`` and ``passlens convert``: recordings to be sent on, and recordings in the other format.
Both write the whole file or none, and never over the input."""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import BinaryIO, Final, TextIO, TypeVar, cast

import click

from passlens.atomic import replacing
from passlens.conversion.files import Converted
from passlens.conversion.files import convert as convert_file
from passlens.conversion.inputs import Mistake, is_har
from passlens.offline.progress import Progress
from passlens.offline.stopping import cleaning_up
from passlens.recording import SUFFIXES
from passlens.recording import Progress as Read
from passlens.reports.words import plural, safe
from passlens.scrubbing.files import OTHER, Copy, copy

EXIT_UNREAD: Final = 2

_SCRUB: Final = """\b
Examples:
  passlens scrub tv.mitm -o clean.mitm
  passlens scrub session.har -o clean.har --key "the same for all files"
  mitmdump -nr tv.mitm -w - | passlens scrub - -o clean.mitm

Exit status: 0 written, 2 a usage mistake, or a recording that could not be read to its end (what could be read is
written)."""

_CONVERT: Final = """\b
Examples:
  passlens convert tv.mitm -o tv.har
  passlens convert session.har -o session.mitm

Exit status: 0 written, 2 a usage mistake, or a recording that could not be read to its end (what could be read is
written)."""

_OUTPUT: Final = click.option("--output", "-o", required=True, metavar="OUT", help="The file to write.")

Done = TypeVar("Done")


class _Watched(io.BufferedIOBase):
    """A recording that tells how much of it was read, as often as it is read."""

    def __init__(self, source: BinaryIO, told: Read, passes: int) -> None:
        self._source, self._told = source, told
        self._done, self._total = 0, passes * source.seek(0, io.SEEK_END)
        source.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        """Bytes of the source, told."""
        data = self._source.read(-1 if size is None else size)
        self._done += len(data)
        self._told(min(self._done, self._total), self._total)
        return data

    read1 = read

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the source."""
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """The place in the source."""
        return self._source.tell()

    def fileno(self) -> int:
        """The file of the source."""
        return self._source.fileno()


@click.command(epilog=_SCRUB)
@click.argument("recording", metavar="IN")
@_OUTPUT
@click.option("--key", metavar="TEXT", help="Same stand-ins for the same values in all files of one key; else random.")
@click.option(
    "--other",
    type=click.Choice(OTHER),
    default=OTHER[0],
    show_default=True,
    help="Other HTTP traffic: keep method, host, shape of path and times only, or scrub it as well.",
)
def scrub(recording: str, output: str, key: str | None, other: str) -> int:
    """Write a clean copy of a recording (.mitm or .har; - for standard input), to be sent on.

    Tokens, identifiers, addresses, cookies, SAML and personal values become stand-ins of the same form, so that the
    copy decodes as before and has the same findings. Hosts, session codes, service provider and MVPD names stay.
    WebSocket, TCP, UDP and DNS flows keep their place and lose their content.
    """
    if key is not None and not key:
        raise click.UsageError("the key is empty; give a text, or leave --key out for a random one.")
    har = _is_har_name(output)

    def make(source: BinaryIO, target: BinaryIO) -> Copy:
        if is_har(source) != har:
            kind = ".mitm" if har else ".har"
            raise Mistake(
                f"is a {kind} recording and so is its copy: name a {kind} file, or use passlens convert first"
            )
        return copy(source, target, key=key, other=other)

    done = _write(recording, output, make, passes=2)
    return _tell(output, done.lines, done.troubles, recording, sys.stdout, sys.stderr)


@click.command(epilog=_CONVERT)
@click.argument("recording", metavar="IN")
@_OUTPUT
def convert(recording: str, output: str) -> int:
    """Write a recording (- for standard input) in the other format: .mitm as .har, .har as .mitm.

    A .har cannot hold flows that are not HTTP, bodies that were streamed, certificates and backups of edited flows; a
    .mitm holds what the .har has.
    """
    har = _is_har_name(output)

    def make(source: BinaryIO, target: BinaryIO) -> Converted:
        return convert_file(source, target, har=har)

    done = _write(recording, output, make, passes=1)
    lost = done.cannot_hold()
    lines = [f"{plural(done.count, 'flow')} written.", *([lost] if lost else [])]
    return _tell(output, lines, done.troubles, recording, sys.stdout, sys.stderr)


def _is_har_name(output: str) -> bool:
    if not output.lower().endswith(SUFFIXES):
        raise click.UsageError(f"{output} does not say its format; name a .mitm or a .har file.")
    return output.lower().endswith(".har")


def _write(recording: str, output: str, make: Callable[[BinaryIO, BinaryIO], Done], *, passes: int) -> Done:
    """Open both files and make one of the other, which takes ``passes``; every mistake becomes one sentence."""
    with cleaning_up(), _opened(recording) as source, Progress(sys.stderr) as progress:
        if _same(source, output):
            raise click.UsageError(safe(f"{output} is the recording itself, which is never written over."))
        try:
            with replacing(output) as target:
                # It has all that is used of a stream, though not the type.
                return make(cast(BinaryIO, _Watched(source, progress.bytes, passes)), target)
        except Mistake as error:
            raise click.UsageError(safe(f"{recording} {error}.")) from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            words = f"{output} cannot be written ({why}); make room or name another place."
            raise click.UsageError(safe(words)) from None


def _opened(recording: str) -> BinaryIO:
    """The recording as a file that can be read twice; what comes through a pipe is kept in a file without a name."""
    try:
        source: BinaryIO = sys.stdin.buffer if recording == "-" else open(recording, "rb")  # noqa: SIM115
        if source.seekable():
            return source
        kept = tempfile.TemporaryFile()  # noqa: SIM115
        with source:
            shutil.copyfileobj(source, kept)
        return kept
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise click.UsageError(safe(f"{recording} cannot be read ({why}); check the name.")) from None


def _same(source: BinaryIO, output: str) -> bool:
    try:
        return os.path.samestat(os.fstat(source.fileno()), os.stat(output))
    except (OSError, ValueError):
        return False


def _tell(output: str, lines: Iterable[str], troubles: Iterable[str], recording: str, out: TextIO, err: TextIO) -> int:
    for place, line in enumerate(lines):
        out.write(safe(f"{output}: {line}" if place == 0 else f"  {line}") + "\n")
    status = 0
    for trouble in troubles:
        err.write(safe(f"passlens: {recording}: {trouble}.") + "\n")
        status = EXIT_UNREAD
    return status
