"""Which rule takes an exchange: the plain-text cases of decisions/, explanations, counts, reload and seeds."""

import random

import pytest

from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Request
from passlens.scenarios.engine import Engine
from scenarios.made import NOW, exchange, scenario, sections

CASES = dict(sections("decisions"))


@pytest.mark.parametrize("name", CASES)
def test_decisions(name: str) -> None:
    _, rules, exchanges = CASES[name]
    engine = Engine(scenario(rules), random.Random(1))
    assert not engine.scenario.warnings
    for line in exchanges.strip().splitlines():
        words, _, wanted = line.partition("->")
        rule, _, sentence = wanted.strip().partition("; ")
        decision = engine.decide(Decoded(exchange(words)), NOW)
        assert (decision.rule.name if decision.rule else "nothing") == rule, line
        if sentence:
            assert decision.explanation.sentence() == sentence


CHANCE = (
    "seed: 7\nrules:\n  - name: perhaps\n    when: {operation: create-session, chance: 0.5}\n    then: {delay: 1}\n"
)


def draws(engine: Engine, device: str, count: int = 40) -> list[bool]:
    return [engine.decide(Decoded(exchange(f"C1 device={device}")), NOW).rule is not None for _ in range(count)]


def test_chance_is_repeatable_and_devices_do_not_disturb_each_other() -> None:
    alone = draws(Engine(scenario(CHANCE), random.Random(1)), "a")
    engine = Engine(scenario(CHANCE), random.Random(2))
    beside = []
    for _ in range(40):
        beside += draws(engine, "a", 1)
        draws(engine, "b", 1)
    assert alone == beside
    assert 10 < sum(alone) < 30


def test_without_a_seed_the_given_source_decides() -> None:
    text = CHANCE.removeprefix("seed: 7\n")
    runs = [draws(Engine(scenario(text), random.Random(seed)), "a") for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_rules_that_never_matched_and_counts() -> None:
    text = "rules:\n  - {name: a, when: {operation: create-session}, then: {delay: 1}}\n"
    text += "  - {name: b, when: {operation: logout}, then: {delay: 1}}\n"
    engine = Engine(scenario(text), random.Random(1))
    engine.decide(Decoded(exchange("C1")), NOW)
    assert engine.counts == {"a": 1, "b": 0}
    assert engine.never_matched == ("b",)


def test_state_and_counts_survive_another_version() -> None:
    text = "rules:\n  - {name: once, when: {occurrence: {first: 1}}, then: {delay: 1}}\n"
    engine = Engine(scenario(text), random.Random(1))
    assert engine.decide(Decoded(exchange("C1")), NOW).rule
    engine.replace(scenario(text.replace("delay: 1", "delay: 2")))
    assert engine.decide(Decoded(exchange("C1")), NOW).rule is None
    assert engine.counts == {"once": 1}


def test_other_traffic_is_never_taken() -> None:
    engine = Engine(scenario("rules:\n  - {name: all, then: {delay: 1}}\n"), random.Random(1))
    decision = engine.decide(Decoded(Exchange(Request(path="/video.m3u8"))), NOW)
    assert decision.then is None
    assert decision.explanation.sentence() == "no rule matched."


def test_a_code_takes_the_state_of_the_device_that_got_it() -> None:
    text = "rules:\n  - {name: opened, when: {operation: create-session}, then: {state: open, delay: 1}}\n"
    text += "  - {name: used, when: {operation: resume-session, state: open}, then: {delay: 1}}\n"
    engine = Engine(scenario(text), random.Random(1))
    created = exchange("C2", answered=True)
    engine.decide(Decoded(created), NOW)
    other_device = exchange(f"R1 device=phone code={(Decoded(created).body or {})['code']}")
    assert engine.decide(Decoded(other_device), NOW).rule is None
    engine.observe(Decoded(created))
    code = (Decoded(created).body or {})["code"]
    assert engine.decide(Decoded(exchange(f"R1 device=phone code={code}")), NOW).rule is not None


def test_filters_are_asked_of_the_caller() -> None:
    engine = Engine(scenario("rules:\n  - {name: f, when: {filter: ~d a}, then: {delay: 1}}\n"), random.Random(1))
    assert engine.decide(Decoded(exchange("C1")), NOW, lambda text: text == "~d a").rule
    assert engine.decide(Decoded(exchange("C1")), NOW, lambda text: False).rule is None
    assert engine.decide(Decoded(exchange("C1")), NOW).rule is None


def test_what_is_shown_goes_through_the_caller() -> None:
    engine = Engine(scenario("rules:\n  - {name: c, when: {client: secret}, then: {delay: 1}}\n"), random.Random(1))
    decision = engine.decide(Decoded(exchange("C1 client=10.9.8.7")), NOW)
    assert "10.9.8.7" not in decision.explanation.sentence(lambda value: "hidden")


def test_each_turn_has_a_source_of_its_own() -> None:
    engine = Engine(scenario("seed: 1\nrules:\n  - {name: all, then: {delay: 1}}\n"), random.Random(1))
    first, second = (engine.decide(Decoded(exchange("C1")), NOW).random.random() for _ in range(2))
    again = Engine(engine.scenario, random.Random(5)).decide(Decoded(exchange("C1")), NOW).random.random()
    assert first == again != second
