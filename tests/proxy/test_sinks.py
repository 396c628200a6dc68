"""Sinks: each event reaches all of them, and one that raises costs a line."""

import logging
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.proxy.sinks import Sink, Sinks


class Kept(Sink):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Keep the outcome."""
        self.told.append(entry["outcome"])

    def scenario(self, name: str | None, device: str | None) -> None:
        """Keep both."""
        self.told.append((name, device))

    def expectation(self, expectation: Any) -> None:
        """Keep it."""
        self.told.append(expectation)

    def device(self, event: Any) -> None:
        """Keep it."""
        self.told.append(event)

    def session(self, event: Any) -> None:
        """Keep it."""
        self.told.append(event)

    def closed(self) -> None:
        """Keep that."""
        self.told.append("closed")


class Broken(Sink):
    """Raises, with a secret."""

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Fail."""
        raise ValueError("opensesame")

    def closed(self) -> None:
        """Fail."""
        raise ValueError("opensesame")


def tell(sinks: Sinks) -> None:
    sinks.exchange(tflow.tflow(resp=True), analyze(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK)))
    sinks.scenario("demo", None)
    sinks.expectation("met")  # type: ignore[arg-type]
    sinks.device("trusts")
    sinks.session({"action": "sign-in"})
    sinks.closed()


EVENTS = ["P3", ("demo", None), "met", "trusts", {"action": "sign-in"}, "closed"]


def test_every_event_reaches_every_sink_from_when_it_is_added_until_it_is_removed() -> None:
    first, second = Kept(), Kept()
    sinks = Sinks(first, Sink())
    tell(sinks)
    sinks.add(second)
    sinks.remove(first)
    tell(sinks)
    assert first.told == second.told == EVENTS


def test_a_sink_that_raises_costs_a_line_and_the_others_nothing(caplog: pytest.LogCaptureFixture) -> None:
    kept = Kept()
    with caplog.at_level(logging.WARNING):
        tell(Sinks(Broken(), kept))
    assert kept.told == EVENTS
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert all(words.startswith("passlens: Broken failed (ValueError in test_sinks.py") for words in said)
    assert not any("opensesame" in words for words in said)
