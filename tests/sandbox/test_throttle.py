"""Throttling: so many calls a second, a burst once, by address; as the example of its page has it."""

from dataclasses import replace

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox import throttle
from passlens.sandbox.server import Api
from passlens.sandbox.throttle import Throttling
from passlens.sandbox.world import Throttle, World
from sandbox.asking import call

LIMITS = Throttle(per_second=1, burst=10)


def at(seconds: float, client: str = "192.0.2.7", **headers: str) -> tuple[Decoded, float]:
    ex = call("retrieve-profiles", **headers)
    return Decoded(replace(ex, request=replace(ex.request, client=client))), forge.CLOCK + seconds


def test_the_example_of_the_page() -> None:
    throttling = Throttling()
    times = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.1]
    refused = [throttling.refuses(LIMITS, *at(time)) for time in times]
    assert [time for time, no in zip(times, refused, strict=True) if no] == [2.4, 2.6, 2.8]


def test_each_address_counts_alone() -> None:
    throttling, few = Throttling(), Throttle(per_second=1, burst=0)
    assert [throttling.refuses(few, *at(0, client)) for client in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == [
        False, False, True,
    ]  # fmt: skip
    # A server that calls for its users names their addresses.
    assert not throttling.refuses(few, *at(0, "192.0.2.1", X_Forwarded_For="198.51.100.4, 192.0.2.1"))
    assert throttling.refuses(few, *at(0, "192.0.2.9", X_Forwarded_For="198.51.100.4"))


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    throttling, few = Throttling(), Throttle(per_second=1, burst=0)
    assert not throttling.refuses(few, *at(100))
    assert not throttling.refuses(few, *at(0))


def test_addresses_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    throttling, few = Throttling(), Throttle(per_second=1, burst=0)
    monkeypatch.setattr(throttle, "MAX_ADDRESSES", 20)
    for number in range(25):
        throttling.refuses(few, *at(0, f"address {number}"))
    assert throttling.refuses(few, *at(0, "address 24"))
    assert not throttling.refuses(few, *at(0, "address 0"))


def test_the_sandbox_refuses_with_the_documented_page() -> None:
    api = Api(seed=1, world=World(throttle=Throttle(1, 0)))
    assert api.respond(*at(0)).status == 200
    made = api.respond(*at(0.5))
    assert (made.status, dict(made.headers)["Content-Type"]) == (429, "text/html")
    assert api.respond(*at(1)).status == 200
