"""Registration: members of both answers, and when an access token ends."""

from typing import Any

import pytest

import forge
from passlens.rest_v2.registration import (
    MAX_LIFE,
    body_problems,
    client_result,
    created_seconds,
    token_ends,
    token_result,
)

CLIENT = {
    "client_id": "c-1",
    "client_secret": "s-1",
    "client_id_issued_at": 1767323044,
    "redirect_uris": ["app://signed-in"],
    "grant_types": ["client_credentials"],
    "scopes": ["api:client:v2"],
}
TOKEN = {
    "id": "t-1",
    "access_token": "opaque",
    "created_at": 1767323044750,
    "expires_in": 21600,
    "token_type": "bearer",
}


@pytest.mark.parametrize(("row", "body"), [("G-1", CLIENT), ("T-1", TOKEN)])
def test_every_member_is_required_and_typed(row: str, body: dict[str, Any]) -> None:
    assert body_problems(row, body) == ()
    assert [(one.kind, one.pointer[1:]) for one in body_problems(row, {})] == [("missing", name) for name in body]
    for name in body:
        found = body_problems(row, {**body, name: None})
        assert [(one.kind, one.pointer) for one in found] == [("type", f"/{name}")]
    for value in (None, [], "x", 1):
        assert [one.kind for one in body_problems(row, value)] == ["type"]


def test_results_hold_no_secret() -> None:
    assert client_result() == {"kind": "client"}
    assert token_result(TOKEN) == {"kind": "token", "not_after": "2026-01-02T09:04:04Z"}


@pytest.mark.parametrize(("size", "read"), [(65_536, True), (65_537, False)])
def test_a_token_of_64_kib_is_still_read(size: int, read: bool) -> None:
    token = forge.access_token(forge.CLOCK, age=0)
    token += "A" * (size - len(token))  # the signature is not looked at
    ends = token_ends({**TOKEN, "access_token": token})
    assert (ends != 1767323044.75 + 21600) is read


def test_E48_a_token_ends_with_its_jwt_else_by_its_life() -> None:
    expires = forge.CLOCK + 6 * forge.HOUR
    readable = {**TOKEN, "access_token": forge.access_token(forge.CLOCK, age=0)}
    ends = token_ends(readable)
    assert ends is not None
    assert abs(ends - expires) < 60
    assert token_ends(TOKEN) == 1767323044.75 + 21600
    assert token_ends({**TOKEN, "created_at": 1767323044}) == 1767323044 + 21600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("created_at", "1767323044750"),
        ("created_at", 17),
        ("created_at", True),
        ("created_at", 10**13),
        ("expires_in", "21600"),
        ("expires_in", True),
        ("expires_in", -1),
        ("expires_in", MAX_LIFE + 1),
        ("expires_in", 10**400),
    ],
)
def test_without_good_numbers_the_end_is_not_known(name: str, value: Any) -> None:
    assert token_result({**TOKEN, name: value}) == {"kind": "token", "not_after": None}


def test_the_longest_life_that_is_believed() -> None:
    assert token_ends({**TOKEN, "expires_in": MAX_LIFE}) is not None


@pytest.mark.parametrize(
    ("life", "believed"),
    [(0, True), (1, True), (MAX_LIFE, True), (MAX_LIFE + 1, False), (-1, False)],
)
def test_a_life_is_believed_from_none_to_ten_years(life: int, believed: bool) -> None:
    assert (token_ends({**TOKEN, "expires_in": life}) is not None) == believed


@pytest.mark.parametrize(
    ("created", "seconds"),
    [
        (10**9 - 1, None), (10**9, 10**9), (10**10 - 1, 10**10 - 1), (10**10, None), (10**12 - 1, None),
        (10**12, 10**9), (10**13 - 1, (10**13 - 1) / 1000), (10**13, None), (True, None), ("1767323044", None),
    ],
)  # fmt: skip
def test_E48_a_start_has_10_or_13_digits(created: object, seconds: float | None) -> None:
    assert created_seconds({"created_at": created}) == seconds
