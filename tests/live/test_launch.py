"""``passlens proxy`` as a process: it becomes mitmdump (or mitmweb) with the addon, its own options and the user's
arguments."""

import json
import re
import socket
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import version

from cases import case
from passlens.live import launch as passlens_proxy
from passlens.live.launch import command_line
from support import warm
from support.clients import Http1Client
from support.proxy import PATIENCE, SCRIPT, Proxy, becomes
from support.upstream import Upstream

START = (*warm.PASSLENS, "proxy")


PASSWORD = "open sesame"
HAS_PASSWORD = version.MITMPROXY >= "mitmproxy 12"
"""The web interface of mitmproxy 11 asks for none."""


def entries(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_the_command_line_holds_script_options_and_arguments_in_this_order() -> None:
    words = command_line("dump", {"passlens_log": "a b.jsonl"}, ["-p", "9090"])
    assert words[0] == sys.executable
    assert words[3:] == ["--set", "flow_detail=0", "--set", "passlens_log=a b.jsonl", "-p", "9090"]
    assert "lean=True" in words[2]
    assert "lean=False" in command_line("dump", {}, [], all_addons=True)[2]
    words = command_line("web", {"passlens_log": "x"}, ["-p", "9090"])
    assert "mitmweb()" in words[2]
    assert words[3:] == ["-s", str(SCRIPT), "--set", "passlens_log=x", "-p", "9090"]


def test_the_script_is_found_in_a_checkout_and_in_an_installed_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert passlens_proxy.script() == SCRIPT
    monkeypatch.setattr(passlens_proxy, "__file__", str(tmp_path / "live" / "launch.py"))
    (tmp_path / "sessions.py").write_text("")
    assert passlens_proxy.script() == tmp_path / "sessions.py"


def test_it_takes_options_of_its_own_and_passes_the_others_on(
    proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    log, saved = tmp_path / "log of today.jsonl", tmp_path / "saved.mitm"
    command = (*START, "--log", str(log), "--filter", "~m POST", "--reveal", "--")
    running = proxy("-w", str(saved), command=command, scripts=[], cold=True)
    clock = time.time()
    with Http1Client(running.port, running.ca) as client:
        for name in ("P3", "RS-B", "C1"):
            upstream.play(case(name, clock))
            assert client.case(case(name, clock)).status == 200
    assert running.stop() == 0
    assert [entry["operation"] for entry in entries(log)] == ["partner-session", "create-session"]
    assert entries(log)[0]["device"]["identifier"].startswith("fingerprint ")
    assert "passlens_reveal is on" in running.stdout
    assert "2 exchanges, 1 other flow" in running.stdout
    assert saved.stat().st_size > 0
    # mitmdump's own lines about flows would not be redacted.
    assert not re.search(r"^.*(?:POST|GET) https?://", running.stdout, re.MULTILINE)
    assert "<< " not in running.stdout


def test_an_argument_of_the_user_wins(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    running = proxy("--flow-detail", "1", command=becomes(), scripts=[])
    with Http1Client(running.port, running.ca) as client:
        upstream.play(case("C1", time.time()))
        client.case(case("C1", time.time()))
    running.stop()
    assert re.search(r"POST https://sp.auth.adobe.com", running.stdout)


def test_the_web_interface_shows_the_comment(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options: dict[str, object] = {"web_open_browser": False, "web_port": port, "web_host": "127.0.0.1"}
    if HAS_PASSWORD:
        options["web_password"] = PASSWORD
    running = proxy(command=becomes("--ui", "web"), scripts=[], **options)
    made = case("P3", time.time())
    with Http1Client(running.port, running.ca) as client:
        upstream.play(made)
        assert client.case(made).status == 200
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/flows", headers={"Authorization": f"Bearer {PASSWORD}"})
    flows = json.loads(connection.getresponse().read())
    connection.close()
    (flow,) = [flow for flow in flows if flow["request"]["path"] == made.path]
    assert flow["comment"].startswith("passlens: ")
    assert "P3" in flow["comment"]
    assert "partner-session" in running.stdout


def test_mistakes_are_one_sentence(confdir: Path) -> None:
    for words, said in (
        (("--lgo", "x"), "No such option"),
        (("--ui", "curses"), "'curses' is not one of 'dump', 'console', 'web'"),
        (("--log", "/"), "is a directory"),
    ):
        got = warm.run([*START, *words])
        assert got.returncode == 2
        assert got.stderr.startswith("passlens: ")
        assert said in got.stderr
        assert len(got.stderr.splitlines()) == 1
    got = warm.run([*START, "--log", "no/such/folder/x", "--", "-n", "--set", f"confdir={confdir}"])
    assert got.returncode == 1
    assert got.stderr.count("passlens: cannot open the log no/such/folder/x: No such file or directory") == 1
    assert "Traceback" not in got.stdout + got.stderr
