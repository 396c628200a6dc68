"""Codes and families as a user writes them."""

import pytest

from passlens.runner.selection import prefixes


def test_codes_and_families_become_prefixes() -> None:
    assert prefixes(["PL204, pl2xx", "PL", ""]) == ("PL204", "PL2", "PL")
    assert prefixes([]) == ()


@pytest.mark.parametrize("value", ["parameter-missing", "parameter-mising", "PL1111", "pl_111"])
def test_the_code_that_was_meant_is_named(value: str) -> None:
    with pytest.raises(ValueError, match=r"did you mean PL111\?"):
        prefixes([value])


@pytest.mark.parametrize("value", ["PL2OO", "nonsense", "204", "PL204 PL205", "X", "PLX204"])
def test_what_is_no_code_is_a_clause(value: str) -> None:
    with pytest.raises(ValueError, match="is no finding code or family; "):
        prefixes([value])
