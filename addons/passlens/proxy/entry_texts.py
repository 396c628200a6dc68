"""The texts of an entry that several sinks have use for in turn, each made once."""

from mitmproxy import http

from passlens.analysis.entry import Entry
from passlens.reports.jsonl import plain
from passlens.reports.text import block


class EntryTexts:
    """Keeps the texts of the last entry; sinks do not change what they share."""

    def __init__(self) -> None:
        self._entry: Entry | None = None
        self._block: str | None = None
        self._json: str | None = None

    def block(self, flow: http.HTTPFlow, entry: Entry) -> str:
        """The block without colours, as long as its lines are."""
        self._turn_to(entry)
        if self._block is None:
            self._block = block(entry, live=flow.live)
        return self._block

    def json(self, entry: Entry) -> str:
        """The entry as JSON, in one line of ASCII."""
        self._turn_to(entry)
        if self._json is None:
            self._json = plain(entry)
        return self._json

    def _turn_to(self, entry: Entry) -> None:
        if self._entry is not entry:
            self._entry, self._block, self._json = entry, None, None
