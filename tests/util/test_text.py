"""Pieces of text: escapes for what could steer a terminal, colours, lengths of time, lines that keep to a width."""

import pytest

import forge
from passlens.util import text as words
from passlens.util.text import NARROWEST, definition_list, fold, nearest_of, paragraph

PLACE = "header:AP-Partner-Framework-Status#/frameworkProviderInfo/expirationDate"


def test_a_place_is_broken_after_a_separator() -> None:
    assert fold(f"PL240 {PLACE}", 60, first="  note      ", rest=" " * 12) == [
        "  note      PL240 header:AP-Partner-Framework-Status#/",
        "            frameworkProviderInfo/expirationDate",
    ]


@pytest.mark.parametrize("width", [NARROWEST, 41, 80, 200])
def test_no_line_is_longer_and_nothing_is_lost(width: int) -> None:
    for text in (PLACE, "x" * 500, f"a {PLACE} b", "short", "", "many " * 40, "/" * 300):
        lines = fold(text, width, first="> ", rest="  ")
        assert all(len(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(f"> {text}".split())


def test_each_line_has_the_room_beside_what_stands_before_it() -> None:
    assert fold("a " * 30, 40, first="x" * 30 + "  ", rest="  ") == [
        "x" * 30 + "  a a a a", "  " + "a " * 18 + "a", "  " + "a " * 6 + "a",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [None, 0, NARROWEST - 1])
def test_without_a_width_or_room_it_is_one_line(width: int | None) -> None:
    assert fold(PLACE * 3, width, first="  ") == ["  " + PLACE * 3]


def test_a_line_that_just_fits_is_not_broken() -> None:
    assert paragraph("x" * 20 + " " + "y" * 19, 40) == "x" * 20 + " " + "y" * 19
    assert paragraph("x" * 20 + " " + "y" * 20, 40) == "x" * 20 + "\n" + "y" * 20


def test_what_is_said_of_names_stands_beside_them() -> None:
    rows = [("a", "one two " * 6), ("longer", "three")]
    lines = definition_list(rows, 40)
    assert lines[0].startswith("a       one two")
    assert lines[1].startswith("        ")
    assert lines[-1] == "longer  three"


def test_what_is_said_of_a_long_name_stands_below_it() -> None:
    rows = [("a", "one"), ("b" * 38, "two"), ("c" * 39, "three"), ("d" * 90, "four")]
    beside = " " * 40
    assert definition_list(rows, 80) == [
        f"{'a':<40}one", f"{'b' * 38}  two", "c" * 39, f"{beside}three", "d" * 80, "d" * 10, f"{beside}four",
    ]  # fmt: skip
    assert definition_list(rows[:1] + rows[2:3], 80) == ["a  one", "c" * 39, "   three"]
    assert definition_list(rows[2:3], 80) == ["c" * 39, "    three"]
    assert definition_list(rows, None)[0] == f"{'a':<92}one"


def test_signs_that_steer_a_terminal_are_shown_as_escapes() -> None:
    assert words.escape_controls("a\x1b[2Jb") == "a\\x1b[2Jb"
    assert words.escape_controls("\u202e\u2066\ufeff\u200b") == "\\u202e\\u2066\\ufeff\\u200b"
    assert words.escape_controls("\udcff\x9b\x7f\n\r\t") == "\\udcff\\x9b\\x7f\\n\\r\\t"
    assert words.escape_controls("Grüße ☃ 日本") == "Grüße ☃ 日本"


def test_colours_are_only_there_when_they_are_on() -> None:
    shades = {"error": "31", "warning": "33", "note": "36", "good": "32", "bold": "1", "dim": "2"}
    for name, code in shades.items():
        assert words.paint("x", name, True) == f"\x1b[{code}mx\x1b[0m"
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
    at = words.parse_time("2026-01-02T03:04:05.678Z")
    assert at is not None
    assert at.timestamp() == pytest.approx(forge.CLOCK + 0.678)
    assert words.parse_time(None) is None


def test_nearest_of() -> None:
    assert nearest_of("operaton", {"operation": 1}) == "operation"
    assert nearest_of("xyzzy", ["operation"]) is None
    # Only so much of a word is compared.
    assert nearest_of("a" * 80, ["a" * 80]) == nearest_of("a" * 200, ["a" * 80]) == "a" * 80
