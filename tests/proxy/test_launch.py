"""``passlens proxy`` as a process: it becomes mitmdump (or mitmweb) with the addon, its own options and the user's
arguments."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mitmproxy import version

from cases import case
from passlens.cli.proxy import proxy
from passlens.proxy import launch as passlens_proxy
from passlens.proxy.launch import command_line
from passlens.util.local_address import default_address
from support import warm
from support.clients import Http1Client
from support.proxy import PATIENCE, ROOT, SCRIPT, Proxy, becomes
from support.upstream import Upstream

START = (*warm.PASSLENS, "proxy")


PASSWORD = "open sesame"
HAS_PASSWORD = version.MITMPROXY >= "mitmproxy 12"
"""The web interface of mitmproxy 11 asks for none."""


def entries(log: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [line for line in lines if line["kind"] == "exchange"]


def test_the_command_line_holds_script_options_and_arguments_in_this_order() -> None:
    words = command_line("dump", {"passlens_log": "a b.jsonl"}, ["-p", "9090"])
    assert words[:3] == [sys.executable, "-P", "-c"]
    assert words[4:] == ["--set", "flow_detail=0", "--set", "passlens_log=a b.jsonl", "-p", "9090"]
    assert "lean=True" in words[3]
    assert "lean=False" in command_line("dump", {}, [], all_addons=True)[3]
    assert "input_end" not in words[3]
    assert "input_end.watch()" in command_line("dump", {}, [], end_with_input=True)[3]
    words = command_line("web", {"passlens_log": "x"}, ["-p", "9090"])
    assert "mitmweb()" in words[3]
    assert words[4:] == ["-s", str(SCRIPT), "--set", "passlens_log=x", "-p", "9090"]


def test_the_script_is_found_in_a_checkout_and_in_an_installed_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert passlens_proxy.script() == SCRIPT
    monkeypatch.setattr(passlens_proxy, "__file__", str(tmp_path / "live" / "launch.py"))
    (tmp_path / "sessions.py").write_text("")
    assert passlens_proxy.script() == tmp_path / "sessions.py"


def test_the_panel_is_opened_to_the_network_of_this_machine() -> None:
    assert "passlens_control=true" in becomes()
    if default_address() is None:
        pytest.skip("this machine has no address in a network")
    assert "passlens_control=lan" in becomes("--panel")
    assert "passlens_control=lan:9000" in becomes("--panel", "--control", "9000")


@pytest.mark.parametrize("more", [("--no-control",), ("--control", "0.0.0.0:80")])
def test_the_panel_and_an_address_of_its_own_do_not_go_together(more: tuple[str, ...]) -> None:
    done = warm.run([*START, "--panel", *more])
    assert done.returncode == 2
    assert "--panel opens the panel to your network, and --" in done.stderr


def test_the_console_keeps_its_input() -> None:
    done = warm.run([*START, "--ui", "console", "--end-with-input"])
    assert done.returncode == 2
    assert "--end-with-input needs the input that --ui console takes keys from" in done.stderr
    assert "watch()" in becomes("--end-with-input")[3]


def test_the_port_is_an_option_of_its_own_and_the_users_arguments_win() -> None:
    assert becomes("--port", "9090")[-2:] == ("--listen-port", "9090")
    assert becomes("--port", "9090", "--", "-p", "1")[-4:] == ("--listen-port", "9090", "-p", "1")
    assert "--listen-port" not in becomes()


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


def test_mistakes_are_one_sentence() -> None:
    for words, said in (
        (("--lgo", "x"), "there is no option --lgo; did you mean --log?"),
        (("--ui", "curses"), "'curses' is not one of 'dump', 'console', 'web'"),
        (("--log", "/"), "is a directory"),
        (("--log", "no/such/folder/x"), "cannot open the log no/such/folder/x: No such file or directory"),
        (("--record", "no/such/tv.har"), "the recording no/such/tv.har cannot be written (No such file or directory)"),
        (("--record", "tv.pcap"), "does not say its format: name a .mitm or a .har file"),
        (("--filter", "~zz"), "--filter: '~zz' is no filter expression of mitmproxy; see its documentation"),
        (("--host", "https://x"), "--host names 'https://x'; expected host names or *.domain, without scheme"),
        (("--sandbox-host", "x:8080"), "--sandbox-host names 'x:8080'; expected host names"),
        (("--sandbox-host", "::1"), "--sandbox-host names '::1', expected"),
        (("--sandbox-host", "*.example"), "--sandbox-host names '*.example', expected"),
        (("--control", "x"), "--control is 'x', expected"),
        (("--output", "htm=x"), "'htm' is no format; did you mean html?"),
        (("--output", "html=no/such/x"), "the report no/such/x cannot be written (No such file or directory)"),
    ):
        got = warm.run([*START, *words])
        assert got.returncode == 2
        assert got.stderr.startswith("passlens: ")
        assert said in got.stderr
        assert len(got.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--set", "passlens_lgo=x"), "passlens: passlens_lgo is no option of passlens; did you mean passlens_log?"),
        (("--set", f"confdir={__file__}/confdir"), "mitmproxy's certificate authority cannot be kept in "),
    ],
)
def test_a_mistake_that_only_mitmproxy_meets_is_told_once(arguments: tuple[str, ...], said: str) -> None:
    words = [*becomes("--no-control"), "--set", "server=false", *arguments]
    got = warm.run(words)
    assert got.returncode == 1
    assert got.stderr.count(said) == 1
    assert got.stdout.count(said) <= 1
    assert "Traceback" not in got.stdout + got.stderr


def test_pipes_are_left_for_the_proxy_to_open(tmp_path: Path) -> None:
    log, report = tmp_path / "log", tmp_path / "report"
    readers = []
    for path in (log, report):
        os.mkfifo(path)
        readers.append(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    becomes("--log", str(log), "--output", f"json={report}")
    waiting = select.poll()
    for reader in readers:
        waiting.register(reader, select.POLLHUP)
    assert waiting.poll(0) == []
    for reader in readers:
        os.close(reader)


def test_streams_that_the_shell_has_closed_take_nothing_and_hold_up_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    words = [*START, "--log", str(log), "--no-control", "--", "-nr", str(ROOT / "tests" / "recordings" / "errors.mitm")]
    closed = ["sh", "-c", '"$@" >&- 2>&-', "sh", *words]
    assert subprocess.run(closed, timeout=PATIENCE, env=warm.ENVIRONMENT).returncode == 0
    assert entries(log)


def test_lines_that_the_log_has_lost_are_its_exit_status(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    upstream.play(case("P1"))
    running = proxy(command=becomes("--log", "/dev/full"), scripts=[])
    with Http1Client(running.port, running.ca) as client:
        client.case(case("P1"))
    assert running.stop() == 4


def test_it_ends_without_a_word_about_clients_that_are_still_there(
    proxy: Callable[..., Proxy], upstream: Upstream
) -> None:
    running = proxy(command=becomes(), scripts=[])
    with Http1Client(running.port, running.ca) as client:
        assert client.request("GET", "/").status == 404
        assert running.stop() == 0
    assert "Traceback" not in running.stdout + running.stderr


def test_ctrl_c_waits_for_a_proxy_that_begins_and_ends_it_without_a_traceback() -> None:
    held: list[set[int]] = []

    def become(*words: object) -> None:
        held.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, ())))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "execve", become)
        patch.setattr(subprocess, "call", lambda *words, **more: 0)
        CliRunner().invoke(proxy, ["--sandbox"])
    assert held == [{signal.SIGINT}]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    words = command_line("dump", {}, ())
    with subprocess.Popen(words, stderr=subprocess.PIPE, preexec_fn=_hold_back_and_interrupt) as process:
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait(60)) == (b"", 130)


def _hold_back_and_interrupt() -> None:
    """What a process does that is interrupted as it becomes another."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.kill(os.getpid(), signal.SIGINT)
