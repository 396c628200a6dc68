"""The likeness of exchanges: what belongs to it, what is an exchange's own, and which are only like themselves.
That the entries of twins are the same is held by test_twins.py."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cases
import forge
from passlens.likeness import LONGEST, likeness, size
from support.deceiving import body_of, with_answer, with_body
from support.examples import exchange


@pytest.mark.parametrize("name", ["C1", "C2", "R1", "RS-B", "P1", "P3"])
def test_a_code_ids_and_times_are_an_exchanges_own(name: str) -> None:
    ex = exchange(name)
    like = likeness(ex)
    assert like is not None
    body = ex.body or {}
    own = {value.decode() for value in like.own}
    assert {body[name] for name in ("code", "sessionId", "notBefore", "notAfter") if name in body} <= own
    assert like.code == (body.get("code") or ex.path_parameter("code"))
    assert like.times == ex.session_times
    assert like.asks == ("authenticationRequest" in body)


def test_most_documented_exchanges_may_have_twins() -> None:
    found = [likeness(cases.as_exchange(case)) for case in cases.cases()]
    assert sum(like is not None for like in found) > len(found) * 0.8


@pytest.mark.parametrize("value", ["abc1234", "ABC123", "ABC12345", "ABC-123"])
def test_a_code_of_another_form_is_part_of_the_likeness(value: str) -> None:
    ex = with_body(exchange("C1"), forge.code("C1"), value)
    like = likeness(ex)
    assert like is not None
    assert like.code is None
    assert value.encode() in like.key[11]


def test_a_query_makes_an_exchange_one_of_its_own() -> None:
    ex = exchange("R1")
    for mark in ("?a=b", "#a", "\0"):
        assert likeness(replace(ex, request=replace(ex.request, path=ex.request.path + mark))) is None


def test_secrets_of_the_answers_headers_are_part_of_the_likeness() -> None:
    first, second = (exchange("C1", answer_headers={"Set-Cookie": f"session={number * 9}"}) for number in "12")
    keys = [like.key for like in (likeness(first), likeness(second)) if like is not None]
    assert len(set(keys)) == 2


@example(b'"code":"ABC1234",' * 5000)
@example(b'"request":"' + b"A" * 100_000)
@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_have_a_likeness_or_none(body: bytes) -> None:
    likeness(with_answer(exchange("C1"), body))


def test_the_size_is_that_of_all_that_is_compared() -> None:
    ex = exchange("C1")
    more = replace(ex, request=replace(ex.request, host=ex.request.host + "x" * 50))
    assert size(with_answer(more, body_of(ex) + b" " * 30)) == size(ex) + 80
    assert likeness(with_answer(ex, body_of(ex) + b" " * LONGEST)) is None
