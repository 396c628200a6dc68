"""What goes along with a check: baselines and the counts of a dry run."""

import json
from pathlib import Path
from typing import Any

import pytest

import cases
from passlens.baseline import Baseline
from passlens.offline.companions import LISTED, DryRun, Known, Recorder
from passlens.reports.tally import Tally
from passlens.verdict import judge


def entries() -> list[dict[str, Any]]:
    return [judge(cases.as_exchange(case)) for case in cases.cases()]


def everything(_: str) -> bool:
    return True


def test_known_findings_are_taken_off_and_counted() -> None:
    baseline = Baseline()
    for entry in entries():
        baseline.add(entry)
    known, tally = Known("b.json", baseline, everything), Tally()
    for entry in entries():
        known.entry(entry)
        assert entry["findings"] == []
    assert known.close(tally) is None
    count = baseline.counts.total()
    assert tally.also["baseline"] == {"file": "b.json", "known": count, "new": 0, "gone": []}
    assert tally.closing == [f"baseline b.json: {count} known, 0 new, 0 gone"]


def test_gone_ones_are_named_unless_nobody_asked_for_them() -> None:
    baseline = Baseline()
    for entry in entries():
        baseline.add(entry)
    tally = Tally()
    Known("b.json", baseline, lambda code: code == "PL204").close(tally)
    assert all(item["code"] == "PL204" for item in tally.also["baseline"]["gone"])
    assert tally.closing[1].startswith("  gone  PL204 partner-session header:AP-Partner-Framework-Status (is missing")
    tally = Tally()
    Known("b.json", baseline, everything).close(tally)
    assert len(tally.closing) == LISTED + 2
    assert tally.closing[-1] == f"  and {len(baseline.counts) - LISTED} more"


@pytest.mark.parametrize("how", ["partial", "unreadable"])
def test_half_an_input_says_nothing_about_what_is_gone(how: str, tmp_path: Path) -> None:
    tally = Tally()
    setattr(tally, how, True)
    Known("b.json", Baseline(), everything).close(tally)
    assert tally.also["baseline"]["gone"] is None
    assert "what is gone is not told" in tally.closing[0]
    said = Recorder(str(tmp_path / "b.json")).close(tally)
    assert said is not None
    assert "was not written, since not all input was read" in said
    assert list(tmp_path.iterdir()) == []


def test_a_new_baseline_is_written_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    recorder, tally = Recorder(str(path)), Tally()
    for entry in entries():
        recorder.entry(entry)
    assert not path.exists()
    assert recorder.close(tally) is None
    rows = json.loads(path.read_text())["findings"]
    count = sum(row["count"] for row in rows)
    assert tally.closing == [f"baseline {path} written: {count} findings of {len(rows)} kinds"]
    failed = Recorder(str(tmp_path)).close(Tally())
    assert failed is not None
    assert "cannot be written" in failed


def test_a_dry_run_counts_rules_and_names_those_that_never_matched() -> None:
    run, tally = DryRun("demo", ("one", "two")), Tally()
    for rule in ("one", None, "one"):
        run.entry({"dry_run": {"rule": rule}})
    run.entry({})
    assert run.close(tally) is None
    assert tally.also["dry_run"] == {
        "scenario": "demo", "matched": {"one": 2, "two": 0}, "never_matched": ["two"]
    }  # fmt: skip
    assert tally.closing == ["scenario demo (dry run): one 2, two 0", "  never matched: two"]
