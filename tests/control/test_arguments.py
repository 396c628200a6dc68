"""What a call is given: models of its parameters and of its body, or a sentence."""

import json
from itertools import product

import pytest

from passlens.control.arguments import body_of, query_of
from passlens.control.calls import CALLS, Call
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
        ("exchanges", {"wait": [b"nan"]}, "wait is no number; give one."),
        ("exchanges", {"wait": [b"inf"]}, "wait is no number; give one."),
        ("exchanges", {"wait": [b"301"]}, "wait is above 300; give 300 or less."),
        ("exchanges", {"since": [b"nan"]}, "since is no whole number; give one."),
        ("exchanges", {"since": [b"-1"]}, "since is below 0; give 0 or more."),
        ("exchanges", {"result": [b"permits"]}, "result is 'permits'; did you mean permit?"),
        ("exchanges", {"mark": [b"x" * 301]}, "mark is longer than 300 characters; give a shorter one."),
        ("recording", {"format": [b"pdf"]}, "format is 'pdf'; known are har, mitm and html."),
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
        (b'{"name": ""}', "name is empty; give a value."),
        (b'{"name": 1}', "name is no text; send one."),
        (b"{}", "name is missing; send it."),
        (b'{"nam": "x"}', "There is no nam; did you mean name?"),
    ],
)
def test_a_body_that_a_call_does_not_take_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        body_of(BY_NAME["mark"], data)


SENT = [
    None,
    True,
    1,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "x" * 301,
    "-1",
    "1.5",
    "inf",
    "9" * 5000,
    [],
    ["x"],
    [{}],
    {},
    {"a": 1},
]


@pytest.mark.parametrize("call", [call for call in CALLS if call.query or call.body], ids=lambda call: call.name)
def test_each_mistake_is_told_in_words_of_our_own(call: Call) -> None:
    for name, sent in product((call.query or call.body).model_fields, SENT):  # type: ignore[union-attr]
        told = refused(call, name, sent)
        assert told is None or (told.startswith(name) and told.endswith((".", "?"))), told
        assert not any(words in (told or "") for words in ("should", "openapi")), told


def refused(call: Call, name: str, sent: object) -> str | None:
    """What is said of a member, None where it is taken."""
    try:
        if call.query is None:
            body_of(call, json.dumps({name: sent}).encode())
        else:
            query_of(call, {name: [str(sent).encode()]})
    except ValueError as error:
        return str(error)
    return None


def test_an_empty_name_stops_no_scenario() -> None:
    with pytest.raises(ValueError, match="name is empty; give a value"):
        body_of(BY_NAME["run"], b'{"name": ""}')
