"""What a change of a request or an answer is written as."""

import pytest

from scenarios.made import is_limit, refusal, rule


@pytest.mark.parametrize(
    "then",
    [
        "{rewrite_request: {path: {code: A}, headers: {remove: [X-A]}, form: {set: {a: 1}}}}",
        "{rewrite_request: {device_info: {set: {/model: null}}}}",
        "{rewrite_response: {status: 201, headers: {set: {X-A: b}}, merge: null}}",
        "{rewrite_response: {patch: [{op: remove, path: /a}, {op: add, path: /b, value: null}]}}",
    ],
)
def test_a_change(then: str) -> None:
    assert rule(f"then: {then}").then


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("{rewrite_request: {}}", "changes nothing"),
        ("{rewrite_request: {form: {}}}", "changes nothing; write set or remove"),
        ("{rewrite_response: {status: 204, merge: {}}}", "an answer with status 204 has no body"),
        ("{rewrite_request: {path: {kode: A}}}", "'kode' is not known; did you mean code?"),
        ("{rewrite_response: {patch: [{op: add, path: /a}]}}", "add needs a value"),
        ("{rewrite_response: {patch: [{op: move, path: /a}]}}", "move needs from"),
        ("{rewrite_response: {patch: [{op: remove, path: a}]}}", "is no JSON pointer"),
    ],
)
def test_what_is_refused(then: str, words: str) -> None:
    assert words in refusal(then)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("{rewrite_response: {status: 200}}", "{rewrite_response: {status: 199}}"),
        ("{rewrite_response: {status: 599}}", "{rewrite_response: {status: 600}}"),
    ],
)
def test_bounds_of_numbers(within: str, beyond: str) -> None:
    assert is_limit(within, beyond)
