"""Rule files and the bodies they name, as files: names, stamps, places, and sizes on both sides of their bounds."""

import os
from pathlib import Path

import pytest

from passlens.errors import RuleFileError
from passlens.scenarios.rule_files import LARGEST_BODIES, LARGEST_BODY, BodyFiles, name_of, stamp, yaml_bytes
from passlens.scenarios.yaml_nodes import LARGEST


@pytest.mark.parametrize(
    ("file", "name"), [("a.yaml", "a"), ("a.yml", "a"), ("a.provoke.yaml", "a.provoke"), ("a.txt", "a.txt"), ("a", "a")]
)
def test_a_scenario_is_named_by_its_file(file: str, name: str) -> None:
    assert name_of(Path(file)) == name


def test_a_stamp_tells_that_a_file_changed_or_went(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    assert stamp(path) is None
    path.write_text("a")
    first = stamp(path)
    path.write_text("ab")
    assert first is not None
    assert stamp(path) not in (None, first)


def test_a_rule_file_may_be_so_long(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * LARGEST)
    assert len(yaml_bytes(path)) == LARGEST
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(RuleFileError, match=r"is larger than \d+ KiB: part it"):
        yaml_bytes(path)


@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False)])
def test_a_body_may_be_so_long(tmp_path: Path, more: int, taken: bool) -> None:
    (tmp_path / "body").write_bytes(b"x" * (LARGEST_BODY + more))
    bodies = BodyFiles(tmp_path)
    if taken:
        bodies.read("body")
        assert len(bodies.texts["body"]) == LARGEST_BODY
        assert list(bodies.stamps) == [(tmp_path / "body").resolve()]
    else:
        with pytest.raises(ValueError, match="is larger than 1024 KiB"):
            bodies.read("body")


def test_all_bodies_may_be_so_long(tmp_path: Path) -> None:
    bodies = BodyFiles(tmp_path)
    for number in range(LARGEST_BODIES // LARGEST_BODY):
        (tmp_path / str(number)).write_bytes(b"x" * LARGEST_BODY)
        bodies.read(str(number))
    bodies.read("0")  # it is there already
    (tmp_path / "more").write_bytes(b"x")
    with pytest.raises(ValueError, match="is larger than 0 KiB"):
        bodies.read("more")


@pytest.mark.parametrize("name", ["/etc/hosts", "../x", "a/../../x", "a\\b", "a\0b", "out", "circle"])
def test_a_body_stands_below_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").symlink_to("/etc/hosts")
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(ValueError, match=r"rule file's folder|leads nowhere: check the name|cannot be read"):
        BodyFiles(tmp_path).read(name)


@pytest.mark.parametrize(("name", "words"), [("pipe", "is no ordinary file"), ("none", "check the name")])
def test_what_cannot_be_read_is_a_clause(tmp_path: Path, name: str, words: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match=words):
        BodyFiles(tmp_path).read(name)
