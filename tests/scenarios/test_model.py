"""A rule file as a whole: the order of rules, their names, the scenario's name."""

import pytest

from passlens.errors import RuleFileError
from scenarios.made import scenario


def test_rules_in_the_order_they_are_tried() -> None:
    made = scenario(
        "rules:\n  - {name: a, then: {delay: 1}, when: {operation: logout}}\n"
        "  - {name: b, priority: 1, then: {delay: 1}, when: {operation: logout, mvpd: x}}\n"
        "  - {name: c, then: {delay: 1}, when: {operation: authorize}}\n"
    )
    assert [rule.name for rule in made.rules] == ["b", "a", "c"]
    assert made.name == "demo"
    assert made.rule("c") is made.rules[2]
    assert made.rule("d") is None


def test_a_rule_without_a_priority_has_five() -> None:
    made = scenario(
        "rules:\n  - {name: six, priority: 6, then: {delay: 1}, when: {operation: logout}}\n"
        "  - {name: none, then: {delay: 1}, when: {operation: authorize}}\n"
        "  - {name: five, priority: 5, then: {delay: 1}, when: {operation: preauthorize}}\n"
        "  - {name: four, priority: 4, then: {delay: 1}, when: {operation: create-session}}\n"
    )
    assert [rule.name for rule in made.rules] == ["four", "none", "five", "six"]


ONE = "rules:\n  - {name: a, then: {delay: 1}}\n"


def rules(count: int) -> str:
    return "rules:\n" + "".join(f"  - {{name: r{n}, when: {{mvpd: m{n}}}, then: {{delay: 1}}}}\n" for n in range(count))


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (f"description: {'x' * 2000}\n{ONE}", f"description: {'x' * 2001}\n{ONE}"),
        (rules(500), rules(501)),
        (ONE.replace("then", "priority: 1, then"), ONE.replace("then", "priority: 0, then")),
        (ONE.replace("then", "priority: 1000, then"), ONE.replace("then", "priority: 1001, then")),
        (ONE.replace("name: a", f"name: {'x' * 80}"), ONE.replace("name: a", f"name: {'x' * 81}")),
    ],
    ids=["description", "rules", "first priority", "last priority", "name"],
)
def test_limits(within: str, beyond: str) -> None:
    assert scenario(within).rules
    with pytest.raises(RuleFileError):
        scenario(beyond)


@pytest.mark.parametrize("text", ["rules: []", "description: a", "rules: {}", "[]", "a", "1", "rules:\n  - a"])
def test_what_is_no_rule_file(text: str) -> None:
    with pytest.raises(RuleFileError):
        scenario(text)
