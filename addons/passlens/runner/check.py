"""``passlens check``: recordings in, reports out, a verdict as exit status."""

import os
from collections.abc import Generator, Sequence
from typing import Final, TextIO

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
    summary = RunSummary()
    summary.configuration = settings.in_force()
    if (in_force := settings.in_words()) is not None:
        summary.closing.append(in_force)
    several = len(files) != 1 or os.path.isdir(files[0])
    wanted = [(maker(form, several=several, file=True), path) for form, path in settings.outputs]
    quiet = out.isatty() and settings.form != SUMMARY
    with (
        Progress(err, quiet=quiet) as progress,
        Stopping() as stopping,
        Outputs(wanted, progress.say, (out, maker(settings.form, several=several)), reveal=settings.reveal) as report,
    ):

        def read_error(file: str, index: int | None, sentence: str) -> None:
            summary.unreadable += 1
            report.read_error(file, index, sentence)
            if settings.form != "text":
                progress.say(f"passlens: {escape_controls(file)}: {escape_controls(sentence)}.")

        exercised: set[tuple[str, str]] = set()
        progress.exchanges = 0
        words = None if post_processors or wanted else words_of(settings.form, out, several=several)
        for item in stopping.until(_items(files, settings, progress.bytes, words)):
            if isinstance(item, Worded):
                summary.merge(item.summary)
                report.words(item.text)
                progress.exchanges = summary.exchanges
            elif isinstance(item, Remark):
                progress.say(f"passlens: {escape_controls(item.file or 'input')}: {escape_controls(item.sentence)}.")
            elif isinstance(item, ReadError):
                read_error(item.file or "input", item.index, item.sentence)
            elif isinstance(item, Other):
                summary.add_other(item.stranger)
            elif isinstance(item, Ended):
                item.journey["id"] = summary.verdicts.total() + 1  # each file counted for itself
                for post_processor in post_processors:
                    post_processor.journey(item.journey)
                summary.add_journey(item.journey)
                report.journey(item.journey)
            elif isinstance(item, Expected):
                exercised.add((item.expectation["scenario"], item.expectation["name"]))
                summary.add_expectation(item.expectation)
                report.expectation(item.expectation)
            elif isinstance(item, Apart):
                summary.undated += item.late
                summary.closing += [f"{item.file}: {remark}" for remark in item.remarks]
            else:
                for post_processor in post_processors:
                    post_processor.entry(item)
                summary.add(item)
                report.entry(item)
                progress.exchanges = summary.exchanges
        for scenario in expected:
            for verdict in not_exercised(scenario, exercised):
                summary.add_expectation(member(verdict, None))
                report.expectation(member(verdict, None))
        summary.nothing = not (summary.exchanges or summary.unreadable or stopping.asked)
        if stopping.asked:
            summary.partial = True
            read_error("input", None, _STOPPED.format(stopping.name))
        status = 0
        for post_processor in post_processors:
            try:
                problem = post_processor.close(summary)
                status = max(status, InputError.exit_status if problem is not None else 0)
            except WriteError as error:
                problem, status = str(error), error.exit_status
            if problem is not None:
                progress.say(f"passlens: {escape_controls(problem)}")
        if summary.nothing and not settings.allow_empty:
            progress.say(f"passlens: {escape_controls(_nothing(settings, summary))}")
        report.close(summary)
        # A signal that came after the last exchange stops nothing.
        return stopping.status if summary.partial else _status(settings, summary, max(status, report.status))


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
