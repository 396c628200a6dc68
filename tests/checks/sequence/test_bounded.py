"""A memory of limited size and age."""

from passlens.checks.sequence.bounded import Bounded


def test_the_oldest_goes_when_there_are_too_many_and_is_counted() -> None:
    kept: Bounded[str, int] = Bounded(2)
    for number, key in enumerate("abc"):
        kept.set(key, number, 0)
    assert [kept.get(key, 0) for key in "abc"] == [None, 1, 2]
    assert (len(kept.held), kept.dropped) == (2, 1)


def test_setting_again_makes_young() -> None:
    kept: Bounded[str, int] = Bounded(2)
    for key in ("a", "b", "a", "c"):
        kept.set(key, 1, 0)
    assert [kept.get(key, 0) for key in "abc"] == [1, None, 1]
    assert kept.pop("a") == 1
    assert kept.pop("a") is None


def test_what_is_too_old_is_not_known() -> None:
    kept: Bounded[str, int] = Bounded(max_age=60)
    kept.set("a", 1, 0)
    assert kept.get("a", 60) == 1
    assert kept.get("a", 60.1) is None
