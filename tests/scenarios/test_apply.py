"""What a decision becomes: answers that are written out, delays."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from passlens.errors import TemplateError
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Response
from passlens.scenarios.apply import delay_seconds, filler, response
from passlens.scenarios.delay import Delay
from passlens.scenarios.engine import Engine, RuleDecision
from passlens.scenarios.reader import read_file
from scenarios.made import NOW, exchange, scenario

EX = exchange("P1")


def decided(then: str) -> RuleDecision:
    return Engine(scenario(f"seed: 1\nrules:\n  - name: a\n    then: {then}\n"), random.Random(1)).decide(
        Decoded(EX), NOW
    )


def answered(then: str) -> Response:
    decision = decided(then)
    assert decision.then is not None
    assert decision.then.respond is not None
    return response(decision.then.respond, Decoded(EX), decision, NOW)


def test_texts_stay_texts_where_only_texts_can_stand() -> None:
    made = answered("{respond: {headers: {X-A: '{{ 1 + 1 }}', X-B: '{{ true }}'}, body: '{{ 2 }}'}}")
    assert dict(made.headers) == {"X-A": "2", "X-B": "true"}
    assert made.body == b"2"


def test_json() -> None:
    made = answered("{respond: {status: 503, json: {a: '{{ partner }}', b: [1, null]}, headers: {X-A: '{{ mvpd }}'}}}")
    assert made.status == 503
    assert made.body == b'{"a":"Apple","b":[1,null]}'
    assert made.headers == (("X-A", "HarbourCable"), ("Content-Type", "application/json;charset=UTF-8"))


def test_text_and_nothing() -> None:
    assert answered("{respond: {body: 'a {{ random.integer(2, 2) }}'}}").body == b"a 2"
    assert answered("{respond: {body: '{{ x }}', template: false}}").body == b"{{ x }}"
    assert answered("{respond: {status: 204}}") == Response((), b"", status=204)


def test_a_body_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"p": "{{ partner }}"}')
    (tmp_path / "b.bin").write_bytes(b"\xff{{ x }}")
    for name, body in (("a.json", b'{"p": "Apple"}'), ("b.bin", b"\xff{{ x }}")):
        (tmp_path / "s.yaml").write_text(f"rules: [{{name: a, then: {{respond: {{body_file: {name}}}}}}}]")
        decision = Engine(read_file(tmp_path / "s.yaml"), random.Random(1)).decide(Decoded(EX), NOW)
        assert decision.then is not None
        assert decision.then.respond is not None
        assert response(decision.then.respond, Decoded(EX), decision, NOW).body == body


def test_a_template_that_cannot_be_filled_in() -> None:
    with pytest.raises(TemplateError, match="cannot be filled in"):
        answered("{respond: {body: '{{ form.nothing }}'}}")
    with pytest.raises(TemplateError, match="line end"):
        answered("{respond: {headers: {X-A: \"{{ 'a\\\\nb' }}\"}}}")


def test_a_run_can_be_repeated() -> None:
    then = "{respond: {json: ['{{ random.code() }}', '{{ random.uuid() }}']}}"
    assert json.loads(answered(then).body or b"") == json.loads(answered(then).body or b"")


def test_filler() -> None:
    fill = filler(Decoded(EX), decided("{delay: 1}"), NOW)
    assert fill({"a": "{{ now.millis }}"}) == {"a": 1767323045000}


@pytest.mark.parametrize(
    ("delay", "lower", "upper"),
    [
        (250, 0.25, 0.25),
        ({"uniform": {"lower": 100, "upper": 200}}, 0.1, 0.2),
        ({"lognormal": {"median": 100, "sigma": 0}}, 0.1, 0.1),
        ({"lognormal": {"median": 600000, "sigma": 10}}, 0.0, 600.0),
    ],
)
def test_delays(delay: Any, lower: float, upper: float) -> None:
    made = Delay.model_validate(delay)
    rng = random.Random(1)
    assert all(lower <= delay_seconds(made, rng) <= upper for _ in range(50))
    assert delay_seconds(None, rng) == 0
