"""What goes along with a check: baselines and the counts of a dry run."""

import json
from pathlib import Path
from typing import Any

import pytest

import cases
from passlens.analysis.analyzer import analyze
from passlens.analysis.baseline import Baseline
from passlens.analysis.summary import RunSummary
from passlens.errors import WriteError
from passlens.runner.post_processors import LISTED, DryRunCounts, KnownFindings, Recorder


def entries() -> list[dict[str, Any]]:
    return [analyze(cases.as_exchange(case)) for case in cases.cases()]


def everything(_: str) -> bool:
    return True


def test_known_findings_are_taken_off_and_counted() -> None:
    baseline = Baseline()
    for entry in entries():
        baseline.add(entry)
    known, summary = KnownFindings("b.json", baseline, everything), RunSummary()
    for entry in entries():
        known.entry(entry)
        assert entry["findings"] == []
    assert known.close(summary) is None
    count = baseline.counts.total()
    assert summary.baseline == {"file": "b.json", "known": count, "new": 0, "gone": []}
    assert summary.closing == [f"baseline b.json: {count} known, 0 new, 0 gone"]


def test_gone_ones_are_named_unless_nobody_asked_for_them() -> None:
    baseline = Baseline()
    for entry in entries():
        baseline.add(entry)
    summary = RunSummary()
    KnownFindings("b.json", baseline, lambda code: code == "PL204").close(summary)
    assert all(item["code"] == "PL204" for item in (summary.baseline or {})["gone"])
    assert summary.closing[1].startswith("  gone  PL204 partner-session header:AP-Partner-Framework-Status (is missing")
    summary = RunSummary()
    KnownFindings("b.json", baseline, everything).close(summary)
    assert len(summary.closing) == LISTED + 2
    assert summary.closing[-1] == f"  and {len(baseline.counts) - LISTED} more"


@pytest.mark.parametrize("how", ["partial", "unreadable"])
def test_half_an_input_says_nothing_about_what_is_gone(how: str, tmp_path: Path) -> None:
    summary = RunSummary()
    setattr(summary, how, True)
    KnownFindings("b.json", Baseline(), everything).close(summary)
    assert summary.baseline is not None
    assert summary.baseline["gone"] is None
    assert "what is gone is not told" in summary.closing[0]
    said = Recorder(str(tmp_path / "b.json")).close(summary)
    assert said is not None
    assert "was not written, since not all input was read" in said
    assert list(tmp_path.iterdir()) == []


def test_a_new_baseline_is_written_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    recorder, summary = Recorder(str(path)), RunSummary()
    for entry in entries():
        recorder.entry(entry)
    assert not path.exists()
    assert recorder.close(summary) is None
    rows = json.loads(path.read_text())["findings"]
    count = sum(row["count"] for row in rows)
    assert summary.closing == [f"baseline {path} written: {count} findings of {len(rows)} kinds"]
    with pytest.raises(WriteError, match="cannot be written"):
        Recorder(str(tmp_path)).close(RunSummary())


def test_a_dry_run_counts_rules_and_names_those_that_never_matched() -> None:
    run, summary = DryRunCounts("demo", ("one", "two")), RunSummary()
    for rule in ("one", None, "one"):
        run.entry({"dry_run": {"rule": rule}})
    run.entry({})
    assert run.close(summary) is None
    assert summary.dry_run == {
        "scenario": "demo", "matched": {"one": 2, "two": 0}, "never_matched": ["two"]
    }  # fmt: skip
    assert summary.closing == ["scenario demo (dry run): one 2, two 0", "  never matched: two"]
