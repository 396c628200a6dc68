"""What INPUTs stand for: files, folders and globs of this machine, an S3 server, a web server."""

import http.server
import io
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from passlens.errors import InstallationError, UsageError
from passlens.runner.archive.inputs import find, is_there, shown
from passlens.runner.archive.run import ArchiveSettings, archive_recordings
from support.archiving import RECORDINGS, STORY, archive, everything, inputs_of, manifest


def names(*given: str, folder: str = "archive") -> list[str]:
    found, trouble = find(given, folder)
    assert not trouble, trouble
    return [one.name for one in found]


def said(*given: str) -> list[str]:
    return [str(one) for one in find(given, "archive")[1]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with recordings, which is the current one."""
    (tmp_path / "night" / "2").mkdir(parents=True)
    for name in ("a.mitm", "night/b.HAR", "night/notes.txt", "night/2/c.flow", "[1].mitm"):
        shutil.copy(STORY, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_folders_and_globs_each_once(here: Path) -> None:
    assert names("a.mitm", "night", "*.mitm", "./night/b.HAR") == [
        "../a.mitm", "../night/b.HAR", "../night/2/c.flow", "../[1].mitm",
    ]  # fmt: skip
    assert names("**/*.flow") == ["../night/2/c.flow"]
    assert names("[1].mitm") == ["../[1].mitm"]
    assert names("night/notes.txt") == ["../night/notes.txt"]
    assert names((here / "a.mitm").as_uri(), folder="x/y") == ["../../a.mitm"]


def test_size_and_time_are_those_of_the_file(here: Path) -> None:
    os.utime("a.mitm", ns=(0, 1_767_323_045_678_901_000))
    ((found,), _) = find(["a.mitm"], "archive")
    assert found.address == str(here / "a.mitm")
    assert found.shown == "a.mitm"
    assert (found.size, found.time) == (STORY.stat().st_size, "2026-01-02T03:04:05.678901+00:00")


def test_what_is_not_there_is_left_to_whoever_opens_it(here: Path) -> None:
    ((found,), _) = find(["missing.mitm"], "archive")
    assert (found.name, found.size, found.time) == ("../missing.mitm", None, None)
    (here / "empty").mkdir()
    assert said("empty", "*.nothing", "nig*") == [
        "empty is a folder without recordings: give a file or a folder with .mitm, .flow, .flows, .har",
        "*.nothing matches no file: check the pattern",
        "nig* matches no file: check the pattern",
    ]
    assert is_there("../a.mitm", "archive") is False  # there is no such folder yet
    (here / "archive").mkdir()
    assert is_there("../a.mitm", "archive")
    assert not is_there("../missing.mitm", "archive")


def test_what_is_no_address_is_a_mistake() -> None:
    with pytest.raises(
        UsageError, match=r"^standard input has no address that an archive could know it by; name a file"
    ):
        find(["-"], "archive")
    with pytest.raises(
        UsageError, match=r"^there are no addresses with nowhere://; give a file, a folder or a glob, or"
    ):
        find(["nowhere://x/y.har"], "archive")
    with pytest.raises(UsageError, match=r"^s3://lab/x is no folder of this machine: archive into one, and copy it"):
        archive_recordings([str(STORY)], ArchiveSettings("s3://lab/x"), io.StringIO(), io.StringIO())


@pytest.mark.parametrize(
    ("scheme", "how"), [("s3", r"pip install 'passlens\[archive-s3\]'\.$"), ("gs", "not installed: .*gcsfs")]
)
def test_a_file_system_that_is_not_installed_is_named(scheme: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.filesystem("file")  # the table of file systems is there
    monkeypatch.setitem(sys.modules, {"s3": "s3fs", "gs": "gcsfs"}[scheme], None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, scheme, raising=False)
    with pytest.raises(InstallationError, match=f"^addresses with {scheme}:// need a module that is not installed: "):
        find([f"{scheme}://lab/x.har"], "archive")
    with pytest.raises(InstallationError, match=how):
        find([f"{scheme}://lab/x.har"], "archive")


def test_no_address_that_is_written_holds_a_secret() -> None:
    made = shown("https://me:word@lab.example:8443/a/tv.har?X-Amz-Signature=word&word#word")
    assert made == "https://lab.example:8443/a/tv.har?X-Amz-Signature=sha256:98c1eb4ee934&sha256:98c1eb4ee934"
    assert shown("s3://key:word@lab/a?b#c.mitm") == "s3://lab/a?b#c.mitm"
    assert shown("https://lab.example/tv.har") == "https://lab.example/tv.har"


# ---- S3


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket of a local S3 server, with recordings in folders."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        files = fsspec.filesystem("s3")
        files.mkdir("lab")
        for name, source in {"night/a.mitm": "current.mitm", "night/2/b.har": "apple-tv.har"}.items():
            files.pipe(f"s3://lab/{name}", (RECORDINGS / source).read_bytes())
        files.pipe("s3://lab/night/notes.txt", b"none")
        yield "s3://lab"
        # It stays in fsspec's cache: whoever collects an open session of it, in the middle of another test, complains.
    server.stop()


def test_a_bucket_is_archived_as_files_are(bucket: str, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    status, out, err = archive(folder, f"{bucket}/night", f"{bucket}/**/*.har")
    assert (status, err) == (0, "")
    assert out.startswith("recordings  2 new, 0 changed, 0 unchanged\n")
    assert [one["input"] for one in manifest(folder)] == ["s3://lab/night/2/b.har", "s3://lab/night/a.mitm"]
    assert manifest(folder)[0]["size"] == (RECORDINGS / "apple-tv.har").stat().st_size

    local = tmp_path / "local"
    archive(local, RECORDINGS / "apple-tv.har", RECORDINGS / "current.mitm")
    for table, found in everything(folder).items():
        there = [{**row, "input": ""} for row in found]
        assert sorted(map(repr, there)) == sorted(repr({**row, "input": ""}) for row in everything(local)[table])

    assert archive(folder, f"{bucket}/night")[1].startswith("recordings  0 new, 0 changed, 2 unchanged\n")
    files = fsspec.filesystem("s3")
    files.pipe("s3://lab/night/a.mitm", (RECORDINGS / "errors.mitm").read_bytes())
    assert archive(folder, f"{bucket}/night")[1].startswith("recordings  0 new, 1 changed, 1 unchanged\n")
    files.rm("s3://lab/night/a.mitm")
    assert archive(folder, f"{bucket}/night", prune=True)[1].startswith(
        "recordings  0 new, 0 changed, 1 unchanged, 1 removed\n"
    )
    assert inputs_of(folder) == ["b.har"]


def test_what_is_not_in_a_bucket_is_said(bucket: str) -> None:
    assert said(f"{bucket}/none.har", f"{bucket}/*.none", "s3://nobody/x/") == [
        "s3://lab/none.har cannot be read (No such file or directory): check the name",
        "s3://lab/*.none has no recordings: give a file or a folder with .mitm, .flow, .flows, .har",
        "s3://nobody/x/ cannot be read (No such file or directory): check the name",
    ]
    fsspec.filesystem("s3").pipe("s3://lab/packed/a.har.gz", b"x")
    fsspec.filesystem("s3").pipe("s3://lab/packed/b.har", b"x")
    (words,) = said(f"{bucket}/packed")
    assert words.startswith("s3://lab/packed holds a recording packed or in a tool's own form (a.har.gz), not read: ")
    assert words.endswith("unpack it, or export it as HAR")


# ---- the web


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A web server with the recordings that ship."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words: object, **more: object) -> None:
            super().__init__(*words, directory=str(RECORDINGS), **more)  # type: ignore[arg-type]

        def log_message(self, *words: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_web_server_without_times_is_asked_for_the_whole_file(site: str, tmp_path: Path) -> None:
    folder, secret = tmp_path / "archive", f"{site}/apple-tv.har?key=planted-word"
    status, out, err = archive(folder, secret, f"{site}/current.mitm")
    assert (status, err) == (0, "")
    assert inputs_of(folder) == ["apple-tv.har?key=sha256:a235acb8b1b5", "current.mitm"]
    assert len(everything(folder)["exchanges"]) > 20
    assert archive(folder, secret, f"{site}/current.mitm")[1].startswith("recordings  0 new, 0 changed, 2 unchanged\n")
    for path in folder.rglob("*"):
        assert b"planted-word" not in (path.read_bytes() if path.is_file() else b"")
    status, out, err = archive(folder, f"{site}/missing.har?key=planted-word", prune=True)
    assert status == 2
    assert "cannot be read (No such file or directory): check the name" in err
    assert "planted-word" not in out + err
    assert len(inputs_of(folder)) == 2
