"""What stays of other traffic in a copy, and what of calls of REST API V1."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from passlens.cli.main import cli
from passlens.scrub.other_traffic import is_v1, shape
from passlens.scrub.values import Scrubber
from support.planted import RECORDINGS

HOST = "api.auth.adobe.com"


def test_words_stay_of_paths_on_hosts_of_the_api_only() -> None:
    scrubber = Scrubber(b"tests")
    for path in ("/api/v1/config/DEMOTV/planted9?requestor=planted9", "/some/new/thing/DEMOTV/planted9"):
        for host in (HOST, "demotv.example"):
            made = shape(scrubber, "GET", path, host)
            assert (made[:9] == path[:9]) is (host == HOST)
            assert made.count("/") == 5
            assert "planted9" not in made
            assert "DEMOTV" not in made


def test_a_path_that_a_browser_asks_permission_for_stays() -> None:
    scrubber, path = Scrubber(b"tests"), "/api/v2/DEMOTV/sessions"
    assert shape(scrubber, "OPTIONS", f"{path}?a=planted9", HOST) == path
    assert shape(scrubber, "OPTIONS", "/xyz9/DEMOTV/sessions", HOST) != "/xyz9/DEMOTV/sessions"


@pytest.mark.parametrize(
    ("path", "host", "expected"),
    [
        ("/api/v1/config/DEMOTV", HOST, True),
        ("/reggie/v1/DEMOTV/regcode", HOST, True),
        ("/api/v1/config/DEMOTV", "demotv.example", False),
        ("/xyz", HOST, False),
        ("/api/v2/DEMOTV/sessions", HOST, False),
    ],
)
def test_calls_of_v1(path: str, host: str, expected: bool) -> None:
    assert is_v1("POST", path, host) is expected


@pytest.mark.parametrize("suffix", ["har", "mitm"])
def test_a_copy_says_of_other_calls_on_hosts_of_the_api_what_the_recording_says(suffix: str, tmp_path: Path) -> None:
    made = json.loads((RECORDINGS / "current.har").read_text("utf-8"))
    v2 = made["log"]["entries"][0]
    headers = [*v2["request"]["headers"], {"name": "X-Own", "value": "planted-secret-1"}]
    v1 = v2 | {"request": {"method": "GET", "url": f"https://{HOST}/api/v1/config/DEMOTV", "headers": headers}}
    asked = v2 | {"request": v2["request"] | {"method": "OPTIONS"}}
    new = v2 | {"request": {"method": "GET", "url": f"https://{HOST}/some/new/thing9", "headers": headers}}
    made["log"]["entries"] = [v1, asked, new, v2]
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(made), "utf-8")

    def passlens(*words: object) -> str:
        return CliRunner().invoke(cli, [str(word) for word in words]).output

    if suffix == "mitm":
        passlens("convert", path, "-o", tmp_path / "tv.mitm")
        path = tmp_path / "tv.mitm"
    copied = tmp_path / f"clean.{suffix}"
    passlens("scrub", path, "-o", copied)
    for one in (path, copied):
        said = passlens("check", one)
        assert "The same app calls REST API V1 (flow 0) and V2." in said
        assert "GET /api/v1/config/…" in said
        assert "1 call, on a host of the API, and none of its operations: GET /some/new/…" in said
    assert b"planted-secret-1" not in copied.read_bytes()
    assert b"x-own" not in copied.read_bytes().lower()
