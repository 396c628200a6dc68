"""What something on the way answered is told from what the server did."""

import json
from dataclasses import replace

import pytest

from passlens.checks.diagnosis import diagnose
from passlens.checks.intermediaries import in_place_of_answer, intermediary
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from support.examples import Example, exchange, findings, parametrize, verify

PAGE = (("Content-Type", "text/html; charset=utf-8"),)
CAPTIVE = {"captive": True, "user-portal-url": "https://portal.example/"}

EXAMPLES = [
    Example(
        "PL313",
        trigger=exchange("retrieve-profile-code", response_body=json.dumps(CAPTIVE).encode()),
        near=exchange("retrieve-profile-code", response_body=b'{"captive": "x"}'),
        at="body",
        severity="error",
        words="that of a captive portal",
    ),
    Example(
        "PL313",
        trigger=exchange("C1", response_body=b"{}", answer_headers={"Content-Type": "application/captive+json"}),
        near=exchange("C1", answer_headers={"Content-Type": "application/captive+json"}),
        at="body",
        severity="error",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize(
    "name", ["retrieve-profile-code", "C1", "RS-B", "authorize", "logout", "retrieve-configuration", "dcr-token"]
)
def test_a_captive_portal_is_one_finding_about_the_answer(name: str) -> None:
    ex = exchange(name, response_body=json.dumps(CAPTIVE).encode(), answer_headers={"Content-Type": "text/json"})
    assert [one["code"] for one in findings(ex) if one["side"] == "response"] == ["PL313"]
    assert "sign in to it first" in (diagnose(Decoded(ex)).cause or "")


@pytest.mark.parametrize(
    ("kind", "body", "came"),
    [
        ("text/html", b"Hello", "a web page"),
        ("text/html", b'{"profiles": {}}', None),
        ("text/plain", b"\n <!DOCTYPE HTML>", "a web page"),
        ("application/json", b"<html>", "a web page"),
        ("application/json", b"<htmlx>", None),
        ("application/json", b"<xml>", None),
        ("application/json", b'{"captive": false}', "a captive portal"),
        ("application/json", b"{", None),
    ],
)
def test_what_came_in_the_place_of_the_answer(kind: str, body: bytes, came: str | None) -> None:
    ex = exchange("retrieve-profile-code", response_body=body, answer_headers={"Content-Type": kind})
    assert in_place_of_answer(Decoded(ex)) == came


def test_a_web_page_is_named_where_the_body_is_judged() -> None:
    ex = exchange("retrieve-profile-code", response_body=b"<html>x</html>")
    assert [one["message"] for one in findings(ex)] == ["The body is a web page, expected a JSON object."]


ANSWERED = [
    (304, (), "its copy still holds"),
    (302, (("Location", "http://login.example/"),), "captive portal"),
    (307, (("Location", "/x"), ("Non-Authoritative-Reason", "HSTS")), "The user agent made this redirect itself"),
    (403, PAGE, "refused the request"),
    (407, (), "A proxy on the way wants credentials"),
    (503, PAGE, "A gateway in front of the server answered"),
    (511, PAGE, "wants somebody to sign in to it first"),
    (200, PAGE, "The answer is a web page"),
]
OWN = [(400, PAGE), (403, ()), (405, PAGE), (500, PAGE)]


def made(status: int, headers: tuple[tuple[str, str], ...], name: str = "no-body-500") -> Decoded:
    ex = exchange(name)
    assert ex.response is not None
    return Decoded(replace(ex, response=replace(ex.response, status=status, headers=headers, body=b"<html>x</html>")))


@pytest.mark.parametrize(("status", "headers", "words"), ANSWERED)
def test_who_may_have_answered(status: int, headers: tuple[tuple[str, str], ...], words: str) -> None:
    ex = made(status, headers)
    by = intermediary(ex)
    assert by is not None
    assert words in by.words
    found = diagnose(ex)
    assert (found.cause, found.next) == by
    assert bool(found.next) == (status == 503)


@pytest.mark.parametrize(("status", "headers"), OWN)
def test_what_the_server_may_have_answered_itself(status: int, headers: tuple[tuple[str, str], ...]) -> None:
    assert intermediary(made(status, headers)) is None


def test_the_navigation_to_the_provider_redirects_and_has_pages() -> None:
    for status in (200, 302, 304):
        assert intermediary(made(status, PAGE, "authenticate-html-400")) is None


@pytest.mark.parametrize(("status", "told"), [(200, False), (302, False), (503, True)])
def test_what_a_scenario_answers_came_from_nowhere_else(status: int, told: bool) -> None:
    ex = exchange("no-body-500", injection=Injection("server-error", "over", (Action("respond"),)))
    assert ex.response is not None
    staged = Decoded(replace(ex, response=replace(ex.response, status=status, headers=PAGE)))
    assert (intermediary(staged) is not None) is told
