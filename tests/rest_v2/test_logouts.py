"""Logouts: the four pairs of action and type, and whether a url goes with them."""

from typing import Any

import pytest

from passlens.rest_v2.logouts import LOGOUT_MODELS, LOGOUT_ROWS, Logout, logouts_of, read_logouts, row_of
from passlens.rest_v2.results import MAX_ITEMS


def entry(action: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"actionName": action, "actionType": kind, "mvpd": "HarbourCable", **more}


URL = {"url": "/adobe-services/logout?requestor_id=REF30"}


def of(value: Any) -> Logout:
    return Logout("HarbourCable", row_of(value), value)


def wrong(value: Any) -> dict[str, str]:
    return {problem.pointer: problem.kind for problem in of(value).problems}


@pytest.mark.parametrize("row", LOGOUT_ROWS, ids=lambda row: row.id)
def test_a_row_and_its_url(row: Any) -> None:
    bare, with_url = entry(row.action, row.type), entry(row.action, row.type, **URL)
    good, bad = (with_url, bare) if row.url else (bare, with_url)
    assert of(good).row == row
    assert wrong(good) == {}
    assert wrong(bad) == {"/url": "missing" if row.url else "forbidden"}
    assert of(good).result == {"kind": "logout", "row": row.id, "mvpd": "HarbourCable", "action": row.action}
    assert list(LOGOUT_MODELS) == [one.id for one in LOGOUT_ROWS]


@pytest.mark.parametrize(
    ("action", "kind", "pointers"),
    [
        ("logout", "none", []),
        ("complete", "interactive", []),
        ("log_out", "none", ["/actionName"]),
        ("logout", "direct", ["/actionType"]),
    ],
)
def test_another_pair_is_in_no_row(action: str, kind: str, pointers: list[str]) -> None:
    found = of(entry(action, kind))
    assert (found.row, found.result["row"]) == (None, None)
    assert [problem.pointer for problem in found.problems] == pointers


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, {"actionName": [], "actionType": {}}])
def test_anything_is_read(value: Any) -> None:
    assert of(value).problems
    assert of(value).result["action"] is None


def test_a_map_of_logouts_is_read_up_to_a_limit() -> None:
    assert logouts_of({"logouts": []}) is logouts_of([]) is logouts_of(None) is None
    many = {f"m{number}": entry("complete", "none") for number in range(MAX_ITEMS + 1)}
    assert [one.key for one in read_logouts(many)] == list(many)[:MAX_ITEMS]
