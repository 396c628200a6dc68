"""What the book knows is found in every spelling, and nothing else is."""

import base64
from urllib.parse import quote

import pytest

from passlens.redaction.normalize import Needles
from passlens.scrub.replacements import _CLEAN, Replacements

OLD, NEW = "planted-Secret/9", "quxoxyb-Zzzzzz/4"


def closed(*pairs: tuple[str, str]) -> Replacements:
    replacements = Replacements()
    for old, new in pairs or ((OLD, NEW),):
        replacements.add(old, new)
    replacements.close()
    return replacements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"no {OLD}!", f"no {NEW}!"),
        (quote(OLD, safe=""), quote(NEW, safe="")),
        (quote(quote(OLD, safe=""), safe=""), quote(quote(NEW, safe=""), safe="")),
        (OLD.encode().hex().upper(), NEW.encode().hex().upper()),
        (base64.b64encode(OLD.encode()).decode(), base64.b64encode(NEW.encode()).decode()),
        (OLD.upper(), NEW.upper()),
        (f"{OLD}{OLD}", f"{NEW}{NEW}"),
        ("planted-Secret", "planted-Secret"),
        ("", ""),
    ],
)
def test_every_spelling_is_replaced(text: str, expected: str) -> None:
    assert closed().swept(text) == expected


def test_a_long_secret_is_known_by_its_start() -> None:
    old, new = "planted-" + "x0" * 100, "quxoxyb-" + "y1" * 100
    assert closed((old, new)).swept(f"cut: {old[:90]}...") == f"cut: {new[:90]}..."


def test_a_long_secret_that_was_cut_and_escaped_keeps_its_length() -> None:
    old, new = "planted\r\n" + "x0" * 100, "quxoxyb\r\n" + "y1" * 100
    assert closed((old, new)).swept(quote(old[:90]) + "...") == quote(new[:90]) + "..."


def test_the_longest_wins() -> None:
    assert closed(("secret", "target"), ("secret-two", "tarqwe-uio")).swept("secret-two") == "tarqwe-uio"


@pytest.mark.parametrize("text", ["110.0.0.77", "10.0.0.71", "10.0.0.7.1"])
def test_an_address_is_not_found_in_another(text: str) -> None:
    assert closed(("10.0.0.7", "192.0.2.9")).swept(text) == text


def test_words_of_the_api_public_and_short_values_are_not_searched_for() -> None:
    replacements = Replacements()
    replacements.add("actionName", "xctionName")
    replacements.add("abc", "xyz")
    replacements.add("DemoTV9", "AbcdEF1", loose=True)
    replacements.add("living", "qwerty", loose=True)
    replacements.public("DEMOTV9")
    replacements.close()
    text = "actionName abc DemoTV9 living"
    assert replacements.swept(text) == text
    assert replacements.is_public("DEMOTV9")


def test_what_is_a_secret_somewhere_is_one_everywhere() -> None:
    replacements = Replacements()
    replacements.add("planted", "qwertyu", loose=True)
    replacements.add("planted9", "qwertyu1", loose=True)
    replacements.add("planted9", "qwertyu1")
    replacements.public("planted9")
    replacements.close()
    assert replacements.swept("planted9") == "qwertyu1"


@pytest.mark.parametrize(("size", "known"), [(5, False), (6, True), (4096, True), (4097, False)])
def test_secrets_of_six_to_4096_characters_are_searched_for(size: int, known: bool) -> None:
    old, new = ("a1" * size)[:size], ("b2" * size)[:size]
    assert closed((old, new)).swept(f"({old})") == f"({new if known else old})"


@pytest.mark.parametrize(("size", "public"), [(5, False), (6, True), (64, True), (65, False)])
def test_values_of_six_to_64_characters_are_known_to_be_public(size: int, public: bool) -> None:
    replacements = Replacements()
    replacements.public("a" * size)
    replacements.close()
    assert replacements.is_public("a" * size) == public


@pytest.mark.parametrize(("cut", "known"), [(39, False), (40, True), (41, True)])
def test_a_cut_secret_is_known_by_forty_characters(cut: int, known: bool) -> None:
    old, new = "a1" * 25, "b2" * 25
    assert closed((old, new)).swept(f"{old[:cut]}...") == f"{(new if known else old)[:cut]}..."


def test_a_secret_of_forty_characters_is_only_known_as_a_whole() -> None:
    old, new = "a1" * 20, "b2" * 20
    assert closed((old, new)).swept(f"{old[:39]}... {old}") == f"{old[:39]}... {new}"


@pytest.mark.parametrize(("before", "known"), [(15, True), (16, False)])
def test_sixteen_secrets_with_one_start_are_tried_on_a_cut_one(before: int, known: bool) -> None:
    start, made = "a1" * 20, "b2" * 20
    alike = [(f"{start}other{number:02}", f"{made}Other{number:02}") for number in range(before)]
    swept = closed(*alike, (f"{start}wanted-one", f"{made}WANTED-TWO")).swept(f"{start}wanted...")
    assert (swept == f"{made}WANTED...") == known


@pytest.mark.parametrize(("word", "known"), [("A" + "b" * 11, False), ("A" + "b" * 12, True), ("Ab1cde", True)])
def test_a_loose_word_is_not_searched_for(word: str, known: bool) -> None:
    replacements = Replacements()
    replacements.add(word, "z" * len(word), loose=True)
    replacements.close()
    assert (replacements.swept(word) != word) == known


@pytest.mark.parametrize("before", ["", "a", "ab"])
@pytest.mark.parametrize("after", ["", "z", "zy"])
def test_a_secret_inside_longer_base64_is_replaced_at_every_offset(before: str, after: str) -> None:
    run = base64.b64encode(f"{before}{OLD}{after}".encode()).decode()
    swept = closed().swept(run)
    assert OLD[1:-1] not in base64.b64decode(swept).decode("utf-8", "replace")
    assert NEW[1:-1] in base64.b64decode(swept).decode("utf-8", "replace")
    path = f"/api/{run}/tail"
    assert closed().swept(path) == path.replace(run, swept)


def test_a_text_without_secrets_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    starts = Needles.starts
    monkeypatch.setattr(Needles, "starts", lambda needles, text: searched.append(text) or starts(needles, text))
    made, text = closed(), "nothing in here " * 1000
    assert made.swept(text) == made.swept(text) == text
    assert searched == [text]
    assert made.swept(text + OLD) == text + NEW
    assert made.swept("x" * (_CLEAN + 1)) == "x" * (_CLEAN + 1)
    assert made._clean == {"x" * (_CLEAN + 1)}
    assert made.swept(OLD) == NEW


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("id 136851", "id 902477"), ("136851.", "902477."), ("136851.x", "902477.x"), ("v136851;", "v902477;"),
        (".136851", ".902477"), ("136851.5", None), ("1368510", None), ("0136851", None), ("2.0136851", None),
    ],
)  # fmt: skip
def test_digits_in_the_middle_of_more_digits_are_another_number(text: str, made: str | None) -> None:
    found = Replacements()
    found.add("136851", "902477")
    found.close()
    assert found.swept(text) == (made or text)
