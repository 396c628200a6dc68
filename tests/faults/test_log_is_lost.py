"""The log's disk fills up and is made room on, its file is rotated, replaced or removed, its folder goes: the traffic
is not touched, lines stay whole, what is missing is counted and said once, and the log goes on as soon as it can."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.device import Device
from support.proxy import Proxy
from support.stage import REMOTE, Remote, entries_of
from support.trouble import PATH, ReadError, TroubledApi, wait_until


@pytest.fixture
def alone(confdir: Path, tmp_path: Path) -> Iterator[ReadError]:
    """A stage of its own: what is done to its log must not meet other tests."""
    log = tmp_path / "logs" / "log.jsonl"
    log.parent.mkdir()
    with (
        TroubledApi() as api,
        Proxy(confdir, "-s", str(REMOTE), upstream=api, passlens_log=log, flow_detail=0) as proxy,
    ):
        yield ReadError(proxy, api, Remote(proxy), log, tmp_path)
    assert "Traceback" not in proxy.stdout + proxy.stderr


def ask(trouble: ReadError) -> str:
    """One exchange that must be answered whatever the log does; its marker."""
    marker = trouble.marker()
    with trouble.client("plain") as client:
        assert Device(client).get(f"{PATH}?{marker}=").status == 200
    return marker


def says_once(trouble: ReadError, words: str) -> None:
    """The proxy says something about its log, and says it once."""
    wait_until(lambda: words in trouble.proxy.stdout, words)
    assert trouble.proxy.stdout.count(words) == 1


def test_faults_of_the_log_one_after_the_other(alone: ReadError) -> None:
    log, folder, missing = alone.log, alone.log.parent, 0
    alone.goes_on()

    # The disk is full in the middle of a line, then there is room again.
    room = log.stat().st_size + 100
    pid = alone.proxy.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    for _ in range(3):
        ask(alone)
        missing += 1
    full = f"passlens: cannot write the log {log}: the disk is full; the traffic goes on without it."
    says_once(alone, full)
    assert len(entries_of(log)) == 1
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    alone.goes_on()
    assert len(entries_of(log)) == 2

    # It is rotated: renamed, and a new one begins by itself.
    log.rename(folder / "log.jsonl.1")
    alone.goes_on()
    assert [len(entries_of(path)) for path in (folder / "log.jsonl.1", log)] == [2, 1]

    # It is removed, then emptied in place.
    log.unlink()
    alone.goes_on()
    log.write_text("")
    alone.goes_on()
    assert len(entries_of(log)) == 1

    # A folder lies in its place, then no longer.
    log.unlink()
    log.mkdir()
    for _ in range(2):
        ask(alone)
        missing += 1
    says_once(alone, f"passlens: cannot write the log {log}: Is a directory; the traffic goes on without it.")
    log.rmdir()
    alone.goes_on()

    # The folder is removed with it, and made again.
    log.unlink()
    (folder / "log.jsonl.1").unlink()
    folder.rmdir()
    ask(alone)
    missing += 1
    says_once(alone, f"passlens: cannot write the log {log}: No such file or directory; ")
    folder.mkdir()
    alone.goes_on()

    # The folder is moved away: what was seen is in the file that was open.
    moved = folder.with_name("moved")
    folder.rename(moved)
    marker = ask(alone)
    assert f"?{marker}=" in entries_of(moved / log.name)[-1]["path"]
    says_once(alone, f"passlens: cannot open the log {log} anew: No such file or directory; lines go on into ")
    folder.mkdir()
    alone.goes_on()

    alone.proxy.stop()
    assert f"passlens: {missing} lines missing from the log." in alone.proxy.stdout
