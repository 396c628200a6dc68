"""Which members of JSON are secrets, and how far they are looked for. tests/redaction/test_secrets.py has them in
exchanges."""

import json
from typing import Any

import pytest

from passlens.redaction.members import MAX_MEMBERS, attribute_values, secret_members, secrets_of_body, unknown_members
from passlens.redaction.nested import DEEPEST, MORE
from passlens.rest_v2.json_decoding import decode_json


def deep(inner: Any, times: int, name: str = "a") -> Any:
    for _ in range(times):
        inner = {name: inner}
    return inner


def test_a_body_is_searched_whole_or_broken() -> None:
    body = json.dumps({"access_token": "planted-1", "id": "planted-2", "more": {"id": "an id of another"}})
    for text in (body, body[:-2]):
        assert [*secrets_of_body(decode_json(text), frozenset({"id"}))][:2] == ["planted-1", "planted-2"]
        assert [*secrets_of_body(decode_json(text), frozenset())] == ["planted-1"]
    assert [*secrets_of_body(None, frozenset({"id"}))] == []


def test_a_media_token_is_a_secret_and_how_long_it_lives_is_none() -> None:
    token = {"notBefore": 1, "notAfter": 2, "serializedToken": "planted-1"}
    assert [*secret_members({"token": token})] == ["planted-1", "planted-1"]
    assert "2" not in [*secret_members({"token": token})]


def test_the_request_of_a_saml_login_is_a_secret_where_it_stands() -> None:
    assert [*secret_members([{"authenticationRequest": {"type": "saml", "request": "planted-1"}}])] == ["planted-1"]
    assert [*secret_members({"request": "a word"})] == []


def test_json_in_a_text_is_looked_into() -> None:
    assert [*secret_members({"details": json.dumps({"userId": "planted-1"})})] == ["planted-1"]
    assert [*secret_members({"details": '{"userId": planted'})] == []


@pytest.mark.parametrize(("times", "more"), [(DEEPEST, False), (DEEPEST + 1, True)])
def test_what_lies_too_deep_is_told(times: int, more: bool) -> None:
    assert [*secret_members(deep({"token": "planted-1"}, times))] == ([MORE] if more else ["planted-1"])
    profile = {"attributes": {"userID": {"value": "planted-1"}}}
    assert [*attribute_values(deep(profile, times, "profiles"))] == ([MORE] if more else ["planted-1"])
    assert [*unknown_members(deep({"own": "planted-1"}, times, "frameworkProviderInfo"))] == (
        [MORE] if more else ["planted-1"]
    )


@pytest.mark.parametrize(("count", "more"), [(MAX_MEMBERS, False), (MAX_MEMBERS + 1, True)])
def test_more_members_than_are_looked_at_are_told(count: int, more: bool) -> None:
    assert ([*secret_members([0] * count)] == [MORE]) is more
    broken = '"a": "abcdef", ' * count + "{"
    assert (MORE in secrets_of_body(decode_json("{" + broken), frozenset())) is more


def test_attributes_that_are_public_are_none() -> None:
    told = {"mvpd": {"value": "Cable"}, "userID": {"value": "planted-1"}, "zip": "planted-2"}
    found = [*attribute_values({"profiles": {"Cable": {"attributes": told}}})]
    assert {"planted-1", "planted-2"} <= {*found}
