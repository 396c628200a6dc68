"""What is called next, one after the other or one of two."""

import pytest

from passlens.checks.next_steps import next_steps


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["authenticate", "retrieve-profile-code"], "authenticate, then retrieve-profile-code"),
        (["create-session", "partner-session"], "create-session or partner-session"),
        (["preauthorize", "authorize", "logout"], "preauthorize, then authorize or logout"),
        (["partner-session"], "partner-session"),
        ([], ""),
    ],
)
def test_what_comes_next_names_alternatives_as_such(names: list[str], said: str) -> None:
    assert next_steps(names) == said
