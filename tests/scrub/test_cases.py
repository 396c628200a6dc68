"""Entries as real recorders write them: what must be gone from the copy is gone, and from the report."""

import io
import json
from pathlib import Path

import pytest

from passlens.analysis.analyzer import analyze
from passlens.recordings.har_reader import read_har
from passlens.reports.jsonl import line
from support.planted import scrubbed

CASES = Path(__file__).parent / "cases"
GONE = {
    "chrome-set-cookie-joined": ("Aq1Sw2De3Fr4Gt5Hy6Ju7Ki8", "Zx9Cv8Bn7Mq6Wa5Es4Dr3Ft2"),
    "address-inside-a-text": ("81.2.69.142",),
}


def test_every_case_has_a_row() -> None:
    assert {path.stem for path in CASES.glob("*.har")} == set(GONE)


@pytest.mark.parametrize("name", GONE)
def test_what_must_be_gone(name: str) -> None:
    path = CASES / f"{name}.har"
    made = scrubbed(path.read_bytes())[0].decode()
    entry = json.loads(made)["log"]["entries"][0]
    assert [header["name"] for header in entry["response"]["headers"]][:2] == ["content-type", "content-length"]
    assert not [gone for gone in GONE[name] if gone in made]


@pytest.mark.parametrize("name", GONE)
def test_what_must_not_be_shown(name: str) -> None:
    with (CASES / f"{name}.har").open("rb") as file:
        (ex,) = read_har(file)
    shown = line(analyze(ex))  # type: ignore[arg-type]
    assert not [gone for gone in GONE[name] if gone in shown]


@pytest.mark.parametrize(
    "joined",
    ["a=firstcookie1; Path=/\nb=secondcookie2; Path=/", "a=firstcookie1; Path=/\r\nb=secondcookie2",
     "a=firstcookie1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=secondcookie2; Path=/", "a=firstcookie1,b=secondcookie2",
     'firstcookie1; Path=/\nb="secondcookie2"'],
)  # fmt: skip
def test_joined_cookies_are_all_replaced_and_hidden_elsewhere(joined: str) -> None:
    whole = json.loads((CASES / "chrome-set-cookie-joined.har").read_bytes())
    entry = whole["log"]["entries"][0]
    entry["response"]["headers"][2]["value"] = joined
    entry["response"] |= {"status": 400}
    entry["response"]["content"]["text"] = json.dumps({"error": "no firstcookie1 and secondcookie2"})
    made = scrubbed(json.dumps(whole).encode())[0].decode()
    assert "firstcookie1" not in made
    assert "secondcookie2" not in made
    assert "Path=/" in made or "Path" not in joined
    (ex,) = read_har(io.BytesIO(json.dumps(whole).encode()))
    shown = line(analyze(ex))  # type: ignore[arg-type]
    assert "firstcookie1" not in shown
    assert "secondcookie2" not in shown
