"""Decisions: their rows, what they have wrong, and what may be said of them."""

from typing import Any

import pytest

from passlens.rest_v2.decisions import (
    DECISION_MODELS,
    DECISION_ROWS,
    Decision,
    compare_resources,
    decisions_of,
    read_decisions,
    resources_of,
    row_of,
)
from passlens.rest_v2.results import MAX_ITEMS
from support.responses import END, START, decision, error, token

DENIED = error("authorization_denied_by_mvpd")
PRE_DENIED = error("preauthorization_denied_by_mvpd")
RULE = "authorization_denied_by_degradation_rule"
BARE = {"resource": None, "serviceProvider": None, "mvpd": None}
OF_ROW: dict[str, tuple[str, dict[str, Any]]] = {
    "AD1": ("authorize", decision(token=token(), notBefore=START, notAfter=END)),
    "AD2": ("authorize", decision(False, error=DENIED)),
    "AD3": ("authorize", decision(True, "degradation", token=token())),
    "AD5": ("authorize", decision(False, "degradation", error=error(RULE))),
    "AD6": ("authorize", decision(True, "temppass", token=token())),
    "AD7": ("authorize", decision(False, "temppass", error=error("temporary_access_duration_limit_exceeded"))),
    "AD8": ("authorize", decision(True, "dummy", token=token())),
    "ZD1": ("preauthorize", decision()),
    "ZD2": ("preauthorize", decision(False, error=PRE_DENIED)),
    "ZD3": ("preauthorize", decision(True, "degradation")),
    "ZD4": ("preauthorize", decision(False, "degradation", error=error(RULE))),
    "ZD5": ("preauthorize", decision(True, "temppass")),
    "ZD6": ("preauthorize", decision(True, "dummy")),
    "H-D1": ("authorize", decision(False, None, **BARE, error=error("temppass_expired", 200))),
    "H-D2": ("authorize", decision(False, None, error=error(RULE, 200))),
    "H-D3": (
        "preauthorize",
        decision(False, None, **BARE, error=error("authorization_denied_by_degradation_configuration_change", 200)),
    ),
    "H-D4": ("preauthorize", decision(False, error=error("preauthorization_denied_by_mvpd", 202))),
    "H-D5": ("authorize", decision(False, error=error("network_connection_failure", 403, "retry"))),
}


def of(operation: str, value: Any) -> Decision:
    return Decision(0, row_of(operation, value), value)


def wrong(operation: str, value: Any) -> dict[str, str]:
    return {problem.pointer: problem.kind for problem in of(operation, value).problems}


def test_every_row_has_an_example_and_a_model() -> None:
    assert list(OF_ROW) == [row.id for row in DECISION_ROWS] == list(DECISION_MODELS)


@pytest.mark.parametrize("name", OF_ROW)
def test_a_documented_decision_is_recognised_and_has_no_problem(name: str) -> None:
    found = of(*OF_ROW[name])
    assert found.row is not None
    assert (found.row.id, found.problems) == (name, ())
    assert found.result["row"] == name
    assert found.is_denial is not found.row.authorized


@pytest.mark.parametrize("row", [row for row in DECISION_ROWS if not row.old], ids=lambda row: row.id)
def test_a_current_row_demands_and_refuses_its_attributes(row: Any) -> None:
    (operation,) = row.operations
    bare = {"authorized": row.authorized, "source": row.source}
    assert set(wrong(operation, bare)) == {f"/{name}" for name in row.attributes.required if name not in bare}
    _, value = OF_ROW[row.id]
    refused = dict.fromkeys(row.attributes.absent, 1)
    assert wrong(operation, {**value, **refused}) == {f"/{name}": "forbidden" for name in refused}


@pytest.mark.parametrize(
    ("name", "changes", "row"),
    [
        # An old row is told by everything that it had: one thing of today, and it is one of today.
        ("H-D4", {"error": PRE_DENIED}, "ZD2"),
        ("H-D2", {"source": "degradation"}, "AD5"),
        ("H-D5", {"error": error("network_connection_timeout")}, "AD2"),
        ("H-D5", {"error": error("network_connection_failure", 500)}, "AD2"),
        ("H-D1", {"source": "temppass"}, "AD7"),
    ],
)
def test_what_is_almost_an_old_decision_is_one_of_today(name: str, changes: dict[str, Any], row: str) -> None:
    operation, value = OF_ROW[name]
    found = of(operation, {**value, **changes})
    assert found.row is not None
    assert found.row.id == row


def test_a_permit_and_a_denial_of_the_same_source_differ() -> None:
    assert wrong("authorize", decision(False)) == {"/error": "missing"}
    assert wrong("authorize", decision(True)) == {"/token": "missing"}
    assert wrong("authorize", decision(False, token=token(), error=DENIED)) == {"/token": "forbidden"}
    assert wrong("preauthorize", decision(token=token())) == {"/token": "forbidden"}


@pytest.mark.parametrize("authorized", ["true", 1, 0, None, [], "false"])
def test_authorized_is_a_boolean(authorized: Any) -> None:
    found = of("preauthorize", {**decision(), "authorized": authorized})
    assert (found.row, found.is_denial, found.result["authorized"]) == (None, False, None)
    assert ("/authorized", "type") in [(one.pointer, one.kind) for one in found.problems]


@pytest.mark.parametrize("source", ["MVPD", "", 1, None, ["mvpd"]])
def test_a_source_of_no_row_is_wrong(source: Any) -> None:
    found = of("preauthorize", {**decision(), "source": source})
    assert found.row is None
    assert [one.pointer for one in found.problems] == ["/source"]


def test_a_token_has_integers_for_times_and_is_not_shown() -> None:
    stamped = token(issuedAt=START)
    assert wrong("authorize", decision(token=stamped)) == {}
    assert wrong("authorize", decision(token=token(notAfter=str(END)))) == {"/token/notAfter": "type"}
    assert wrong("authorize", decision(token=token(notAfter=END // 1000))) == {"/token/notAfter": "format"}
    assert wrong("authorize", decision(token=token(serializedToken=""))) == {"/token/serializedToken": "format"}
    result = of("authorize", decision(token=stamped)).result
    assert result == {
        "kind": "decision",
        "row": "AD1",
        "resource": "news",
        "authorized": True,
        "source": "mvpd",
        "error": None,
        "token_not_after": "2026-01-02T03:34:04Z",
    }


def test_a_denial_says_its_code() -> None:
    found = of("authorize", OF_ROW["AD2"][1])
    assert (found.code, found.result["error"]) == ("authorization_denied_by_mvpd", "authorization_denied_by_mvpd")
    assert found.error["status"] == 403


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, {"authorized": False, "error": []}, {"error": {"code": {}}}])
def test_anything_is_read(value: Any) -> None:
    for operation in ("authorize", "preauthorize"):
        found = of(operation, value)
        assert found.problems
        assert (found.code, found.result["error"]) == (None, None)


def test_a_list_of_decisions_is_read_up_to_a_limit() -> None:
    assert decisions_of({"decisions": {}}) is decisions_of([]) is decisions_of(None) is None
    many = [decision()] * (MAX_ITEMS + 1)
    assert [one.place for one in read_decisions("authorize", many)] == list(range(MAX_ITEMS))


def test_the_resources_of_a_request() -> None:
    assert resources_of({"resources": ["news", 1, "movies"]}) == ("news", "movies")
    assert resources_of({"resources": {"news": 1}}) == resources_of([]) == resources_of(None) == ()
    assert len(resources_of({"resources": ["x"] * (MAX_ITEMS + 1)})) == MAX_ITEMS


def test_E86_resources_are_compared_trimmed() -> None:
    assert compare_resources(("news", "movies"), ("news ", "movies")) == ((), (), False)
    assert compare_resources(("news", "movies"), ("movies", "news")) == ((), (), True)
    assert compare_resources(("news", "movies"), ("news", "sports")) == (("movies",), ("sports",), False)
    assert compare_resources(("news", "news"), ("news",)) == ((), (), False)
