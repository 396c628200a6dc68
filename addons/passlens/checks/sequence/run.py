"""All sequence checks over one recording, or over what a proxy sees: steps in, hits out."""

import logging
from collections.abc import Sized
from typing import Final

from passlens.checks.finding import Check, Finding, Hit
from passlens.checks.runner import MAX_HITS, finding_of
from passlens.checks.sequence.check import SequenceCheck
from passlens.checks.sequence.history import History
from passlens.checks.sequence.registration import V1BesideV2
from passlens.checks.sequence.step import Step
from passlens.checks.sequence.step_request import device_info_of
from passlens.checks.sequence.twice import Twice
from passlens.checks.table import SEQUENCES
from passlens.checks.unrecorded import stands
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.rest_v2.operations import OPERATIONS

logger = logging.getLogger(__name__)

MAX_STAGED: Final = 10_000
"""Exchanges of a scenario that are remembered by their index."""


class SequenceChecks:
    """What the checks remember, fed in the order of the ends of exchanges. Never raises."""

    def __init__(self) -> None:
        self.history = History()
        self.twice = Twice()
        self.replayed = 0
        """Exchanges that mitmproxy sent, and not the app."""
        self.cached = 0
        """Exchanges that a browser answered from its cache: the app got an answer, and made no call for it."""
        self._staged: dict[int, None] = {}
        made = [(row, row.find(self.history)) for row in SEQUENCES]
        self._v1 = next(check for _, check in made if isinstance(check, V1BesideV2))
        self._by_operation: dict[str, list[tuple[Check, SequenceCheck, Sized | bool]]] = {
            operation.id: [
                (row, check, check.awake(operation.id))
                for row, check in made
                if check.operations is None or operation.id in check.operations
            ]
            for operation in OPERATIONS
        }

    def feed(self, step: Step, ex: Decoded) -> list[Finding]:
        """The findings that an exchange completes."""
        self.history.identify(step)
        if step.staged:
            if len(self._staged) >= MAX_STAGED:
                del self._staged[next(iter(self._staged))]
            self._staged[step.index] = None
        if step.replayed or self.twice.again(step, ex):
            self.replayed += step.replayed
            return []
        if step.cached:
            self.cached += 1
            self.history.observe(step)
            return []
        hits = self._hits(step)
        fine = stands(ex, hits) if hits else []
        found = [finding_of(row, hit, ex) for (row, hit), stand in zip(hits, fine, strict=True) if stand]
        self.history.observe(step)
        return found

    def call_of_v1(self, ex: Exchange) -> None:
        """A call of REST API V1, which is no step."""
        request = ex.request
        agent = request.header("User-Agent") or ""
        self._v1.call_of_v1(request.client, agent, device_info_of(request), ex.index, ex.started or 0.0)

    def _hits(self, step: Step) -> list[tuple[Check, Hit]]:
        found: list[tuple[Check, Hit]] = []
        plain = step.plain
        for row, check, awake in self._by_operation[step.operation]:
            if plain and not awake:
                continue
            most = len(found) + MAX_HITS
            try:
                for hit in check.feed(step):
                    found.append((row, hit))
                    if len(found) == most:
                        break
            except Exception as error:
                words = "passlens: the sequence check %s failed with %s; the flow is not touched."
                logger.warning(words, row.code, type(error).__name__)
        # What a scenario did on purpose is nobody's fault, whichever exchange of the sequence it did it to.
        return [] if step.staged else [pair for pair in found if self._staged.keys().isdisjoint(pair[1].related)]
