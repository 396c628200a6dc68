"""Bearer tokens and JWTs: read for display and for their times, never verified."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.rest_v2.tokens import decode_bearer, decode_jwt, jwt_deviations


def token(**claims: object) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "c2ln"])


def test_a_bearer_token_is_split_and_read() -> None:
    found = decode_bearer(forge.bearer(forge.CLOCK))
    assert found.scheme == "Bearer"
    assert found.jwt is not None
    assert found.jwt.scopes == ("api:client:v2",)
    expires = found.jwt.time("exp")
    assert expires is not None
    assert expires > forge.CLOCK - 1


@pytest.mark.parametrize("raw", ["", "Bearer", "Bearer opaque-token", "Bearer a.b", "Bearer .b.c"])
def test_an_opaque_token_is_no_problem(raw: str) -> None:
    found = decode_bearer(raw)
    assert (found.jwt, found.problem) == (None, None)


@pytest.mark.parametrize("raw", ["a.b.c", "e30.!.c", "e30.W10.c"])
def test_three_parts_that_cannot_be_read_are_a_problem(raw: str) -> None:
    jwt, problem = decode_jwt(raw)
    assert jwt is None
    assert problem


def test_five_parts_are_encrypted() -> None:
    jwt, _ = decode_jwt("e30.a.b.c.d")
    assert jwt is not None
    assert jwt.encrypted


@pytest.mark.parametrize("value", [True, "soon", -1, 10**15, None, [1]])
def test_a_time_that_is_no_time_is_none(value: object) -> None:
    jwt, _ = decode_jwt(token(exp=value))
    assert jwt is not None
    assert jwt.time("exp") is None


@pytest.mark.parametrize(("value", "scopes"), [("a b", ("a", "b")), (["a", 1], ("a",)), (7, ())])
def test_scopes_are_read_from_text_and_array(value: object, scopes: tuple[str, ...]) -> None:
    jwt, _ = decode_jwt(token(scopes=value))
    assert jwt is not None
    assert jwt.scopes == scopes


def test_a_token_with_a_blank_inside_is_read_with_a_liberty() -> None:
    whole = token(sub="x")
    assert [deviation.kind for deviation in jwt_deviations(f"{whole[:4]} {whole[4:]}")] == ["white-space"]


@given(st.text())
def test_any_text_is_taken(raw: str) -> None:
    decode_bearer(raw)
    decode_jwt(raw)
    jwt_deviations(raw)
