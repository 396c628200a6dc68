"""The words that checks and findings are made of.
Severities have an order; a finding holds what the machine-readable form promises."""

from dataclasses import fields

from passlens.checks.finding import SEVERITIES, Finding, rank, worst_of
from support.examples import exchange, findings


def test_severities_are_ranked_from_the_least_to_the_worst() -> None:
    assert [rank(severity) for severity in ("note", "warning", "error")] == [0, 1, 2]


def test_the_worst_of_some() -> None:
    assert worst_of(("note", "error", "warning", "note")) == "error"
    assert worst_of(()) is None
    assert SEVERITIES == ("note", "warning", "error")


def test_a_finding_is_written_with_all_its_members() -> None:
    (found,) = findings(exchange("C7"))[:1]
    assert set(found) == {field.name for field in fields(Finding)}
    assert found["related"] == []
    assert all(isinstance(value, str) for name, value in found.items() if name != "related")
