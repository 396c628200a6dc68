"""The pytest plugin, under pytest in a project of its own: with and without workers, with tests that fail, and where
nobody uses it."""

import json
import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from passlens.errors import ControlError, NoProxyError, UsageError
from passlens.testing.fixture import Passlens, RunningUntil
from passlens.testing.proxy_process import ProxyProcess
from passlens.testing.pytest_plugin import _Proxies
from support.proxy import ROOT
from support.pytest_project import PytestRun, run_project

README = (ROOT / "README.md").read_text("utf-8")
PAGE = (ROOT / "docs" / "ui-tests.md").read_text("utf-8")


def shown(text: str, heading: str) -> str:
    """The first example in Python below a heading."""
    found = re.search(rf"^#+ {heading}\n.*?```python\n(.*?)```", text, re.S | re.M)
    assert found is not None, heading
    return found[1]


TESTS = """
import os
import signal
import threading

import pytest

from passlens.errors import NoProxyError

pytestmark = pytest.mark.passlens(sandbox=True)


def test_it_begins_with_nothing(passlens):
    assert passlens.exchanges() == []
    assert passlens.client.status()["scenario"] is None
    assert passlens.client.status()["mark"] == "test_app.py::test_it_begins_with_nothing"
    print("PORT", passlens.proxy_url)


@pytest.mark.passlens(scenario="pfs-fallback")
def test_markers_add_up_and_a_scenario_ends_with_its_block(passlens):
    running = lambda: passlens.client.status()["scenario"]
    assert passlens.client.status()["sandbox"]
    with passlens.scenario("throttled"):
        assert running() == "throttled"
    assert running() == "pfs-fallback"
    passlens.client.scenario("denied", "10.0.0.1")


def test_what_did_not_come_fails(passlens, app):
    app.press("Sign in")
    passlens.wait_for("partner-session")
    passlens.wait_for("logout", outcome="LA-1", timeout=0.1)


def test_an_operation_that_nobody_knows(passlens):
    passlens.wait_for("authorise")


def test_a_code_that_nobody_knows(passlens):
    passlens.sign_in("ABCDEFG")


def test_a_proxy_that_ends_is_one_sentence(passlens):
    assert passlens.client.status()["scenarios"] == []
    threading.Timer(0.3, passlens._process._process.kill).start()
    passlens.wait_for("logout", timeout=60)


def test_the_next_test_has_a_new_proxy(passlens):
    print("PORT", passlens.proxy_url)
    assert passlens.exchanges() == []


@pytest.mark.passlens(scenario="pfs-fallbak")
def test_a_name_that_nobody_knows(passlens):
    pass


@pytest.mark.passlens("pfs-fallback")
def test_a_marker_that_cannot_be(passlens):
    pass
"""


@pytest.fixture(scope="module")
def alone(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> PytestRun:
    """One process that runs everything, the examples too."""
    examples = f"{shown(README, 'In a UI test')}\n{shown(PAGE, 'pytest')}"
    names = re.findall(r"^def (test_\w+)", examples, re.M)
    assert len(names) == 3
    # The example of the README is one of the page's, too: each keeps its own name.
    examples = examples.replace(f"def {names[0]}", f"def {names[0]}_as_the_readme_has_it", 1)
    return run_project(tmp_path_factory.mktemp("alone"), confdir, f"{TESTS}\n{examples}")


def test_the_examples_of_the_readme_and_of_the_page_run(alone: PytestRun) -> None:
    assert alone.outcomes.get("test_the_app_falls_back_and_signs_in_as_the_readme_has_it") == "PASSED", alone.out
    assert alone.outcomes["test_the_app_falls_back_and_signs_in"] == "PASSED"
    assert alone.outcomes["test_the_app_survives_an_outage"] == "PASSED"


def test_the_example_of_the_readme_has_ten_lines() -> None:
    assert len([line for line in shown(README, "In a UI test").splitlines() if line]) == 10


def test_each_test_begins_anew_and_scenarios_end(alone: PytestRun) -> None:
    assert alone.outcomes["test_it_begins_with_nothing"] == "PASSED", alone.out
    assert alone.outcomes["test_markers_add_up_and_a_scenario_ends_with_its_block"] == "PASSED"


def test_a_failing_test_shows_what_was_exchanged_and_keeps_it(alone: PytestRun) -> None:
    assert alone.outcomes["test_what_did_not_come_fails"] == "FAILED"
    said = "No logout, outcome LA-1 came within 0.1 s; what came: dcr-register G-1, dcr-token T-1, partner-session P1"
    assert said in alone.out
    assert "- passlens -" in alone.out
    assert re.search(r"^\S+  partner-session  REF30 Apple  200  ", alone.out, re.M)
    (har,) = re.findall(r"^kept (.*test_what_did_not_come.*\.har)$", alone.out, re.M)
    (html,) = re.findall(r"^kept (.*test_what_did_not_come.*\.html)$", alone.out, re.M)
    assert Path(har).is_relative_to(alone.base)
    entries = json.loads(Path(har).read_text())["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries][:2] == [201, 201]
    assert "partner-session" in Path(html).read_text()
    assert not list(alone.base.glob("passlens-test_it_begins*"))


def test_what_is_refused_is_shown_at_the_line_of_the_test_and_without_the_token(alone: PytestRun) -> None:
    for name, said in (
        ("test_an_operation_that_nobody_knows", "'authorise' is no operation; did you mean authorize?"),
        ("test_a_code_that_nobody_knows", "There is no virtual session with the code 'ABCDEFG'; none is open."),
    ):
        assert alone.outcomes[name] == "FAILED"
        assert said in alone.out
    assert "connection.py" not in alone.out
    assert "token=" not in alone.out


def test_evidence_that_cannot_be_had_says_why(tmp_path: Path) -> None:
    def gone(operation: str | None) -> None:
        raise NoProxyError("It is gone.")

    process: Any = SimpleNamespace(
        runs=False, ca_file=tmp_path, client=SimpleNamespace(exchanges=gone), tail=lambda: "the last words"
    )
    words = "It is gone.\nThe last lines of the proxy:\nthe last words"
    assert Passlens(process, "test").evidence(tmp_path) == [("passlens", words)]
    process.runs = True
    assert Passlens(process, "test").evidence(tmp_path) == [("passlens", "It is gone.")]


class FakeClient:
    """Runs what it is told, under the names that the control API gives."""

    def __init__(self) -> None:
        self.ran: list[str | None] = []

    def status(self) -> dict[str, Any]:
        return {"scenario": Path(self.ran[-1]).stem if self.ran and self.ran[-1] else None, "scenarios": []}

    def scenario(self, name: str | None, device: str | None = None) -> dict[str, Any]:
        if name == "inline":
            raise ControlError(404, "not-found", "There is no scenario 'inline'.")
        self.ran.append(name)
        return {"name": self.status()["scenario"]}

    def scenarios(self) -> list[dict[str, Any]]:
        return [{"name": "denied"}, {"name": "throttled"}]


def faked() -> tuple[Passlens, FakeClient]:
    client = FakeClient()
    return Passlens(cast(ProxyProcess, SimpleNamespace(client=client, ca_file=Path())), "test"), client


def test_what_ran_before_a_block_runs_again_by_its_path() -> None:
    passlens, client = faked()
    passlens.scenario("my/own.yaml")
    with passlens.scenario("denied"):
        pass
    client.scenario("throttled")
    with passlens.scenario(None):
        pass
    assert client.ran == ["my/own.yaml", "denied", "my/own.yaml", "throttled", None, "throttled"]


def test_a_block_after_rules_that_cannot_run_again_is_refused_at_its_begin() -> None:
    passlens, client = faked()
    client.ran.append("inline")
    with pytest.raises(UsageError, match="What ran before, inline, cannot be run again"):
        passlens.scenario("denied").__enter__()


def test_the_failure_of_a_test_is_told_and_not_that_of_the_end_of_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    passlens, client = faked()
    monkeypatch.setattr(client, "scenario", gone)
    RunningUntil(passlens, None, False).__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    with pytest.raises(NoProxyError):
        RunningUntil(passlens, None, False).__exit__(None, None, None)


def gone(name: str | None, device: str | None = None) -> dict[str, Any]:
    raise NoProxyError("It is gone.")


def test_a_first_start_that_fails_costs_the_next_one_no_wait(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0

    def fails(*_: object) -> None:
        nonlocal tried
        tried += 1
        raise NoProxyError("It did not start.")

    monkeypatch.setattr("passlens.testing.proxy_process.ProxyProcess", fails)
    settings = {"passlens_arguments": "", "passlens_confdir": str(tmp_path)}
    factory: Any = SimpleNamespace(getbasetemp=lambda: tmp_path, mktemp=tmp_path_factory.mktemp)
    proxies = _Proxies(cast(pytest.Config, SimpleNamespace(getini=settings.get)), factory)
    began = time.monotonic()
    for _ in range(2):
        with pytest.raises(NoProxyError):
            proxies.get(False)
    assert tried == 2
    assert time.monotonic() - began < 30


def test_a_proxy_that_ends_while_a_test_waits_is_a_sentence_and_the_next_one_is_new(alone: PytestRun) -> None:
    assert alone.outcomes["test_a_proxy_that_ends_is_one_sentence"] == "FAILED"
    assert re.search(r"^E +passlens\.errors\.NoProxyError: The control API at .* is gone", alone.out, re.M)
    assert "The last lines of the proxy:" in alone.out
    assert alone.outcomes["test_the_next_test_has_a_new_proxy"] == "PASSED"


def test_mistakes_are_sentences(alone: PytestRun) -> None:
    assert alone.outcomes["test_a_name_that_nobody_knows"] == "ERROR"
    assert re.search(r"^There is no scenario .*pfs-fallbak.*did you mean pfs-fallback\?", alone.out, re.M), alone.out
    assert alone.outcomes["test_a_marker_that_cannot_be"] == "ERROR"
    assert "The marker passlens takes scenario= and sandbox= by their names, nothing else." in alone.out
    assert "another exception occurred" not in alone.out
    assert alone.status == 1


WORKERS = """
import pathlib

import pytest


@pytest.mark.passlens(sandbox=True)
@pytest.mark.parametrize("number", range(4))
def test_a_worker_has_a_proxy_of_its_own(passlens, app, number, worker_id):
    pathlib.Path(f"{worker_id}-{passlens.proxy_url.rpartition(':')[2]}").touch()
    app.press("Sign in")
    assert app.shows("Welcome back")
    assert len(passlens.exchanges("partner-session")) == 1
    assert number < 3
"""


def test_workers_have_a_proxy_each(tmp_path: Path) -> None:
    """They share a certificate authority that is made only now."""
    done = run_project(tmp_path, tmp_path / "confdir", WORKERS, "-n", "2", "--dist=load")
    words = sorted(done.outcomes.items())
    assert [word for _, word in words] == ["PASSED", "PASSED", "PASSED", "FAILED"], done.out
    assert "- passlens -" in done.out
    assert len(re.findall(r"^kept .*/kept/popen-gw\d/passlens-\S+/exchanges\.(?:har|html)$", done.out, re.M)) == 2
    workers = [path.name.partition("-") for path in tmp_path.glob("gw*")]
    assert {worker for worker, _, _ in workers} == {"gw0", "gw1"}
    assert len({port for _, _, port in workers}) == 2


UNUSED = """
import sys

import pytest


@pytest.mark.passlens(scenario="throttled")
def test_it_costs_nothing():
    roots = {name.partition(".")[0] for name in sys.modules}
    assert not roots & {"mitmproxy", "pydantic", "tornado", "click", "jinja2"}
    assert {name for name in sys.modules if name.startswith("passlens")} == {
        "passlens", "passlens.testing", "passlens.testing.pytest_plugin"
    }
"""


def test_who_does_not_use_it_pays_nothing(tmp_path: Path) -> None:
    done = run_project(tmp_path, tmp_path, UNUSED, "-p", "no:hypothesispytest", "-p", "no:anyio", conftest="")
    assert done.status == 0, done.out
    assert not done.base.exists()
