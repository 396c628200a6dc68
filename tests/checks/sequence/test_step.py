"""One exchange as sequence checks see it: who called, what for, and what came of it."""

from dataclasses import replace
from typing import Any

import pytest

from passlens.checks.sequence.items import StepProfile
from passlens.checks.sequence.step import Step
from passlens.checks.sequence.step_request import MAX_ID
from passlens.exchange.decoded import Decoded
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


def test_an_error_is_read_and_is_no_success() -> None:
    found = step("authorize", 0, error("invalid_access_token", "application-registration", 401), status=401)
    assert (found.ok, found.error, found.error_action) == (False, "invalid_access_token", "application-registration")
    assert found.body == {}
