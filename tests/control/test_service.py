"""How long the lists of the control API are; tests/control/test_server.py has the calls over HTTP."""

from typing import Any

import pytest
from mitmproxy.test import tflow

from passlens.addon import Sessions
from passlens.control.query import ExchangesQuery, FindingsQuery
from passlens.control.service import MAX_LISTED, Service

ENTRY: Any = {
    "operation": "authorize", "started": None, "path": "/", "outcome": None, "status": 200, "error": None,
    "device": None, "injected": None, "results": [], "findings": [],
}  # fmt: skip


def service(exchanges: int, findings: int = 0, severity: str = "warning") -> Service:
    """One that has seen exchanges with so many findings each."""
    made = Sessions()._service
    for _ in range(exchanges):
        made.journal.exchange(tflow.tflow(resp=True), ENTRY | {"findings": [{"severity": severity}] * findings})
    return made


@pytest.mark.parametrize(("more", "then"), [(0, []), (1, [MAX_LISTED + 1])])
def test_a_list_of_exchanges_has_so_many_and_next_leads_on(more: int, then: list[int]) -> None:
    asked = service(MAX_LISTED + more)
    found, follows = asked.exchanges(ExchangesQuery())
    assert (len(found), follows) == (MAX_LISTED, MAX_LISTED)
    assert [one.number for one in asked.exchanges(ExchangesQuery(since=follows))[0]] == then


@pytest.mark.parametrize(("exchanges", "first", "then"), [(250, 1000, 0), (251, 1000, 4)])
def test_a_list_of_findings_has_so_many_and_next_leads_on(exchanges: int, first: int, then: int) -> None:
    asked = service(exchanges, findings=4)
    found = asked.findings(FindingsQuery())
    assert (len(found["findings"]), found["next"]) == (first, 250)
    assert len(asked.findings(FindingsQuery(since=found["next"]))["findings"]) == then


def test_findings_of_one_exchange_stay_together() -> None:
    asked = service(334, findings=3)
    found = asked.findings(FindingsQuery())
    assert (len(found["findings"]), found["next"]) == (999, 333)


@pytest.mark.parametrize(("severity", "count"), [("note", 0), ("warning", 1), ("error", 1)])
def test_findings_are_those_from_a_severity_up(severity: str, count: int) -> None:
    asked = service(1, findings=1, severity=severity)
    assert len(asked.findings(FindingsQuery(min="warning"))["findings"]) == count
