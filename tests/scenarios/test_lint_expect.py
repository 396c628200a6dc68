"""Expectations that can never be decided are refused with file, line and key; those near them are not."""

import pytest

from passlens.errors import RuleFileError
from scenarios.made import scenario

NEVER = "{name: x, never: logout}"


def refused(text: str) -> list[str]:
    try:
        scenario(text)
    except RuleFileError as error:
        return [sentence.removeprefix("rules/demo.yaml:") for sentence in error.sentences]
    return []


def a_rule(then: str, expected: str, operation: str = "create-session") -> str:
    return f"rules:\n  - name: a\n    when: {{operation: [{operation}]}}\n    then: {then}\n    expect: [{expected}]\n"


def following(name: str) -> str:
    return f"{{name: x, within: 5, next: [{name}]}}"


IMPOSSIBLE = [
    ("{outcome: C3}", "create-session", "authenticate", "it needs the code of the answer, and C3 has none"),
    (
        "{outcome: C4}",
        "create-session",
        "authorize, resume-session",
        "it needs the code of the answer, and C4 has none",
    ),
    ("{outcome: P1}", "partner-session", "retrieve-profile-code", "it needs the code of the answer, and P1 has none"),
    ("{outcome: P3}", "partner-session", "partner-profile", "the authenticationRequest of the answer, and P3 has none"),
    (
        "{fault: no_answer}",
        "create-session",
        "authenticate",
        "it needs the code of an answer, and no_answer leaves none",
    ),
]
POSSIBLE = [
    ("{outcome: C1}", "create-session", "authenticate"),
    ("{outcome: C3}", "create-session", "authorize"),
    ("{outcome: P1}", "partner-session", "partner-profile, create-session"),
    ("{outcome: R3}", "resume-session", "authenticate"),
    ("{outcome: internal_server_error}", "create-session", "retrieve-profile-code"),
    ("{fault: cut_body}", "create-session", "authenticate"),
    ("{fault: no_answer}", "retrieve-profile-code", "authenticate"),
    ("{delay: 5}", "create-session", "authenticate"),
]


@pytest.mark.parametrize(("then", "operation", "next_", "why"), IMPOSSIBLE)
def test_a_next_that_the_answer_makes_impossible(then: str, operation: str, next_: str, why: str) -> None:
    (said,) = refused(a_rule(then, following(next_), operation))
    assert said.startswith("5:")
    assert f"rules[0].expect[0].next: {next_.split(', ')[-1]} cannot follow: " in said
    assert said.endswith(f"{why}.")


@pytest.mark.parametrize(("then", "operation", "next_"), POSSIBLE)
def test_a_next_that_can_come(then: str, operation: str, next_: str) -> None:
    assert refused(a_rule(then, following(next_), operation)) == []


def test_an_outcome_without_an_operation_is_looked_at_too() -> None:
    text = f"rules:\n  - name: a\n    then: {{outcome: P6}}\n    expect: [{following('authenticate')}]\n"
    assert "P6 has none" in refused(text)[0]


def test_a_rule_that_nobody_sees_act() -> None:
    assert refused(a_rule("{state: done}", NEVER)) == [
        "5:14: rules[0].expect[0]: can never be decided: the rule only sets a state, which no exchange shows."
    ]
    assert refused(a_rule("{state: done, delay: 1}", NEVER)) == []


BESIDE = "rules:\n  - {name: a, then: {outcome: C3}}\n  - {name: b, then: {outcome: P6}}\nexpect:\n  - "


def test_beside_rules_one_operation_has_to_be_possible_after_each() -> None:
    assert refused(f"{BESIDE}{{name: x, within: 5, next: [authenticate, authorize]}}\n") == []
    said = refused(f"{BESIDE}{{name: x, within: 5, next: [authenticate, resume-session]}}\n")
    assert [sentence.rpartition(" (")[2] for sentence in said] == ["rule 'a').", "rule 'b')."]
    assert "expect[0].next: authenticate cannot follow" in said[0]


def test_beside_rules_that_nobody_sees_act() -> None:
    said = refused(f"rules:\n  - {{name: a, then: {{state: done}}}}\nexpect: [{NEVER}]\n")
    assert said == ["3:10: expect[0]: can never be decided: the rules only set states, which no exchange shows."]


def test_two_of_one_name() -> None:
    text = a_rule("{outcome: C1}", f"{NEVER}, {NEVER}") + f"expect: [{NEVER}]\n"
    said = refused(text)
    assert [sentence.partition(": ")[2] for sentence in said] == [
        "rules[0].expect[1].name: two expectations are called 'x'.",
        "expect[0].name: two expectations are called 'x'.",
    ]


def test_all_mistakes_of_a_file_at_once() -> None:
    text = (
        "rules:\n"
        "  - {name: a, then: {outcome: C3}, expect: [{name: x, within: 5, next: authenticate}]}\n"
        "  - {name: b, then: {outcome: C33}, expect: [{name: y, next: logout}]}\n"
        "expect:\n"
        "  - {name: x, never: logot}\n"
    )
    said = [sentence.partition(": ")[2] for sentence in refused(text)]
    assert [sentence.partition(":")[0] for sentence in said] == [
        "rules[0].expect[0].next", "rules[1].expect[0].next", "expect[0].name", "expect[0].never",
    ]  # fmt: skip
