"""Scenarios by name, and reloading: the last good version stays, and state with it."""

import os
import random
from pathlib import Path

import pytest

from passlens.errors import UnknownScenarioError
from passlens.exchange.decoded import Decoded
from passlens.scenarios.library import Library, RunningScenario, shipped
from scenarios.made import NOW, exchange

GOOD = "description: mine\nrules:\n  - {name: once, when: {occurrence: {first: 1}}, then: {delay: 1}}\n"


def write(path: Path, text: str) -> None:
    path.write_text(text)
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_by_name_by_path_and_the_users_own_first(tmp_path: Path) -> None:
    (tmp_path / "degraded.yaml").write_text(GOOD)
    library = Library([tmp_path])
    assert library.load("degraded").description == "mine"
    assert library.locate("pfs-fallback.provoke") == shipped() / "pfs-fallback.provoke.yaml"
    assert library.load(str(tmp_path / "degraded.yaml")).name == "degraded"


def test_a_thousand_rule_files_of_a_folder_are_looked_at(tmp_path: Path) -> None:
    for number in range(1001):
        (tmp_path / f"rule-{number:04}.yaml").touch()
    library = Library([tmp_path])
    assert library.locate("rule-0999")
    with pytest.raises(UnknownScenarioError):
        library.locate("rule-1000")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pfs-falback", "There is no scenario 'pfs-falback'; did you mean pfs-fallback?"),
        ("nosuch", "There is no scenario 'nosuch'; passlens scenarios lists all with what they do."),
        ("./none.yaml", "There is no rule file ./none.yaml."),
        ("pfs-fallback.provok", "There is no scenario 'pfs-fallback.provok'; did you mean pfs-fallback.provoke?"),
    ],
)
def test_unknown_names(name: str, sentence: str) -> None:
    with pytest.raises(UnknownScenarioError) as caught:
        Library().locate(name)
    assert str(caught.value) == sentence


def test_the_list_holds_broken_ones_too(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("rules: 1")
    entries = {entry.name: entry for entry in Library([tmp_path, tmp_path / "none"]).entries()}
    assert "rules: is the number 1, expected a list." in (entries["broken"].problem or "")
    assert entries["degraded"].description
    assert entries["degraded"].problem is None


def test_reload(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD)
    running = RunningScenario(Library().load(str(path)), random.Random(1))
    assert running.refresh() is None
    assert running.engine.decide(Decoded(exchange("C1")), NOW).rule

    write(path, GOOD.replace("once", "onze").replace("delay: 1", "dely: 1"))
    reload = running.refresh()
    assert reload is not None
    assert "did you mean delay?" in (reload.problem or "")
    assert "The last good version stays." in (reload.problem or "")
    assert running.refresh() is None
    assert running.scenario.rule("once")

    write(path, GOOD.replace("delay: 1", "delay: 2"))
    reload = running.refresh()
    assert reload is not None
    assert reload.problem is None
    assert running.engine.decide(Decoded(exchange("C1")), NOW).rule is None
    assert dict(running.engine.counts) == {"once": 1}
    assert running.engine.never_matched == ()

    path.unlink()
    reload = running.refresh()
    assert reload is not None
    assert "cannot be read" in (reload.problem or "")
    assert running.scenario.rule("once")


def test_a_changed_body_file_reloads(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("rules: [{name: a, then: {respond: {body_file: a.txt}}}]")
    (tmp_path / "a.txt").write_text("old")
    running = RunningScenario(Library().load(str(tmp_path / "mine.yaml")), random.Random(1))
    write(tmp_path / "a.txt", "new")
    assert running.refresh() is not None
    assert running.scenario.bodies == {"a.txt": b"new"}


def test_a_body_file_that_comes_later_mends_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD)
    running = RunningScenario(Library().load(str(path)), random.Random(1))
    write(path, "rules: [{name: a, then: {respond: {body_file: later.txt}}}]")
    reload = running.refresh()
    assert reload is not None
    assert "'later.txt' cannot be read" in (reload.problem or "")
    assert running.refresh() is None
    (tmp_path / "later.txt").write_text("here")
    reload = running.refresh()
    assert reload is not None
    assert reload.problem is None
    assert running.scenario.bodies == {"later.txt": b"here"}
