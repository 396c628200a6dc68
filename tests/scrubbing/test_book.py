"""What the book knows is found in every spelling, and nothing else is."""

import base64
from urllib.parse import quote

import pytest

from passlens.scrubbing.book import Book

OLD, NEW = "planted-Secret/9", "quxoxyb-Zzzzzz/4"


def closed(*pairs: tuple[str, str]) -> Book:
    book = Book()
    for old, new in pairs or ((OLD, NEW),):
        book.add(old, new)
    book.close()
    return book


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


def test_the_longest_wins() -> None:
    assert closed(("secret", "target"), ("secret-two", "tarqwe-uio")).swept("secret-two") == "tarqwe-uio"


@pytest.mark.parametrize("text", ["110.0.0.77", "10.0.0.71", "10.0.0.7.1"])
def test_an_address_is_not_found_in_another(text: str) -> None:
    assert closed(("10.0.0.7", "192.0.2.9")).swept(text) == text


def test_words_of_the_api_public_and_short_values_are_not_searched_for() -> None:
    book = Book()
    book.add("actionName", "xctionName")
    book.add("abc", "xyz")
    book.add("DemoTV9", "AbcdEF1", loose=True)
    book.add("living", "qwerty", loose=True)
    book.public("DEMOTV9")
    book.close()
    text = "actionName abc DemoTV9 living"
    assert book.swept(text) == text
    assert book.is_public("DEMOTV9")


def test_what_is_a_secret_somewhere_is_one_everywhere() -> None:
    book = Book()
    book.add("planted", "qwertyu", loose=True)
    book.add("planted9", "qwertyu1", loose=True)
    book.add("planted9", "qwertyu1")
    book.public("planted9")
    book.close()
    assert book.swept("planted9") == "qwertyu1"
