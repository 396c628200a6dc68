"""The then side: which actions go together, and what each of them needs."""

from typing import get_args

import pytest

from passlens.exchange.injection import ActionKind
from passlens.scenarios.then import ACTIONS
from scenarios.made import is_limit, refusal, rule


@pytest.mark.parametrize(
    "then",
    [
        "{outcome: P3, delay: 100, rewrite_response: {status: 201}, state: a}",
        "{outcome: P3, fault: cut_body, override: true}",
        "{respond: {status: 503, headers: {Retry-After: '1'}, json: {a: [1, null]}}}",
        "{rewrite_request: {path: {code: A}}, rewrite_response: {merge: {a: null}}, fault: slow_drip}",
        "{delay: 0}",
        "{rewrite_request: {partner_status: {remove: [frameworkProviderInfo]}}, fault: no_answer}",
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
        ("{outcome: {name: P5, missing: resource}}", "is no parameter that can be missing"),
    ],
)
def test_what_does_not(then: str, words: str) -> None:
    assert words in refusal(then)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("{respond: {status: 200}}", "{respond: {status: 199}}"),
        ("{respond: {status: 599}}", "{respond: {status: 600}}"),
    ],
)
def test_bounds_of_numbers(within: str, beyond: str) -> None:
    assert is_limit(within, beyond)


def test_who_answers() -> None:
    assert rule("then: {outcome: P3}").then.responses
    assert rule("then: {fault: connection_reset}").then.responses
    assert not rule("then: {fault: cut_body}").then.responses


def test_what_a_rule_did_can_be_told_of_every_action() -> None:
    assert {*ACTIONS} - {"state"} <= {*get_args(ActionKind)}, "a kind in exchange/injection.py is missing"


def test_actions_are_those_that_were_written() -> None:
    assert rule("then: {delay: 1, outcome: P3, override: true}").then.actions == ("outcome", "delay")
