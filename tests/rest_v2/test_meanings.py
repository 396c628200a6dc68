"""Meanings: every row has one, in the same form, and old rows have that of today."""

import pytest

from passlens.rest_v2 import decisions, logouts, profiles, response_rows
from passlens.rest_v2.meanings import MEANINGS, TODAY, meaning

ROWS = [*response_rows.BY_ID, *profiles.BY_ID, *decisions.BY_ID, *logouts.BY_ID]
OLD = [row for row in ROWS if row.startswith("H-")]


def test_every_row_has_one_and_every_meaning_has_a_row() -> None:
    assert list(MEANINGS) == [row for row in ROWS if row not in OLD]
    assert sorted(TODAY) == sorted(OLD)
    assert set(TODAY.values()) <= set(MEANINGS)


@pytest.mark.parametrize("row", MEANINGS)
def test_a_meaning_is_a_clause_and_sentences(row: str) -> None:
    found = MEANINGS[row]
    assert not found.says.endswith(".")
    assert not found.do or found.do.endswith(".")
    assert meaning(row) == found


def test_an_old_row_means_what_it_means_today() -> None:
    assert meaning("H-D4") == MEANINGS["ZD2"]
    assert meaning("C1") is None
    # A denial stays one, and an error stays one.
    for old, today in TODAY.items():
        if old in decisions.BY_ID:
            assert decisions.BY_ID[old].authorized is decisions.BY_ID[today].authorized
