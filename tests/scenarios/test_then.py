"""The then side: which actions go together, and what each of them needs."""

from typing import get_args

import pytest

from passlens.errors import RuleFileError
from passlens.exchange.injection import ActionKind
from passlens.scenarios.then import ACTIONS
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
        "{delay: 0}",
        "{delay: 600000}",
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
        ("{delay: 600001}", "expected milliseconds from 0 to 600000"),
        ("{delay: -0.1}", "expected milliseconds from 0 to 600000"),
        ("{outcome: {name: P5, missing: resource}}", "is no parameter that can be missing"),
    ],
)
def test_what_does_not(then: str, words: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        rule(f"then: {then}")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("{respond: {status: 200}}", "{respond: {status: 199}}"),
        ("{respond: {status: 599}}", "{respond: {status: 600}}"),
        ("{rewrite_response: {status: 200}}", "{rewrite_response: {status: 199}}"),
        ("{rewrite_response: {status: 599}}", "{rewrite_response: {status: 600}}"),
        ("{delay: {lognormal: {median: 1, sigma: 0}}}", "{delay: {lognormal: {median: 1, sigma: -0.1}}}"),
        ("{delay: {lognormal: {median: 1, sigma: 10}}}", "{delay: {lognormal: {median: 1, sigma: 10.1}}}"),
        ("{delay: {uniform: {lower: 0, upper: 600000}}}", "{delay: {uniform: {lower: 0, upper: 600001}}}"),
    ],
)
def test_bounds_of_numbers(within: str, beyond: str) -> None:
    assert rule(f"then: {within}").then
    with pytest.raises(RuleFileError):
        rule(f"then: {beyond}")


def test_who_answers() -> None:
    assert rule("then: {outcome: P3}").then.responses
    assert rule("then: {fault: connection_reset}").then.responses
    assert not rule("then: {fault: cut_body}").then.responses


def test_what_a_rule_did_can_be_told_of_every_action() -> None:
    assert {*ACTIONS} - {"state"} <= {*get_args(ActionKind)}, "a kind in exchange/injection.py is missing"


def test_actions_are_those_that_were_written() -> None:
    assert rule("then: {delay: 1, outcome: P3, override: true}").then.actions == ("outcome", "delay")
