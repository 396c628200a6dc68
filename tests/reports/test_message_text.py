"""One exchange in lines: the block first, then both messages, decoded, redacted, with times as times."""

import dataclasses
from typing import Any

import pytest

from cases import as_exchange, case, cases
from passlens.analysis.analyzer import analyze
from passlens.analysis.messages import messages
from passlens.exchange.model import Exchange
from passlens.reports.message_text import TIMES, WIDTH, lines, message_lines, moment_of, request_lines
from passlens.reports.text import block
from samples.case import Case, dump


def shown(ex: Exchange) -> list[str]:
    return lines(analyze(ex), messages(ex))


@pytest.mark.parametrize("made", cases(), ids=lambda made: made.name)
def test_every_case_has_its_block_and_both_messages(made: Case) -> None:
    ex = as_exchange(made)
    got, first = shown(ex), block(analyze(ex), width=WIDTH).split("\n")
    assert got[: len(first)] == first
    rest = got[len(first) :]
    assert [line for line in rest if line and not line.startswith(" ")] == [
        "request headers",
        "request body",
        "response headers",
        "response body",
    ]


def test_headers_are_decoded_below_their_name_and_redacted() -> None:
    got = shown(as_exchange(case("P3")))
    at = got.index("  X-Device-Info: decoded")
    assert "      primaryHardwareType: SetTopBox" in got[at:]
    assert [line for line in got if line.startswith("  Authorization: Bearer sha256:")]


def test_times_in_bodies_and_headers_are_told_as_times() -> None:
    body = dump({"code": "HFL7S0D", "notBefore": 1767323045000, "notAfter": "1767326645000"})
    got = shown(as_exchange(case("C1").named("x", response_body=body)))
    assert '    "notBefore": 1767323045000,   (2026-01-02 03:04:05Z)' in got
    assert '    "notAfter": "1767326645000"   (2026-01-02 04:04:05Z)' in got


def test_a_time_in_a_decoded_header_is_told() -> None:
    said: dict[str, Any] = {
        "headers": [["Authorization", "Bearer x", {"claims": {"exp": 1767326645, "other": 1767326645}}]],
        "more_headers": 2,
        "body": {"kind": "form", "rows": [["mvpd", "Cox"]], "more": 1},
    }
    assert request_lines({"request": said, "response": said, "failure": None}) == [
        "request headers",
        "  Authorization: Bearer x",
        "      claims/exp: 1767326645 (2026-01-02 04:04:05Z)",
        "      claims/other: 1767326645",
        "  and 2 more headers",
        "request body",
        "  mvpd: Cox",
        "  and 1 more parameter",
    ]


def test_a_response_that_did_not_come_says_why() -> None:
    ex = dataclasses.replace(as_exchange(case("C1")), response=None, failure="peer closed connection")
    assert shown(ex)[-1] == "no response: peer closed connection"


def test_a_fault_of_passlens_is_one_line() -> None:
    got = message_lines({"fault": "KeyError in x.py, line 3"})
    assert got == ["headers and bodies cannot be shown (KeyError in x.py, line 3), a fault of passlens"]


def test_control_characters_do_not_reach_the_screen() -> None:
    said = {"headers": [["X\x1b[2J", "a\x07", None]], "more_headers": 0, "body": {"kind": "none", "why": "empty"}}
    got = request_lines({"request": said, "response": None, "failure": None})
    assert not [line for line in got if not line.isprintable()]


@pytest.mark.parametrize("name", sorted(TIMES))
@pytest.mark.parametrize("value", ["1767326645999", "1767326645"])
def test_a_time_is_in_milliseconds_or_seconds(name: str, value: str) -> None:
    assert moment_of(name, value) == "2026-01-02 04:04:05Z"


@pytest.mark.parametrize(("value", "year"), [("99999999999", "5138-11-16"), ("100000000000", "1973-03-03")])
def test_where_milliseconds_begin(value: str, year: str) -> None:
    assert (moment_of("exp", value) or "").startswith(year)


def test_the_block_is_folded_and_headers_are_left_whole() -> None:
    got = shown(as_exchange(case("P3").with_header("User-Agent", "word " * 40)))
    assert max(map(len, got[: got.index("request headers")])) <= WIDTH
    assert f"  User-Agent: {('word ' * 40).strip()}" in [line.rstrip() for line in got]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("expires_in", "1767326645"),
        ("notAfter", "soon"),
        ("notAfter", "-1"),
        ("notAfter", "\u0661"),
        ("exp", "9999999999999999"),
        ("notAfter", ""),
    ],
)
def test_what_is_no_time_is_left_as_it_is(name: str, value: str) -> None:
    assert moment_of(name, value) is None
