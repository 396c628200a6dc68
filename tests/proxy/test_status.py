"""The lines of a status: what is on, and which virtual sessions there are."""

import random
import time
from pathlib import Path

import pytest

from passlens.proxy.injector import Injector
from passlens.proxy.status import MAX_SESSIONS, lines
from passlens.scenarios.library import RunningScenario
from scenarios.made import scenario


def test_scenarios_stand_with_their_counts_and_devices() -> None:
    injector = Injector()
    assert lines(injector) == ["no scenario"]
    text = "rules: [{name: one, then: {delay: 1}}, {name: two, then: {delay: 1}}]"
    injector.scenarios.set(RunningScenario(scenario(text), random.Random(1)))
    injector.scenarios.set(RunningScenario(scenario(text, Path("other.yaml")), random.Random(1)), "tv\u202e")
    first, second = lines(injector)
    assert first == "scenario demo: one 0, two 0"
    assert second.startswith("scenario other of device tv")
    assert "\u202e" not in second
    injector.scenarios.set(None)
    assert lines(injector) == [second]


def test_the_hosts_of_the_sandbox_are_named() -> None:
    injector = Injector()
    injector.hosts = frozenset(("b.example", "a.example"))
    assert lines(injector)[1:] == [
        "sandbox for a.example, b.example",
        "sandbox plays HarbourCable, MeridianFiber, LanternDSL, QuarryNet and 2 more",
    ]


@pytest.mark.parametrize("count", [1, MAX_SESSIONS, MAX_SESSIONS + 1])
def test_the_newest_sessions_are_named(count: int) -> None:
    injector = Injector()
    now, rng = time.time(), random.Random(1)
    made = [injector.api.sessions.open("SP", "tv", now=now, rng=rng) for _ in range(count)]
    found = lines(injector)[1:]
    heading = [f"{count} virtual sessions, the newest of them:"] if count > MAX_SESSIONS else []
    assert found[: len(heading)] == heading
    named = [line.split()[2] for line in found[len(heading) :]]
    assert named == [session.code for session in made[-MAX_SESSIONS:]]
    assert found[-1].startswith(f"virtual session {made[-1].code} SP no mvpd open, until 20")


@pytest.mark.parametrize("interactive", [True, False])
def test_where_a_person_signs_in_is_said_once_while_the_page_asks(
    interactive: bool, caplog: pytest.LogCaptureFixture
) -> None:
    injector = Injector()
    injector.api.interactive = interactive
    session = injector.api.sessions.open("SP", "tv", now=time.time(), rng=random.Random(1))
    session.take({"mvpd": "Cox", "domainName": "a.example", "redirectUrl": "https://a.example/"})
    page = f"https://sp.auth.adobe.com/api/v2/authenticate/SP/{session.code}"
    assert (f"  sign in at {page}" in lines(injector)) == interactive
    with caplog.at_level("INFO"):
        injector._announce()
        injector._announce()
    assert caplog.text.count(f"passlens: sign in at {page}, in a browser") == interactive
