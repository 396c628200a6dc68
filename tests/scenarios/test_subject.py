"""Whose exchange it is: by code where the path has one, else by device and registration, else by address."""

import pytest

import support.sequence as s
from passlens.checks.sequence.step import Step
from passlens.checks.sequence.step_request import MAX_ID
from passlens.exchange.decoded import Decoded
from passlens.scenarios.subject import MAX_NAMES, Subject
from support.sequence import NONE, call, session


def step(ex: s.Exchange) -> Step:
    return Step(Decoded(ex))


def of(ex: s.Exchange) -> Subject:
    return Subject.of(step(ex), None)


BY_CODE = of(call("poll", 0, NONE))
BY_DEVICE = of(call("profiles", 0, NONE))
BY_TOKEN = of(call("profiles", 0, NONE, device=None))
BY_ADDRESS = of(call("profiles", 0, NONE, device=None, sub=None))


@pytest.mark.parametrize(
    ("subject", "ex", "same"),
    [
        (BY_CODE, call("poll", 1, NONE, device="phone", sub="phone", client="x"), True),
        (BY_CODE, call("poll", 1, NONE, code="BBBB2B2"), False),
        (BY_CODE, call("poll", 1, NONE, sp="OTHER"), False),
        (BY_CODE, call("profiles", 1, NONE), True),
        (BY_CODE, call("profiles", 1, NONE, device="phone"), False),
        (BY_DEVICE, call("poll", 1, NONE, code="BBBB2B2"), True),
        (BY_DEVICE, call("profiles", 1, NONE, sub="other app"), False),
        (BY_DEVICE, call("profiles", 1, NONE, sub=None, client="x"), True),
        (BY_DEVICE, call("profiles", 1, NONE, sp="OTHER"), False),
        (BY_DEVICE, s.register(1), True),
        (BY_DEVICE, s.register(1, client="x"), False),
        (BY_DEVICE, s.get_token(1, client="x"), True),
        (BY_DEVICE, s.get_token(1, "other", client="x"), False),
        (BY_TOKEN, call("profiles", 1, NONE, device="phone", client="x"), True),
        (BY_TOKEN, call("profiles", 1, NONE, sub="other"), False),
        (BY_ADDRESS, call("profiles", 1, NONE), True),
        (BY_ADDRESS, call("profiles", 1, NONE, client="x"), False),
    ],
)
def test_has(subject: Subject, ex: s.Exchange, same: bool) -> None:
    assert subject.has(step(ex)) is same


def test_a_code_that_an_answer_brings_belongs_to_it() -> None:
    subject = of(call("create-session", 0, session("BBBB2B2")))
    assert subject.has(step(call("authenticate", 1, status=302, code="BBBB2B2", client="x")))


def test_verdicts_are_kept_by_device_then_registration_then_address() -> None:
    assert BY_CODE.key == BY_DEVICE.key
    assert BY_TOKEN.key == ("app", s.SP)
    assert BY_ADDRESS.key == ("192.168.1.50", s.SP)


def test_a_registration_that_failed_is_not_followed() -> None:
    subject = of(call("profiles", 0, NONE))
    subject.follow(step(call("register", 1, {"client_id": "new"}, status=400)))
    assert not subject.has(step(call("profiles", 2, NONE, sub="new")))
    subject.follow(step(s.register(3, "new")))
    assert subject.has(step(call("profiles", 4, NONE, sub="new")))


@pytest.mark.parametrize("size", [MAX_ID, MAX_ID + 1, 1000])
def test_the_same_characters_of_a_long_registration_count_everywhere(size: int) -> None:
    subject, long = of(call("profiles", 0, NONE, device=None)), "x" * size
    subject.follow(step(s.register(1, long, device=None)))
    assert len(max(subject.subs, key=len)) == MAX_ID
    assert subject.has(step(call("profiles", 2, NONE, sub=long, device=None)))
    assert subject.has(step(s.get_token(3, long, device=None, client="x")))
    assert not subject.has(step(s.get_token(3, "y" + long, device=None, client="x")))


def test_names_are_bounded() -> None:
    subject = of(call("profiles", 0, NONE))
    for number in range(MAX_NAMES + 5):
        subject.add(step(call("create-session", 1, session(f"CODE{number:03}"))))
    assert len(subject.codes) == MAX_NAMES
