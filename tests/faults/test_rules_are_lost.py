"""The rule file that is running is removed, replaced or made unreadable, and so is its folder: the last good rules
stay, one sentence says why, the file is taken again once it is there, and switching off always works."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.device import MARK, Device
from support.trouble import PATH, ReadError

RULES = """rules:
  - name: {name}
    when: {{operation: retrieve-profiles}}
    then: {{outcome: throttled}}
"""


def removed(path: Path) -> None:
    """No file."""
    path.unlink()


def folder(path: Path) -> None:
    """A folder in its place."""
    path.unlink()
    path.mkdir()


def circle(path: Path) -> None:
    """A link to itself, which not even an administrator can read."""
    path.unlink()
    path.symlink_to(path)


def pipe(path: Path) -> None:
    """A pipe into which nobody writes: whoever opens it waits."""
    path.unlink()
    os.mkfifo(path)


def noise(path: Path) -> None:
    """Bytes that are no text."""
    path.write_bytes(b"\x00\xff\xfe" * 100)


FAULTS: dict[Callable[[Path], None], str] = {
    removed: "cannot be read (No such file or directory): check the name",
    folder: "it is no ordinary file",
    circle: "cannot be read (Too many levels of symbolic links): check the file",
    pipe: "it is no ordinary file",
    noise: "",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_rule_file(trouble: ReadError, fault: Callable[[Path], None]) -> None:
    name = f"lost-{fault.__name__}"
    with trouble.scenario(name, RULES.format(name="first")) as path:
        _responses(trouble, f"{name}/first")
        fault(path)
        told = trouble.proxy.wait_for(rf"passlens: \S*{name}\.yaml(:\d+:\d+)?: (.*) The last good version stays\.")
        assert FAULTS[fault] in told[2]
        _responses(trouble, f"{name}/first")
        # It comes back as somebody else wrote it.
        new = path.with_suffix(".new")
        new.write_text(RULES.format(name="second"))
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        new.rename(path)
        trouble.proxy.wait_for(f"passlens: scenario {name} was read again")
        _responses(trouble, f"{name}/second")
        assert trouble.proxy.stdout.count(told[0]) == 1
    trouble.goes_on()


def test_the_folder_of_rules(trouble: ReadError) -> None:
    away = trouble.rules.with_name("away")
    (trouble.rules / "other.yaml").write_text(RULES.format(name="other"))
    trouble.rules.joinpath("gone.yaml").write_text(RULES.format(name="first"))
    trouble.remote.run("passlens.scenario gone")
    trouble.rules.rename(away)
    try:
        missing = r"cannot be read \(No such file or directory\): check the name"
        trouble.proxy.wait_for(rf"gone\.yaml: {missing}\. The last good version stays\.")
        _responses(trouble, "gone/first")
        refused = trouble.remote.refused("passlens.scenario other")
        assert refused.endswith("which is no folder; name the folder of your rule files.")
        _responses(trouble, "gone/first")
        trouble.remote.run("passlens.scenario.off")
        trouble.goes_on()
    finally:
        away.rename(trouble.rules)
    trouble.remote.run("passlens.scenario other")
    _responses(trouble, "other/other")
    trouble.remote.run("passlens.scenario.off")


def _responses(trouble: ReadError, by: str) -> None:
    """The rule still answers."""
    with trouble.client("plain") as client:
        got = Device(client).get(f"{PATH}?{trouble.marker()}=")
    assert (got.status, got.header(MARK)) == (429, by)
