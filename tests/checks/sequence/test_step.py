"""One exchange as sequence checks see it: who called, what for, and what came of it."""

from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.checks.sequence.items import MAX_RESOURCES, StepProfile
from passlens.checks.sequence.step import MAX_ID, Step
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from support.sequence import T0, call, decisions, error, get_token, profiles, register, session


def step(*arguments: Any, **words: Any) -> Step:
    return Step(Decoded(call(*arguments, **words)))


def test_times_are_seconds_since_the_epoch() -> None:
    found = step("poll", 5, profiles(), took=0.25)
    assert (found.start, found.end) == (T0 + 5, T0 + 5.25)


@pytest.mark.parametrize(
    ("status", "answered"), [(200, True), (404, True), (429, False), (499, True), (500, False), (None, False)]
)
def test_a_call_is_answered_unless_the_server_did_not_deal_with_it(status: int | None, answered: bool) -> None:
    assert step("poll", 0, status=status).answered is answered


@pytest.mark.parametrize(
    ("injected", "staged"),
    [(None, False), ("outcome", True), ("delay", True), ("sandbox", False), ("virtual session", False)],
)
def test_only_what_a_scenario_did_is_staged(injected: str | None, staged: bool) -> None:
    assert step("poll", 0, injected=injected).staged is staged


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


def test_a_client_is_named_by_the_form_the_query_or_the_response() -> None:
    assert Step(Decoded(get_token(0, "a" * (MAX_ID + 1)))).client_id == "a" * MAX_ID
    assert Step(Decoded(register(0, "made"))).client_id == "made"
    ex = get_token(0, "form")
    both = replace(ex, request=replace(ex.request, path="/o/client/token?client_id=query"))
    query = replace(both, request=replace(both.request, body=b""))
    assert [Step(Decoded(one)).client_id for one in (both, query)] == ["form", "query"]
    assert step("profiles", 0, profiles()).client_id is None


def test_a_sessions_response_is_read() -> None:
    found = step("create-session", 0, session("BBBB2B2", missing=("domain", "mvpd"), until=60))
    assert (found.issued, found.action, found.reason, found.response_mvpd) == ("BBBB2B2", "authenticate", "none", "Cox")
    assert found.missing == ("domainName", "mvpd")
    assert found.not_after == T0 + 60


def test_profiles_and_decisions_are_read_as_far_as_they_are_objects() -> None:
    assert step("profiles", 0, profiles("degraded", until=60)).profiles == {"Cox": StepProfile("degraded", T0 + 60)}
    assert step("profiles", 0, {"profiles": {"Cox": 1}}).profiles == {}
    assert step("profiles", 0, {}).profiles is None
    one, other = step("authorize", 0, decisions(news="permit", movies="authorization_denied_by_mvpd")).decisions
    assert (one.resource, one.authorized, one.code) == ("news", True, None)
    assert (other.resource, other.authorized, other.code) == ("movies", False, "authorization_denied_by_mvpd")


def test_resources_are_bounded() -> None:
    many = [str(number) for number in range(MAX_RESOURCES + 1)]
    assert len(step("authorize", 0, resources=many).resources) == MAX_RESOURCES
    assert len(step("authorize", 0, decisions(**dict.fromkeys(many, "permit"))).decisions) == MAX_RESOURCES


def test_an_error_is_read_and_is_no_success() -> None:
    found = step("authorize", 0, error("invalid_access_token", "application-registration", 401), status=401)
    assert (found.ok, found.error, found.error_action) == (False, "invalid_access_token", "application-registration")
    assert found.body == {}


def test_calls_are_equal_when_they_are_made_again_unchanged() -> None:
    assert step("poll", 0).call == step("poll", 9).call != step("poll", 0, code="BBBB2B2").call
