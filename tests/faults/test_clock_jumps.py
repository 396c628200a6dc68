"""The clock of the machine is set forth and back while the proxy runs: made-up sessions end and live on by it as those
of a server would, durations are never negative, rules are read again, and nothing fails."""

import threading
from collections.abc import Iterator

import pytest

from support.device import Device, code_of, value
from support.trouble import PATH, ReadError, wait_until

HOUR = 3600
YEAR = 365 * 24 * HOUR
RULES = """rules:
  - name: made up
    when: {operation: create-session}
    then: {outcome: C1}
"""


@pytest.fixture(autouse=True)
def right_again(trouble: ReadError) -> Iterator[None]:
    """After each test the clock is right."""
    yield
    trouble.remote.run("clock.set 0")


def set_clock(trouble: ReadError, seconds: int) -> None:
    """Let the clock lie off by so many seconds."""
    trouble.remote.run(f"clock.set {seconds}")


def test_a_made_up_session_ends_and_lives_on_by_the_clock(trouble: ReadError) -> None:
    with trouble.scenario("jumping", RULES), trouble.client("TLS") as client:
        device = Device(client, "time traveller")
        body = value(device.create_session())
        set_clock(trouble, HOUR)
        assert code_of(device.poll(body["code"])) == "invalid_authentication_session"
        set_clock(trouble, 0)
        assert value(device.poll(body["code"])) == {"profiles": {}}
        # Made in the future: it is there when the clock is right again, and somebody can sign in.
        set_clock(trouble, 30 * YEAR)
        late = value(device.create_session())
        set_clock(trouble, -20 * YEAR)
        early = value(device.create_session())
        for session in (late, early):
            assert device.open(session["url"]).status == 302
            assert list(value(device.poll(session["code"]))["profiles"])
        assert len({session["code"] for session in (body, late, early)}) == 3
        assert "virtual session" in trouble.remote.run("passlens.status")


@pytest.mark.parametrize("seconds", [-HOUR, HOUR], ids=["back", "forth"])
def test_in_the_middle_of_an_exchange(trouble: ReadError, seconds: int) -> None:
    marker = trouble.marker()
    trouble.api.delays[marker] = 0.4
    with trouble.client("TLS") as client:
        statuses: list[int] = []
        asking = threading.Thread(target=lambda: statuses.append(Device(client).get(f"{PATH}?{marker}=").status))
        asking.start()
        wait_until(lambda: trouble.api.has(marker), "the request at the server")
        set_clock(trouble, seconds)
        asking.join(10)
        assert statuses == [200]
        entry = trouble.entry(marker)
        if seconds < 0:
            assert entry["duration_ms"] is None
        else:
            assert entry["duration_ms"] > HOUR * 1000 * 0.99
        set_clock(trouble, 0)
        trouble.goes_on(client=client)


def test_tokens_are_judged_by_the_clock_of_the_proxy(trouble: ReadError) -> None:
    found = {}
    with trouble.client("TLS") as client:
        device = Device(client, token=None)
        for seconds in (0, 2 * YEAR, -2 * YEAR):
            set_clock(trouble, seconds)
            marker = trouble.marker()
            assert device.get(f"{PATH}?{marker}=").status == 200
            found[seconds] = {finding["code"] for finding in trouble.entry(marker)["findings"]}
    assert not found[0]
    assert found[2 * YEAR]
    assert found[2 * YEAR] != found[-2 * YEAR]


def test_a_rule_file_that_was_edited_before_the_clock_was_set_back_is_taken(trouble: ReadError) -> None:
    with trouble.scenario("edited", RULES) as path:
        set_clock(trouble, -YEAR)
        path.write_text(RULES.replace("made up", "in the past"))
        trouble.proxy.wait_for("passlens: scenario edited was read again")
        set_clock(trouble, 0)
        trouble.goes_on()
