"""Looks at what passed: analyzes each exchange of an operation once, counts it and hands its entry to the sinks.
Nothing in here touches traffic."""

import logging
import math
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Final
from weakref import WeakSet

from mitmproxy import flow as mitm
from mitmproxy import flowfilter, http

from passlens.analysis.analyzer import fault
from passlens.analysis.entry import Entry, Expectation, Journey, Summary
from passlens.analysis.entry_cache import analyze
from passlens.analysis.summary import RunSummary
from passlens.analysis.tracker import Tracker
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.log_filter import shown_address
from passlens.proxy.log_sink import LogSink
from passlens.proxy.options import parse_filter
from passlens.proxy.sinks import Sinks
from passlens.proxy.stdout_writer import screen
from passlens.proxy.terminal_sink import AnnotationSink, TerminalSink, has_terminal
from passlens.recordings.flow_to_exchange import from_flow, is_operation, may_be_operation, stranger_of
from passlens.reports.entry_text import clock_at
from passlens.reports.summary_text import summary_text
from passlens.rest_v2.strangers import WORDS
from passlens.scenarios.active import ActiveScenarios
from passlens.scenarios.model import Scenario
from passlens.util.terminal import takes_colour, width
from passlens.util.text import escape_controls, fold

logger = logging.getLogger(__name__)

_SEEN: Final = "_passlens_seen"
"""Attribute of a flow that was looked at; it is gone with the flow, and is in no copy and no recording of it."""

_NAMED: Final = 20
"""Kinds of calls without an operation that are named while they come; the summary counts the rest."""

MAX_SCENARIOS: Final = 100
"""Scenarios whose expectations are remembered after they ran; the one set first is forgotten."""


_REST: Final = " " * 12
"""Stands before what is left of a line that is too long."""


class Inspector:
    """What was seen so far, and where it goes."""

    def __init__(self, scenarios: ActiveScenarios | None = None) -> None:
        self.reveal = False
        self.screen = screen()
        self._scenarios = scenarios if scenarios is not None else ActiveScenarios()
        self._ran: dict[str, Scenario] = {}
        self._summary = RunSummary()
        self._tracker = self._new_tracker()
        self._is_live = False
        self._flows = 0
        self._open: WeakSet[http.HTTPFlow] = WeakSet()
        self.texts = EntryTexts()
        self.log = LogSink(self.texts)
        self._terminal = TerminalSink(self.screen, self.texts, self.shown_address)
        self.sinks = Sinks(self.log, self._terminal, AnnotationSink(self.texts))
        self._filter: flowfilter.TFilter | None = None

    # ---- what to look at, and where to write it

    def look_at(self, expression: str) -> None:
        """Look only at flows that match an expression, at all if it is empty; ValueError with a sentence."""
        self._filter = parse_filter("passlens_filter", expression)

    def wanted(self, flow: http.HTTPFlow) -> bool:
        """Whether to look at a flow."""
        return self._filter is None or bool(self._filter(flow))

    # ---- what scenarios expect

    def ran(self, scenario: Scenario) -> None:
        """A scenario runs from now on, or was read again: what it expects of the app is looked at."""
        self._ran.pop(scenario.name, None)
        if len(self._ran) >= MAX_SCENARIOS:
            del self._ran[next(iter(self._ran))]
        self._ran[scenario.name] = scenario
        self._tracker.expectations.ran(scenario)

    def _new_tracker(self) -> Tracker:
        tracker = Tracker(find=lambda name: self._ran.get(name))
        for running in self._scenarios.all():
            tracker.expectations.ran(running.scenario)
        return tracker

    def going_on(self) -> list[Journey]:
        """The journeys that have not ended, as they would be told if nothing followed."""
        return self._tracker.going_on()

    def pending(self) -> list[Expectation]:
        """The expectations that are not decided yet."""
        return self._tracker.pending(None)

    def look(self) -> None:
        """Time goes on: decide what it decides. To be called every now and then."""
        if self._is_live:  # the clock of a file that is read is another one
            began = (flow.request.timestamp_start for flow in self._open)
            self._tracker.advance(time.time(), min(began, default=math.inf))
            self._decided()

    def _decided(self) -> None:
        for expectation in self._tracker.decided(None):
            self._summary.add_expectation(expectation)
            self.sinks.expectation(expectation)

    # ---- flows

    def began(self, flow: http.HTTPFlow) -> None:
        """A request has come; it is looked at once its answer is there, or there will be none."""
        vars(flow).pop(_SEEN, None)
        if may_be_operation(flow):
            self._open.add(flow)

    def other(self, flow: mitm.Flow) -> None:
        """A flow of another protocol has ended."""
        self._flows += 1
        self._summary.other_flows += 1
        self.sinks.other(flow, None)

    def failed(self, flow: http.HTTPFlow) -> None:
        """A flow has ended in an error; a recorded answer that was cut comes as an answer first."""
        if _SEEN not in vars(flow):
            self.see(flow)

    def see(self, flow: http.HTTPFlow, ex: Exchange | None = None) -> None:
        """Look at a flow that has ended; ``ex`` is its exchange where somebody has made that already. Never raises."""
        vars(flow)[_SEEN] = True
        index = self._flows
        self._flows += 1
        if not may_be_operation(flow):
            self._pass_by(flow)
            return
        self._open.discard(flow)
        try:
            ex = from_flow(flow) if ex is None else ex
            if ex.route is None or not self.wanted(flow):
                self._pass_by(flow)
                return
            ex.index = index
            decoded = Decoded(ex)
            entry = analyze(decoded, reveal=self.reveal)
            self._ended(self._track(decoded, entry))
        except Exception as error:
            # Whatever went wrong is a fault of passlens; the flow goes on unharmed.
            words = "passlens: an exchange could not be judged (%s); the flow is not touched."
            logger.warning(words, fault(error))
            self._summary.unreadable += 1
            return
        self._is_live = bool(flow.live)
        self._summary.add(entry)
        self.sinks.exchange(flow, entry)
        self._decided()

    def _track(self, ex: Decoded, entry: Entry) -> list[Journey]:
        """What the exchange completes is added to its entry; the journeys that ended before it."""
        self._tracker.reveal = self.reveal
        late = self._tracker.late
        try:
            return self._tracker.feed(ex, entry)
        except Exception as error:
            logger.warning("passlens: an exchange was not judged in its sequence (%s).", fault(error))
            return []
        finally:
            self._summary.undated += self._tracker.late - late

    def _ended(self, journeys: list[Journey]) -> None:
        for journey in journeys:
            self._summary.add_journey(journey)
            self.sinks.journey(journey)

    def _pass_by(self, flow: http.HTTPFlow) -> None:
        """Count a flow that is no exchange; a call on a host of the API is named when one of its kind comes first."""
        wanted, found = self.wanted(flow), None
        try:
            found = stranger_of(flow) if wanted else None
            if found is not None and found.kind == "v1":
                self._tracker.other(from_flow(flow, self._flows - 1))
        except Exception as error:
            logger.warning("passlens: a flow could not be looked at (%s); it is not touched.", fault(error))
        is_new = found is not None and found.kind in WORDS and found not in self._summary.strangers
        self._summary.add_other(found)
        if wanted:
            self.sinks.other(flow, found)
        if found is not None and is_new and len(self._summary.strangers) <= _NAMED:
            words = escape_controls(f"{found.words}: {WORDS[found.kind]}")
            if has_terminal():
                lines = fold(
                    f"{clock_at(flow.timestamp_start, live=flow.live)}  {words}", width(sys.stdout), rest=_REST
                )
                self.screen.show("\n".join(lines), wait=not flow.live)
            else:
                logger.info("passlens: %s", words)

    # ---- what was seen

    def shown_address(self, address: str) -> str:
        """A client's address as it may be shown here and now."""
        return address if self.reveal else shown_address(address)

    def show(self, lines: Iterable[str]) -> None:
        """Show lines on the terminal, and an empty one."""
        self.screen.show("\n".join([*lines, ""]))

    def status(self) -> list[str]:
        """The summary so far, and where it goes, in lines."""
        log = f"log {self.log.path}" if self.log.path is not None else "no log"
        return [summary_text(self._summary), f"{log}, {'revealing' if self.reveal else 'redacting'}"]

    def summary(self) -> Summary:
        """The counts so far."""
        return self._summary.to_member()

    def reset(self) -> None:
        """Count anew; the places of flows go on, so that those in a log or a report stay apart."""
        self._summary = RunSummary()
        self._tracker = self._new_tracker()

    def see_open(self) -> None:
        """At the end, have a look at the requests that are still without an answer: often they are why it ends."""
        waiting = [flow for flow in self._open if is_operation(flow)]
        for flow in sorted(waiting, key=lambda flow: flow.request.timestamp_start):
            if flow.response is None and flow.error is None:
                flow.error = mitm.Error("the proxy was ended while the answer was awaited")
            self.see(flow)

    def close(self, never_matched: tuple[str, ...], devices: Sequence[str] = ()) -> None:
        """End the journeys, print the summary and end the log. ``devices`` are lines about those that never called the
        API."""
        self._terminal.finish()
        if sys.stdout.isatty() and has_terminal():
            self.screen.show("")  # below the terminal's own echo of Ctrl-C
        for journey in self._tracker.finish():
            self._summary.add_journey(journey)
            self.sinks.journey(journey)
        self._decided()
        self._summary.closing += [f"  {line}" for line in (*devices, *(f"{one}." for one in self._tracker.remarks()))]
        self.screen.show(summary_text(self._summary, colour=takes_colour(sys.stdout), width=width(sys.stdout)))
        if never_matched:
            self.screen.show(f"never matched: {escape_controls(', '.join(never_matched))}")
        self.screen.close()
        self.sinks.closed()
