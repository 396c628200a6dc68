"""What ``passlens conformance`` keeps of a run: nothing is lost before its reports are written."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from passlens.cli import conformance as module
from passlens.errors import WriteError
from passlens.runner.outputs import Target
from passlens.testing.conformance.outcome import ConformanceResult
from passlens.testing.conformance.session import ConformanceRun
from passlens.testing.conformance.state_file import RunState, read_state
from passlens.testing.proxy_process import ProxyProcess


def result(name: str) -> ConformanceResult:
    made = {"name": name, "outcome": "met", "why": "", "began": "2026-01-02T03:04:05Z"}
    return cast(ConformanceResult, {**made, "expectations": [], "exchanges": []})


class Decided(ConformanceRun):
    """A run whose scenarios are met at once."""

    def __init__(self, client: object, state: RunState, keys: object, say: object, save: Any, *_: object) -> None:
        self.state, self.save = state, save

    def through(self, steps: Any) -> None:
        for one in steps:
            self.state["results"].setdefault(one.name, result(one.name))
            self.save(self.state)


def run(monkeypatch: pytest.MonkeyPatch, place: Path, target: Target, *before: str) -> int:
    """A run of the scenario ``denied``; ``before`` were decided before it."""
    monkeypatch.setattr(module, "ConformanceRun", Decided)
    state: RunState = {
        "began": "", "app": "", "versions": "", "devices": [], "results": {name: result(name) for name in before},
    }  # fmt: skip
    proxy = cast(ProxyProcess, SimpleNamespace(url="", client=None))
    return module._run(proxy, state, module._steps(["denied"], None), place, [("junit", target)], ["app"])


def test_a_finished_run_is_kept_where_its_report_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, folder = tmp_path / "state.json", tmp_path / "reports"
    folder.mkdir()
    target = Target(str(folder / "report.xml"))
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(WriteError):
        run(monkeypatch, place, target)
    kept = read_state(place)
    assert kept is not None
    assert list(kept["results"]) == ["denied"]


def test_a_finished_run_is_forgotten_but_not_one_through_more_scenarios(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "state.json"
    assert run(monkeypatch, place, Target(str(tmp_path / "report.xml"))) == 0
    assert not place.exists()
    assert run(monkeypatch, place, Target(str(tmp_path / "report.xml")), "pfs-fallback") == 0
    kept = read_state(place)
    assert kept is not None
    assert list(kept["results"]) == ["pfs-fallback", "denied"]
