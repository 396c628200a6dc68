"""``passlens check``: recordings in, reports out, a verdict as exit status."""

from collections.abc import Generator, Sequence
from typing import Final, TextIO

from passlens.checks.finding import SEVERITIES
from passlens.offline.companions import Companion
from passlens.offline.judging import Judged, Worded, judged
from passlens.offline.outputs import Outputs
from passlens.offline.parallel import divided, judged_in_parallel
from passlens.offline.progress import Progress
from passlens.offline.settings import Settings
from passlens.offline.stopping import Stopping
from passlens.recording import Other, Trouble, names
from passlens.recording import Progress as Read
from passlens.reports.formats import FORMATS, SUMMARY, Report, Words, maker, words_of
from passlens.reports.tally import Tally
from passlens.reports.words import safe

__all__ = ["FORMATS", "SUMMARY", "Report", "Settings", "check_recordings"]

_STOPPED: Final = "the check was stopped ({}), this report is partial: run it again for the rest"


def check_recordings(
    files: Sequence[str], settings: Settings, out: TextIO, err: TextIO, companions: Sequence[Companion] = ()
) -> int:
    """Read, judge and report; returns the exit status (0, 1, 2, 130 or 143 as ``passlens check --help`` says).

    ``companions`` see each entry before the reports do.
    """
    tally = Tally()
    wanted = [(maker(form), path) for form, path in settings.outputs]
    quiet = out.isatty() and settings.form != SUMMARY
    with (
        Progress(err, quiet=quiet) as progress,
        Stopping() as stopping,
        Outputs(out, maker(settings.form), wanted, progress.say) as report,
    ):

        def trouble(file: str, index: int | None, sentence: str) -> None:
            tally.unreadable += 1
            report.trouble(file, index, sentence)
            if settings.form != "text":
                progress.say(f"passlens: {safe(file)}: {safe(sentence)}.")

        progress.exchanges = 0
        words = None if companions or wanted else words_of(settings.form, out)
        for item in stopping.until(_items(files, settings, progress.bytes, words)):
            if isinstance(item, Worded):
                tally.merge(item.tally)
                report.words(item.text)
                progress.exchanges = tally.exchanges
            elif isinstance(item, Trouble):
                trouble(item.file or "input", item.index, item.sentence)
            elif isinstance(item, Other):
                tally.other_flows += 1
            else:
                for companion in companions:
                    companion.entry(item)
                tally.add(item)
                report.entry(item)
                progress.exchanges = tally.exchanges
        if stopping.asked:
            tally.partial = True
            trouble("input", None, _STOPPED.format(stopping.name))
        problems = [problem for companion in companions if (problem := companion.close(tally)) is not None]
        for problem in problems:
            progress.say(f"passlens: {safe(problem)}")
        report.close(tally)
        # A signal that came after the last exchange stops nothing.
        return stopping.status if tally.partial else _status(settings, tally, report.failed or bool(problems))


def _items(
    files: Sequence[str], settings: Settings, progress: Read, words: Words | None
) -> Generator[Judged, None, None]:
    """What is in the files, in file order. A dry run keeps state from one file to the next and reads one at a time."""
    if settings.jobs > 1 and not settings.scenario and len(work := divided(names(files), settings.jobs)) > 1:
        return judged_in_parallel(work, settings, progress, words)
    return judged(files, settings, progress)


def _status(settings: Settings, tally: Tally, failed: bool) -> int:
    if tally.unreadable or failed:
        return 2
    if settings.fail_on == "never":
        return 0
    least = next(place for place, severity in enumerate(SEVERITIES) if severity == settings.fail_on)
    return 1 if any(tally.severities[severity] for severity in SEVERITIES[least:]) else 0
