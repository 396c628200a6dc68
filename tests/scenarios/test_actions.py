"""The then side: which actions go together, and what each of them needs."""

import pytest

from passlens.scenarios.mistakes import RuleFileError
from scenarios.made import rule


@pytest.mark.parametrize(
    "then",
    [
        "{outcome: P3, delay: 100, rewrite_response: {status: 201}, state: a}",
        "{outcome: P3, fault: cut_body, override: true}",
        "{respond: {status: 503, headers: {Retry-After: '1'}, json: {a: [1, null]}}}",
        "{rewrite_request: {path: {code: A}}, rewrite_response: {merge: {a: null}}, fault: slow_drip}",
        "{rewrite_request: {partner_status: {remove: [frameworkProviderInfo]}}, fault: no_answer}",
        "{rewrite_response: {patch: [{op: remove, path: /a}, {op: add, path: /b, value: null}]}}",
        "{delay: {lognormal: {median: 200, sigma: 0.4}}}",
        "{delay: {uniform: {lower: 1, upper: 2.5}}}",
    ],
)
def test_what_goes_together(then: str) -> None:
    assert rule(f"then: {then}").then


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("{outcome: P3, rewrite_request: {path: {code: A}}}", "since outcome keeps the request from the server"),
        ("{respond: {body: a}, rewrite_response: {status: 201}}", "no effect that respond cannot write itself"),
        ("{fault: empty_answer, outcome: P3}", "outcome has no effect, since empty_answer leaves no answer"),
        ("{delay: 1, override: true}", "override is for rules that give, change or break an answer"),
        ("{override: true}", "does nothing"),
        ("{respond: {body: a, json: b}}", "has more than one body"),
        ('{respond: {headers: {X-A: "a\\nb"}}}', "a header value cannot hold line ends"),
        ("{rewrite_request: {}}", "changes nothing"),
        ("{rewrite_request: {form: {}}}", "changes nothing; write set or remove"),
        ("{rewrite_request: {path: {kode: A}}}", "'kode' is not known; did you mean code?"),
        ("{rewrite_response: {patch: [{op: add, path: /a}]}}", "add needs a value"),
        ("{rewrite_response: {patch: [{op: move, path: /a}]}}", "move needs from"),
        ("{rewrite_response: {patch: [{op: remove, path: a}]}}", "is no JSON pointer"),
        ("{delay: {milliseconds: 1, uniform: {lower: 1, upper: 2}}}", "write one of"),
        ("{delay: 700000}", "expected milliseconds from 0 to 600000"),
        ("{outcome: {name: P5, missing: resource}}", "is no parameter that can be missing"),
    ],
)
def test_what_does_not(then: str, words: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        rule(f"then: {then}")
    assert words in str(caught.value)


def test_who_answers() -> None:
    assert rule("then: {outcome: P3}").then.answers
    assert rule("then: {fault: connection_reset}").then.answers
    assert not rule("then: {fault: cut_body}").then.answers
