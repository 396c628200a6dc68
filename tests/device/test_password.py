"""Where the Wi-Fi password comes from."""

import io
import sys
from pathlib import Path

import pytest

from passlens.device.password import VARIABLE, wifi_password
from passlens.errors import ProfileError


def unasked() -> str:
    raise AssertionError("nobody is to be asked")


def test_a_file_comes_first_then_the_environment_then_the_prompt(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from the file\n")
    assert wifi_password(str(file), {VARIABLE: "from the environment"}, unasked) == "from the file"
    assert wifi_password(None, {VARIABLE: "from the environment"}, unasked) == "from the environment"
    assert wifi_password(None, {}, lambda: "typed here") == "typed here"


def test_an_empty_one_means_an_open_network(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert wifi_password(str(tmp_path / "empty"), {}) is None
    assert wifi_password(None, {VARIABLE: ""}, unasked) is None
    assert wifi_password(None, {}, str) is None


@pytest.mark.parametrize("data", [b"p\xc3\xa4ssword\r\n", b"\xef\xbb\xbfp\xc3\xa4ssword", b"p\xc3\xa4ssword"])
def test_line_ends_and_marks_of_editors_do_not_belong_to_it(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "password").write_bytes(data)
    assert wifi_password(str(tmp_path / "password"), {}) == "pässword"


def test_blanks_belong_to_it(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" a b \n")
    assert wifi_password(str(tmp_path / "password"), {}) == " a b "


def test_it_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"piped here\n")))
    assert wifi_password("-", {}) == "piped here"


def test_where_nobody_can_be_asked_the_ways_are_named() -> None:
    with pytest.raises(ProfileError, match=f"--password-file FILE or in {VARIABLE}"):
        wifi_password(None, {})


@pytest.mark.parametrize(
    ("data", "says"), [(None, "cannot read"), (b"\xff\xfe", "not UTF-8"), (b"x" * 1025, "more than 1024 bytes")]
)
def test_a_file_that_holds_none_is_told_without_showing_it(tmp_path: Path, data: bytes | None, says: str) -> None:
    if data is not None:
        (tmp_path / "password").write_bytes(data)
    with pytest.raises(ProfileError, match=says) as refused:
        wifi_password(str(tmp_path / "password"), {})
    assert "xxx" not in str(refused.value)
