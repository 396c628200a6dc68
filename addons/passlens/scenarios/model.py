"""A rule file as pydantic models, and the scenario that reading one yields.
The JSON Schema for editors is generated from these models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Final

from pydantic import Field, StringConstraints, model_validator

from passlens.scenarios.actions import Then
from passlens.scenarios.conditions import When
from passlens.scenarios.part import Part, Word, refuse

DEFAULT_PRIORITY: Final = 5
"""As in WireMock; lower numbers go first."""


class Rule(Part):
    """When an exchange is like this, then do that. The first rule that matches takes the exchange."""

    name: Word
    """What marks, logs and explanations call the rule."""
    priority: Annotated[int, Field(ge=1, le=1000)] = DEFAULT_PRIORITY
    """Lower numbers go first; rules of one priority in the order of the file."""
    when: When = When()
    """Which exchanges the rule is for; without it, all."""
    then: Then
    """What is done to them."""


class RuleFile(Part):
    """One scenario: a named set of rules. The name is the file's."""

    nullable: ClassVar[tuple[str, ...]] = ()

    description: Annotated[str, StringConstraints(max_length=2000)] = ""
    """What the scenario makes happen, in a sentence."""
    seed: int | None = None
    """Makes chance, delays and templates the same in every run."""
    rules: Annotated[list[Rule], Field(min_length=1, max_length=500)]
    """The rules."""

    @model_validator(mode="after")
    def _distinct(self) -> "RuleFile":
        seen: set[str] = set()
        for rule in self.rules:
            if rule.name in seen:
                refuse(f"two rules are called {rule.name!r}", "rules")
            seen.add(rule.name)
        return self


@dataclass(frozen=True)
class Scenario:
    """A rule file that was read: its rules in the order they are tried, the bodies of its ``body_file`` names, what
    is odd about it (``warnings``, whole sentences), and the files it came from with their stamps."""

    name: str
    path: Path
    description: str
    seed: int | None
    rules: tuple[Rule, ...]
    bodies: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    stamps: Mapping[Path, tuple[int, int] | None] = field(default_factory=dict)

    def rule(self, name: str) -> Rule | None:
        """The rule of that name."""
        return next((rule for rule in self.rules if rule.name == name), None)


def in_order(rules: list[Rule]) -> tuple[Rule, ...]:
    """The rules in the order they are tried."""
    return tuple(sorted(rules, key=lambda rule: rule.priority))
