"""The recording that a running proxy makes (``--record``): flows wait, as they are, in a file without a name, and their
clean copy is written under the name at the end, since only then all secrets are known that stand in them."""

import errno
import io
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, Literal, cast

from mitmproxy.flow import Flow
from mitmproxy.io import FlowWriter

from passlens.errors import UsageError, WriteError
from passlens.recordings.convert import convert
from passlens.recordings.har_writer import write_har
from passlens.scrub.files import OTHER, copy
from passlens.util.atomic import PRIVATE, cannot_write, replacing
from passlens.util.text import escape_controls

Form = Literal["har", "mitm"]


class RecordFile:
    """One recording to be. ``real`` leaves secrets in it. Raises UsageError where it cannot be written."""

    def __init__(self, path: str, *, real: bool) -> None:
        self.path, self.real = path, real
        self.flows = self.lost = 0
        self._place, self._form = Path(path).expanduser(), form_of(path)
        try:
            self._spool = _spool(self._place)
        except (OSError, ValueError) as error:
            raise UsageError(cannot_write(f"the recording {escape_controls(path)}", error)) from None

    def add(self, flow: Flow) -> None:
        """Keep a flow; raises OSError or WriteError where that fails, and what is there stays whole."""
        end = self._spool.tell()
        try:
            left = memoryview(saved(flow))
            while left:
                left = left[self._spool.write(left) :]
        except (OSError, WriteError):
            self.lost += 1
            self._spool.seek(end)
            self._spool.truncate()
            raise
        self.flows += 1

    def close(self) -> None:
        """Write nothing."""
        self._spool.close()

    def finish(self) -> list[str]:
        """Write the recording; sentences about flows that are not in it. Raises WriteError."""
        try:
            written = replacing(self._place, PRIVATE) if self.real else replacing(self._place)
            with self._spool, written as target:
                return write_copy(cast(BinaryIO, self._spool), target, self._form, clean=not self.real)
        except OSError as error:
            raise WriteError(cannot_write(f"the recording {escape_controls(self.path)}", error)) from None


def _spool(place: Path) -> io.FileIO:
    """A file without a name, unbuffered, beside the file to be, where there is room for it: nobody else can open it,
    and it goes with the process. Raises OSError where no file could be written there."""
    if place.exists() and not place.is_file():
        raise FileExistsError(errno.EEXIST, "something else has that name")
    if place.exists() and not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return tempfile.TemporaryFile(buffering=0, dir=place.resolve().parent)


def check_place(path: str) -> None:
    """Raise UsageError where no recording could be written."""
    RecordFile(path, real=False).close()


def form_of(path: str) -> Form:
    """The format that the name of a recording asks for; raises UsageError."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix == ".har":
        return "har"
    if suffix in (".mitm", ".flow", ".flows"):
        return "mitm"
    raise UsageError(f"the recording {escape_controls(path)} does not say its format: name a .mitm or a .har file.")


def saved(flow: Flow) -> bytes:
    """The record of a flow; raises WriteError where it holds what mitmproxy cannot save: an addon may have put anything
    into its metadata."""
    made = io.BytesIO()
    try:
        FlowWriter(made).add(flow)  # type: ignore[no-untyped-call, unused-ignore]
    except (ValueError, TypeError, RecursionError) as error:
        # Its words are left out, for they quote the value.
        raise WriteError(f"mitmproxy cannot save what another addon put into it, {type(error).__name__}") from None
    return made.getvalue()


def write_copy(flows: BinaryIO, target: BinaryIO, form: Form, *, clean: bool) -> list[str]:
    """Write a copy of flows as mitmproxy writes them, ``clean`` without secrets; sentences about what is not in it.
    Takes a while for many flows: not to be called where traffic waits."""
    if not flows.seek(0, os.SEEK_END):
        write_har(target, ())  # a .mitm of no flow has no byte; mitmproxy reads this as well
        return []
    said: list[str] = []
    with tempfile.TemporaryFile() as between:
        source = flows
        if clean:
            out = cast(BinaryIO, between) if form == "har" else target
            said += copy(flows, out, key=None, other=OTHER[0]).read_errors
            source = cast(BinaryIO, between)
        if form == "har":
            said += convert(source, target, har=True).read_errors
        elif not clean:
            flows.seek(0)
            while piece := flows.read(1 << 20):
                target.write(piece)
    return said
