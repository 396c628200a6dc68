"""Where the reports of a check go: standard output, and files that appear under their names only when they are whole.
An output that fails is given up with one sentence; the others go on."""

import errno
import io
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Final, Self, TextIO

from passlens.atomic import replacing
from passlens.recording import SUFFIXES
from passlens.reports.formats import FORMATS, Maker
from passlens.reports.tally import Tally
from passlens.reports.words import safe
from passlens.verdict import Entry, fault

_ADVICE: Final = {
    errno.EISDIR: "name a file, not a folder",
    errno.ENOENT: "make its folder first",
    errno.ENOTDIR: "make its folder first",
    errno.EACCES: "name a place that you may write to",
    errno.EPERM: "name a place that you may write to",
    errno.EROFS: "name a place that you may write to",
    errno.ENOSPC: "make room or name another place",
    errno.EDQUOT: "make room or name another place",
    errno.EFBIG: "make room or name another place",
}


def parse_outputs(values: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of format and file from FORMAT=FILE; raises ValueError with a whole sentence."""
    found: list[tuple[str, str]] = []
    places: dict[str, str] = {}
    for value in values:
        form, equals, path = value.partition("=")
        if not equals or not path:
            raise ValueError(f"{value!r} is not FORMAT=FILE; write it like junit=report.xml.")
        if form not in FORMATS:
            raise ValueError(f"{form!r} is no format; give one of {', '.join(FORMATS)}.")
        if path == "-":
            raise ValueError(f"{value!r} names no file; --format {form} prints to standard output.")
        if path.lower().endswith(SUFFIXES):
            raise ValueError(f"{value!r} would write over a recording; give the report a name of its own.")
        real = os.path.realpath(path)
        if real in places and real != os.devnull:
            raise ValueError(f"{places[real]!r} and {value!r} are one file; give each report its own.")
        places[real] = value
        found.append((form, path))
    return found


class Target:
    """The text of a file that takes its name when it is finished, and is not there when it is abandoned."""

    def __init__(self, path: str) -> None:
        self.name = path
        self._stack = ExitStack()
        stream = self._stack.enter_context(replacing(path))
        self.out = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="\n")

    def finish(self) -> None:
        """Put the file under its name."""
        self.out.flush()
        self.out.detach()
        self._stack.close()

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError, ValueError):
            self.out.detach()
        with suppress(_GivenUp, OSError):
            self._stack.__exit__(_GivenUp, _GivenUp(), None)


class _GivenUp(Exception):
    """Ends the writing of a file whose report has failed."""


class _Output:
    """A report and where it goes; ``target`` is None for standard output."""

    def __init__(self, make: Maker, out: TextIO, target: Target | None) -> None:
        self.target = target
        self.out = out
        self.report = make(out)

    def finish(self) -> None:
        if self.target is None:
            self.out.flush()
        else:
            self.target.finish()


class Outputs:
    """All reports of one check, written together; itself a report. ``say`` takes sentences for the user."""

    def __init__(
        self, out: TextIO, make: Maker, files: Sequence[tuple[Maker, str]], say: Callable[[str], None]
    ) -> None:
        self._say = say
        self._live: list[_Output] = []
        self._lost: OSError | None = None
        self.failed = False
        """True if a file could not be written."""
        for maker, path in files:
            self._open(maker, path)
        self._live.append(_Output(make, out, None))

    def _open(self, make: Maker, path: str) -> None:
        target = None
        try:
            target = Target(path)
            self._live.append(_Output(make, target.out, target))
        except OSError as error:
            self._fail(path, target, error)
        except ValueError:
            self._say(f"passlens: the report {safe(path)} cannot be written: this is no name of a file.")
            self.failed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what has not been finished."""
        for output in self._live:
            if output.target is not None:
                output.target.abandon()

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._each(lambda output: output.report.entry(entry))

    def words(self, text: str) -> None:
        """Entries that somebody has put into the words of the one report that there is."""
        self._each(lambda output: output.out.write(text))

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        self._each(lambda output: output.report.trouble(file, index, message))

    def close(self, tally: Tally) -> None:
        """Finish the reports; raises OSError if standard output could not be written."""

        def end(output: _Output) -> None:
            output.report.close(tally)
            output.finish()

        self._each(end)
        self._live.clear()
        if self._lost is not None:
            raise self._lost

    def _each(self, action: Callable[[_Output], object]) -> None:
        for output in tuple(self._live):
            try:
                action(output)
            except Exception as error:  # a fault in one format costs that report only
                self._live.remove(output)
                if output.target is None and isinstance(error, OSError):
                    self._lost = error
                else:
                    name = output.target.name if output.target is not None else "standard output"
                    self._fail(name, output.target, error)
        if not self._live and self._lost is not None:
            raise self._lost

    def _fail(self, name: str, target: Target | None, error: Exception) -> None:
        self.failed = True
        if target is not None:
            target.abandon()
        if isinstance(error, OSError):
            advice = _ADVICE.get(error.errno or 0, "name another place")
            words = f"cannot be written ({error.strerror or type(error).__name__}): {advice}"
        else:
            words = f"could not be made ({fault(error)}); this is a fault of passlens, report it"
        self._say(f"passlens: the report {safe(name)} {words}.")
