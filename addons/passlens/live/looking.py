"""Looks at what passed: judges each exchange with an operation, counts, logs and prints it, and annotates its flow.
Nothing in here touches traffic."""

import logging
import sys
from typing import Final
from weakref import WeakSet

from mitmproxy import ctx, flowfilter, hooks, http
from mitmproxy import flow as mitm

from passlens.exchange import Exchange
from passlens.flows import from_flow, is_operation, may_be_operation
from passlens.lazy import lazy
from passlens.live.annotate import annotate, worst_of
from passlens.live.logfile import LogFile
from passlens.live.screen import Screen
from passlens.reports.jsonl import line
from passlens.reports.tally import Tally
from passlens.reports.text import block, summary
from passlens.reports.words import plural, safe
from passlens.terminal import takes_colour, width
from passlens.verdict import Entry, fault, judge

logger = logging.getLogger(__name__)

_SEEN: Final = "_passlens_seen"
"""Attribute of a flow that was looked at; it is gone with the flow, and is in no copy and no recording of it."""


class Looking:
    """What was seen so far, and where it goes."""

    def __init__(self) -> None:
        self.reveal = False
        self.screen = Screen()
        self._tally = Tally()
        self._flows = 0
        self._open: WeakSet[http.HTTPFlow] = WeakSet()
        self._log: LogFile | None = None
        self._filter: flowfilter.TFilter | None = None

    # ---- what to look at, and where to write it

    def look_at(self, expression: str) -> None:
        """Look only at flows that match an expression, at all if it is empty; ValueError with a sentence."""
        try:
            self._filter = flowfilter.parse(expression) if expression else None
        except ValueError as error:
            words = f"passlens_filter is {expression!r}, which is no filter expression of mitmproxy"
            raise ValueError(f"{words}; see its documentation on filter expressions.") from error

    def wanted(self, flow: http.HTTPFlow) -> bool:
        """Whether to look at a flow."""
        return self._filter is None or bool(self._filter(flow))

    def log_to(self, path: str) -> None:
        """Append to this file from now on, to none if it is empty; ValueError with a sentence."""
        try:
            log = LogFile(path) if path else None
        except OSError as error:
            raise ValueError(
                f"cannot open the log {path}: {error.strerror}; name a file that can be written."
            ) from error
        if self._log is not None:
            self._log.close()
        self._log = log

    # ---- flows

    def began(self, flow: http.HTTPFlow) -> None:
        """A request has come; it is looked at once its answer is there, or there will be none."""
        vars(flow).pop(_SEEN, None)
        if may_be_operation(flow):
            self._open.add(flow)

    def other(self) -> None:
        """A flow of another protocol has ended."""
        self._flows += 1
        self._tally.other_flows += 1

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
            self._tally.other_flows += 1
            return
        self._open.discard(flow)
        try:
            ex = from_flow(flow) if ex is None else ex
            if ex.route is None or not self.wanted(flow):
                self._tally.other_flows += 1
                return
            ex.index = index
            entry = judge(ex, reveal=self.reveal)
        except Exception as error:
            # Whatever went wrong is a fault of passlens; the flow goes on unharmed.
            words = "passlens: an exchange could not be judged (%s); the flow is not touched."
            logger.warning(words, fault(error))
            self._tally.unreadable += 1
            return
        self._tally.add(entry)
        self._write(entry)
        text = block(entry)
        self._show(entry, text, live=flow.live)
        annotate(flow, entry, text)
        if ctx.master.addons.get("view") is not None:
            ctx.master.addons.trigger(hooks.UpdateHook([flow]))

    def _write(self, entry: Entry) -> None:
        problem = self._log.write(line(entry)) if self._log is not None else None
        if problem is not None:
            logger.error("passlens: %s.", problem)

    @lazy
    def _is_plain(self) -> bool:
        """Whether what is shown has neither colours nor a width: a pipe does not become a terminal."""
        return not takes_colour(sys.stdout) and width(sys.stdout) is None

    def _show(self, entry: Entry, text: str, *, live: bool) -> None:
        if has_terminal():
            shown = text if self._is_plain else block(entry, colour=takes_colour(sys.stdout), width=width(sys.stdout))
            # A file that is read can wait for its reader.
            self.screen.show(shown + "\n", wait=not live)
        else:
            worst = worst_of(entry)
            words = f"passlens: {entry['operation']} {entry['outcome'] or entry['error'] or entry['status']}"
            logger.log(logging.WARNING if worst in ("error", "warning") else logging.INFO, "%s", safe(words))

    # ---- what was seen

    def status(self) -> list[str]:
        """The summary so far, and where it goes, in lines."""
        log = f"log {self._log.path}" if self._log is not None else "no log"
        return [summary(self._tally), f"{log}, {'revealing' if self.reveal else 'redacting'}"]

    def reset(self) -> None:
        """Count anew."""
        self._tally = Tally()
        self._flows = 0

    def see_open(self) -> None:
        """At the end, have a look at the requests that are still without an answer: often they are why it ends."""
        waiting = [flow for flow in self._open if is_operation(flow)]
        for flow in sorted(waiting, key=lambda flow: flow.request.timestamp_start):
            if flow.response is None and flow.error is None:
                flow.error = mitm.Error("the proxy was ended while the answer was awaited")
            self.see(flow)

    def close(self, never_matched: tuple[str, ...]) -> None:
        """Print the summary and end the log."""
        if self._tally.exchanges:
            self.screen.show(summary(self._tally, colour=takes_colour(sys.stdout)))
            if never_matched:
                self.screen.show(f"never matched: {safe(', '.join(never_matched))}")
        self.screen.close()
        if self._log is not None:
            if self._log.lost:
                logger.error("passlens: %s missing from the log.", plural(self._log.lost, "line"))
            self._log.close()
            self._log = None


def has_terminal() -> bool:
    """False in the console interface, whose screen a print would break."""
    return ctx.master.addons.get("termlog") is not None
