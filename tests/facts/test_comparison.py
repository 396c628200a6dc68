"""The comparison of tables with facts: every way in which they can differ fails, and names table, row and cell."""

import pytest

from support.facts import NAMES, Rows, cells, differences, hold, load, plain

FACTS: Rows = {"A1": cells(codes=["x", "y"], until=None), "A2": cells(codes=[], until="doc-2025-10-27")}


def test_equal_tables_hold() -> None:
    hold("answers", {"A1": cells(codes=("x", "y"), until=None), "A2": cells(codes=(), until="doc-2025-10-27")}, FACTS)


@pytest.mark.parametrize(
    ("have", "line"),
    [
        ({"A1": FACTS["A1"]}, "answers, row A2: in the facts, not in the table"),
        ({**FACTS, "A3": {}}, "answers, row A3: in the table, not in the facts"),
        (
            {**FACTS, "A1": cells(codes=["y", "x"], until=None)},
            "answers, row A1, codes: the table has ['y', 'x'], the facts have ['x', 'y']",
        ),
        (
            {**FACTS, "A2": cells(codes=[], until=None)},
            "answers, row A2, until: the table has None, the facts have 'doc-2025-10-27'",
        ),
        ({**FACTS, "A2": {**FACTS["A2"], "more": 1}}, "answers, row A2, more: the table has 1, the facts have None"),
        (dict(reversed(FACTS.items())), "answers: the rows stand in another order than those of the facts"),
    ],
)
def test_a_difference_is_named(have: Rows, line: str) -> None:
    assert differences("answers", have, FACTS) == [line]
    with pytest.raises(AssertionError, match="differ\n"):
        hold("answers", have, FACTS)


def test_cells_are_compared_as_lists() -> None:
    assert plain({"b": (1, ["c"]), "a": {"y", "x"}}) == {"b": [1, ["c"]], "a": ["x", "y"]}
    assert plain(()) is plain([]) is plain({}) is plain("") is None
    assert plain(0) == 0
    assert plain(False) is False


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_facts_says_what_it_holds(name: str) -> None:
    assert load(name)
