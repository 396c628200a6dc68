"""Revisions: their dates and order. That they are the right ones is held in tests/facts."""

from passlens.rest_v2.revisions import REVISIONS


def test_revisions_stand_in_the_order_of_their_dates() -> None:
    assert list(REVISIONS.values()) == sorted(REVISIONS.values())
