"""The file of a baseline: read back as it was, every mistake one sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cases
from passlens.analysis.analyzer import analyze
from passlens.analysis.baseline import Baseline
from passlens.errors import WriteError
from passlens.runner.baseline_file import read_baseline, write_baseline


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    baseline = Baseline()
    for case in cases.cases():
        baseline.add(analyze(cases.as_exchange(case)))
    path = str(tmp_path / "baseline.json")
    write_baseline(path, baseline)
    assert read_baseline(path).counts == baseline.counts


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no baseline, for it is no JSON"),
        (b"{", "is no baseline, for it is no JSON"),
        (b"\xff", "is no baseline, for it is no JSON"),
        (b"[" * 100_000, "is no baseline, for it is no JSON"),
        (b"9" * 10_000, "is no baseline"),
        (b"{}", "is no baseline: give a file that --write-baseline wrote"),
        (b'{"kind": "passlens baseline", "schema": 7}', "is a baseline of version 7, while this passlens reads"),
    ],
)
def test_what_is_no_baseline_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words) as caught:
        read_baseline(str(path))
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).endswith(".")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_one_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("b") / "b.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"baseline"):
        read_baseline(str(path))


def test_places_that_cannot_be_read_or_written_are_one_sentence(tmp_path: Path) -> None:
    for path in (str(tmp_path / "missing"), str(tmp_path), "a\0b"):
        with pytest.raises(ValueError, match=r"cannot be read .*: check the name"):
            read_baseline(path)
    for path in (str(tmp_path / "missing" / "b.json"), str(tmp_path), "/dev/full", "a\0b"):
        with pytest.raises(WriteError, match=r"The baseline .* cannot be written( \(.*\))?: (make|name|this is) "):
            write_baseline(path, Baseline())


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.json"
    write_baseline(str(path), Baseline())
    monkeypatch.setattr("passlens.runner.baseline_file.MAX_CHARS", path.stat().st_size)
    assert not read_baseline(str(path)).counts
    monkeypatch.setattr("passlens.runner.baseline_file.MAX_CHARS", path.stat().st_size - 1)
    with pytest.raises(ValueError, match="is far too long for a baseline"):
        read_baseline(str(path))
