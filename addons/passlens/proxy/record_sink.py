"""Keeps what passes for a recording, which is written at the end (``--record``)."""

import logging

from mitmproxy import http
from mitmproxy.flow import Flow

from passlens.analysis.entry import Entry
from passlens.errors import WriteError
from passlens.proxy import exit_status
from passlens.proxy.record_file import RecordFile
from passlens.proxy.sinks import Sink
from passlens.rest_v2.strangers import Stranger
from passlens.util.text import escape_controls, plural

logger = logging.getLogger(__name__)


class RecordSink(Sink):
    """Records into the file it was told to, into none at first."""

    def __init__(self) -> None:
        self._file: RecordFile | None = None
        self._failing = False

    def open(self, path: str, *, real: bool) -> None:
        """Record into this file from now on, into none if it is empty; what was recorded so far is written. ``real``
        leaves secrets in it. Raises UsageError."""
        file = RecordFile(path, real=real) if path else None
        self.closed()
        self._file = file

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Keep its flow."""
        self._keep(flow)

    def other(self, flow: Flow, stranger: Stranger | None) -> None:
        """Keep it."""
        self._keep(flow)

    def _keep(self, flow: Flow) -> None:
        if self._file is None:
            return
        try:
            self._file.add(flow)
            self._failing = False
        except (OSError, WriteError) as error:
            exit_status.lost()
            cause, advice = (error.strerror or error, ": make room") if isinstance(error, OSError) else (error, "")
            if not self._failing:
                words = "passlens: a flow cannot be recorded (%s)%s; the traffic goes on without it."
                logger.error(words, cause, advice)
            self._failing = True

    def closed(self) -> None:
        """Write the recording, and say what it holds."""
        file, self._file = self._file, None
        if file is None:
            return
        name = escape_controls(file.path)
        try:
            missing = file.finish()
        except WriteError as error:
            exit_status.lost()
            logger.error("passlens: %s", error)
            return
        if file.lost:
            missing.append(f"{plural(file.lost, 'flow')} could not be kept")
        if missing:
            exit_status.lost()
            logger.error("passlens: the recording %s is not whole: %s.", name, "; ".join(missing))
        kind = "with all secrets" if file.real else "a clean copy"
        logger.info("passlens: %s holds %s, %s.", name, plural(file.flows, "flow"), kind)
