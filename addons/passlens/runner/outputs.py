"""Where the reports of a check go: standard output, and files that appear under their names only when they are whole.
An output that fails is given up with one sentence; the others go on."""

import io
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Self, TextIO

from passlens.analysis.analyzer import fault
from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.analysis.summary import RunSummary
from passlens.errors import UsageError, WriteError
from passlens.recordings.reader import SUFFIXES
from passlens.reports.formats import FORMATS, Maker
from passlens.scenarios.nearest import nearest_question
from passlens.util.atomic import PRIVATE, cannot_write, replacing
from passlens.util.text import escape_controls


def parse_outputs(values: Sequence[str], formats: Sequence[str] = FORMATS) -> list[tuple[str, str]]:
    """Pairs of format and file from FORMAT=FILE, for a command that writes ``formats``; raises ValueError with a whole
    sentence."""
    found: list[tuple[str, str]] = []
    places: dict[str, str] = {}
    for value in values:
        form, equals, path = value.partition("=")
        if not equals or not path:
            example = "junit=report.xml" if "junit" in formats else "json=report.json"
            raise ValueError(f"{value!r} is not FORMAT=FILE; write it like {example}.")
        if form not in FORMATS:
            raise ValueError(f"{form!r} is no format; {nearest_question(form, formats)}")
        if form not in formats:
            raise ValueError(f"this command writes {' and '.join(formats)}, not {form}.")
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

    def __init__(self, path: str, *, reveal: bool = False) -> None:
        self.name = path
        self._stack = ExitStack()
        stream = self._stack.enter_context(replacing(path, PRIVATE) if reveal else replacing(path))
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


def begin(stack: ExitStack, outputs: Sequence[tuple[str, str]]) -> list[tuple[str, Target]]:
    """Files for reports that are made at the end, with their formats. A place that cannot be is told before the work
    and not after it: UsageError. What ``write`` does not finish is gone when the stack is closed."""
    found = []
    for form, path in outputs:
        try:
            target = Target(path)
        except (OSError, ValueError) as error:
            raise UsageError(cannot_write(f"The report {path}", error)) from None
        stack.callback(target.abandon)
        found.append((form, target))
    return found


def write(target: Target, text: str) -> None:
    """Write such a report, and put it under its name; WriteError where that fails."""
    try:
        target.out.write(text)
        target.finish()
    except (OSError, ValueError) as error:
        raise WriteError(cannot_write(f"The report {target.name}", error)) from None


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
    """All reports of one check, written together; itself a report. ``say`` takes sentences for the user, ``main`` is
    what goes to standard output beside the files, and how. Files that ``reveal`` secrets are their user's alone."""

    def __init__(
        self,
        files: Sequence[tuple[Maker, str]],
        say: Callable[[str], None],
        main: tuple[TextIO, Maker] | None = None,
        *,
        reveal: bool = False,
    ) -> None:
        self.say, self._reveal = say, reveal
        self._live: list[_Output] = []
        self._lost: OSError | None = None
        self.status = 0
        """What the files make of the exit status: 2 where a place was wrong from the start, 4 where something that was
        seen could not be written."""
        for maker, path in files:
            self._open(maker, path)
        if main is not None:
            self._live.append(_Output(main[1], main[0], None))

    def _open(self, make: Maker, path: str) -> None:
        try:
            target = Target(path, reveal=self._reveal)
        except (OSError, ValueError) as error:
            self.say(f"passlens: {cannot_write(f'the report {escape_controls(path)}', error)}")
            self.status = UsageError.exit_status
        else:
            self._live.append(_Output(make, target.out, target))

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

    def journey(self, journey: Journey) -> None:
        """One journey that has ended."""
        self._each(lambda output: output.report.journey(journey))

    def expectation(self, expectation: Expectation) -> None:
        """What became of one expectation."""
        self._each(lambda output: output.report.expectation(expectation))

    def words(self, text: str) -> None:
        """Entries that somebody has put into the words of the one report that there is."""
        self._each(lambda output: output.out.write(text))

    def read_error(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        self._each(lambda output: output.report.read_error(file, index, message))

    def close(self, summary: RunSummary) -> None:
        """Finish the reports; raises OSError if standard output could not be written."""

        def end(output: _Output) -> None:
            output.report.close(summary)
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
        self.status = WriteError.exit_status
        if target is not None:
            target.abandon()
        report = f"the report {escape_controls(name)}"
        if isinstance(error, OSError):
            self.say(f"passlens: {cannot_write(report, error)}")
        else:
            self.say(f"passlens: {report} could not be made ({fault(error)}); this is a fault of passlens, report it.")
