"""CORS: what a preflight is told, and what goes with every answer to a request of another origin."""

import pytest

from passlens.rest_v2.operations import API_HEADERS
from passlens.sandbox.cors import HEADERS, METHODS, origin_headers, preflight


def test_a_preflight_gets_the_documented_methods_and_headers() -> None:
    made = preflight("authorization")
    headers = dict(made.headers)
    assert (made.status, made.body) == (200, b"")
    assert headers["Access-Control-Allow-Methods"] == "POST, GET, OPTIONS, DELETE" == ", ".join(METHODS)
    assert headers["Access-Control-Allow-Headers"] == ", ".join(HEADERS)
    assert len(HEADERS) == 13


@pytest.mark.parametrize("name", API_HEADERS)
def test_a_header_of_the_api_may_be_sent_where_it_is_asked_for(name: str) -> None:
    allowed = dict(preflight(f"x-own, {name.lower()}").headers)["Access-Control-Allow-Headers"].lower().split(", ")
    assert name.lower() in allowed
    assert "x-own" not in allowed


def test_the_answer_names_the_origin_itself() -> None:
    assert origin_headers("https://tv.example") == (
        ("Access-Control-Allow-Origin", "https://tv.example"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    )


@pytest.mark.parametrize("origin", [None, "", "https://tv.example\r\nX: y", "https://t\u00fcv.example", "h" * 301])
def test_no_origin_no_headers(origin: str | None) -> None:
    assert origin_headers(origin) == ()
    assert origin_headers("h" * 300)
