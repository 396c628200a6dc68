"""Every check that the facts propose is made by a code that looks at its operations, or there is a reason for none."""

from typing import Any

import pytest

from passlens.checks.finding import Check
from passlens.checks.table import BY_CODE
from passlens.rest_v2.operations import FAMILIES
from support.facts import load

COUNTS = {"K-P": 14, "K-D": 13, "K-C": 7, "K-L": 7, "K-G": 3, "K-T": 6, "K-U": 5}
"""How many checks the facts propose, by the start of their ids."""

PROPOSED = [(family, fact) for family, facts in load("checks").items() for fact in facts]


def looks_at(check: Check, family: str) -> bool:
    """Whether the check is fed with an operation of the family."""
    operations = set(FAMILIES[family])  # type: ignore[index]
    if check.scope == "sequence":
        return check.find.operations is None or bool(operations & check.find.operations)  # type: ignore[attr-defined]
    return check.scope in ("all", family)


def test_none_is_left_out() -> None:
    want = [f"{start}{number}" for start, count in COUNTS.items() for number in range(1, count + 1)]
    assert sorted(fact["id"] for _, fact in PROPOSED) == sorted(want)


@pytest.mark.parametrize(("family", "fact"), PROPOSED, ids=[fact["id"] for _, fact in PROPOSED])
def test_a_proposed_check_is_made_or_there_is_a_reason(family: str, fact: dict[str, Any]) -> None:
    assert bool(fact["codes"]) is not bool(fact.get("why"))
    for code in fact["codes"]:
        # What a configuration offers is compared with the calls that come later.
        assert fact["id"] == "K-C7" or looks_at(BY_CODE[code], family), code
