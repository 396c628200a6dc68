"""A device or server that sends something new each time: what is kept of it is bounded, in number and in size."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

import forge
from fuzz import limits
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import MAX_COUNT, RunSummary
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Response
from passlens.sandbox.build_outcome import build_outcome
from passlens.sandbox.request_facts import read
from passlens.sandbox.server import Api
from passlens.sandbox.session import SessionStore
from passlens.scenarios.state import Memory, who
from passlens.scrub.replacement import ReplacementMaker
from sandbox.asking import FULL, SP, call

MEGABYTE = 1 << 20
LONG = "x" * 60_000


def held(times: int, one: Callable[[int], object]) -> float:
    """Megabytes that are still held after so many turns."""
    one(0)
    limits.forget()
    tracemalloc.start()
    try:
        for number in range(1, times + 1):
            one(number)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["domainName", "redirectUrl", "mvpd"])
def test_open_sessions_with_long_parameters(name: str) -> None:
    api = Api(seed=1)
    api.sessions = SessionStore(limit=50)

    def open_one(number: int) -> None:
        ex = call("create-session", form=FULL | {name: f"https://a.example/{number}{LONG}"}, device=number)
        build_outcome("C1", Decoded(ex), now=forge.CLOCK, rng=api.rng, sessions=api.sessions)

    assert held(60, open_one) < 50 * 0.03
    assert len(api.sessions) == 50


@pytest.mark.parametrize(
    ("operation", "part"),
    [("resume-session", "code"), ("authorize", "mvpd_path"), ("partner-session", "partner")],
)
def test_ever_new_parts_of_the_path(operation: str, part: str) -> None:
    facts = read(Decoded(call(operation, form=FULL, **{part: LONG})))
    kept = [facts.code, facts.mvpd, facts.partner, facts.service_provider]
    assert 4_000 < max(len(value) for value in kept if value) < 5_000


def test_ever_new_codes_and_devices_in_the_memory_of_a_scenario() -> None:
    memory = Memory(most=50)

    def remember(number: int) -> None:
        memory.counts("scenario", "rule", who(Decoded(call("resume-session", code=f"{number}{LONG}", device=number))))

    assert held(60, remember) < 1
    assert who(Decoded(call("resume-session", code=f"1{LONG}"))) != who(
        Decoded(call("resume-session", code=f"2{LONG}"))
    )


@pytest.mark.parametrize("header", ["X_Device_Info", "AP_Partner_Framework_Status", "AP_Device_Identifier",
                                    "Authorization", "AP_TempPass_Identity", "Cookie"])  # fmt: skip
def test_ever_new_headers(header: str) -> None:
    def send(number: int) -> None:
        value = forge.b64(f'{{"{number}": "{LONG[:45_000]}"}}')
        given = {"Authorization": f"Bearer e30.{value}.x", "Cookie": f"a={value}"}.get(header, value)
        analyze(call("create-session", **{header: given}))

    assert held(40, send) < 4


def test_ever_new_secrets_and_members_in_bodies() -> None:
    def respond(number: int) -> None:
        members = {f"{number} {'k' * 4_000} {at}": at for at in range(40)}
        body = json.dumps({"access_token": f"{number}{LONG}", "a_token": [f"{number}{LONG}"] * 3, **members}).encode()
        analyze(
            replace(call("create-session", form=FULL), response=Response((("Content-Type", "application/json"),), body))
        )

    assert held(30, respond) < 3


def test_ever_new_values_in_a_clean_copy() -> None:
    stand_ins = ReplacementMaker(b"key")
    assert held(30, lambda number: stand_ins.word(f"{number}{LONG[:10_000]}")) < 0.1


def test_ever_new_error_codes_in_the_counts() -> None:
    summary = RunSummary()
    entry = analyze(call("create-session"))

    def count(number: int) -> None:
        summary.add(entry | {"error": f"{number} {'e' * 280}"})

    assert held(3_000, count) < 0.8
    assert len(summary.outcomes) <= MAX_COUNT + 1
    assert sum(summary.outcomes.values()) == summary.exchanges == 3_001


def test_thousands_of_devices_take_turns_quickly() -> None:
    """Each opens a session and is asked for; nothing that is done for one grows with the number of all."""
    api = Api(seed=1)
    requests = [call("create-session", form=FULL, device=number) for number in range(1050)]
    limits.within_time(
        lambda data: [api.respond(Decoded(ex), forge.CLOCK) for ex in requests[: len(data)]], b"x" * 1050, 3.0
    )
    assert len(api.sessions) == 1000
    assert all(session.service_provider == SP for session in api.sessions.list(forge.CLOCK))
