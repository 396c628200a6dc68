"""A rule file as a whole: the order of rules, their names, the scenario's name."""

import pytest

from passlens.scenarios.mistakes import RuleFileError
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


@pytest.mark.parametrize("text", ["rules: []", "description: a", "rules: {}", "[]", "a", "1", "rules:\n  - a"])
def test_what_is_no_rule_file(text: str) -> None:
    with pytest.raises(RuleFileError):
        scenario(text)
