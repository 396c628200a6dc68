"""Sights are named in sentences."""

from passlens.checks.sights import SIGHTS


def test_sights_fit_into_a_sentence() -> None:
    assert all(sight.words[0].islower() and not sight.words.endswith(".") for sight in SIGHTS.values())
