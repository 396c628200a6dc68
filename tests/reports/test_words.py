"""Pieces of text: escapes for what could steer a terminal, colours, lengths of time, device and partner status."""

from typing import Any

import pytest

import forge
from cases import as_exchange, case
from passlens.reports import words
from passlens.verdict import judge


def test_signs_that_steer_a_terminal_are_shown_as_escapes() -> None:
    assert words.safe("a\x1b[2Jb") == "a\\x1b[2Jb"
    assert words.safe("\u202e\u2066\ufeff\u200b") == "\\u202e\\u2066\\ufeff\\u200b"
    assert words.safe("\udcff\x9b\x7f\n\r\t") == "\\udcff\\x9b\\x7f\\n\\r\\t"
    assert words.safe("Grüße ☃ 日本") == "Grüße ☃ 日本"


def test_colours_are_only_there_when_they_are_on() -> None:
    assert words.paint("x", "error", True) == "\x1b[31mx\x1b[0m"
    assert words.paint("x", "error", False) == "x"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (61, "1 minute 1 second"),
        (7500, "2 hours 5 minutes"),
        (86_400, "1 day"),
        (400 * 86_400, "1 year 35 days"),
        (-90, "1 minute 30 seconds"),
    ],
)
def test_a_length_of_time_has_its_two_largest_units(seconds: float, text: str) -> None:
    assert words.span(seconds) == text


def test_plurals_follow_the_count() -> None:
    assert [words.plural(count, "note") for count in (0, 1, 2)] == ["0 notes", "1 note", "2 notes"]


def test_a_moment_is_read_back() -> None:
    at = words.moment("2026-01-02T03:04:05.678Z")
    assert at is not None
    assert at.timestamp() == pytest.approx(forge.CLOCK + 0.678)
    assert words.moment(None) is None


def entry(**headers: str | None) -> dict[str, Any]:
    made = case("P3")
    for name, value in headers.items():
        name = name.replace("_", "-")
        made = made.without_header(name) if value is None else made.with_header(name, value)
    return judge(as_exchange(made))


def device(info: str | None) -> str | None:
    return words.device(entry(X_Device_Info=info))


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
    assert words.device(entry(X_Device_Info=None, AP_Device_Identifier=None)) is None
    only = words.device(entry(AP_Device_Identifier=None))
    assert only == "SetTopBox, AppleTV, tvOS 18.5, WiFi"


def status(value: str | None) -> str | None:
    return words.partner_status(entry(AP_Partner_Framework_Status=value))


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
    assert words._expiry(True, None) == "expiry True"
    assert words._expiry("1767366245000", None) == "expiry 1767366245000"
