"""PL46x, PL122 and PL327: decisions. Each code on both sides of what triggers it."""

import json
from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from samples.case import dump
from support.examples import Example, answered, codes, exchange, parametrize, verify

CLOCK = forge.CLOCK
AZ, PZ = exchange("authorize"), exchange("preauthorize")
DENIED = {"action": "none", "status": 403, "code": "authorization_denied_by_mvpd", "message": "Not in the package."}
ONE = "DemoTV-Sports"


def decision(ex: Exchange, **changes: Any) -> dict[str, Any]:
    """The decision of a documented answer, changed: members set or, with None, removed."""
    assert ex.response is not None
    assert ex.response.body is not None
    return forge.without_none(json.loads(ex.response.body)["decisions"][0] | changes)


def decided(ex: Exchange, **changes: Any) -> Exchange:
    """The exchange with its decision changed."""
    return answered(ex, {"decisions": [decision(ex, **changes)]})


def asked(ex: Exchange, *resources: Any, answers: tuple[str, ...] | None = None) -> Exchange:
    """The exchange with other resources asked for, and one decision about each, or about those named."""
    made = [decision(ex, resource=one) for one in (resources if answers is None else answers)]
    request = replace(ex.request, body=dump({"resources": list(resources)}))
    return replace(answered(ex, {"decisions": made}), request=request)


def sent(ex: Exchange, body: Any) -> Exchange:
    """The exchange with another body in the request."""
    return replace(ex, request=replace(ex.request, body=body if isinstance(body, bytes) else dump(body)))


def token(start: float, end: float, **changes: Any) -> dict[str, Any]:
    """A media token with times relative to the clock."""
    made = {"notBefore": int((CLOCK + start) * 1000), "notAfter": int((CLOCK + end) * 1000)}
    return made | {"serializedToken": forge.b64("<signatureInfo>")} | changes


def denied(**changes: Any) -> Exchange:
    """A denial whose error has members set or, with None, removed."""
    return decided(AZ, authorized=False, token=None, error=forge.without_none(DENIED | changes))


EXAMPLES = [
    Example("PL122", sent(AZ, {"resources": "news"}), AZ, "body#/resources", "error", "string, expected a list"),
    Example("PL122", sent(PZ, {}), PZ, "body#/resources", "error", "missing"),
    Example("PL122", sent(PZ, b"resources=news"), PZ, "body", "error", "no JSON"),
    Example("PL122", sent(PZ, []), PZ, "body", "error", "array"),
    Example("PL122", sent(PZ, {"resources": [3]}), PZ, "body#/resources/0", "error", "number"),
    Example("PL327", decided(AZ, source="cache"), decided(AZ, source="dummy"), "body#/decisions/0/source",
            "error", "cache"),
    Example("PL460", answered(AZ, {"decisions": []}), AZ, "body#/decisions", "warning", "empty"),
    Example("PL460", answered(PZ, {"decisions": []}), sent(answered(PZ, {"decisions": []}), {"resources": []}),
            "body#/decisions", "note", "empty"),
    Example("PL461", asked(PZ, "a", "b", answers=("a",)), asked(PZ, "a", "b", answers=("a ", "b")),
            "body#/decisions", "note", "no decision about b"),
    Example("PL461", asked(AZ, "a", "b", answers=("a",)), asked(AZ, "a"), "body#/decisions", "warning"),
    Example("PL461", asked(PZ, "a", answers=("a", "c")), asked(PZ, "a"), "body#/decisions", "warning", "about c"),
    Example("PL461", asked(PZ, "a", "b", answers=("b", "a")), asked(PZ, "a", "b"), "body#/decisions", "note", "order"),
    Example("PL462", decided(AZ, mvpd="Other"), AZ, "body#/decisions/0/mvpd", "warning", "Other"),
    Example("PL462", decided(PZ, serviceProvider="REF40"), PZ, "body#/decisions/0/serviceProvider", "warning"),
    Example("PL462", decided(AZ, serviceProvider=ONE), AZ, "body#/decisions/0/serviceProvider", "note"),
    Example("PL463", decided(AZ, token=token(60, 60)), decided(AZ, token=token(0, 60)),
            "body#/decisions/0/token/notBefore", "warning", "expected before"),
    Example("PL463", decided(AZ, token=token(0, 421), notAfter=int((CLOCK + 420) * 1000)),
            decided(AZ, token=token(0, 420), notAfter=int((CLOCK + 420) * 1000)),
            "body#/decisions/0/token/notAfter", "warning", "expected not after its decision"),
    Example("PL464", decided(AZ, token=token(0, 1801)), decided(AZ, token=token(0, 1800)),
            "body#/decisions/0/token/notAfter", "note", "1801 s"),
    Example("PL464", decided(AZ, token=token(0, 59)), decided(AZ, token=token(0, 60)),
            "body#/decisions/0/token/notAfter", "note", "59 s"),
    Example("PL465", decided(AZ, token=token(0, 420, serializedToken="<x>")),
            decided(AZ, token=token(0, 420, serializedToken="PHNpZ25hdHVyZUluZm8...")),
            "body#/decisions/0/token/serializedToken", "note", "not Base64"),
    Example("PL404", decided(AZ, token=token(0, 420, issuedAt=int(CLOCK * 1000))), AZ,
            "body#/decisions/0/token/issuedAt", "note", "until doc-2024-10-15"),
    # Shapes: what weighs how much.
    Example("PL305", decided(AZ, token=None), AZ, "body#/decisions/0/token", "warning"),
    Example("PL305", decided(AZ, token=None, authorized=False), decided(AZ, token=None, authorized=False, error=DENIED),
            "body#/decisions/0/error", "warning"),
    Example("PL305", decided(AZ, mvpd=None), AZ, "body#/decisions/0/mvpd", "error"),
    Example("PL306", decided(AZ, authorized="true"), AZ, "body#/decisions/0/authorized", "error", "expected boolean"),
    Example("PL308", decided(AZ, notAfter=1767323045), decided(AZ, notAfter=int((CLOCK + 500) * 1000)),
            "body#/decisions/0/notAfter", "warning"),
    Example("PL312", answered(AZ, {"decisions": {}}), answered(AZ, {"decisions": []}), "body#/decisions",
            "error", "object"),
    Example("PL404", decided(PZ, token=token(0, 420)), decided(AZ, token=token(0, 420)),
            "body#/decisions/0/token", "warning"),
    Example("PL404", decided(AZ, error=DENIED), decided(AZ, error=None), "body#/decisions/0/error", "warning"),
    Example("PL404", decided(PZ, notAfter=int(CLOCK * 1000)), PZ, "body#/decisions/0/notAfter", "note"),
    Example("PL401", answered(AZ, {"decisions": [{"authorized": False, "error": {
                "action": "none", "status": 200, "code": "temppass_expired"}}]}, status=400),
            decided(AZ, authorized=False, token=None, error=DENIED), "body#/decisions/0", "note", "H-D1"),
    # Errors inside decisions are errors.
    Example("PL512", denied(action=None), denied(), "body#/decisions/0/error/action", "error", "missing"),
    Example("PL513", denied(status="403"), denied(), "body#/decisions/0/error/status", "error", "string"),
    Example("PL514", denied(code="no_such_code"), denied(), "body#/decisions/0/error/code", "note", "no_such_code"),
    Example("PL515", denied(action="retry"), denied(), "body#/decisions/0/error/action", "note", "retry"),
    Example("PL516", denied(status=500), denied(), "body#/decisions/0/error/status", "warning", "500"),
    Example("PL517", denied(action="wait", code="x"), denied(), "body#/decisions/0/error/action", "note", "wait"),
    Example("PL518", denied(status=418, code="x"), denied(), "body#/decisions/0/error/status", "note", "418"),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("value", [None, {}, 3, "x", [None], [[]], [{"token": []}], [{"error": 3}]])
def test_whatever_stands_for_decisions_is_named_and_raises_nothing(value: Any) -> None:
    for ex in (AZ, PZ):
        found = codes(answered(ex, {"decisions": value}))
        assert "PL999" not in found
        assert {"PL305", "PL306", "PL312"} & set(found)


def test_thousands_of_decisions_are_bounded() -> None:
    found = codes(answered(PZ, {"decisions": [{}] * 5000}))
    assert "PL999" not in found
    assert found.count("PL305") <= 20


def test_a_request_that_was_not_recorded_is_compared_with_nothing() -> None:
    ex = replace(PZ, request=replace(PZ.request, body=None))
    assert not {"PL122", "PL460", "PL461"} & set(codes(answered(ex, {"decisions": []})))


def test_the_same_error_of_many_decisions_is_told_once() -> None:
    wrong = decision(AZ, authorized=False, token=None, error=DENIED | {"status": 500})
    assert codes(answered(AZ, {"decisions": [wrong] * 50})).count("PL516") == 1
