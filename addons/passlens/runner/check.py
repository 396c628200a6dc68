"""``passlens check``: recordings in, reports out, a verdict as exit status."""

import os
from collections.abc import Generator, Sequence
from typing import Final, TextIO

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.analysis.expected import member
from passlens.analysis.summary import RunSummary
from passlens.checks.finding import SEVERITIES
from passlens.errors import InputError, ReadError, Remark, WriteError
from passlens.recordings.reader import Other, ReportProgress, names
from passlens.reports.formats import FORMATS, SUMMARY, Report, Words, maker, words_of
from passlens.reports.summary_text import strangers
from passlens.runner.analyze import Analyzed, Apart, Ended, Expected, Worded, analyzed
from passlens.runner.jobs import analyzed_in_parallel
from passlens.runner.known_scenarios import expected_of
from passlens.runner.outputs import Outputs
from passlens.runner.post_processors import PostProcessor
from passlens.runner.progress import Progress
from passlens.runner.settings import CheckSettings
from passlens.runner.signals import Stopping
from passlens.scenarios.expectations import not_exercised
from passlens.scenarios.model import Scenario
from passlens.util.text import escape_controls, plural

__all__ = ["FORMATS", "SUMMARY", "CheckSettings", "Report", "check_recordings"]

_STOPPED: Final = "the check was stopped ({}), this report is partial: run it again for the rest"


def check_recordings(
    files: Sequence[str],
    settings: CheckSettings,
    out: TextIO,
    err: TextIO,
    post_processors: Sequence[PostProcessor] = (),
) -> int:
    """Read, check and report; returns the exit status (0, 1, 2, 4, 130 or 143 as ``passlens check --help`` says).

    ``post_processors`` see each entry before the reports do.
    """
    expected = list(expected_of(settings.expect, settings.rules))
    several = len(files) != 1 or os.path.isdir(files[0])
    wanted = [(maker(form, several=several, file=True), path) for form, path in settings.outputs]
    quiet = out.isatty() and settings.form != SUMMARY
    words = None if post_processors or wanted else words_of(settings.form, out, several=several)
    with (
        Progress(err, quiet=quiet) as progress,
        Stopping() as stopping,
        Outputs(wanted, progress.say, (out, maker(settings.form, several=several)), reveal=settings.reveal) as report,
    ):
        run = _CheckRun(settings, progress, report, post_processors)
        for item in stopping.until(_items(files, settings, progress.bytes, words)):
            run.take(item)
        return run.end(expected, stopping)


class _CheckRun:
    """One run: what is found is counted, and handed on to the post-processors and to the reports."""

    def __init__(
        self, settings: CheckSettings, progress: Progress, report: Outputs, post_processors: Sequence[PostProcessor]
    ) -> None:
        self._settings, self._progress, self._report = settings, progress, report
        self._post_processors = post_processors
        self._exercised: set[tuple[str, str]] = set()
        self._summary = RunSummary()
        self._summary.configuration = settings.in_force()
        if (in_force := settings.in_words()) is not None:
            self._summary.closing.append(in_force)
        progress.exchanges = 0

    def take(self, item: Analyzed) -> None:
        """One more thing that was found."""
        summary = self._summary
        if isinstance(item, Worded):
            summary.merge(item.summary)
            self._report.words(item.text)
        elif isinstance(item, Remark):
            self._say(item.file or "input", item.sentence)
        elif isinstance(item, ReadError):
            self._read_error(item.file or "input", item.index, item.sentence)
        elif isinstance(item, Other):
            summary.add_other(item.stranger)
        elif isinstance(item, Ended):
            self._journey(item.journey)
        elif isinstance(item, Expected):
            self._exercised.add((item.expectation["scenario"], item.expectation["name"]))
            self._expectation(item.expectation)
        elif isinstance(item, Apart):
            summary.undated += item.late
            summary.closing += [f"{item.file}: {remark}" for remark in item.remarks]
        else:
            self._entry(item)
        self._progress.exchanges = summary.exchanges

    def _entry(self, entry: Entry) -> None:
        for post_processor in self._post_processors:
            post_processor.entry(entry)
        self._summary.add(entry)
        self._report.entry(entry)

    def _journey(self, journey: Journey) -> None:
        journey["id"] = self._summary.verdicts.total() + 1  # each file counted for itself
        for post_processor in self._post_processors:
            post_processor.journey(journey)
        self._summary.add_journey(journey)
        self._report.journey(journey)

    def _expectation(self, expectation: Expectation) -> None:
        self._summary.add_expectation(expectation)
        self._report.expectation(expectation)

    def _read_error(self, file: str, index: int | None, sentence: str) -> None:
        self._summary.unreadable += 1
        self._report.read_error(file, index, sentence)
        if self._settings.form != "text":
            self._say(file, sentence)

    def _say(self, file: str, sentence: str) -> None:
        self._progress.say(f"passlens: {escape_controls(file)}: {escape_controls(sentence)}.")

    def end(self, expected: Sequence[Scenario], stopping: Stopping) -> int:
        """The input has ended, or the run was stopped; returns the exit status."""
        for scenario in expected:
            for verdict in not_exercised(scenario, self._exercised):
                self._expectation(member(verdict, None))
        summary, settings = self._summary, self._settings
        summary.nothing = not (summary.exchanges or summary.unreadable or stopping.asked)
        if stopping.asked:
            summary.partial = True
            self._read_error("input", None, _STOPPED.format(stopping.name))
        status = max(map(self._closed, self._post_processors), default=0)
        if summary.nothing and not settings.allow_empty:
            self._progress.say(f"passlens: {escape_controls(_nothing(settings, summary))}")
        self._report.close(summary)
        # A signal that came after the last exchange stops nothing.
        return stopping.status if summary.partial else _status(settings, summary, max(status, self._report.status))

    def _closed(self, post_processor: PostProcessor) -> int:
        """Close a post-processor; the status that it asks for."""
        try:
            problem = post_processor.close(self._summary)
            status = InputError.exit_status if problem is not None else 0
        except WriteError as error:
            problem, status = str(error), error.exit_status
        if problem is not None:
            self._progress.say(f"passlens: {escape_controls(problem)}")
        return status


def _items(
    files: Sequence[str], settings: CheckSettings, progress: ReportProgress, words: Words | None
) -> Generator[Analyzed, None, None]:
    """What is in the files, in file order. A dry run keeps state from one file to the next and reads one at a time."""
    if settings.jobs > 1 and not settings.scenario and len(found := names(files)) > 1:
        return analyzed_in_parallel(found, settings, progress, words)
    return analyzed(files, settings, progress)


def _nothing(settings: CheckSettings, summary: RunSummary) -> str:
    """Why there is nothing to check, and what to do, as a sentence."""
    seen = plural(summary.other_flows, "other flow") if summary.other_flows else "no other flows either"
    why = (
        f"no exchange of the API that matches --filter {settings.flow_filter} ({seen})"
        if settings.flow_filter
        else f"no exchange of the API in the input ({seen})"
    )
    named = "".join(f"; {line}" for line in strangers(summary))
    return f"nothing to check: {why}{named}; look at the input, or say --allow-empty where that is fine."


def _status(settings: CheckSettings, summary: RunSummary, failed: int) -> int:
    """``failed`` is the status that what was to be written asks for; 0 if all was."""
    if failed:
        return failed
    if summary.unreadable or (summary.nothing and not settings.allow_empty):
        return InputError.exit_status
    if settings.fail_on == "never":
        return 0
    least = next(place for place, severity in enumerate(SEVERITIES) if severity == settings.fail_on)
    return 1 if any(summary.severities[severity] for severity in SEVERITIES[least:]) else 0
