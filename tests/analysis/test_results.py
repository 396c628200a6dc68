"""What came of an exchange stands in its entry: results, redacted, and what the server says in its own words."""

from typing import Any

import pytest

from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.analysis.results import server_words
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.results import MAX_ITEMS
from support.examples import answered, exchange

ADDRESS = "viewer@example.org"


def denial(resource: str = "movies", **error: Any) -> dict[str, Any]:
    error = {"code": "authorization_denied_by_mvpd", "message": "Not in your package.", **error}
    return {"resource": resource, "authorized": False, "source": "mvpd", "error": error}


def decided(*decisions: Any, status: int = 200) -> Entry:
    return analyze(answered(exchange("authorize"), {"decisions": list(decisions)}, status=status))


def test_permits_and_denials_stand_in_the_order_of_the_response() -> None:
    token = {"notBefore": 1767323045000, "notAfter": 1767323465000, "serializedToken": "secret-media-token"}
    permit = {"resource": "news", "authorized": True, "source": "mvpd", "token": token}
    made = decided(denial(), permit)
    assert [result["kind"] for result in made["results"]] == ["decision", "decision"]
    assert [result["authorized"] for result in made["results"] if result["kind"] == "decision"] == [False, True]
    assert made["results"][0] == {
        "kind": "decision",
        "row": "AD2",
        "resource": "movies",
        "authorized": False,
        "source": "mvpd",
        "error": "authorization_denied_by_mvpd",
        "token_not_after": None,
    }
    assert "secret-media-token" not in str(made)
    assert (made["outcome"], made["error"]) == ("DA-1", None)


def test_what_a_result_names_is_redacted() -> None:
    made = decided(denial(resource=f"of {ADDRESS}"))
    assert ADDRESS not in str(made["results"])
    assert "sha256:" in str(made["results"])


def test_the_mvpd_of_a_profile_is_that_of_the_entry() -> None:
    one = {"mvpd": "Cox", "type": "regular", "issuer": "Cox"}
    base = exchange("retrieve-profile-code")
    assert analyze(answered(base, {"profiles": {"Cox": one}}))["mvpd"] == "Cox"
    assert analyze(answered(base, {"profiles": {"Cox": one, "Other": one}}))["mvpd"] is None
    waiting = analyze(answered(base, {"profiles": {}}))
    assert (waiting["outcome"], waiting["results"], waiting["mvpd"]) == ("PA-0", [], None)


def test_items_that_were_not_looked_into_are_counted() -> None:
    assert "more_results" not in decided(*[denial()] * MAX_ITEMS)
    many = decided(*[denial()] * (MAX_ITEMS + 3))
    assert (len(many["results"]), many["more_results"]) == (MAX_ITEMS, 3)


def test_the_diagnosis_holds_the_words_of_the_server() -> None:
    made = decided(denial("news"), denial("movies"), denial("sports", message="Too young."))
    assert made["diagnosis"] is not None
    assert 'The server says of news: "Not in your package".' in made["diagnosis"]
    assert 'The server says of sports: "Too young".' in made["diagnosis"]
    assert made["diagnosis"].count("Not in your package") == 1, "the same words once"
    assert "says of movies" not in made["diagnosis"]


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("invalid_parameter_mvpd-create-session", {"code": "x", "message": "No such MVPD."}, "No such MVPD"),
        ("invalid_parameter_mvpd-create-session", {"error": {"code": "x", "message": "Inside"}}, "Inside"),
        ("invalid_parameter_mvpd-create-session", {"code": "x", "message": 7}, None),
        ("invalid_parameter_mvpd-create-session", {"code": "x", "message": "  "}, None),
        ("invalid_parameter_mvpd-create-session", {"code": "x"}, None),
    ],
)
def test_the_server_speaks_for_itself(name: str, body: Any, words: str | None) -> None:
    said = server_words(Decoded(answered(exchange(name), body)))
    assert said == (None if words is None else f'The server says: "{words}".')


def test_words_of_the_server_are_redacted() -> None:
    body = {"code": "invalid_header_device_identifier", "message": f"Bad user {ADDRESS}."}
    made = analyze(answered(exchange("invalid_parameter_mvpd-create-session"), body))
    assert "Bad user sha256:" in (made["diagnosis"] or "")
    assert ADDRESS not in str(made)


ODD: list[Any] = [{"decisions": [None, 7, {"error": []}]}, {"decisions": {}}, {"profiles": []}, [], "x"]


@pytest.mark.parametrize("body", ODD)
def test_bodies_of_other_forms_have_no_results_and_no_words(body: Any) -> None:
    ex = answered(exchange("authorize"), body)
    assert server_words(Decoded(ex)) is None
    assert all(result["kind"] == "decision" for result in analyze(ex)["results"])
