"""How long an answer is held back, as a rule file says it."""

import math
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, Field, model_validator

from passlens.scenarios.base_model import RuleModel, Shorthand, refuse

MAX_DELAY: Final = 600_000
"""Milliseconds that a delay may take (10 minutes)."""


def _milliseconds(value: float) -> float:
    if not math.isfinite(value) or not 0 <= value <= MAX_DELAY:
        refuse(f"is {value}, expected milliseconds from 0 to {MAX_DELAY}")
    return value


Milliseconds = Annotated[float, AfterValidator(_milliseconds)]


class Uniform(RuleModel):
    """A delay drawn evenly between two bounds."""

    lower: Milliseconds
    """The shortest, in milliseconds."""
    upper: Milliseconds
    """The longest, in milliseconds."""

    @model_validator(mode="after")
    def _ordered(self) -> "Uniform":
        if self.lower > self.upper:
            refuse(f"lower ({self.lower:g}) is above upper ({self.upper:g})", "lower")
        return self


class LogNormal(RuleModel):
    """A delay with a long tail, as networks have it."""

    median: Milliseconds
    """Half of all are shorter, in milliseconds."""
    sigma: Annotated[float, Field(ge=0, le=10)]
    """How far they spread; 0.4 is a usual network."""


class Delay(Shorthand):
    """How long the answer is held back; a bare number is milliseconds."""

    main: ClassVar[str] = "milliseconds"
    bare: ClassVar[tuple[type, ...]] = (int, float)
    expected: ClassVar[str] = "a number of milliseconds"
    bare_schema: ClassVar[dict[str, Any]] = {"type": "number", "minimum": 0, "maximum": MAX_DELAY}

    milliseconds: Milliseconds | None = None
    """Always the same."""
    uniform: Uniform | None = None
    """Evenly between two bounds."""
    lognormal: LogNormal | None = None
    """With a long tail."""

    @model_validator(mode="after")
    def _one(self) -> "Delay":
        if len(self.given) != 1:
            refuse("write one of milliseconds, uniform and lognormal")
        return self
