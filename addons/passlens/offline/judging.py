"""Recordings in, judged exchanges out, in file order: the part of a check that can run in a process of its own."""

from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from passlens.exchange import Exchange
from passlens.offline.messages import messages
from passlens.offline.settings import Settings
from passlens.reading.filters import wanted
from passlens.reading.splitting import Part
from passlens.recording import Other, Progress, Trouble, read
from passlens.reports.formats import Words
from passlens.reports.tally import Tally
from passlens.verdict import Entry, fault, judge

if TYPE_CHECKING:
    from passlens.offline.rehearsal import Rehearsal


class Worded(NamedTuple):
    """Some entries and flows that only count: what a report has of them, and how they count."""

    text: str
    tally: Tally


Judged = Entry | Worded | Trouble | Other
"""An entry with the findings that count, several in the words of a report, a part that could not be read, or a flow
that only counts."""


def judged(
    files: Sequence[str | Part], settings: Settings, progress: Progress | None = None
) -> Generator[Judged, None, None]:
    """Read and judge everything in the given files, folders and ``-``; no exception leaves but KeyboardInterrupt.

    Filter and scenario were looked at before: what is wrong with them is a ValueError here.
    """
    rehearsal = _rehearsal(settings)
    for item in read(files, progress, wanted(settings.flow_filter)):
        if isinstance(item, Trouble):
            yield item
        elif isinstance(item, Exchange) and item.route is not None:
            yield _entry(item, settings, rehearsal)
        else:
            yield item if isinstance(item, Other) else Other(item.file or "input", item.index, "http")


def worded(items: Iterable[Judged], words: Words) -> list[Judged]:
    """The same with all entries and flows between two parts that could not be read put into the words of a report."""
    found: list[Judged] = []
    texts: list[str] = []
    tally = Tally()
    for item in items:
        if isinstance(item, dict):
            tally.add(item)
            texts.append(words(item))
        elif isinstance(item, Other):
            tally.other_flows += 1
        else:
            found += [Worded("".join(texts), tally), item]
            texts, tally = [], Tally()
    return [*found, Worded("".join(texts), tally)]


def _rehearsal(settings: Settings) -> "Rehearsal | None":
    if not settings.scenario:
        return None
    # Imported here, because it brings mitmproxy, which takes longer to load than most recordings take to read.
    from passlens.live.switching import read as read_rules
    from passlens.offline.rehearsal import Rehearsal
    from passlens.scenarios.library import Library

    library = Library([Path(settings.rules)] if settings.rules else [], read=read_rules)
    return Rehearsal(library.load(settings.scenario), reveal=settings.reveal)


def _entry(ex: Exchange, settings: Settings, rehearsal: "Rehearsal | None" = None) -> Entry | Trouble:
    """The entry with the findings that count, or the trouble when passlens itself fails on it."""
    try:
        entry = judge(ex, reveal=settings.reveal)
        if rehearsal is not None:
            entry["dry_run"] = rehearsal.tell(ex).member
        if settings.shows_messages:
            entry["messages"] = messages(ex, reveal=settings.reveal)
    except Exception as error:  # the other exchanges are still judged
        return unjudged(ex, error)
    entry["findings"] = [finding for finding in entry["findings"] if settings.wants(finding["code"])]
    return entry


def unjudged(ex: Exchange, error: Exception) -> Trouble:
    """What stands in the place of an exchange that passlens itself fails on."""
    words = f"flow {ex.index} could not be judged ({fault(error)}); this is a fault of passlens, report it"
    return Trouble(ex.file or "input", words, ex.index, False)
