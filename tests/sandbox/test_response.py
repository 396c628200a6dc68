"""The forms of an answer: JSON, HTML, empty, redirect; and what must never get into a header."""

import json
from http import HTTPStatus

import pytest

from passlens.sandbox.response import JSON_TYPE, REASONS, empty, html_note, json_response, plain, redirect


def test_a_json_answer() -> None:
    made = json_response({"a": "ü\udcff"}, 201, ("X-A", "b"))
    assert (made.status, made.reason) == (201, "Created")
    assert made.headers == (("Content-Type", JSON_TYPE), ("X-A", "b"))
    assert made.body.isascii()
    assert json.loads(made.body) == {"a": "ü\udcff"}


def test_as_an_answer_of_an_exchange() -> None:
    response = json_response([]).as_response()
    assert (response.status, response.reason, response.body, response.media_type) == (
        200,
        "OK",
        b"[]",
        "application/json",
    )


def test_a_page_escapes_what_it_shows() -> None:
    made = html_note("<b>", "a & b", 400)
    assert b"<b>" not in made.body
    assert b"&lt;b&gt;" in made.body
    assert b"a &amp; b" in made.body


def test_an_empty_answer() -> None:
    made = empty(405, ("Allow", "GET"))
    assert (made.status, made.body, made.headers) == (405, b"", (("Allow", "GET"),))


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("https://a.example/b?c=d&e=%20#f", "https://a.example/b?c=d&e=%20#f"),
        ("demotv://signed-in", "demotv://signed-in"),
        ("https://a.example/\r\nSet-Cookie: x=y", "https://a.example/%0D%0ASet-Cookie:%20x=y"),
        ("https://a.example/ü", "https://a.example/%C3%BC"),
        ("https://a.example/\udcff", "https://a.example/?"),
    ],
)
def test_a_redirect_keeps_to_one_header(address: str, location: str) -> None:
    made = redirect(address)
    assert made.status == 302
    assert made.headers[0] == ("Location", location)


def test_the_words_of_a_status_are_the_registered_ones() -> None:
    assert {status: HTTPStatus(status).phrase for status in REASONS} == REASONS
    assert set(REASONS) == {200, 201, 302, 400, 401, 403, 404, 405, 429, 500}


def test_plain_text_can_be_written() -> None:
    assert plain("a\udcffb") == "a?b"
