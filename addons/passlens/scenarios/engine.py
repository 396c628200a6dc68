"""Which rule takes an exchange: the first that fits, in the order of priority; and which came closest otherwise.
Pure but for its memory: clock and randomness come in from outside, so that a run can be repeated."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from passlens.exchange.decoded import Decoded
from passlens.scenarios.budget import limited
from passlens.scenarios.match import Failure, Match, MatchesFilter, explain
from passlens.scenarios.model import Rule, Scenario
from passlens.scenarios.state import MAX_CODE_CHARS, Memory, RuleCounts, Who, who
from passlens.scenarios.then import Then


@dataclass(frozen=True)
class Explanation:
    """Why a decision is as it is: every rule that was tried, in order; the last one matched if any did."""

    tried: tuple[Match, ...] = ()

    @property
    def closest(self) -> Match | None:
        """Of the rules that did not match, the one that failed on the fewest fields; one for another operation last."""
        missed = [match for match in self.tried if match.failed]
        if not missed:
            return None
        return min(missed, key=lambda match: (match.failed[0].field == "operation", len(match.failed)))

    def sentence(self, show: Callable[[str], str] = str) -> str:
        """The explanation in a sentence; ``show`` makes values fit to be shown."""
        matched = next((match for match in self.tried if match.matched), None)
        near = self.closest
        words = f"rule {matched.rule.name!r} matched" if matched else "no rule matched"
        if near is not None:
            why = "; ".join(
                f"{item.field}: expected {show(item.expected)}, is {show(item.actual)}" for item in near.failed
            )
            words += f"; {'before it, ' if matched else ''}{near.rule.name!r} came closest and failed on {why}"
        return f"{words}."


@dataclass(frozen=True)
class RuleDecision:
    """What is to be done to an exchange. ``rule`` and ``then`` are None where no rule takes it; ``random`` is the
    decision's own source for delays, templates and outcomes."""

    scenario: Scenario
    rule: Rule | None
    explanation: Explanation
    random: random.Random

    @property
    def then(self) -> Then | None:
        """What the rule says is to be done."""
        return self.rule.then if self.rule is not None else None


class Engine:
    """Decides for one scenario. ``memory`` may be shared, and outlives the scenario."""

    def __init__(self, scenario: Scenario, rng: random.Random, memory: Memory | None = None) -> None:
        self.memory = memory if memory is not None else Memory()
        self._base = rng.getrandbits(64)
        self.counts: dict[str, int] = {}
        self.replace(scenario)

    def replace(self, scenario: Scenario) -> None:
        """Go on with another version of the rule file; states and counters stay."""
        self.scenario = scenario
        self.counts = {rule.name: self.counts.get(rule.name, 0) for rule in scenario.rules}

    @property
    def never_matched(self) -> tuple[str, ...]:
        """The names of rules that have taken no exchange."""
        return tuple(name for name, count in self.counts.items() if not count)

    def decide(self, ex: Decoded, now: float, matches_filter: MatchesFilter | None = None) -> RuleDecision:
        """Find the rule that takes a request, and count it. ``ex`` may have no answer yet.

        An exchange counts for a rule's occurrence if it fits all else and no rule before took it.
        """
        if ex.route is None:
            return RuleDecision(self.scenario, None, Explanation(), self._source("other traffic"))
        of = who(ex)
        state = self.memory.state(self.scenario.name, of)
        with limited():
            return self._decided(ex, of, state, now, matches_filter)

    def _decided(
        self, ex: Decoded, of: Who, state: str, now: float, matches_filter: MatchesFilter | None
    ) -> RuleDecision:
        tried: list[Match] = []
        for rule in self.scenario.rules:
            match = explain(rule, ex, state, now, matches_filter)
            if match.matched:
                match = self._count(rule, of)
            tried.append(match)
            if match.matched:
                return self._taken(rule, of, tuple(tried))
        return RuleDecision(self.scenario, None, Explanation(tuple(tried)), self._source(of.key))

    def observe(self, ex: Decoded) -> None:
        """Look at an exchange with its answer: a code that it hands out carries the device's state on."""
        if ex.route is None or ex.body is None or not isinstance(code := ex.body.get("code"), str):
            return
        if ex.succeeded and 0 < len(code) <= MAX_CODE_CHARS and ex.path_parameter("code") is None:
            self.memory.hand_over(self.scenario.name, who(ex), code)

    def _count(self, rule: Rule, of: Who) -> Match:
        """Judge occurrence and chance of a rule that fits in all else."""
        counts = self.memory.counts(self.scenario.name, rule.name, of)
        counts.seen += 1
        failure = _occurrence(rule, counts) or self._chance(rule, of, counts)
        if failure is not None:
            return Match(rule, (failure,))
        counts.acted += 1
        return Match(rule)

    def _chance(self, rule: Rule, of: Who, counts: RuleCounts) -> Failure | None:
        chance = rule.when.chance
        if chance is None:
            return None
        drawn = self._source(rule.name, of.key, counts.seen).random()
        return None if drawn < chance else Failure("chance", f"below {chance:g}", f"{drawn:.3f}")

    def _taken(self, rule: Rule, of: Who, tried: tuple[Match, ...]) -> RuleDecision:
        self.counts[rule.name] += 1
        turn = self.memory.counts(self.scenario.name, rule.name, of).seen
        if rule.then.state is not None:
            self.memory.set_state(self.scenario.name, of, rule.then.state)
        source = self._source("then", rule.name, of.key, turn)
        return RuleDecision(self.scenario, rule, Explanation(tried), source)

    def _source(self, *names: object) -> random.Random:
        """A source of its own for each device and turn, so that devices do not disturb one another's run."""
        seed = self._base if self.scenario.seed is None else self.scenario.seed
        return random.Random(f"{seed} {self.scenario.name} {names}")


def _occurrence(rule: Rule, counts: RuleCounts) -> Failure | None:
    wanted = rule.when.occurrence
    if wanted is None:
        return None
    turn = counts.seen
    if wanted.first is not None and turn > wanted.first:
        return Failure("occurrence", f"among the first {wanted.first}", f"number {turn}")
    if wanted.after is not None and turn <= wanted.after:
        return Failure("occurrence", f"after the first {wanted.after}", f"number {turn}")
    if wanted.every is not None and turn % wanted.every:
        return Failure("occurrence", f"every {wanted.every}", f"number {turn}")
    if wanted.times is not None and counts.acted >= wanted.times:
        return Failure("occurrence", f"at most {wanted.times} times", f"{counts.acted} times already")
    return None
