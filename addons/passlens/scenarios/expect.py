"""What a scenario expects of the app after a rule has acted: ``expect`` of a rule file.
What can never be decided is refused in lint_expect.py; verdicts are made in expectations.py."""

import math
from collections import Counter
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from passlens.scenarios.base_model import RuleModel, Word, refuse
from passlens.scenarios.when import Operations

MAX_WITHIN: Final = 1_800_000
"""Milliseconds that an expectation may wait (30 minutes): the life of a code, and the silence that ends a journey."""


def _within(value: float) -> float:
    if not math.isfinite(value) or not 0 < value <= MAX_WITHIN:
        refuse(f"is {value:.12g}, expected milliseconds above 0, at most {MAX_WITHIN}")
    return value


def _once(values: list[str]) -> list[str]:
    twice = [value for value, count in Counter(values).items() if count > 1]
    if twice:
        refuse(f"names {twice[0]} twice")
    return values


Once = Annotated[Operations, AfterValidator(_once)]


class Expect(RuleModel):
    """What the app should do after a rule acted. Time runs from the end of the exchange that was acted on."""

    name: Word
    """What verdicts and reports call it; no two of a file have one name."""
    within: Annotated[float, AfterValidator(_within)] | None = None
    """How long the app has, in milliseconds; next needs it."""
    next: Once = Field(default_factory=list)
    """One of these operations must come within the time, not necessarily as the next call."""
    never: Once = Field(default_factory=list)
    """None of these operations may come within the time; without one, until the journey ends."""
    say: Annotated[str, StringConstraints(min_length=1, max_length=300)] = ""
    """What the app should do, in a sentence for people."""

    @model_validator(mode="after")
    def _can_be_decided(self) -> "Expect":
        if not self.next and not self.never:
            refuse("expects nothing; write next or never")
        if self.next and self.within is None:
            refuse("needs within, or it could wait for ever", "next")
        both = [name for name in self.next if name in self.never]
        if both:
            refuse(f"names {both[0]}, which next asks for; leave one of the two out", "never")
        return self

    @property
    def seconds(self) -> float | None:
        """``within`` in seconds."""
        return None if self.within is None else self.within / 1000
