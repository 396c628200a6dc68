"""Expectations that can never be decided, refused when the file is read: what no exchange would show, and operations of
``next`` that the answer leaves the app without the means for."""

from collections.abc import Iterator, Mapping
from typing import Final

from passlens.checks.sequence.groups import SESSIONS
from passlens.errors import RuleError
from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.outcomes import BY_ID as ROWS
from passlens.scenarios.errors import at
from passlens.scenarios.expect import Expect
from passlens.scenarios.model import Rule
from passlens.scenarios.then import NO_RESPONSE
from passlens.scenarios.yaml_nodes import NodePath, YamlDocument

_NEEDS: Final = {"partner-profile": "authenticationRequest"} | {
    operation.id: "code" for operation in OPERATIONS if any("{code}" in path for path in operation.paths)
}
"""Operations that an app can only call with something that a session's answer holds, and its attribute."""


def errors(rules: Mapping[int, Rule], beside: Mapping[int, Expect], document: YamlDocument) -> Iterator[RuleError]:
    """What is wrong with the expectations of a file, in rules and ``beside`` them; all by their place, as far as they
    can be read."""
    for number, rule in rules.items():
        for place, expected in enumerate(rule.expect):
            key: NodePath = ("rules", number, "expect", place)
            if _leaves_no_mark(rule):
                words = "can never be decided: the rule only sets a state, which no exchange shows"
                yield at(document, key, words)
            for clause in _impossible(rule, expected):
                yield at(document, (*key, "next"), clause)
    acting = [rule for rule in rules.values() if not _leaves_no_mark(rule)]
    for place, expected in beside.items():
        if not acting:
            words = "can never be decided: the rules only set states, which no exchange shows"
            yield at(document, ("expect", place), words)
        for rule in acting:
            clauses = list(_impossible(rule, expected))
            if clauses and len(clauses) == len(expected.next):  # of those that hold after any rule one must be possible
                yield at(document, ("expect", place, "next"), f"{clauses[0]} (rule {rule.name!r})")
    yield from _repeated(document)


def _leaves_no_mark(rule: Rule) -> bool:
    return not set(rule.then.given) - {"state", "override"}


def _impossible(rule: Rule, expected: Expect) -> Iterator[str]:
    """A clause for each operation of ``next`` that cannot come."""
    # Their request has no code: only their answer can bring one.
    if not rule.when.operation or not set(rule.when.operation) <= SESSIONS:
        return
    outcome = ROWS.get(rule.then.outcome.name) if rule.then.outcome is not None else None
    for name in expected.next:
        needed = _NEEDS.get(name)
        if needed is not None and rule.then.fault in NO_RESPONSE:
            yield f"{name} cannot follow: it needs the {needed} of an answer, and {rule.then.fault} leaves none"
        elif needed is not None and outcome is not None and needed not in outcome.required:
            yield f"{name} cannot follow: it needs the {needed} of the answer, and {outcome.id} has none"


def _repeated(document: YamlDocument) -> Iterator[RuleError]:
    """Expectations that are called as one before them: verdicts could not tell them apart."""
    seen: set[str] = set()
    for key, item in _written(document):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            yield at(document, (*key, "name"), f"two expectations are called {name!r}")
        seen.add(name)


def _written(document: YamlDocument) -> Iterator[tuple[NodePath, object]]:
    """Every item of every ``expect``, whatever it is."""
    value = document.value if isinstance(document.value, dict) else {}
    rules = value.get("rules")
    parts: list[tuple[NodePath, object]] = [
        (("rules", number), rule) for number, rule in enumerate(rules if isinstance(rules, list) else ())
    ]
    for key, part in [*parts, ((), value)]:
        expects = part.get("expect") if isinstance(part, dict) else None
        for place, item in enumerate(expects if isinstance(expects, list) else ()):
            yield (*key, "expect", place), item
