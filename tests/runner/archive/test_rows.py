"""Rows from entries and journeys: every member in its column, whatever an app has sent."""

from datetime import UTC, datetime
from typing import Any, cast

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry, Journey
from passlens.runner.archive.rows import exchange_rows, journey_rows
from passlens.runner.archive.schema import TABLES


def named(table: Any, values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip((column.name for column in TABLES[table]), values, strict=True))


def entry(**members: Any) -> Entry:
    made = analyze(as_exchange(case("P3")))
    return cast(Entry, {**made, **members})


def test_an_exchange_with_its_results_and_findings() -> None:
    result = {"kind": "navigation", "to": "page"}
    made = entry(index=7, started="2026-01-02T23:59:59.500Z", results=[result, result])
    exchange, *others = exchange_rows("a.mitm", made)
    row = named("exchanges", exchange.values)
    assert (exchange.table, exchange.day) == ("exchanges", "2026-01-02")
    assert (row["input"], row["index"], row["outcome"]) == ("a.mitm", 7, "P3")
    assert row["started"] == datetime(2026, 1, 2, 23, 59, 59, 500_000, tzinfo=UTC)
    assert row["action_reason"] == "pfs_fallback"
    assert row["next"] == made["next"]
    results, findings = others[:2], others[2:]
    assert [one.table for one in others] == ["results"] * 2 + ["findings"] * len(made["findings"])
    assert {one.day for one in others} == {"2026-01-02"}
    second = named("results", results[1].values)
    assert {name: value for name, value in second.items() if value is not None} == {
        "input": "a.mitm", "index": 7, "position": 1, "kind": "navigation", "navigation": "page",
    }  # fmt: skip
    for position, (one, said) in enumerate(zip(findings, made["findings"], strict=True)):
        row = named("findings", one.values)
        assert (row["input"], row["index"], row["journey"], row["position"]) == ("a.mitm", 7, None, position)
        assert (row["code"], row["place"], row["message"]) == (said["code"], said["at"], said["message"])


def test_a_journey_with_a_finding() -> None:
    finding = entry()["findings"][0] if entry()["findings"] else None
    assert finding is not None
    journey: Journey = {
        "id": 3, "file": "x", "device": "sha256:1", "service_provider": "DEMOTV", "codes": ["A", "B"],
        "started": "2026-01-03T00:00:00.000Z", "ended": None, "steps": [1, 4], "verdict": "waiting", "why": "it ended",
        "findings": [finding],
    }  # fmt: skip
    made, found = journey_rows("a.mitm", journey)
    row = named("journeys", made.values)
    assert (row["input"], row["journey"], row["codes"], row["steps"]) == ("a.mitm", 3, ["A", "B"], [1, 4])
    assert row["ended"] is None
    assert {made.day, found.day} == {"2026-01-03"}
    row = named("findings", found.values)
    assert (row["input"], row["index"], row["journey"], row["position"]) == ("a.mitm", None, 3, 0)


def test_what_has_no_time_is_of_no_day() -> None:
    row = next(exchange_rows("a.mitm", entry(started=None)))
    assert row.day == "unknown"
    assert named("exchanges", row.values)["started"] is None


def test_what_an_app_sends_in_place_of_a_text_is_json_and_half_a_sign_is_escaped() -> None:
    device = {
        "info": {"model": ["x"], "version": 5, "osName": "\ud83d", "vendor": None},
        "identifier": None,
        "key": "k",
    }
    row = named("exchanges", next(exchange_rows("a", entry(device=device, code="\udcff"))).values)
    assert (row["device_model"], row["device_version"], row["device_vendor"]) == ('["x"]', "5", None)
    assert (row["device_os_name"], row["code"], row["device_key"]) == ("\\ud83d", "\\udcff", "k")
    for odd in ({"frameworkPermissionInfo": 5}, {"frameworkPermissionInfo": {"error": []}}, None, {}):
        row = named("exchanges", next(exchange_rows("a", entry(partner_framework_status=odd, device=None))).values)
        assert (row["framework_access"], row["framework_access_error"], row["device_model"]) == (None, None, None)
