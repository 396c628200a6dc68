"""Rules that can never match are warned about; rules that could are not."""

import pytest

from scenarios.made import scenario

TAKEN = [
    ("[{name: a, when: {state: done}, then: {delay: 1}}]", "no rule sets the state 'done'"),
    ("[{name: a, when: {chance: 0}, then: {delay: 1}}]", "its chance is 0"),
    ("[{name: a, when: {occurrence: {first: 1, after: 1}}, then: {delay: 1}}]", "among the first 1 and after"),
    ("[{name: a, when: {mvpd: {equal_to: x, contains: y}}, then: {delay: 1}}]", "no value of mvpd can fit"),
    ("[{name: a, when: {mvpd: {one_of: [x, y], matches: z}}, then: {delay: 1}}]", "no value of mvpd can fit"),
    ("[{name: a, when: {operation: authenticate, token: {sub: x}}, then: {delay: 1}}]", "has no Authorization"),
    ("[{name: a, when: {operation: logout, code: x}, then: {delay: 1}}]", "has no code in its path"),
    ("[{name: a, when: {operation: logout, form: {mvpd: x}}, then: {delay: 1}}]", "takes no form parameter mvpd"),
    ("[{name: a, when: {operation: create-session, form: {SAMLResponse: x}}, then: {delay: 1}}]", "takes no form"),
    (
        "[{name: a, when: {headers: {X-DEVICE-INFO: {absent: true}}, device_info: {osName: x}}, then: {delay: 1}}]",
        "asks for fields inside X-Device-Info and for no X-Device-Info",
    ),
    ("[{name: b, then: {delay: 1}}, {name: a, then: {delay: 2}}]", "the rule 'b' before it takes every exchange"),
    (
        "[{name: b, when: {mvpd: x}, then: {delay: 1}}, {name: a, when: {mvpd: x, code: y}, then: {delay: 2}}]",
        "the rule 'b' before it",
    ),
    ("[{name: a, priority: 6, then: {outcome: P3}}, {name: b, then: {delay: 2}}]", "the rule 'b' before it"),
]

FINE = [
    "[{name: b, when: {chance: 0.5}, then: {delay: 1}}, {name: a, then: {delay: 2}}]",
    "[{name: b, when: {occurrence: {times: 1}}, then: {delay: 1}}, {name: a, then: {delay: 2}}]",
    "[{name: b, when: {operation: logout}, then: {delay: 1}}, {name: a, then: {delay: 2}}]",
    "[{name: b, when: {mvpd: x}, then: {delay: 1}}, {name: a, when: {mvpd: y}, then: {delay: 2}}]",
    "[{name: a, when: {form: {mvpd: {absent: true}}, operation: logout}, then: {delay: 1}}]",
    "[{name: a, when: {state: Started}, then: {state: b}}, {name: b, when: {state: b}, then: {delay: 1}}]",
    "[{name: a, when: {mvpd: {equal_to: x, case_insensitive: true, does_not_contain: y}}, then: {delay: 1}}]",
    "[{name: a, when: {operation: [logout, create-session], form: {mvpd: x}}, then: {delay: 1}}]",
]


@pytest.mark.parametrize(("rules", "why"), TAKEN)
def test_a_rule_that_can_never_match(rules: str, why: str) -> None:
    (warning,) = scenario(f"rules: {rules}").warnings
    assert warning.startswith("rules/demo.yaml: the rule 'a' can never match: ")
    assert why in warning


@pytest.mark.parametrize("rules", FINE)
def test_a_rule_that_could_match(rules: str) -> None:
    assert not scenario(f"rules: {rules}").warnings
