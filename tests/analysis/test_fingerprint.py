"""Texts by kind: what changes from run to run is replaced, words and numbers of the documentation stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.analysis.fingerprint import MAX_CHARS, normalize, place


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("missing", "missing"),
        ("reasonType pfs_fallback or configuration_fallback", "reasonType pfs_fallback or configuration_fallback"),
        ("200, 400, 401, 405, 429 or 500", "200, 400, 401, 405, 429 or 500"),
        ("13 digits of epoch milliseconds", "13 digits of epoch milliseconds"),
        ("HarbourCable", "HarbourCable"),
        ("an errors array (doc-2025-08-05)", "an errors array (doc-2025-08-05)"),
        ("X-Roku-Reserved-Roku-Connect-Token", "X-Roku-Reserved-Roku-Connect-Token"),
        ("AP-Partner-Framework-Status", "AP-Partner-Framework-Status"),
        ("tvOS 18.5", "tvOS 18.5"),
        ("OKTWW2W", "<code>"),
        ("sha256:322ba698e8ae and 0ad0e9a0-6a6b-4f39-8a8f-9f6f0f5a2b11", "<id> and <id>"),
        ("later than 2026-01-02T03:04:05Z", "later than <time>"),
        ("Fri, 02 Jan 2026 03:04:05 GMT", "<time>"),
        ("number 1767323045000", "number <time>"),
        ("1767323045", "<time>"),
        ("expired 1 hour ago", "expired <span> ago"),
        ("2 hours 5 minutes", "<span>"),
        ("41.2 ms", "<span>"),
        ("from 192.0.2.7", "from <address>"),
        ("from 2001:db8::7.", "from <address>."),
        ("999.1.2.3", "999.1.2.3"),
        ("line 6 column 3 (char 113)", "<position>(<position>)"),
        ("the body of 123456 bytes", "the body of <number> bytes"),
        ("/api/v2/DEMOTV/sessions/ABC1234", "/api/v2/DEMOTV/sessions/<code>"),
        ("", ""),
    ],
)
def test_what_is_volatile_stands_by_its_kind(text: str, kind: str) -> None:
    assert normalize(text) == kind


def test_the_code_of_the_exchange_is_known_whatever_its_form() -> None:
    assert normalize("The code is ab-12_x.", "ab-12_x") == "The code is <code>."
    assert normalize("none", "no") == "none"


def test_where_a_text_was_cut_makes_no_difference() -> None:
    whole = "url https://demotv.example/signed-in?from=tv&id=" + "x" * 400
    assert normalize(whole[:297] + "...") == normalize(whole[:200] + "...")
    assert len(normalize("word " * 100)) == MAX_CHARS


def test_positions_in_lists_do_not_count() -> None:
    assert place("body#/profiles/0/id") == place("body#/profiles/17/id") == "body#/profiles/*/id"
    assert place("header:X-Device-Info#/osName") == "header:X-Device-Info#/osName"
    assert place("path:code") == "path:code"


@given(st.text())
def test_any_text_has_a_kind_that_is_its_own_kind_or_shorter(text: str) -> None:
    assert len(normalize(text)) <= MAX_CHARS
    place(text, text)


def test_eighty_characters_count() -> None:
    assert normalize("word " * 16) == "word " * 16
    assert normalize("word " * 16 + "x") == "word " * 16


@pytest.mark.parametrize(("code", "known"), [("abc", False), ("abcd", True)])
def test_a_code_of_four_characters_is_looked_for(code: str, known: bool) -> None:
    assert normalize(f"is {code}", code) == ("is <code>" if known else f"is {code}")
