"""Shows entries to people: a block on standard output and on the flow, or one line of the log in the console."""

import logging
import sys
from collections.abc import Callable
from functools import cached_property

from mitmproxy import ctx, hooks, http

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.proxy.annotate import annotate, one_line, worst_of
from passlens.proxy.content_view import LIVE
from passlens.proxy.device_text import event_text
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.link_state import DeviceEvent
from passlens.proxy.log_filter import is_own_process
from passlens.proxy.sinks import Sink
from passlens.proxy.stdout_writer import StdoutWriter
from passlens.reports.poll_fold import Fold, Folds
from passlens.reports.summary_text import expectation_text, journey_text
from passlens.reports.text import block
from passlens.util.terminal import takes_colour, width
from passlens.util.text import escape_controls

logger = logging.getLogger(__name__)


class TerminalSink(Sink):
    """Shows a block for each exchange. A terminal or pipe that takes nothing holds up no traffic."""

    def __init__(self, screen: StdoutWriter, texts: EntryTexts, shown: Callable[[str], str]) -> None:
        self._screen, self._texts, self._shown = screen, texts, shown
        self._folds = Folds()
        self._finished = False

    @cached_property
    def _is_plain(self) -> bool:
        """Whether what is shown has neither colours nor a width: a pipe does not become a terminal."""
        return not takes_colour(sys.stdout) and width(sys.stdout) is None

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Show the block, or log one line."""
        if has_terminal():
            repeats = self._fold(flow, entry) if flow.live else None
            if repeats is not None:
                self._again(repeats)
                return
            if self._is_plain:
                shown = self._texts.block(flow, entry)
            else:
                shown = block(entry, colour=takes_colour(sys.stdout), width=width(sys.stdout), live=flow.live)
            # A file that is read can wait for its reader.
            self._screen.show(shown + "\n", wait=not flow.live)
            if flow.live and (opened := self._folds.opened(_device_of(flow, entry))) is not None:
                opened.mark = self._screen.blocks
        else:
            worst = worst_of(entry)
            words = f"passlens: {entry['operation']} {entry['outcome'] or entry['error'] or entry['status']}"
            logger.log(logging.WARNING if worst in ("error", "warning") else logging.INFO, "%s", escape_controls(words))

    def journey(self, journey: Journey) -> None:
        """Show one line; the summary shows those that end with the proxy."""
        if not self._finished:
            self._line(f"journey   {journey_text(journey)}")

    def expectation(self, expectation: Expectation) -> None:
        """Show one line; the summary shows those that are decided at its end."""
        if not self._finished:
            self._line(f"expected  {expectation_text(expectation)}")

    def _line(self, words: str) -> None:
        if has_terminal():
            self._screen.show(words + "\n")
        else:
            logger.info("passlens: %s", words)

    def _fold(self, flow: http.HTTPFlow, entry: Entry) -> Fold | None:
        repeats, ended = self._folds.take(_device_of(flow, entry), entry)
        if ended is not None and not sys.stdout.isatty():
            self._screen.show(ended.line() + "\n")
        return repeats

    def _again(self, fold: Fold) -> None:
        """Count a poll: in place on a terminal, where nothing came between; a pipe gets one line when it is over."""
        if not sys.stdout.isatty():
            return
        room = (width(sys.stdout) or 80) - 1
        if fold.mark != self._screen.blocks:
            fold.alone = True
            self._screen.show(fold.line()[:room] + "\n")
        else:
            # Up over the empty line below, and from the second time on over the line to replace.
            up = 1 if fold.count == 2 and not fold.alone else 2
            line = fold.line() if fold.alone else f"  {'again':<10}{fold.again()}"
            self._screen.show(f"\x1b[{up}A\r\x1b[2K{line[:room]}\n")
        fold.mark = self._screen.blocks

    def finish(self) -> None:
        """Before the summary, tell of the polls that were not over."""
        self._finished = True
        if has_terminal() and not sys.stdout.isatty():
            for fold in self._folds.rest():
                self._screen.show(fold.line() + "\n")

    def device(self, event: DeviceEvent) -> None:
        """Show one line, in a process that passlens owns: plain mitmdump tells of its clients itself."""
        if not is_own_process():
            return
        if has_terminal():
            self._screen.show(event_text(event, self._shown, width=width(sys.stdout), colour=takes_colour(sys.stdout)))
        else:
            logger.info("passlens: %s", event_text(event, self._shown))


class AnnotationSink(Sink):
    """Writes the block, the marker and the entry onto the flow, and lets mitmproxy's own screens show them."""

    def __init__(self, texts: EntryTexts) -> None:
        self._texts = texts

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Annotate the flow."""
        text = self._texts.block(flow, entry)
        annotate(flow, entry, one_line(text) if _is_mitmweb() else text)
        if flow.live:
            vars(flow)[LIVE] = True
        if ctx.master.addons.get("view") is not None:
            ctx.master.addons.trigger(hooks.UpdateHook([flow]))


def _device_of(flow: http.HTTPFlow, entry: Entry) -> str:
    """What tells one device from another: its key, else its connection's address."""
    key = entry["device"]["key"] if entry["device"] is not None else None
    return key or str(flow.client_conn.peername)


def has_terminal() -> bool:
    """False in the console interface, whose screen a print would break."""
    return ctx.master.addons.get("termlog") is not None


def _is_mitmweb() -> bool:
    return ctx.master.addons.get("webaddon") is not None
