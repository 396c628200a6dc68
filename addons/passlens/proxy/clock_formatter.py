"""mitmproxy's own log lines on the clock of passlens' blocks, so that one screen has one clock."""

import logging

from mitmproxy.log import MitmFormatter

from passlens.reports.entry_text import clock_at
from passlens.util.text import paint


class ClockFormatter(MitmFormatter):
    """Local time with its zone in front, then the client, if a line has one."""

    def __init__(self, colorize: bool) -> None:
        super().__init__(colorize)
        time = paint("%s", "dim", colorize)
        self.with_client = f"{time}  %s  %s"
        self.without_client = f"{time}  %s"

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return clock_at(record.created, live=True)


def install() -> None:
    """Let the lines on the terminal be formatted so; other screens of mitmproxy stay as they are."""
    for handler in logging.getLogger().handlers:
        if type(handler.formatter) is MitmFormatter:
            handler.setFormatter(ClockFormatter(handler.formatter.colorize))
