"""Where reports go: whole files or none, one sentence for each that fails, and the others go on."""

import io
import os
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import pytest

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.errors import UsageError, WriteError
from passlens.reports.formats import maker
from passlens.runner.outputs import Outputs, begin, parse_outputs, write

ENTRY = analyze(as_exchange(case("P3")))


class Failing:
    """A report that fails where it is told to."""

    def __init__(self, out: TextIO, error: Exception) -> None:
        self._error = error
        out.write("half of ")

    def entry(self, entry: Any) -> None:
        raise self._error

    def read_error(self, file: str, index: int | None, message: str) -> None:
        raise self._error

    def close(self, summary: RunSummary) -> None:
        raise self._error


class Closed(io.StringIO):
    """Standard output that nobody reads any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def written(out: TextIO, *files: tuple[Any, Path]) -> tuple[list[str], int]:
    said: list[str] = []
    summary = RunSummary()
    summary.add(ENTRY)
    with Outputs([(make, str(path)) for make, path in files], said.append, (out, maker("summary"))) as outputs:
        outputs.entry(ENTRY)
        outputs.close(summary)
        return said, outputs.status


def test_files_appear_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    out = io.StringIO()
    said, status = written(out, (maker("json"), tmp_path / "a.json"), (maker("jsonl"), tmp_path / "b.jsonl"))
    assert (said, status) == ([], 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.jsonl"]
    assert (tmp_path / "a.json").read_text().endswith("}\n")
    assert out.getvalue().startswith("1 exchange: ")


def test_until_the_end_the_old_file_stands(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")
    with Outputs([(maker("json"), str(target))], print, (io.StringIO(), maker("summary"))) as outputs:
        outputs.entry(ENTRY)
        assert target.read_text() == "old"
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_report_may_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        written(io.StringIO(), (maker("json"), tmp_path / "a.json"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "cannot be written (Is a directory): name a file, not a folder."),
        ("missing/a.json", "cannot be written (No such file or directory): make its folder first."),
        ("file/a.json", "cannot be written (Not a directory): make its folder first."),
        ("a\0.json", "cannot be written: this is no name of a file."),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence_and_the_others_go_on(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "file").write_text("x")
    out = io.StringIO()
    said, status = written(out, (maker("json"), tmp_path / name), (maker("json"), tmp_path / "other.json"))
    assert status == 2
    assert len(said) == 1
    assert said[0].startswith("passlens: the report ")
    assert said[0].endswith(reason)
    assert (tmp_path / "other.json").exists()
    assert out.getvalue() != ""


def test_a_full_disk_leaves_no_half_report(tmp_path: Path) -> None:
    full = OSError(28, "No space left on device")
    said, status = written(
        io.StringIO(), (lambda out: Failing(out, full), tmp_path / "a.json"), (maker("json"), tmp_path / "b.json")
    )
    assert status == 4
    reason = "cannot be written (No space left on device): make room or name another place."
    assert said == [f"passlens: the report {tmp_path}/a.json {reason}"]
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


def test_a_device_that_is_full_is_said_too() -> None:
    said, status = written(io.StringIO(), (maker("json"), Path("/dev/full")))
    assert status == 4
    assert "the report /dev/full cannot be written (No space left on device)" in said[0]


def test_a_pipe_is_written_to_directly(tmp_path: Path) -> None:
    ends = os.pipe()
    written(io.StringIO(), (maker("jsonl"), Path(f"/dev/fd/{ends[1]}")))
    os.close(ends[1])
    with open(ends[0], "rb") as pipe:
        assert pipe.read().startswith(b'{"schema":2,"kind":"exchange","index":0')


def test_a_fault_in_one_format_costs_that_report_only(tmp_path: Path) -> None:
    fault = ValueError("planted-secret")
    said, status = written(
        io.StringIO(), (lambda out: Failing(out, fault), tmp_path / "a.json"), (maker("json"), tmp_path / "b.json")
    )
    assert status == 4
    assert "could not be made (ValueError in test_outputs.py, line " in said[0]
    assert "planted-secret" not in said[0]
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


def test_a_fault_in_what_goes_to_standard_output_is_called_one() -> None:
    said: list[str] = []
    with Outputs([], said.append, (io.StringIO(), lambda out: Failing(out, ValueError("planted-secret")))) as outputs:
        outputs.entry(ENTRY)
    assert said[0].startswith("passlens: the report standard output could not be made (ValueError in test_outputs.py")
    assert outputs.status == 4


def test_when_nobody_reads_standard_output_the_files_are_written_first(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError):
        written(Closed(), (maker("json"), tmp_path / "a.json"))
    assert (tmp_path / "a.json").read_text().endswith("}\n")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (("junit",), "'junit' is not FORMAT=FILE; write it like junit=report.xml."),
        (("json=",), "'json=' is not FORMAT=FILE"),
        (("xml=a",), "'xml' is no format; known are text, json,"),
        (("json=-",), "--format json prints to standard output."),
        (("json=tv.mitm",), "would write over a recording"),
        (("json=a", "jsonl=./a"), "'json=a' and 'jsonl=./a' are one file"),
    ],
)
def test_a_mistake_is_one_sentence(values: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"\.") as caught:
        parse_outputs(values)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("html=a", "this command writes text and json, not html."),
        ("jsn=a", "did you mean json?"),
        ("a", "write it like json=report.json."),
    ],
)
def test_a_command_writes_its_own_formats(value: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"[.?]$") as caught:
        parse_outputs([value], ("text", "json"))
    assert sentence in str(caught.value)


def test_a_report_that_is_made_at_the_end_is_whole_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("before")
    with ExitStack() as stack:
        (form, first), (_, _second) = begin(stack, [("text", str(tmp_path / "a")), ("json", str(tmp_path / "b"))])
        write(first, "whole")
    assert form == "text"
    assert [one.read_text() for one in sorted(tmp_path.iterdir())] == ["whole", "before"]


def test_a_report_that_cannot_be_begun_or_written_is_a_sentence(tmp_path: Path) -> None:
    with ExitStack() as stack:
        with pytest.raises(UsageError, match=r"missing/a cannot be written.*make its folder first"):
            begin(stack, [("text", str(tmp_path / "missing" / "a"))])
        ((_, target),) = begin(stack, [("text", str(tmp_path / "b"))])
        target.out.close()
        with pytest.raises(WriteError, match="b cannot be written"):
            write(target, "late")
    assert list(tmp_path.iterdir()) == []


def test_outputs_are_pairs() -> None:
    assert parse_outputs(["json=a=b.json", "text=c"]) == [("json", "a=b.json"), ("text", "c")]
