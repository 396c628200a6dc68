"""A rule file as pydantic models, and the scenario that reading one yields.
The JSON Schema for editors is generated from these models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Final

from pydantic import Field, StringConstraints

from passlens.scenarios.base_model import RuleModel, Word
from passlens.scenarios.expect import Expect
from passlens.scenarios.then import Then
from passlens.scenarios.when import When

DEFAULT_PRIORITY: Final = 5
"""As in WireMock; lower numbers go first."""


class Rule(RuleModel):
    """When an exchange is like this, then do that. The first rule that matches takes the exchange."""

    name: Word
    """What marks, logs and explanations call the rule."""
    priority: Annotated[int, Field(ge=1, le=1000)] = DEFAULT_PRIORITY
    """Lower numbers go first; rules of one priority in the order of the file."""
    when: When = When()
    """Which exchanges the rule is for; without it, all."""
    then: Then
    """What is done to them."""
    expect: Annotated[list[Expect], Field(max_length=50)] = Field(default_factory=list)
    """What the app should do after this rule acted."""


class RuleFile(RuleModel):
    """One scenario: a named set of rules. The name is the file's."""

    nullable: ClassVar[tuple[str, ...]] = ()

    description: Annotated[str, StringConstraints(max_length=2000)] = ""
    """What the scenario makes happen, in a sentence."""
    seed: int | None = None
    """Makes chance, delays and templates the same in every run."""
    rules: Annotated[list[Rule], Field(min_length=1, max_length=500)]
    """The rules."""
    expect: Annotated[list[Expect], Field(max_length=50)] = Field(default_factory=list)
    """What the app should do after any of the rules acted."""


@dataclass(frozen=True)
class Scenario:
    """A rule file that was read: its rules in the order they are tried, the bodies of its ``body_file`` names, what
    is odd about it (``warnings``, whole sentences), the files it came from with their stamps, and what it expects of
    the app after any rule."""

    name: str
    path: Path
    description: str
    seed: int | None
    rules: tuple[Rule, ...]
    bodies: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    stamps: Mapping[Path, tuple[int, int] | None] = field(default_factory=dict)
    expect: tuple[Expect, ...] = ()

    def expectations(self) -> Iterator[tuple[str | None, Expect]]:
        """All expectations, each with the name of its rule, None for those of the file."""
        yield from ((rule.name, expected) for rule in self.rules for expected in rule.expect)
        yield from ((None, expected) for expected in self.expect)

    def rule(self, name: str) -> Rule | None:
        """The rule of that name."""
        return next((rule for rule in self.rules if rule.name == name), None)


def in_order(rules: list[Rule]) -> tuple[Rule, ...]:
    """The rules in the order they are tried."""
    return tuple(sorted(rules, key=lambda rule: rule.priority))
