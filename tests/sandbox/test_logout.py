"""Logout: what is left to do, by the kind of profile that was held."""

import random

import pytest

import forge
from passlens.sandbox.logout import logout_body
from passlens.sandbox.session import Kind, Sessions

URL = "https://demotv.example/bye"


@pytest.mark.parametrize(
    ("kind", "address", "left"),
    [
        ("regular", URL, {"actionName": "logout", "actionType": "interactive", "mvpd": "A", "url": URL}),
        ("regular", None, {"actionName": "complete", "actionType": "none", "mvpd": "A"}),
        ("degraded", URL, {"actionName": "complete", "actionType": "none", "mvpd": "A"}),
        ("temporary", URL, {"actionName": "complete", "actionType": "none", "mvpd": "A"}),
        ("appleSSO", URL, {"actionName": "partner_logout", "actionType": "partner_interactive", "mvpd": "A"}),
    ],
)
def test_what_is_left_to_do(kind: Kind, address: str | None, left: dict[str, str]) -> None:
    profile = Sessions().grant("d", "SP", "A", kind, now=forge.CLOCK, rng=random.Random(1))
    assert logout_body([profile], "A", address) == {"logouts": {"A": left}}


def test_without_a_profile() -> None:
    assert logout_body([], "A", URL)["logouts"] == {"A": {"actionName": "invalid", "actionType": "none", "mvpd": "A"}}
    assert logout_body([], None, URL) == {"logouts": {}}
