"""The file with address and token: whose it is, and which are believed."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from passlens.control.runtime_file import Address, addresses, folder, write

HERE = Address("127.0.0.1", 8084, "a-token")


def test_it_is_the_users_alone_and_read_back(tmp_path: Path) -> None:
    path = write(HERE, tmp_path / "passlens")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(addresses(path.parent)) == [HERE]


def test_the_token_is_not_shown() -> None:
    assert "a-token" not in repr(HERE)


def test_files_that_others_can_read_or_that_are_links_are_passed_over(tmp_path: Path) -> None:
    path = write(HERE, tmp_path)
    path.chmod(0o644)
    (tmp_path / "elsewhere").write_text(path.read_text())
    (tmp_path / "elsewhere").chmod(0o600)
    (tmp_path / "control-link.json").symlink_to(tmp_path / "elsewhere")
    assert list(addresses(tmp_path)) == []


ODD = [
    {"host": "a b"},
    *({"port": port} for port in ("y", -5, 65536, float("inf"), float("nan"))),
    {"pid": -1},
    {"pid": 10**30},
]


@pytest.mark.parametrize("changes", [None, *ODD], ids=str)
def test_what_no_proxy_would_write_is_passed_over(tmp_path: Path, changes: dict[str, Any] | None) -> None:
    found = {"host": "127.0.0.1", "port": 8084, "token": "t", "pid": os.getpid(), **(changes or {})}
    assert len(list(addresses(_kept(json.dumps(found), tmp_path)))) == (changes is None)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 5000], ids=["empty", "list", "object", "deep"])
def test_broken_files_are_passed_over(tmp_path: Path, text: str) -> None:
    assert list(addresses(_kept(text, tmp_path))) == []


def _kept(text: str, folder: Path) -> Path:
    path = folder / "control-1.json"
    path.write_text(text)
    path.chmod(0o600)
    return folder


def test_files_of_proxies_that_were_killed_are_removed(tmp_path: Path) -> None:
    gone = os.fork() or os._exit(0)
    os.waitpid(gone, 0)
    path = tmp_path / "control-2.json"
    path.write_text(json.dumps({"host": "127.0.0.1", "port": 1, "token": "t", "pid": gone}))
    path.chmod(0o600)
    assert list(addresses(tmp_path)) == []
    assert not path.exists()


def test_folders() -> None:
    assert folder({"XDG_RUNTIME_DIR": "/run/user/1", "XDG_STATE_HOME": "/s"}) == Path("/run/user/1/passlens")
    assert folder({"XDG_STATE_HOME": "/s"}) == Path("/s/passlens")
    assert folder({"XDG_STATE_HOME": "relative"}).is_absolute()
    assert list(addresses(Path("/nowhere/at/all"))) == []
