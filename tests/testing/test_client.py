"""The client, against a real proxy in another process."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from passlens.errors import ControlError, NoProxyError
from passlens.testing.client import Client
from support.controlled import Controlled, controlled

GIVEN = {"mvpd": "Cablevision", "domainName": "example.com", "redirectUrl": "https://example.com/done"}


@pytest.fixture(scope="module")
def stage(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controlled]:
    with controlled(confdir, tmp_path_factory.mktemp("runtime")) as made:
        yield made


@pytest.fixture
def client(stage: Controlled) -> Client:
    found = Client.connect(environment={"XDG_RUNTIME_DIR": str(stage.runtime)})
    found.reset()
    found.scenario(None)
    return found


def test_a_test_waits_signs_in_and_looks(stage: Controlled, client: Client) -> None:
    with stage.app() as app:
        client.mark("test_x")
        threading.Timer(0.3, lambda: app.create_session(**GIVEN)).start()
        entry = client.wait_for("create-session", outcome="C1", mark="test_x", timeout=60)
        assert entry is not None
        (session,) = client.sign_in(entry["code"])
        assert session["state"] == "authenticated"
        assert [one["code"] for one in client.sessions()] == [entry["code"]]
    assert [one["operation"] for one in client.exchanges(mark="test_x")] == ["create-session"]
    assert client.devices()[0]["link"] == "api"
    assert isinstance(client.findings("warning"), list)
    assert isinstance(client.journeys(), list)
    assert client.recording("har").startswith(b'{"log"')


def test_what_does_not_come_is_none_in_time(client: Client) -> None:
    started = time.monotonic()
    assert client.wait_for("logout", timeout=0.2) is None
    assert time.monotonic() - started < 15


def test_a_wait_of_no_length_is_refused(client: Client) -> None:
    with pytest.raises(ValueError, match="timeout is nan; give seconds"):
        client.wait_for("logout", timeout=float("nan"))


def test_scenarios(client: Client) -> None:
    assert "pfs-fallback" in [one["name"] for one in client.scenarios()]
    assert client.scenario("pfs-fallback", "10.0.0.1")["scenarios"] == [{"name": "pfs-fallback", "device": "10.0.0.1"}]
    assert client.scenario(None, "10.0.0.1")["scenarios"] == []
    ran = client.rules([{"name": "mine", "when": {"operation": "create-session"}, "then": {"outcome": {"name": "C2"}}}])
    assert ran["name"] == "inline"
    assert client.status()["scenario"] == "inline"
    with pytest.raises(ControlError, match="did you mean"):
        client.scenario("pfs-fallbak")


def test_a_path_is_looked_for_from_the_current_folder(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "{name: fall back, when: {operation: partner-session}, then: {outcome: P3}}"
    (tmp_path / "mine.yaml").write_text(f"rules: [{rule}]")
    monkeypatch.chdir(tmp_path)
    assert client.scenario("mine.yaml")["name"] == "mine"
    with pytest.raises(ControlError, match=r"There is no rule file other\.yaml\."):
        client.scenario("other.yaml")


def test_a_file_that_is_no_rule_file_is_not_shown(client: Client, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a made-up secret")
    with pytest.raises(ControlError, match="is a text, expected keys with values") as caught:
        client.scenario(str(tmp_path / "notes"))
    assert "made-up" not in str(caught.value)


def test_nobody_there() -> None:
    with pytest.raises(NoProxyError):
        Client("127.0.0.1", 9, "token").status()
