"""Places that hold a mask, and hits that depend on them."""

import json
from dataclasses import replace

from passlens.checks.unrecorded import masked_places
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from support.examples import codes, exchange


def masked(member: str, value: object = "***") -> Exchange:
    """C1 of another recorder, with a mask in the answer."""
    ex = exchange("C1")
    assert ex.response is not None
    assert Decoded(ex).body is not None
    body = json.dumps(Decoded(ex).body | {member: value}).encode()
    return replace(ex, response=replace(ex.response, body=body), recorder="unknown")


def test_members_of_an_answer() -> None:
    for member in ("code", "sessionId", "mvpd", "notAfter", "url"):
        ex = masked(member)
        assert masked_places(Decoded(ex)) == (f"body#/{member}",)
        assert codes(ex) == ["PL908"], member


def test_a_sentence_is_no_mask() -> None:
    assert masked_places(Decoded(masked("message", "Please wait..."))) == ()
    assert masked_places(Decoded(masked("list", [1, {"a": "[redacted]"}]))) == ("body#/list/1/a",)


def test_parameters_of_a_form() -> None:
    ex = exchange("C1")
    form = b"mvpd=%5Bredacted%5D&domainName=a.example&redirectUrl=***"
    ex = replace(ex, request=replace(ex.request, body=form), recorder="unknown")
    assert masked_places(Decoded(ex)) == ("form:mvpd", "form:redirectUrl")
    assert codes(ex) == ["PL908"]


def test_resources_that_are_masked_on_one_side_are_not_compared() -> None:
    ex = exchange("authorize")
    assert ex.response is not None
    assert ex.response.body is not None
    (name,) = json.loads(ex.request.body or b"")["resources"]
    asked = replace(ex.request, body=b'{"resources": ["[FILTERED]"]}')
    answered = replace(ex.response, body=ex.response.body.replace(name.encode(), b"[FILTERED]"))
    for one, place in (
        (replace(ex, request=asked), "body#/resources/0"),
        (replace(ex, response=answered), "body#/decisions/0/resource"),
    ):
        assert "PL461" in codes(one)
        one = replace(one, recorder="unknown")
        assert masked_places(Decoded(one)) == (place,)
        assert codes(one) == ["PL908"]


def test_what_an_answer_needs_is_not_known_where_its_action_is_masked() -> None:
    ex = masked("actionName")
    assert ex.response is not None
    body = json.loads(ex.response.body or b"")
    del body["reasonType"]
    ex = replace(ex, response=replace(ex.response, body=json.dumps(body).encode()))
    assert "PL305" in codes(replace(ex, recorder=None))
    assert codes(ex) == ["PL908"]


def test_a_masked_statement_is_not_looked_into() -> None:
    ex = exchange("dcr-register")
    ex = replace(ex, request=replace(ex.request, body=b'{"software_statement": "[FILTERED]"}'))
    assert "PL126" in codes(ex)
    assert codes(replace(ex, recorder="unknown")) == ["PL908"]


def test_what_mitmproxy_recorded_has_no_masks() -> None:
    assert masked_places(Decoded(replace(masked("code"), recorder=None))) == ()


def test_other_hits_stand() -> None:
    ex = masked("notAfter")
    request = replace(ex.request, headers=tuple(pair for pair in ex.request.headers if pair[0] != "Authorization"))
    assert codes(replace(ex, request=request)) == ["PL201", "PL908"]
