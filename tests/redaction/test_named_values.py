"""A value that a sentence names as a secret is found, and a word is not."""

import pytest

from fuzz.limits import within
from passlens.redaction.named_values import names_values, replace_named_values
from passlens.redaction.patterns import hide_patterns

TOLD = [
    ("The access token 8f14e45fceea is unknown", "8f14e45fceea"),
    ("client_id 'a1b2c3d4-e5f6' not found.", "a1b2c3d4-e5f6"),
    ("Client ID: a1b2c3d4e5f6", "a1b2c3d4e5f6"),
    ("Bearer abcd1234efgh5678== was rejected", "abcd1234efgh5678=="),
    ("the secret is sEcr3t-value.", "sEcr3t-value"),
    ("password “hunter2hunter” is wrong", "hunter2hunter"),
    ("no such apiKey: k3y/of+an.app", "k3y/of+an.app"),
    ("access_token=8f14e45fceea&scope=api:client:v2", "8f14e45fceea"),
    ("sent client_secret=a1b2%2Fc3d4, refused", "a1b2%2Fc3d4"),
    ("client_id%3Da1b2c3d4e5f6", "a1b2c3d4e5f6"),
    ("cookie session-token=8f14e45fceea; Path=/", "8f14e45fceea"),
]
WORDS = [
    "the token expired at 2026-01-02T03:04:05Z",
    "token 2026-01-02T03:04:05Z",
    "token expires_in 21600 seconds",
    "token_type Bearer",
    "the token is for api:client:v2",
    "client id 12345678",
    "the token jane.roe1@demo.example",
    "secret",
    "invalid_client: client credentials were revoked",
    "The code ABC1234 is over, token1234567",
    "expects_token=required-later",
    "?access_token=8f14e45fceea&client_id=8f14e45fceea#own.token=8f14e45fceea",  # found as parameters
]


@pytest.mark.parametrize(("text", "value"), TOLD)
def test_a_value_is_found(text: str, value: str) -> None:
    assert replace_named_values(text, lambda found: f"<{found}>") == text.replace(value, f"<{value}>")
    assert value not in hide_patterns(text)


@pytest.mark.parametrize("text", WORDS)
def test_a_word_stays(text: str) -> None:
    assert replace_named_values(text, lambda found: f"<{found}>") == text


def test_a_text_that_names_none_is_told_quickly() -> None:
    assert not names_values("session code ABC1234")
    assert names_values("token 8f14e45fceea")


@pytest.mark.parametrize("part", ["token ", "token a.", "bearer 'a1", "client", "secret is ", "key: "])
def test_a_long_text_costs_no_more_than_its_length(part: str) -> None:
    text = part * (100_000 // len(part))
    within(0.3, lambda: replace_named_values(text, str))
