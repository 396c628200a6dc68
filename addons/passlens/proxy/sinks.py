"""What looks at entries and events while the proxy runs: log file, terminal, annotation, and what comes after them.
A sink subclasses ``Sink`` and overrides what it cares for; ``Sinks`` hands each event to all of them."""

import logging
from typing import Any

from mitmproxy import http
from mitmproxy.flow import Flow

from passlens.analysis.analyzer import fault
from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.proxy.link_state import DeviceEvent
from passlens.rest_v2.strangers import Stranger

logger = logging.getLogger(__name__)


class Sink:
    """The protocol of sinks, one method for each event. They run in the proxy's event loop: none may block.

    A base class and no ``typing.Protocol``: most sinks care for one or two of the events and inherit the rest.
    """

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """An exchange has ended; ``entry`` is redacted and shared by all sinks: not to be changed."""

    def other(self, flow: Flow, stranger: Stranger | None) -> None:
        """A flow has ended that is no exchange; ``stranger`` says what it is on one of the API's hosts."""

    def journey(self, journey: Journey) -> None:
        """A journey has ended; its exchanges came before."""

    def expectation(self, expectation: Expectation) -> None:
        """It is decided whether the app did what a scenario expects; a later verdict may say that it no longer does."""

    def scenario(self, name: str | None, device: str | None) -> None:
        """A scenario goes on (its name) or off (None), for all devices (None) or for one."""

    def device(self, event: DeviceEvent) -> None:
        """Something happened to a device: its link state changed."""

    def session(self, event: dict[str, Any]) -> None:
        """Something was done to a virtual session: the ``action``, and the session as the control API shows it."""

    def closed(self) -> None:
        """The proxy ends; nothing comes after it."""


class Sinks(Sink):
    """All sinks, in the order they were added. One that raises costs a line of the log and nothing else."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = [*sinks]

    def add(self, sink: Sink) -> None:
        """Hand events to one more sink."""
        self._sinks.append(sink)

    def remove(self, sink: Sink) -> None:
        """Hand it no more events; ValueError if it gets none."""
        self._sinks.remove(sink)

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Tell all."""
        for sink in tuple(self._sinks):
            try:
                sink.exchange(flow, entry)
            except Exception as error:
                _warn(sink, error)

    def other(self, flow: Flow, stranger: Stranger | None) -> None:
        """Tell all."""
        self._each("other", flow, stranger)

    def journey(self, journey: Journey) -> None:
        """Tell all."""
        self._each("journey", journey)

    def expectation(self, expectation: Expectation) -> None:
        """Tell all."""
        self._each("expectation", expectation)

    def scenario(self, name: str | None, device: str | None) -> None:
        """Tell all."""
        self._each("scenario", name, device)

    def device(self, event: DeviceEvent) -> None:
        """Tell all."""
        self._each("device", event)

    def session(self, event: dict[str, Any]) -> None:
        """Tell all."""
        self._each("session", event)

    def closed(self) -> None:
        """Tell all."""
        self._each("closed")

    def _each(self, event: str, *values: Any) -> None:
        for sink in tuple(self._sinks):
            try:
                getattr(sink, event)(*values)
            except Exception as error:
                _warn(sink, error)


def _warn(sink: Sink, error: Exception) -> None:
    logger.warning("passlens: %s failed (%s); the flow is not touched.", type(sink).__name__, fault(error))
