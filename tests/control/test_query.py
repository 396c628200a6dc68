"""Which entries a query means, on both sides of each parameter."""

from typing import Any

import pytest
from pydantic import ValidationError

from passlens.control.query import MAX_WAIT, EntryFacts, ExchangesQuery, FindingsQuery, check_device

KEY = "sha256:" + "0" * 32
ENTRY: Any = {
    "operation": "authorize", "started": None, "outcome": "DA-1", "status": 200, "error": None,
    "injected": {"scenario": "s"}, "device": {"key": KEY}, "findings": [],
    "results": [
        {"kind": "decision", "resource": "news", "authorized": True, "error": None},
        {"kind": "decision", "resource": "movies", "authorized": False, "error": "denied"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({}, True), ({"since": 6}, True), ({"since": 7}, False), ({"mark": "m"}, True), ({"mark": "n"}, False),
        ({"operation": "authorize"}, True), ({"operation": "preauthorize"}, False), ({"outcome": "DA-1"}, True),
        ({"outcome": "DA-0"}, False), ({"status": "200"}, True), ({"status": 201}, False), ({"error": "denied"}, True),
        ({"error": "any"}, True), ({"error": "other"}, False), ({"result": "permit"}, True), ({"result": "deny"}, True),
        ({"result": "none"}, False), ({"result": "profile"}, False), ({"resource": "news"}, True),
        ({"resource": "sport"}, False), ({"result": "permit", "resource": "news"}, True),
        ({"result": "permit", "resource": "movies"}, False), ({"injected": "true"}, True),
        ({"injected": "false"}, False), ({"injected": "s"}, True), ({"injected": "t"}, False), ({"device": KEY}, True),
        ({"device": "10.0.0.1"}, True), ({"device": "10.0.0.2"}, False),
    ],
)  # fmt: skip
def test_parameters(query: dict[str, Any], fits: bool) -> None:
    assert ExchangesQuery.model_validate(query).fits(7, "m", "10.0.0.1", EntryFacts.of(ENTRY)) is fits


def test_no_result_and_no_error() -> None:
    facts = EntryFacts.of(ENTRY | {"results": [], "injected": None, "device": None})
    assert ExchangesQuery(result="none").fits(1, None, None, facts)
    assert not ExchangesQuery(error="any").fits(1, None, None, facts)
    assert ExchangesQuery(injected="false").fits(1, None, None, facts)
    assert not ExchangesQuery(device=KEY).fits(1, None, None, facts)


@pytest.mark.parametrize(
    ("severities", "worst"), [((), None), (("note", "note"), "note"), (("note", "error", "warning"), "error")]
)
def test_the_worst_finding(severities: tuple[str, ...], worst: str | None) -> None:
    assert EntryFacts.of(ENTRY | {"findings": [{"severity": one} for one in severities]}).worst == worst


def test_a_profile_is_a_result() -> None:
    facts = EntryFacts.of(ENTRY | {"results": [{"kind": "profile", "mvpd": "Cox"}]})
    assert ExchangesQuery(result="profile").fits(1, None, None, facts)
    assert not ExchangesQuery(result="permit").fits(1, None, None, facts)


def test_bounds() -> None:
    assert ExchangesQuery(wait=MAX_WAIT).wait == MAX_WAIT
    assert ExchangesQuery(status=100).status == 100
    assert ExchangesQuery(status=599).status == 599
    for wrong in (
        {"wait": MAX_WAIT + 1}, {"wait": -1}, {"since": -1}, {"result": "x"}, {"mark": "x" * 301},
        {"status": 99}, {"status": 600},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            ExchangesQuery.model_validate(wrong)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"outcome": "P33"}, "'P33' is no row of an answer; did you mean P3?"),
        ({"outcome": "throttled"}, "'throttled' is no row of an answer, such as P3; error takes error codes."),
        ({"operation": "authorise"}, "'authorise' is no operation; did you mean authorize?"),
        ({"device": "tv"}, "'tv' is neither a client address nor a device key"),
    ],
)
def test_what_no_exchange_could_ever_be_is_refused(query: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ExchangesQuery.model_validate(query)
    assert said in str(caught.value)


def test_every_row_of_an_answer_can_be_asked_for() -> None:
    for row in ("C1", "H-P3", "RS-A", "PA-0", "U-1"):
        assert ExchangesQuery(outcome=row).outcome == row


def test_severities() -> None:
    query = FindingsQuery(min="warning")
    assert [query.fits(one) for one in ("note", "warning", "error")] == [False, True, True]


def test_devices_are_named_by_address_or_key() -> None:
    assert check_device("10.0.0.1") == "10.0.0.1"
    assert check_device("FE80::1") == "fe80::1"
    assert check_device(KEY) == KEY
    for wrong in ("tv", KEY[:-1], KEY + "0", "sha256:" + "g" * 32, "0" * 32, "", "10.0.0.256"):
        with pytest.raises(ValueError, match="neither"):
            check_device(wrong)
