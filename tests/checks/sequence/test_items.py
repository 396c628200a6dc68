"""Items of responses: read as far as they have the form they should have, short and bounded."""

from passlens.checks.sequence.items import (
    MAX_RESOURCES,
    StepDecision,
    StepProfile,
    decisions_in,
    logouts_in,
    profiles_in,
)


def test_profiles_are_read_by_mvpd() -> None:
    body = {"profiles": {"Cox": {"type": "regular", "notAfter": 1767323045000}, "odd": 1, "x" * 300: {"type": 1}}}
    assert profiles_in(body) == {"Cox": StepProfile("regular", 1767323045.0), "x" * 200: StepProfile(None, None)}
    assert profiles_in({}) is None


def test_decisions_are_read_with_their_errors() -> None:
    denied = {"resource": "movies", "authorized": False, "error": {"code": "x", "action": "retry"}, "source": "mvpd"}
    body = {"decisions": [{"resource": "news", "authorized": True}, 1, denied, {"error": "no"}]}
    assert decisions_in(body) == (
        StepDecision("news", True, None, None),
        StepDecision("movies", False, "x", "retry", "mvpd"),
        StepDecision("", False, None, None),
    )
    assert decisions_in({}) == ()


def test_logouts_are_read_by_mvpd() -> None:
    body = {"logouts": {"Cox": {"actionName": "complete"}, "Sling": {"actionName": 1}, "odd": []}}
    assert logouts_in(body) == {"Cox": "complete"}


def test_items_are_bounded() -> None:
    many = MAX_RESOURCES + 1
    assert len(decisions_in({"decisions": [{"resource": str(number)} for number in range(many)]})) == MAX_RESOURCES
    assert len(profiles_in({"profiles": {str(number): {} for number in range(many)}}) or ()) == MAX_RESOURCES
