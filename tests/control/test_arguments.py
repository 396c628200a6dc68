"""What a call is given: models of its parameters and of its body, or a sentence."""

import pytest

from passlens.control.arguments import body_of, query_of
from passlens.control.calls import CALLS
from passlens.control.models import MarkBody
from passlens.control.query import ExchangesQuery

BY_NAME = {call.name: call for call in CALLS}


def test_parameters_and_a_body_become_models() -> None:
    found = query_of(BY_NAME["exchanges"], {"since": [b"3"], "operation": [b"authorize"]})
    assert isinstance(found, ExchangesQuery)
    assert (found.since, found.operation) == (3, "authorize")
    assert body_of(BY_NAME["mark"], b'{"name": "test_x"}') == MarkBody(name="test_x")


def test_a_call_that_takes_nothing_is_given_nothing() -> None:
    assert query_of(BY_NAME["status"], {}) is None
    assert body_of(BY_NAME["status"], b"no JSON") is None


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("status", {"since": [b"1"]}, "There is no since; this call takes no parameters."),
        ("exchanges", {"since": [b"1", b"2"]}, "since is given 2 times; give it once."),
        ("exchanges", {"sinse": [b"1"]}, "There is no sinse; did you mean since?"),
        ("exchanges", {"operation": [b"autorize"]}, "did you mean"),
        ("exchanges", {"wait": [b"nan"]}, "wait: Input should be a finite number."),
        ("exchanges", {"wait": [b"inf"]}, "wait: Input should be a finite number."),
        ("exchanges", {"since": [b"nan"]}, "since: Input should be a valid integer"),
    ],
)
def test_parameters_that_a_call_does_not_take_are_refused(
    name: str, arguments: dict[str, list[bytes]], words: str
) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        query_of(BY_NAME[name], arguments)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "The body is no JSON; send an object."),
        (b"[" * 100_000, "The body is no JSON"),
        (b"[]", "The body is no object; send one."),
        (b'{"name": NaN}', "The body is no JSON; send an object."),
        (b'{"name": [-Infinity]}', "The body is no JSON; send an object."),
        (b'{"name": 1e999}', "The body is no JSON; send an object."),
        (b'{"name": ""}', "name: "),
        (b'{"nam": "x"}', "There is no nam; did you mean name?"),
    ],
)
def test_a_body_that_a_call_does_not_take_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        body_of(BY_NAME["mark"], data)


def test_an_empty_name_stops_no_scenario() -> None:
    with pytest.raises(ValueError, match="name: String should have at least 1 character"):
        body_of(BY_NAME["run"], b'{"name": ""}')
