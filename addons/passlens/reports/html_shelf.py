"""Headers and bodies that wait for the end of the HTML report: on disk, so that they cost no memory meanwhile.
What a page can hold is limited; what comes after that is not kept."""

import json
import tempfile
from typing import Any, Final

ROOM: Final = 24_000_000
"""Bytes that are kept: the page grows by about as much."""


class Shelf:
    """Keeps what the entries of one report say of their messages, by the number of the exchange."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by close
        self._places: dict[int, tuple[int, int]] = {}
        self._end = 0
        self.full = False
        """True if something was not kept."""

    def put(self, number: int, messages: dict[str, Any]) -> None:
        """Keep the member ``messages`` of an entry."""
        data = json.dumps(messages).encode("ascii")
        if self.full or self._end + len(data) > self._room:
            self.full = True
            return
        self._file.seek(self._end)
        self._file.write(data)
        self._places[number] = self._end, len(data)
        self._end += len(data)

    def get(self, number: int) -> dict[str, Any] | None:
        """What was kept of an exchange, or None."""
        if number not in self._places:
            return None
        at, size = self._places[number]
        self._file.seek(at)
        found: dict[str, Any] = json.loads(self._file.read(size))
        return found

    def close(self) -> None:
        """Forget everything."""
        self._file.close()
