"""What was seen, as a file: a clean copy of the flows that are kept, or the HTML report of the entries."""

import io
import logging
from collections.abc import Iterable
from contextlib import closing
from typing import Final, Literal

from mitmproxy import http

from passlens.analysis.entry import Entry
from passlens.errors import WriteError
from passlens.proxy.record_file import saved, write_copy
from passlens.reports.html.report import html
from passlens.reports.run import Run

logger = logging.getLogger(__name__)

Format = Literal["har", "mitm", "html"]

MEDIA_TYPES: Final[dict[Format, str]] = {
    "har": "application/json",
    "mitm": "application/octet-stream",
    "html": "text/html; charset=utf-8",
}


def clean_copy(flows: Iterable[http.HTTPFlow], form: Literal["har", "mitm"]) -> bytes:
    """The bytes of a recording without secrets; a flow that mitmproxy cannot save is left out, and the log says so.
    Takes a while for many flows: not to be called where traffic waits."""
    raw = io.BytesIO()
    for flow in flows:
        try:
            raw.write(saved(flow))
        except WriteError as error:
            logger.error("passlens: a flow is not in the recording that was asked for (%s).", error)
    made = io.BytesIO()
    write_copy(raw, made, form, clean=True)
    return made.getvalue()


def report(entries: Iterable[Entry]) -> bytes:
    """The HTML report."""
    with closing(Run()) as run:
        for entry in entries:
            run.add_entry(entry)
            run.summary.add(entry)
        return "".join(html(run)).encode("ascii")
