"""Recordings in, judged exchanges out, in file order: the part of a check that can run in a process of its own."""

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from passlens.analysis.analyzer import fault
from passlens.analysis.entry import Entry, Expectation, Journey, with_messages
from passlens.analysis.entry_cache import analyze
from passlens.analysis.messages import messages
from passlens.analysis.order import WINDOW, Window
from passlens.analysis.summary import RunSummary
from passlens.analysis.tracker import Tracker
from passlens.errors import ReadError
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.recordings.filters import wanted
from passlens.recordings.reader import Item, Opener, Other, ReportProgress, open_file, read
from passlens.reports.formats import Words
from passlens.rest_v2.strangers import stranger
from passlens.runner.known_scenarios import known_scenarios
from passlens.runner.settings import CheckSettings

logger = logging.getLogger(__name__)

AHEAD: Final = 32
"""Items of a recording that are read before they are judged; their bodies have a MiB each at most."""

if TYPE_CHECKING:
    from passlens.runner.dry_run import DryRun
    from passlens.scenarios.model import Scenario


class Worded(NamedTuple):
    """Some entries and flows that only count: what a report has of them, and how they count."""

    text: str
    summary: RunSummary


class Ended(NamedTuple):
    """A journey that has ended; those of a file come after its entries."""

    journey: Journey


class Expected(NamedTuple):
    """What became of something that a scenario expects; those of a file come after its entries."""

    expectation: Expectation


class Apart(NamedTuple):
    """How many exchanges of a file came too late to be put in order, and what was not followed, as sentences."""

    file: str
    late: int
    remarks: tuple[str, ...] = ()


Analyzed = Entry | Worded | ReadError | Other | Ended | Expected | Apart
"""An entry with the findings that count, several in the words of a report, a part that could not be read, a flow that
only counts, or what a file holds besides."""


def analyzed(
    files: Sequence[str], settings: CheckSettings, progress: ReportProgress | None = None, opener: Opener = open_file
) -> Generator[Analyzed, None, None]:
    """Read and judge everything in the given files, folders and ``-``; no exception leaves but KeyboardInterrupt.

    Filter and scenario were looked at before: what is wrong with them is a ValueError here. ``opener`` opens files.
    """
    pairs = judged(files, settings, progress, opener)
    try:
        for _, item in pairs:
            yield item
    except KeyboardInterrupt as error:
        yield pairs.throw(error)[1]  # raises it where nothing waits
        for _, item in pairs:
            yield item


def judged(
    files: Sequence[str], settings: CheckSettings, progress: ReportProgress | None = None, opener: Opener = open_file
) -> Generator[tuple[Decoded | None, Analyzed], None, None]:
    """The same, each entry with its exchange."""
    find = known_scenarios(settings.rules)
    items = read(files, progress, wanted(settings.flow_filter), opener)
    current: _Sequence | None = None

    def follow(item: Item, ex: Decoded | None, found: Analyzed) -> Iterator[tuple[Decoded | None, Analyzed]]:
        nonlocal current
        file = item.file or "input"
        if current is None or current.file != file:
            if current is not None:
                yield from current.close()
            current = _Sequence(file, settings, find)
        if ex is None and isinstance(item, Exchange):
            current.other(item)
        yield from current.add(ex, found)

    batch: _Batch = deque()
    ready: deque[tuple[Decoded | None, Analyzed]] = deque()
    try:
        for batch in _batches(items, _ahead(files), settings, _dry_run(settings)):
            while batch:
                ready += follow(*batch.popleft())
            while ready:
                yield ready.popleft()
        if current is not None:
            yield from current.close()
    except KeyboardInterrupt:  # what was judged, and what waits to be put in order, is known, too
        yield from ready
        while batch:
            yield from follow(*batch.popleft())
        if current is not None:
            yield from current.rest()
        raise


_Batch = deque[tuple[Item, Decoded | None, Analyzed]]
"""Some items, each with what is said of it, and decoded if it is an exchange of the API."""


def _ahead(files: Sequence[str]) -> int:
    """How many items are read before they are judged; what comes through a pipe waits for nothing."""
    return 1 if any(map(_is_pipe, files)) else AHEAD


def _is_pipe(file: str) -> bool:
    return file == "-" or Path(file).is_fifo()


def _batches(items: Iterator[Item], ahead: int, settings: CheckSettings, dry_run: "DryRun | None") -> Iterator[_Batch]:
    """The items, some at a time: some are read, then all of them judged, then all followed over time, then handed on.
    The processor keeps the code of one step at hand, and not that of all."""
    while step := list(islice(items, ahead)):
        found: _Batch = deque()
        stopped: KeyboardInterrupt | None = None
        try:
            for item in step:
                found.append((item, *_judge(item, settings, dry_run)))
        except KeyboardInterrupt as error:
            stopped = error  # after what is judged
        yield found
        if stopped is not None:
            raise stopped


def _judge(item: Item, settings: CheckSettings, dry_run: "DryRun | None") -> tuple[Decoded | None, Analyzed]:
    if not isinstance(item, Exchange):
        return None, item
    if item.route is None:
        return None, _other(item)
    ex = Decoded(item)
    return ex, _entry(ex, settings, dry_run)


class _Sequence:
    """The items of one file, in its order, judged in the order of their ends."""

    def __init__(self, file: str, settings: CheckSettings, find: "Callable[[str], Scenario | None]") -> None:
        self.file, self._settings = file, settings
        self._tracker = Tracker(reveal=settings.reveal, find=find)
        self._journeys: deque[Journey] = deque()
        # Through a pipe mitmproxy sends flows as they end, and is running still: nothing waits, until something comes
        # that another tool recorded.
        size = 0 if _is_pipe(file) else WINDOW
        self._window: Window[tuple[Decoded | None, Analyzed]] = Window(self._take, self._alone, size)

    def add(self, ex: Decoded | None, item: Analyzed) -> Iterator[tuple[Decoded | None, Analyzed]]:
        """One more item; those that are judged by now."""
        end = start = None
        if ex is not None and ex.recorder is not None:
            self._window.size = WINDOW
        if ex is not None and ex.started is not None and isinstance(item, dict):
            end = ex.started + (ex.duration_ms or 0) / 1000
            start = ex.started if ex.recorder is None else None  # other tools sort by pages, among others
        return self._counting(self._window.add((ex, item), end, start))

    def other(self, ex: Exchange) -> None:
        """A flow that is none of the API's operations."""
        found = stranger(ex.request.method, ex.request.path, ex.request.host)
        if found is not None and found.kind == "v1":
            self._tracker.other(ex)

    def rest(self) -> Iterator[tuple[Decoded | None, Analyzed]]:
        """The items that wait."""
        return self._counting(self._window.flush())

    def close(self) -> Iterator[tuple[Decoded | None, Analyzed]]:
        """The end of the file: its last items, its journeys, and what was judged alone."""
        yield from self.rest()
        self._journeys += self._tracker.finish()
        yield from self._ended()
        for expectation in self._tracker.decided(self.file):
            yield None, Expected(expectation)
        if self._tracker.late or self._tracker.remarks():
            yield None, Apart(self.file, self._tracker.late, tuple(self._tracker.remarks()))

    def _take(self, pair: tuple[Decoded | None, Analyzed]) -> None:
        ex, entry = pair
        if ex is not None and isinstance(entry, dict):
            try:
                self._journeys += self._tracker.feed(ex, entry)
            except Exception as error:  # the entry itself is whole
                logger.warning("passlens: flow %s was not judged in its sequence (%s).", ex.index, fault(error))

    def _alone(self, pair: tuple[Decoded | None, Analyzed]) -> None:
        self._tracker.alone()

    def _counting(self, pairs: Iterator[tuple[Decoded | None, Analyzed]]) -> Iterator[tuple[Decoded | None, Analyzed]]:
        for pair in pairs:
            item = pair[1]
            if isinstance(item, dict):
                item["findings"] = [one for one in item["findings"] if self._settings.wants(one["code"])]
            yield pair
        yield from self._ended()

    def _ended(self) -> Iterator[tuple[None, Analyzed]]:
        while self._journeys:
            journey = self._journeys.popleft()
            journey["findings"] = [one for one in journey["findings"] if self._settings.wants(one["code"])]
            yield None, Ended(journey)


def _other(ex: Exchange) -> Other:
    """An exchange without an operation."""
    request = ex.request
    return Other(ex.file or "input", ex.index, "http", stranger(request.method, request.path, request.host))


def worded(items: Iterable[Analyzed], words: Words, *, last: bool = False) -> list[Analyzed]:
    """The same with all entries and flows between two parts that could not be read put into the words of a report;
    ``last``: nothing of the recording comes after them."""
    found: list[Analyzed] = []
    texts: list[str] = []
    summary = RunSummary()
    for item in items:
        if isinstance(item, dict):
            summary.add(item)
            texts.append(words(item))
        elif isinstance(item, Other):
            summary.add_other(item.stranger)
        else:
            found += [Worded("".join([*texts, words.rest()]), summary), item]
            texts, summary = [], RunSummary()
    if last:
        texts.append(words.rest())
    return [*found, Worded("".join(texts), summary)]


def _dry_run(settings: CheckSettings) -> "DryRun | None":
    if not settings.scenario:
        return None
    # Imported here, because it brings mitmproxy, which takes longer to load than most recordings take to read.
    from passlens.proxy.scenario_switch import read as read_rules
    from passlens.runner.dry_run import DryRun
    from passlens.scenarios.library import Library

    library = Library([Path(settings.rules)] if settings.rules else [], read=read_rules)
    return DryRun(library.load(settings.scenario), reveal=settings.reveal)


def _entry(ex: Decoded, settings: CheckSettings, dry_run: "DryRun | None" = None) -> Entry | ReadError:
    """The entry of an exchange, or the trouble when passlens itself fails on it."""
    try:
        entry = analyze(ex, reveal=settings.reveal)
        if dry_run is not None:
            entry["dry_run"] = dry_run.tell(ex.exchange).member
        if settings.shows_messages:
            entry = with_messages(entry, messages(ex.exchange, reveal=settings.reveal))
    except Exception as error:  # the other exchanges are still judged
        return not_analyzed(ex.exchange, error)
    return entry


def not_analyzed(ex: Exchange, error: Exception) -> ReadError:
    """What stands in the place of an exchange that passlens itself fails on."""
    words = f"flow {ex.index} could not be judged ({fault(error)}); this is a fault of passlens, report it"
    return ReadError(ex.file or "input", words, ex.index, False)
