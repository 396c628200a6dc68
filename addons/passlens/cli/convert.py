"""``passlens scrub`` and ``passlens convert``: recordings to be sent on, and recordings in the other format.
Both write the whole file or none, and never over the input."""

import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import BinaryIO, Final, TextIO, TypeVar, cast

import click

from passlens.cli import completion
from passlens.cli.command import Command, NearestChoice
from passlens.errors import RecordingError
from passlens.recordings.convert import Converted
from passlens.recordings.convert import convert as convert_file
from passlens.recordings.copy_source import is_har
from passlens.recordings.formats import os_sentence
from passlens.recordings.reader import SUFFIXES
from passlens.runner.originals import Watched, access, is_same, itself, opened, writing
from passlens.runner.progress import Progress
from passlens.runner.signals import cleaning_up
from passlens.scrub.files import OTHER, Copy, copy
from passlens.util.text import escape_controls, plural

EXIT_UNREAD: Final = 2

_SCRUB: Final = """\b
Examples:
  passlens scrub tv.mitm -o clean.mitm
  passlens scrub session.har -o clean.har --key "the same for all files"
  gunzip -c tv.mitm.gz | passlens scrub - -o clean.mitm"""

_CONVERT: Final = """\b
Examples:
  passlens convert tv.mitm -o tv.har
  passlens convert session.har -o session.mitm"""

STATUSES: Final = {
    0: "written",
    2: "a usage mistake, or a recording that could not be read to its end (what could be read is written)",
    4: "the new file could not be written",
}

_OUTPUT: Final = click.option(
    "--output", "-o", required=True, metavar="OUT", shell_complete=completion.files, help="The file to write."
)

Done = TypeVar("Done")


@click.command(cls=Command, epilog=_SCRUB, statuses=STATUSES)
@click.argument("recording", metavar="IN", shell_complete=completion.files)
@_OUTPUT
@click.option("--key", metavar="TEXT", help="Same stand-ins for the same values in all files of one key; else random.")
@click.option(
    "--other",
    type=NearestChoice(OTHER),
    default=OTHER[0],
    show_default=True,
    help="Other HTTP traffic: keep method, host, shape of path, status and times only, or scrub it as well.",
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
            raise RecordingError(
                f"is a {kind} recording and so is its copy: name a {kind} file, or use passlens convert first"
            )
        return copy(source, target, key=key, other=other)

    done = _write(recording, output, make, passes=2, clean=True)
    return _tell(output, [*done.lines, *_sentences(done.remarks)], done.read_errors, recording, sys.stdout, sys.stderr)


@click.command(cls=Command, epilog=_CONVERT, statuses=STATUSES)
@click.argument("recording", metavar="IN", shell_complete=completion.files)
@_OUTPUT
def convert(recording: str, output: str) -> int:
    """Write a recording (- for standard input) in the other format: .mitm as .har, .har as .mitm.

    A .har cannot hold flows that are not HTTP, bodies that were streamed, certificates and backups of edited flows; a
    .mitm holds what the .har has.
    """
    har = _is_har_name(output)

    def make(source: BinaryIO, target: BinaryIO) -> Converted:
        return convert_file(source, target, har=har)

    done = _write(recording, output, make, passes=1, clean=False)
    lost = done.cannot_hold()
    lines = [f"{plural(done.count, 'flow')} written.", *([lost] if lost else []), *_sentences(done.remarks)]
    return _tell(output, lines, done.read_errors, recording, sys.stdout, sys.stderr)


def _sentences(remarks: Iterable[str]) -> list[str]:
    return [f"The recording {remark}." for remark in remarks]


def _is_har_name(output: str) -> bool:
    if not output.lower().endswith(SUFFIXES):
        raise click.UsageError(f"{output} does not say its format; name a .mitm or a .har file.")
    return output.lower().endswith(".har")


def _write(
    recording: str, output: str, make: Callable[[BinaryIO, BinaryIO], Done], *, passes: int, clean: bool
) -> Done:
    """Make one file of the other, which takes ``passes``; every mistake becomes one sentence. Only what is ``clean``
    may be read by others than the recording."""
    with cleaning_up(), ExitStack() as stack:
        try:
            source = stack.enter_context(opened(recording))
        except OSError as error:
            raise click.UsageError(escape_controls(f"{recording} {os_sentence(error)}.")) from None
        except ValueError as error:
            raise click.UsageError(escape_controls(f"{recording} cannot be read ({error}); check the name.")) from None
        if is_same(recording, output):
            raise click.UsageError(escape_controls(itself(output)))
        progress = stack.enter_context(Progress(sys.stderr))
        try:
            with writing(output, 0o666 if clean else access([recording])) as target:
                # It has all that is used of a stream, though not the type.
                return make(cast(BinaryIO, Watched(source, progress.bytes, passes)), target)
        except RecordingError as error:
            raise click.UsageError(escape_controls(f"{recording} {error}.")) from None


def _tell(
    output: str, lines: Iterable[str], read_errors: Iterable[str], recording: str, out: TextIO, err: TextIO
) -> int:
    for place, line in enumerate(lines):
        out.write(escape_controls(f"{output}: {line}" if place == 0 else f"  {line}") + "\n")
    status = 0
    for read_error in read_errors:
        err.write(escape_controls(f"passlens: {recording}: {read_error}.") + "\n")
        status = EXIT_UNREAD
    return status
