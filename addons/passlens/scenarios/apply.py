"""From a decision to what the adapter has to do: the answer that a rule writes out, how long it waits.
Still pure: the adapter puts it onto the flow."""

import random
from collections.abc import Mapping
from typing import Any

from passlens.errors import TemplateError
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Response
from passlens.sandbox.response import JSON_TYPE
from passlens.scenarios import template, template_engine
from passlens.scenarios.compare import text_of
from passlens.scenarios.delay import MAX_DELAY, Delay
from passlens.scenarios.engine import RuleDecision
from passlens.scenarios.template_texts import body_text
from passlens.scenarios.template_values import context
from passlens.scenarios.then import Respond


def filler(ex: Decoded, decision: RuleDecision, now: float) -> template.Fill:
    """What fills in the templates of a decision's values; raises TemplateError when one cannot be filled in."""
    seen = context(ex, now, decision.random)
    return lambda value: template.render_json(value, seen)


def response(respond: Respond, ex: Decoded, decision: RuleDecision, now: float) -> Response:
    """The answer that ``respond`` writes out; raises TemplateError with a clause."""
    fill = filler(ex, decision, now) if respond.template else _as_it_is
    with template.deciding():
        headers = [(name, _header(name, text_of(fill(value)))) for name, value in respond.headers.items()]
        body = _body(respond, decision.scenario.bodies, fill)
    if respond.has_json and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", JSON_TYPE))
    return Response(tuple(headers), body, status=respond.status)


def _as_it_is(value: Any) -> Any:
    return value


def _header(name: str, value: str) -> str:
    if any(ord(sign) < 32 and sign != "\t" for sign in value):
        raise TemplateError(f"the header {name} would hold a line end or a control character")
    return value


def _body(respond: Respond, bodies: Mapping[str, bytes], fill: template.Fill) -> bytes:
    if respond.has_json:
        return template_engine.to_json(fill(respond.json_)).encode("utf-8", "surrogatepass")
    if respond.body_file is not None:
        data = bodies[respond.body_file]
        text = body_text(data) if respond.template else None
        return data if text is None or not template_engine.is_template(text) else _encoded(text_of(fill(text)))
    return _encoded(text_of(fill(respond.body or "")))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def delay_seconds(delay: Delay | None, rng: random.Random) -> float:
    """How long an answer is held back, in seconds."""
    if delay is None:
        return 0.0
    if delay.uniform is not None:
        milliseconds = rng.uniform(delay.uniform.lower, delay.uniform.upper)
    elif delay.lognormal is not None:
        milliseconds = delay.lognormal.median * rng.lognormvariate(0.0, delay.lognormal.sigma)
    else:
        milliseconds = delay.milliseconds or 0.0
    return min(milliseconds, MAX_DELAY) / 1000
