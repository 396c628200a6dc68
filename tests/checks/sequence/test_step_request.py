"""The request of a step: who called, and what; calls that are made again unchanged are equal."""

from typing import Any

import forge
from passlens.checks.sequence.items import MAX_RESOURCES
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from support.sequence import call, decisions


def step(*arguments: Any, **words: Any) -> Step:
    return Step(Decoded(call(*arguments, **words)))


def test_spellings_of_an_identifier_are_one_device() -> None:
    plain, other = (
        call("poll", 0, headers={"AP-Device-Identifier": forge.device_identifier("tv", padding=padding)})
        for padding in (True, False)
    )
    assert Step(Decoded(plain)).device == Step(Decoded(other)).device == device_key(Decoded(plain))
    assert step("poll", 0, device=None).device is None


def test_the_registration_is_who_calls_else_the_device_else_the_address() -> None:
    assert step("poll", 0, sub="app").who == ("app", "REF30")
    without = step("poll", 0, sub=None)
    assert without.actor == without.device is not None
    assert step("poll", 0, sub=None, device=None).actor == "192.168.1.50"


def test_resources_are_bounded() -> None:
    many = [str(number) for number in range(MAX_RESOURCES + 1)]
    assert len(step("authorize", 0, resources=many).resources) == MAX_RESOURCES
    assert len(step("authorize", 0, decisions(**dict.fromkeys(many, "permit"))).decisions) == MAX_RESOURCES


def test_a_device_is_told_by_the_first_4096_characters_of_its_information() -> None:
    long, longer = (step("poll", 0, headers={"X-Device-Info": "A" * 4095 + end}) for end in ("AB", "AC"))
    other = step("poll", 0, headers={"X-Device-Info": "A" * 4095 + "B"})
    assert long.device_info == longer.device_info != other.device_info
    assert step("poll", 0, headers={"X-Device-Info": ""}).device_info == ""


def test_calls_are_equal_when_they_are_made_again_unchanged() -> None:
    assert step("poll", 0).call == step("poll", 9).call != step("poll", 0, code="BBBB2B2").call
