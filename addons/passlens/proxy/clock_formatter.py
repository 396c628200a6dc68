"""mitmproxy's own log lines on the clock of passlens' blocks, so that one screen has one clock, and folded as those."""

import copy
import logging
import sys
from typing import Final

from mitmproxy.log import MitmFormatter

from passlens.reports.entry_text import clock_at
from passlens.util.terminal import width
from passlens.util.text import fold, paint

_OWN: Final = "passlens: "
_INDENT: Final = " " * 12


class ClockFormatter(MitmFormatter):
    """Local time with its zone in front, then the client, if a line has one."""

    def __init__(self, colorize: bool) -> None:
        super().__init__(colorize)
        time = paint("%s", "dim", colorize)
        self.with_client = f"{time}  %s  %s"
        self.without_client = f"{time}  %s"

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage()
        if said.startswith(_OWN) and (columns := width(sys.stdout)) is not None:
            record = copy.copy(record)
            record.msg, record.args = _folded(said, columns, f"{self.formatTime(record)}  "), ()
        return super().format(record)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return clock_at(record.created, live=True)


def _folded(said: str, columns: int, before: str) -> str:
    """The lines of a message that stands behind ``before``. An address that is to be copied stays whole."""
    if any("://" in word and len(_INDENT) + len(word) > columns for word in said.split(" ")):
        return said
    lines = (
        fold(line, columns, first=_INDENT if number else before, rest=_INDENT)
        for number, line in enumerate(said.split("\n"))
    )
    return "\n".join(one for folded in lines for one in folded).removeprefix(before)


def install() -> None:
    """Let the lines on the terminal be formatted so; other screens of mitmproxy stay as they are."""
    for handler in logging.getLogger().handlers:
        if type(handler.formatter) is MitmFormatter:
            handler.setFormatter(ClockFormatter(handler.formatter.colorize))
