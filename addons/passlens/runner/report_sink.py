"""Writes reports of what a running proxy sees (``--output``), in the formats of ``passlens check``. They take their
names when the proxy ends."""

import logging
import re
from collections.abc import Callable, Sequence
from typing import Final

from mitmproxy import http
from mitmproxy.flow import Flow

from passlens.analysis.entry import Entry, Journey, with_messages
from passlens.analysis.messages import messages
from passlens.analysis.summary import RunSummary
from passlens.errors import UsageError
from passlens.proxy import exit_status
from passlens.proxy.sinks import Sink
from passlens.recordings.flow_to_exchange import from_flow
from passlens.reports.formats import FORMATS, maker
from passlens.rest_v2.strangers import Stranger
from passlens.runner.outputs import Outputs, parse_outputs
from passlens.util.text import escape_controls

logger = logging.getLogger(__name__)

_NEXT: Final = re.compile(rf",(?=(?:{'|'.join(FORMATS)})=)")


def parse_option(value: str) -> list[tuple[str, str]]:
    """Pairs of format and file from ``FORMAT=FILE``, several with commas. Raises UsageError.

    >>> parse_option("html=report.html,junit=report.xml")
    [('html', 'report.html'), ('junit', 'report.xml')]
    """
    try:
        return parse_outputs(_NEXT.split(value)) if value else []
    except ValueError as error:
        raise UsageError(str(error)) from None


def open_outputs(wanted: Sequence[tuple[str, str]], *, reveal: bool = False) -> Outputs | None:
    """Begin these reports; None for none. Raises UsageError where one cannot be written."""
    said: list[str] = []
    outputs = Outputs([(maker(form, file=True), path) for form, path in wanted], said.append, reveal=reveal)
    if said:
        with outputs:
            raise UsageError(said[0].removeprefix("passlens: "))
    return outputs if wanted else None


class ReportSink(Sink):
    """Writes into the files it was told to, into none at first. ``reveals`` says whether entries show secrets."""

    def __init__(self, reveals: Callable[[], bool]) -> None:
        self._reveals = reveals
        self._outputs: Outputs | None = None
        self._wanted: list[tuple[str, str]] = []
        self._shows_messages = False
        self._summary = RunSummary()

    def open(self, value: str) -> None:
        """Report into the files of ``FORMAT=FILE``, several with commas, from now on; reports so far are finished.
        Raises UsageError."""
        wanted = parse_option(value)
        outputs = open_outputs(wanted, reveal=self._reveals())
        self.closed()
        if outputs is not None:
            outputs.say = self._say
        self._outputs, self._summary = outputs, RunSummary()
        self._wanted = wanted
        self._shows_messages = any(form == "html" for form, _ in wanted)

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Report it; the page also shows headers and bodies."""
        if self._outputs is None:
            return
        self._summary.add(entry)
        if self._shows_messages:
            entry = with_messages(entry, messages(from_flow(flow), reveal=self._reveals()))
        self._outputs.entry(entry)

    def other(self, flow: Flow, stranger: Stranger | None) -> None:
        """Count it."""
        self._summary.add_other(stranger)

    def journey(self, journey: Journey) -> None:
        """Report it, numbered in the report: ``passlens.reset`` begins anew."""
        if self._outputs is None:
            return
        numbered: Journey = {**journey, "id": self._summary.verdicts.total() + 1}
        self._summary.add_journey(numbered)
        self._outputs.journey(numbered)

    def closed(self) -> None:
        """Finish the reports."""
        outputs, self._outputs = self._outputs, None
        if outputs is not None:
            with outputs:
                outputs.close(self._summary)
            if not outputs.status:
                for form, path in self._wanted:
                    logger.info("passlens: %s holds the %s report.", escape_controls(path), form)

    def _say(self, words: str) -> None:
        exit_status.lost()
        logger.error("%s", words)
