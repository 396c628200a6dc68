"""One recording archived: hashed as it is read, whatever it holds, however it ends."""

import errno
import hashlib
import io
from pathlib import Path

import pytest

from passlens.errors import RecordingError
from passlens.runner.archive import recording
from passlens.runner.archive.recording import MAX_TROUBLE, ArchiveTask, HashedStream, archive_recording, plain
from support.archiving import STORY


def test_the_hash_is_that_of_the_whole_file(tmp_path: Path) -> None:
    for data in (STORY.read_bytes(), STORY.read_bytes() + b"5:hello" * 100_000, b"no recording" * 100_000, b""):
        path = tmp_path / "one.mitm"
        path.write_bytes(data)
        assert archive_recording(ArchiveTask(str(path), "one")).hash == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_what_is_as_it_was_is_not_judged(tmp_path: Path) -> None:
    first = archive_recording(ArchiveTask(str(STORY), "one"))
    again = archive_recording(ArchiveTask(str(STORY), "one", known=first.hash))
    assert (again.same, again.parts, again.hash) == (True, (), first.hash)
    other = archive_recording(ArchiveTask(str(STORY), "one", known="sha256:0"))
    assert (other.same, other.counts) == (False, first.counts)


def test_what_cannot_be_opened_has_failed(tmp_path: Path) -> None:
    made = archive_recording(ArchiveTask(str(tmp_path / "missing.har"), "x", known="sha256:0"))
    assert (made.failed, made.hash) == (True, None)
    assert made.trouble == ("cannot be read (No such file or directory): check the name",)


def test_what_breaks_off_while_it_is_read_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 2_000:
                raise ConnectionError("https://lab.example/?key=secret")
            return super().read(1_000)

    monkeypatch.setattr(recording, "_opened", lambda address: Breaking(STORY.read_bytes()))
    made = archive_recording(ArchiveTask("x", "x"))
    assert (made.failed, made.parts) == (True, ())
    assert made.trouble == ("cannot be read (ConnectionError): check the file and its disk",)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RecordingError("has exchanges of too many days"), "has exchanges of too many days"),
        (MemoryError(), "could not be archived (MemoryError in test_recording.py, line "),
    ],
)
def test_what_is_too_much_is_a_sentence(error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(task: ArchiveTask) -> None:
        raise error

    monkeypatch.setattr(recording, "_archived", fail)
    made = archive_recording(ArchiveTask(str(STORY), "one"))
    assert made.failed
    assert made.trouble[0].startswith(sentence)


def test_not_every_broken_entry_is_named(tmp_path: Path) -> None:
    path = tmp_path / "many.har"
    path.write_text('{"log": {"entries": [' + ",".join(['{"request": 1}'] * 50) + "]}}")
    made = archive_recording(ArchiveTask(str(path), "many"))
    assert made.counts["unreadable"] == 50
    assert len(made.trouble) == MAX_TROUBLE + 1
    assert made.trouble[-1] == "30 other parts could not be read either"
    assert not made.failed


def test_an_error_of_any_file_system_quotes_nothing() -> None:
    for error, number in (
        (FileNotFoundError("https://x/?key=secret"), errno.ENOENT),
        (PermissionError("secret"), errno.EACCES),
        (OSError(errno.ENOSPC, "secret"), errno.ENOSPC),
        (RuntimeError("secret"), errno.EIO),
    ):
        told = plain(error)
        assert told.errno == number
        assert "secret" not in str(told)


def test_a_stream_knows_its_place(tmp_path: Path) -> None:
    with open(STORY, "rb") as file, HashedStream(file) as stream:
        stream.read(10)
        assert (stream.fileno(), stream.tell()) == (file.fileno(), 10)
