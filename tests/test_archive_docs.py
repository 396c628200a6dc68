"""What docs/archive.md shows: its questions are answered over an archive of recordings, its tables are those of the
program."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest

import forge
from cases import case
from passlens.runner.archive.schema import TABLES
from redaction.test_redactor import flow_of
from support.archiving import RECORDINGS, archive, manifest, rows
from support.planted import as_mitm
from support.proxy import ROOT

PAGE = (ROOT / "docs" / "archive.md").read_text("utf-8")
SQL = re.findall(r"```sql\n(.*?)```", PAGE, re.S)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.S)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with recordings of two builds, and their archive. The later build polls every second."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("4.1", "4.2"):
        (folder / "recordings" / name).mkdir(parents=True)
    for path in RECORDINGS.glob("*.mitm"):
        shutil.copy(path, folder / "recordings" / "4.1")
    polls = [flow_of(case("retrieve-profile-code")) for _ in range(8)]
    for number, flow in enumerate(polls):
        flow.request.timestamp_start = flow.request.timestamp_end = forge.CLOCK + 86_400 + number
        assert flow.response is not None
        flow.response.timestamp_start = flow.response.timestamp_end = forge.CLOCK + 86_400 + number + 0.1
        flow.response.text = '{"profiles": {}}'
    data = as_mitm(polls)
    (folder / "recordings" / "4.2" / "tv.mitm").write_bytes(data)
    (folder / "recordings" / "4.2" / "cut.mitm").write_bytes(data[:-10])
    assert archive(folder / "archive", folder / "recordings")[0] == 2
    return folder


@pytest.fixture(scope="module")
def answers(lab: Path) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What each question of the page gives, by the words before it."""
    asked = re.findall(r"([^\n]+)\n\n```sql\n(.*?)```", PAGE, re.S)
    assert [sql for _, sql in asked] == SQL
    with pytest.MonkeyPatch.context() as patch, duckdb.connect() as database:
        patch.chdir(lab)
        found = {}
        for words, sql in asked:
            for statement in filter(str.strip, sql.split(";\n")):
                cursor = database.execute(statement)
            names = [column[0] for column in cursor.description or ()]
            found[words] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        yield found


def answer(answers: dict[str, list[dict[str, Any]]], begin: str) -> list[dict[str, Any]]:
    (found,) = (rows for words, rows in answers.items() if words.startswith(begin))
    return found


def test_which_build_polls_too_fast(answers: dict[str, list[dict[str, Any]]], lab: Path) -> None:
    (found,) = answer(answers, "Which build of the app began to poll too fast")
    assert (found["build"], found["since"]) == ("4.2", "2026-01-03")
    assert found["times"] == sum(row["code"] == "PL632" for row in rows(lab / "archive", "findings")) > 0


def test_which_models_have_a_broken_device_info(answers: dict[str, list[dict[str, Any]]], lab: Path) -> None:
    found = answer(answers, "Which device models have a broken")
    assert ("AppleTV 4K", "PL230") in {(row["device_model"], row["code"]) for row in found}
    wanted = [
        row
        for row in rows(lab / "archive", "findings")
        if row["place"].startswith("header:X-Device-Info") and row["severity"] != "note"
    ]
    assert sum(row["findings"] for row in found) == len(wanted)


def test_how_often_a_provider_falls_back(answers: dict[str, list[dict[str, Any]]], lab: Path) -> None:
    found = answer(answers, "How often does a provider fall back")
    sessions = [row for row in rows(lab / "archive", "exchanges") if row["operation"] == "partner-session"]
    assert sum(row["fallbacks"] for row in found) == sum(row["action_reason"] == "pfs_fallback" for row in sessions) > 3
    assert {row["month"] for row in found} >= {"2026-01"}
    assert all(0 <= row["percent"] <= 100 for row in found)


def test_what_is_denied(answers: dict[str, list[dict[str, Any]]], lab: Path) -> None:
    found = answer(answers, "What is denied, and why")
    assert (
        sum(row["denials"] for row in found) == sum(one["counts"]["denials"] for one in manifest(lab / "archive")) > 0
    )


def test_how_journeys_end(answers: dict[str, list[dict[str, Any]]], lab: Path) -> None:
    found = answer(answers, "How do journeys end")
    assert {row["verdict"] for row in found} == {row["verdict"] for row in rows(lab / "archive", "journeys")}
    assert sum(row["journeys"] for row in found) == len(rows(lab / "archive", "journeys"))
    assert all(row["seconds"] >= 0 for row in found)


def test_what_is_slow_and_what_fails(answers: dict[str, list[dict[str, Any]]], lab: Path) -> None:
    found = {row["operation"]: row for row in answer(answers, "Which operations are slow")}
    exchanges = rows(lab / "archive", "exchanges")
    assert set(found) == {row["operation"] for row in exchanges}
    assert sum(row["throttled"] for row in found.values()) == sum(row["status"] == 429 for row in exchanges)
    assert found["retrieve-profile-code"]["p95_ms"] >= 41


def test_what_the_manifest_is_asked(answers: dict[str, list[dict[str, Any]]], lab: Path) -> None:
    (counted,) = answer(answers, "One run at a time writes a folder")
    assert counted["exchanges"] == len(rows(lab / "archive", "exchanges"))
    partly = answer(answers, "It also says what could not be read")
    assert "../recordings/4.2/cut.mitm" in {row["input"] for row in partly}
    assert all(row["unreadable"] or row["trouble"] for row in partly)


def test_what_pandas_counts(lab: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(lab)
    made: dict[str, Any] = {}
    (program,) = PYTHON
    exec(program, made)
    assert isinstance(made["table"], pandas.DataFrame)
    assert {"error", "note", "warning"} <= set(made["table"].columns)
    models = {(row["input"], row["index"]): row["device_model"] for row in rows(lab / "archive", "exchanges")}
    wanted = [row for row in rows(lab / "archive", "findings") if models.get((row["input"], row["index"])) is not None]
    assert made["table"].to_numpy().sum() == len(wanted)
    assert "AppleTV 4K" in capsys.readouterr().out


def shown() -> str:
    """The tables as the page has them."""
    pieces = []
    for table, columns in TABLES.items():
        lines = [f"### {table}\n", "| column | type | from | holds |", "| --- | --- | --- | --- |"]
        for column in columns:
            member = "" if column.member.startswith("[") else f"`{column.member}`"
            lines.append(f"| `{column.name}` | {column.type} | {member} | {column.meaning} |")
        pieces.append("\n".join(lines) + "\n")
    return "\n".join(pieces)


def test_the_tables_are_those_of_the_program() -> None:
    assert shown() in PAGE, f"docs/archive.md should have\n\n{shown()}"
