"""Rewritten recordings: what changes and what does not, never over the input, whole or not at all; and a real
mitmdump that answers a client with one."""

import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader, FlowWriter

from passlens.errors import ReadError, WriteError
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Exchange
from passlens.proxy.scenario_switch import read as read_rules
from passlens.recordings.flow_to_exchange import from_flow
from passlens.recordings.reader import read
from passlens.runner.dry_run import DryRunResult
from passlens.runner.rewrite import MARKER, RewriteResult, rewrite
from passlens.scenarios.library import Library
from passlens.scenarios.model import Scenario
from scenarios.made import scenario
from support.clients import Http1Client
from support.proxy import Proxy

RECORDINGS = Path(__file__).parents[1] / "recordings"
STORY = RECORDINGS / "apple-tv.mitm"


def shipped(name: str) -> Scenario:
    return Library([], read=read_rules).load(name)


def run(
    source: Path, chosen: Scenario, target: Path
) -> tuple[RewriteResult, list[tuple[int, str, DryRunResult]], list[ReadError]]:
    said: list[tuple[int, str, DryRunResult]] = []
    read_errors: list[ReadError] = []
    result = rewrite(
        str(source), chosen, str(target), say=lambda *what: said.append(what), read_error=read_errors.append
    )  # fmt: skip
    return result, said, read_errors


def flows(path: Path) -> list[Any]:
    with path.open("rb") as stream:
        return list(FlowReader(stream).stream())


def test_what_a_rule_takes_is_rewritten_and_marked_and_the_rest_stays(tmp_path: Path) -> None:
    out = tmp_path / "out.mitm"
    result, said, read_errors = run(STORY, shipped("pfs-fallback"), out)
    before, after = flows(STORY), flows(out)
    assert (result.flows, result.rewritten, result.never_matched, read_errors) == (14, 2, (), [])
    assert [(index, operation) for index, operation, _ in said] == [(3, "partner-session"), (6, "partner-session")]
    assert len(before) == len(after) == 14
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        if index not in (3, 6):
            assert new.get_state() == old.get_state()
            continue
        assert new.response.headers["X-Passlens"] == "pfs-fallback/fall back"
        assert new.comment == "passlens: pfs-fallback/fall back (outcome)"
        assert new.marked == MARKER
        assert new.request.get_state() == old.request.get_state()
        assert from_flow(new).injection == Injection("pfs-fallback", "fall back", (Action("outcome"),))


def test_nobody_may_read_it_who_may_not_read_the_recording(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    source = Path(shutil.copy(STORY, tmp_path / "in" / "tv.mitm"))
    source.chmod(0o600)
    for given in (source, source.parent):
        run(given, shipped("pfs-fallback"), tmp_path / "out.mitm")
        assert (tmp_path / "out.mitm").stat().st_mode & 0o777 == 0o600
        (tmp_path / "out.mitm").unlink()


def test_a_har_becomes_a_recording_with_all_its_bodies(tmp_path: Path) -> None:
    out = tmp_path / "out.mitm"
    result, _, read_errors = run(STORY.with_suffix(".har"), shipped("authenticated"), out)
    assert (result.flows, result.rewritten, read_errors) == (14, 9, [])
    other = [flow for flow in flows(out) if from_flow(flow).route is None]
    wanted = [flow for flow in flows(STORY) if from_flow(flow).route is None]
    assert [flow.response.content for flow in other] == [flow.response.content for flow in wanted]


def test_a_changed_request_keeps_its_answer_and_that_is_counted(tmp_path: Path) -> None:
    out = tmp_path / "out.mitm"
    result, _, _ = run(STORY, shipped("pfs-fallback.provoke"), out)
    assert (result.rewritten, result.requests_changed) == (2, 2)
    assert "AP-Partner-Framework-Status" not in flows(out)[3].request.headers
    assert flows(out)[3].response.content == flows(STORY)[3].response.content


def test_what_a_recording_cannot_hold_is_counted(tmp_path: Path) -> None:
    chosen = scenario("rules:\n  - name: one\n    then:\n      fault: no_answer\n  - name: two\n    then: {delay: 1}\n")
    result, _, _ = run(STORY, chosen, tmp_path / "out.mitm")
    assert list(result.unshown.values()) == [13]
    assert "The fault no_answer cannot be shown: " in next(iter(result.unshown))
    assert result.never_matched == ("two",)


def test_half_a_recording_is_written_as_far_as_it_goes(tmp_path: Path) -> None:
    half = tmp_path / "half.mitm"
    half.write_bytes(STORY.read_bytes()[:-100])
    result, _, read_errors = run(half, shipped("throttled"), tmp_path / "out.mitm")
    assert (result.flows, result.unreadable) == (13, 1)
    assert "flow 13 is cut off" in read_errors[0].sentence


def test_where_nothing_can_be_read_the_old_file_stays(tmp_path: Path) -> None:
    out = tmp_path / "out.mitm"
    out.write_bytes(b"old")
    with pytest.raises(ValueError, match=r"Nothing of .* could be read, so .* was not written"):
        run(tmp_path / "missing.mitm", shipped("throttled"), out)
    assert out.read_bytes() == b"old"


def test_the_input_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "in.mitm"
    source.write_bytes(STORY.read_bytes())
    (tmp_path / "link.mitm").symlink_to(source)
    (tmp_path / "hard.mitm").hardlink_to(source)
    for target in (source, tmp_path / "link.mitm", tmp_path / "hard.mitm"):
        with pytest.raises(ValueError, match="is the recording itself, which is never written over"):
            run(source, shipped("throttled"), target)
    with pytest.raises(ValueError, match="is the recording itself"):
        run(tmp_path, shipped("throttled"), tmp_path / "new.mitm")
    assert source.read_bytes() == STORY.read_bytes()


def test_what_goes_wrong_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.mitm"
    out.write_bytes(b"old")

    def stop(*what: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrite(str(STORY), shipped("throttled"), str(out), say=stop, read_error=stop)
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]
    with pytest.raises(WriteError, match="No space left"):
        run(STORY, shipped("throttled"), Path("/dev/full"))


def test_a_fault_of_passlens_leaves_the_flow_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passlens.runner.dry_run.DryRun.act", lambda *what: 1 // 0)
    result, _, read_errors = run(STORY, shipped("throttled"), tmp_path / "out.mitm")
    assert (result.flows, result.unreadable, result.rewritten) == (14, 13, 0)
    assert "flow 0 could not be rewritten (ZeroDivisionError in test_rewrite.py" in read_errors[0].sentence


def test_mitmdump_answers_a_client_with_the_rewritten_recording(tmp_path: Path, confdir: Path) -> None:
    out = tmp_path / "out.mitm"
    run(STORY, shipped("pfs-fallback"), out)
    recorded = flows(out)[3]
    assert isinstance(recorded, http.HTTPFlow)
    assert recorded.response is not None
    request = recorded.request
    headers = tuple((name, value) for name, value in request.headers.items(multi=True) if name.lower() != "host")
    page = (Path(__file__).parents[2] / "docs" / "recordings.md").read_text("utf-8")
    documented = next(line for line in page.splitlines() if line.startswith("mitmdump -S "))
    words = [str(out) if word == "fallback.mitm" else word for word in shlex.split(documented, comments=True)[1:]]
    assert str(out) in words
    with (
        Proxy(confdir, *words, scripts=[]) as proxy,  # no server can be reached
        Http1Client(proxy.port, proxy.ca, request.host) as client,
    ):
        got = client.request(request.method, request.path, headers, request.content)
    assert got.status == 200
    assert got.body == recorded.response.content
    assert got.header("X-Passlens") == "pfs-fallback/fall back"
    assert b'"pfs_fallback"' in got.body


def test_every_recording_goes_through_every_scenario(tmp_path: Path) -> None:
    out = tmp_path / "out.mitm"
    for entry in list(Library([]).entries())[::5]:
        result, _, read_errors = run(RECORDINGS / "current.mitm", shipped(entry.name), out)
        assert not read_errors
        exchanges = [item for item in read([str(out)]) if isinstance(item, Exchange)]
        assert len(exchanges) == result.flows == len(flows(RECORDINGS / "current.mitm"))


def test_a_flow_that_mitmproxy_cannot_save_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(writer: object, flow: http.HTTPFlow) -> None:
        if b"sso" in flow.request.data.path:
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")

    monkeypatch.setattr("passlens.runner.rewrite.FlowWriter.add", refuse)
    result, _, read_errors = run(STORY, shipped("pfs-fallback"), tmp_path / "out.mitm")
    assert (result.flows, result.unreadable) == (12, 2)
    assert "cannot be saved by mitmproxy (UnicodeEncodeError) and was left out" in read_errors[0].sentence


def joined(tmp_path: Path, header: tuple[bytes, bytes], halves: tuple[str, ...] = ("request", "response")) -> Path:
    """The story of an Apple TV, whose fourth flow, a partner session, has one more header."""
    source = tmp_path / "joined.mitm"
    with source.open("wb") as stream:
        writer = FlowWriter(stream)  # type: ignore[no-untyped-call, unused-ignore]
        for index, flow in enumerate(flows(STORY)):
            for half in halves if index == 3 else ():
                getattr(flow, half).headers.fields += (header,)
            writer.add(flow)
    return source


BOTH = """
rules:
  - name: both
    when: {operation: partner-session}
    then:
      rewrite_request: {headers: {set: {X-One: "1"}}}
      rewrite_response: {headers: {set: {X-Two: "2"}}}
"""


def test_values_that_a_recorder_joined_by_a_line_end_are_taken_apart(tmp_path: Path) -> None:
    source = joined(tmp_path, (b"Set-Cookie", b"a=1\nb=2\r\nc=3"))
    result, _, read_errors = run(source, scenario(BOTH), tmp_path / "out.mitm")
    assert (result.rewritten, result.unreadable, read_errors) == (2, 0, [])
    flow = flows(tmp_path / "out.mitm")[3]
    assert flow.response.headers.get_all("Set-Cookie") == ["a=1", "b=2", "c=3"]
    assert flow.request.headers.get_all("Set-Cookie") == ["a=1", "b=2", "c=3"]


def test_a_header_that_no_message_can_hold_is_told_and_the_flow_stays_as_it_was(tmp_path: Path) -> None:
    for header, half in (((b"X-A\nB", b"1"), "request"), ((b"X-A", b"1\0"), "response")):
        source = joined(tmp_path, header, (half,))
        result, _, read_errors = run(source, scenario(BOTH), tmp_path / "out.mitm")
        assert (result.flows, result.rewritten, result.unreadable) == (14, 1, 1)
        wanted = "flow 3 could not be rewritten and stays as it was: one of its headers holds a line end or a NUL"
        assert read_errors[0].sentence == wanted
        assert flows(tmp_path / "out.mitm")[3].get_state() == flows(source)[3].get_state()
