"""Writes each entry as a line of the log file, which can be changed while the proxy runs."""

import logging

from mitmproxy import http

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.log_file import LogFile
from passlens.proxy.sinks import Sink
from passlens.reports.jsonl import expectation_line, framed, journey_line
from passlens.util.text import escape_controls, plural

logger = logging.getLogger(__name__)


class LogSink(Sink):
    """Writes to the file it was told to, to none at first."""

    def __init__(self, texts: EntryTexts) -> None:
        self._texts = texts
        self._log: LogFile | None = None

    @property
    def path(self) -> str | None:
        """The path of the log, None without one."""
        return self._log.path if self._log is not None else None

    def open(self, path: str) -> None:
        """Append to this file from now on, to none if it is empty; ValueError with a sentence."""
        try:
            log = LogFile(path) if path else None
        except OSError as error:
            raise ValueError(
                f"cannot open the log {escape_controls(path)}: {error.strerror}; name a file that can be written."
            ) from error
        if self._log is not None:
            self._log.close()
        if log is not None and log.warning is not None:
            logger.warning("passlens: %s.", log.warning)
        self._log = log

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Append the line; what goes wrong is said once."""
        self._write(framed(self._texts.json(entry)))

    def journey(self, journey: Journey) -> None:
        """Append the line."""
        self._write(journey_line(journey))

    def expectation(self, expectation: Expectation) -> None:
        """Append the line."""
        self._write(expectation_line(expectation))

    def _write(self, text: str) -> None:
        problem = self._log.write(text) if self._log is not None else None
        if problem is not None:
            logger.error("passlens: %s.", problem)

    def closed(self) -> None:
        """Say how many lines are missing, and close the file."""
        if self._log is not None:
            if self._log.lost:
                logger.error("passlens: %s missing from the log.", plural(self._log.lost, "line"))
            self._log.close()
            self._log = None
