"""The protocol of sequence checks: fed with one step after the other, each yields what the step completes."""

from collections.abc import Iterable, Sized
from typing import Any, ClassVar, Final, Protocol

from passlens.checks.finding import Hit
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step

MAX_RELATED: Final = 20
"""Other exchanges that a finding names, the latest ones."""


class SequenceCheck(Protocol):
    """One code. A class keeps its own bounded memory, and names the operations that it is to be fed with."""

    operations: ClassVar[frozenset[str] | None] = None
    """None for all."""

    begins: ClassVar[frozenset[str] | None] = None
    """The operations of which a plain success can begin something; None for all. With a plain success of another the
    check is only fed while ``memory`` holds something."""

    memory: Bounded[Any, Any]
    """What such a success is compared with; it stays empty where there is nothing."""

    history: History
    """What is known of the past, as it was before the step at hand."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.memory = Bounded()

    def awake(self, operation: str) -> Sized | bool:
        """What is true while the check has to see a plain success of an operation."""
        return True if self.begins is None or operation in self.begins else self.memory.held

    def feed(self, step: Step) -> Iterable[Hit]:
        """The hits that a step completes."""
        ...


def seconds(value: float) -> str:
    """A span of time for people: ``0.5 s``, ``75 s``, ``31 min``.

    >>> seconds(0.5), seconds(75.2), seconds(1860)
    ('0.5 s', '75 s', '31 min')
    """
    if value < 10:
        return f"{value:.1f} s"
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"
