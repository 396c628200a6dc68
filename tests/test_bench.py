"""The benchmark's own parts: its traffic is clean and never repeats itself, its ratios are what they say.
That all of it runs is seen by running it small (.ci/run)."""

import sys
from itertools import islice
from pathlib import Path

import pytest

from passlens.analysis.analyzer import analyze
from passlens.recordings.flow_to_exchange import from_flow
from support.proxy import ROOT

BENCH = ROOT / "bench"


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCH), *sys.path])


def test_the_traffic_is_documented_and_free_of_findings() -> None:
    import offline

    for kind, devices in (("core", 20), ("distinct", 160)):
        entries = [analyze(from_flow(flow)) for flow in offline.flows(160, kind)]  # type: ignore[arg-type]
        assert {entry["outcome"] for entry in entries} == {"C1", "R1", "RS-B", "P1"}
        assert [entry["findings"] for entry in entries if entry["findings"]] == []
        assert len({entry["device"]["identifier"] for entry in entries}) == devices


def test_no_two_exchanges_are_the_same() -> None:
    import traffic

    for kind in ("core", "distinct", "other"):
        sent = list(islice(traffic.requests(kind), 400))  # type: ignore[arg-type]
        responses = [traffic.respond(one.method, one.path, number, traffic.CLOCK)[1] for number, one in enumerate(sent)]
        assert len(set(zip([one.path for one in sent], responses, strict=True))) == len(sent)


def test_ratios_are_medians_of_pairs_that_take_turns() -> None:
    import ratios

    calls: list[str] = []

    def timed(name: str, seconds: list[float]) -> float:
        calls.append(name)
        return seconds[sum(call == name for call in calls) - 1]

    ratio = ratios.times_faster(lambda: timed("a", [9.0, 1.0, 2.0, 4.0]), lambda: timed("b", [9.0, 2.0, 2.0, 4.0]), 3)
    assert calls == ["a", "b", "a", "b", "b", "a", "a", "b"]
    assert (ratio.median, ratio.pairs) == (1.0, 3)
    assert str(ratio) == "1.00 (1.00 to 1.50, 3 pairs)"


def test_every_goal_of_the_table_is_in_the_documentation() -> None:
    import run

    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for row in run.ROWS:
        assert any(row.what in line and row.against in line and row.wanted in line for line in rows), row.name


def test_the_benchmark_needs_nothing_beside_itself_and_passlens() -> None:
    names = {path.stem for path in BENCH.glob("*.py")}
    assert {"run", "live", "offline", "traffic", "load", "upstream", "processes", "ratios", "size"} <= names
    assert not any("tests" in line for path in BENCH.glob("*.py") for line in imports(path))


def imports(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.startswith(("import ", "from "))]
