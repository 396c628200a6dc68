"""What reports say of an entry in the same words: device and partner status."""

from typing import Any

import pytest

import forge
from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.reports import entry_text
from passlens.rest_v2.results import ItemResult


def entry(**headers: str | None) -> dict[str, Any]:
    made = case("P3")
    for name, value in headers.items():
        name = name.replace("_", "-")
        made = made.without_header(name) if value is None else made.with_header(name, value)
    return analyze(as_exchange(made))


def device(info: str | None) -> str | None:
    return entry_text.device(entry(X_Device_Info=info)["device"])


def test_the_device_stands_in_one_line() -> None:
    line = device(forge.device_info())
    assert line is not None
    assert line.startswith("SetTopBox, AppleTV, tvOS 18.5, WiFi  sha256:")
    line = device(None)
    assert line is not None
    assert line.startswith("no X-Device-Info  sha256:")
    line = device("%%%")
    assert line is not None
    assert line.startswith("X-Device-Info not readable  sha256:")
    assert entry_text.device(entry(X_Device_Info=None, AP_Device_Identifier=None)["device"]) is None
    only = entry_text.device(entry(AP_Device_Identifier=None)["device"])
    assert only == "SetTopBox, AppleTV, tvOS 18.5, WiFi"


def status(value: str | None) -> str | None:
    return entry_text.partner_status(entry(AP_Partner_Framework_Status=value))


def test_the_partner_status_stands_in_one_line() -> None:
    assert status(forge.partner_status(forge.CLOCK)) == "access granted, provider HarbourCable, expires in 12 hours"
    assert status(forge.partner_status(expires_in=-forge.HOUR)) == (
        "access granted, provider HarbourCable, expired 1 hour ago"
    )
    assert status(forge.denied_status()) == "access denied, no provider"
    assert status(forge.partner_status(access=None, expires_in=None)) == "access not stated, provider HarbourCable"
    assert status(None) is None
    assert status("%%%") == "not readable"
    assert status(forge.old_partner_status()) == "structure of 2024 (user_permissions, mvpd_status)"
    assert status(forge.b64('{"accessStatus": "denied" "x": {}')) == "not readable (accessStatus denied)"


def test_an_expiry_that_is_no_time_is_shown_as_it_is() -> None:
    for value in ("soon", "1" * 16, ""):
        made = forge.b64(forge.json_text({"frameworkProviderInfo": {"expirationDate": value}}))
        assert (status(made) or "").endswith(f"expiry {value}")
    assert entry_text._expiry(True, None) == "expiry True"
    assert entry_text._expiry("1767366245000", None) == "expiry 1767366245000"


STARTED = "2026-01-02T03:04:05.678Z"


def profile(**changes: Any) -> ItemResult:
    made = {"kind": "profile", "row": "PT1", "mvpd": "Cox", "type": "regular", "issuer": "Cox", "not_after": None}
    return made | changes


def decision(**changes: Any) -> ItemResult:
    made = {"kind": "decision", "row": "AD1", "resource": "news", "authorized": True, "source": "mvpd", "error": None}
    return made | {"token_not_after": None} | changes


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (profile(), "profile Cox regular"),
        (profile(issuer="Adobe", type="temporary"), "profile Cox temporary by Adobe"),
        (profile(type=None, issuer=None), "profile Cox"),
        (profile(not_after="2026-01-02T14:20:00.000Z"), "profile Cox regular until 14:20"),
        (profile(not_after="2026-01-02T23:59:59.000Z"), "profile Cox regular until 23:59"),
        (profile(not_after="2026-01-03T00:00:00.000Z"), "profile Cox regular until tomorrow 00:00"),
        (profile(not_after="2026-01-04T00:00:00.000Z"), "profile Cox regular until 2026-01-04 00:00"),
        (profile(not_after="2026-01-02T03:04:05.000Z"), "profile Cox regular over since 03:04"),
        (profile(not_after="2026-01-01T03:04:05.000Z"), "profile Cox regular over since 2026-01-01 03:04"),
        (decision(), "permit news"),
        (decision(source="temppass"), "permit news (temppass)"),
        (decision(token_not_after="2026-01-02T03:11:05.000Z"), "permit news (token 7 minutes)"),
        (decision(token_not_after="2026-01-02T03:06:04.678Z"), "permit news (token 1 minute 59 seconds)"),
        (decision(token_not_after="2026-01-02T03:04:05.000Z"), "permit news (token over)"),
        (
            decision(authorized=False, error="authorization_denied_by_mvpd"),
            "deny news: authorization_denied_by_mvpd",
        ),
        (decision(authorized=False, resource=None), "deny without a resource: no reason"),
        (decision(authorized=None), "no decision for news"),
        ({"kind": "logout", "row": "L3", "mvpd": "Cox", "action": "complete"}, "logout Cox: complete"),
        ({"kind": "configuration", "mvpds": 412}, "configuration 412 providers"),
        ({"kind": "configuration", "mvpds": 1}, "configuration 1 provider"),
        ({"kind": "client"}, "client registered"),
        ({"kind": "token", "not_after": "2026-01-02T09:10:00.000Z"}, "token until 09:10"),
        ({"kind": "token", "not_after": None}, "token"),
        ({"kind": "navigation", "to": "provider"}, "to the provider's page"),
        ({"kind": "navigation", "to": "redirect_url"}, "back to the app's redirectUrl"),
        ({"kind": "navigation", "to": "page"}, "a page that goes on by itself"),
    ],
)
def test_a_result_is_one_short_line(result: ItemResult, text: str) -> None:
    assert entry_text.result_text(result, STARTED) == text


def test_without_a_start_times_are_whole() -> None:
    assert entry_text.result_text(profile(not_after="2026-01-02T14:20:00.000Z")) == (
        "profile Cox regular until 2026-01-02 14:20"
    )
    assert entry_text.result_text(decision(token_not_after="2026-01-02T03:11:05.000Z")) == "permit news"


def of_results(results: list[ItemResult], outcome: str = "DA-1", operation: str = "authorize", **more: Any) -> Entry:
    return entry() | {"results": results, "outcome": outcome, "operation": operation} | more


def test_many_results_are_counted_beyond_the_first() -> None:
    ten = [decision() for _ in range(entry_text.MAX_RESULTS)]
    assert entry_text.result_lines(of_results(ten)) == ["permit news"] * 10
    more = [*ten, decision(), decision(authorized=False), decision(authorized=False)]
    assert entry_text.result_lines(of_results(more))[10:] == ["and 3 more: 1 permit, 2 denials"]
    cut = of_results(more, more_results=500)
    assert entry_text.result_lines(cut)[10:] == ["and 3 more: 1 permit, 2 denials, 500 that were not looked into"]
    assert entry_text.result_lines(of_results(ten, more_results=1))[10:] == ["and 1 that was not looked into"]


@pytest.mark.parametrize(
    ("outcome", "operation", "lines"),
    [
        ("PA-0", "retrieve-profile-code", ["no profile yet"]),
        ("PA-0", "retrieve-profiles", ["no profile"]),
        ("PP-0", "partner-profile", ["no profile of the partner"]),
        ("DA-0", "preauthorize", ["no decision"]),
        ("LA-1", "logout", ["nothing to log out"]),
        ("P3", "partner-session", []),
    ],
)
def test_an_answer_without_items_says_so(outcome: str, operation: str, lines: list[str]) -> None:
    assert entry_text.result_lines(of_results([], outcome, operation)) == lines


def test_a_denial_is_told_apart() -> None:
    assert entry_text.is_denied(of_results([decision(), decision(authorized=False)]))
    assert not entry_text.is_denied(of_results([decision(), decision(authorized=None), profile()]))
