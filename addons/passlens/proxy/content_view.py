"""A content view for messages of the API, in mitmproxy's and mitmweb's own screens.

mitmproxy shows no view of an empty body, and the requests of the API mostly have none: so the view of a response covers
both halves, and that of a request the request alone. mitmproxy 11 and 12 ask for a view in different ways: ``View11``
and ``View12`` are what each of them asks for, and nothing more."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from mitmproxy import contentviews, flow, http

from passlens.analysis.analyzer import analyze, fault
from passlens.analysis.messages import messages
from passlens.recordings.flow_to_exchange import from_flow, is_operation, may_be_operation
from passlens.reports.message_text import lines, request_lines

NAME: Final = "passlens"
PRIORITY: Final = 2.0
"""Goes before the views of JSON and of forms, which have 1."""

LIVE: Final = "_passlens_live"
"""Attribute of a flow that was live when it ended; mitmproxy's own ``live`` is false from then on."""


class MessageReader:
    """What there is to show of a message. ``reveal`` says whether secrets are shown."""

    def __init__(self, reveal: Callable[[], bool]) -> None:
        self._reveal = reveal

    def priority(self, of: flow.Flow | None, message: http.Message | None) -> float:
        """Above the other views for messages of an operation, else below all of them. Never raises."""
        with contextlib.suppress(Exception):
            if isinstance(of, http.HTTPFlow) and message is not None and may_be_operation(of) and is_operation(of):
                return PRIORITY
        return -1.0

    def lines(self, of: flow.Flow | None, message: http.Message | None) -> list[str]:
        """The lines of a message. Never raises: a fault of passlens is one line."""
        try:
            if not isinstance(of, http.HTTPFlow) or message is None or not is_operation(of):
                return ["no message of the API"]
            exchange, reveal, live = from_flow(of), self._reveal(), bool(of.live) or LIVE in vars(of)
            found = messages(exchange, reveal=reveal)
            if message is of.request:
                return request_lines(found, live=live)
            return lines(analyze(exchange, reveal=reveal), found, live=live)
        except Exception as error:
            return [f"passlens cannot show this message ({fault(error)}), which is a fault of passlens"]


class View11:
    """The view as mitmproxy 11 asks for it."""

    name: Final = NAME

    def __init__(self, reader: MessageReader) -> None:
        self._reader = reader

    def __call__(
        self, data: bytes, *, flow: Any = None, http_message: Any = None, **_: Any
    ) -> tuple[str, Iterator[list[tuple[str, str]]]]:
        shown = self._reader.lines(flow, http_message)
        # mitmweb drops lines without a character.
        return NAME, ([("header" if line[:1].strip() else "text", line or " ")] for line in shown)

    def render_priority(self, data: bytes, *, flow: Any = None, http_message: Any = None, **_: Any) -> float:
        return self._reader.priority(flow, http_message)

    def __lt__(self, other: Any) -> bool:
        return bool(self.name < other.name)


class View12:
    """The view as mitmproxy 12 asks for it."""

    name: Final = NAME
    syntax_highlight: Final = "none"

    def __init__(self, reader: MessageReader) -> None:
        self._reader = reader

    def prettify(self, data: bytes, metadata: Any) -> str:
        return "\n".join(self._reader.lines(metadata.flow, metadata.http_message))

    def render_priority(self, data: bytes, metadata: Any) -> float:
        return self._reader.priority(metadata.flow, metadata.http_message)

    def __lt__(self, other: Any) -> bool:
        return bool(self.name < other.name)


def register(reveal: Callable[[], bool]) -> None:
    """Offer the view to mitmproxy's screens, in the place of an earlier one."""
    unregister()
    known: Any = contentviews
    known.add(View12(MessageReader(reveal)) if hasattr(known, "registry") else View11(MessageReader(reveal)))


def unregister() -> None:
    """Take the view away, if it is there."""
    known: Any = contentviews
    if hasattr(known, "registry"):
        # mitmproxy 12 has no call for it.
        view = vars(known.registry).get("_by_name", {}).pop(NAME, None)
        if view is not None:
            known.registry.on_change.send(view)
        return
    for view in [one for one in known.views if one.name == NAME]:
        known.remove(view)
