"""Rule files that somebody else wrote: none takes long, allocates much, brings Python objects or reads other files."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fuzz import limits
from passlens.errors import RuleFileError
from passlens.scenarios.reader import read_file, read_text
from passlens.scenarios.yaml_nodes import LARGEST

PATH = Path("demo.yaml")
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
TEXT = "x" * 60_000
RULE = "rules:\n  - {name: a, then: {respond: {json: VALUE}}}\n"

BOMBS = {
    "a billion laughs": LAUGHS,
    "laughs in a rule": LAUGHS + RULE.replace("VALUE", "*a11"),
    "one text many times": f"a: &a {TEXT}\n" + RULE.replace("VALUE", "[" + "*a, " * 2_000 + "]"),
    "merged many times": "a: &a {b: 1}\nc: {" + "<<: *a, " * 1_500 + "}",
    "merged into itself": "a: &a\n  <<: *a\n",
    "an alias of itself": "a: &a {b: *a}",
    "an alias of itself as a key": "? &a [*a]\n: 1",
    "brackets": "[" * 100_000,
    "question marks": "? " * 60_000,
    "question marks and dashes": "? - " * 30_000,
    "deeper and deeper": "".join(" " * depth + "a:\n" for depth in range(200)),
    "one key many times": "k: 1\n" * 1_000,
    "a long tag": f"!{'a' * 20_000} x",
    "a long number": "a: " + "9" * 100_000,
    "long escapes": 'a: "' + "\\U0001F600" * 12_000 + '"',
    "many rules": "rules:\n" + "  - {name: a, then: {delay: 1}}\n" * 200,
    "a long unknown word": f"{'rulez' * 20_000}: 1",
    "too large": "#" * (LARGEST + 1),
}


WHY = {
    "a billion laughs": "holds more than 20000 values",
    "one text many times": "holds more than 1048576 characters",
    "brackets": "is nested deeper than 24 levels",
    "an alias of itself": "is nested deeper than 24 levels",
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_goes_off(name: str) -> None:
    told: list[str] = []

    def read(data: bytes) -> None:
        with pytest.raises(RuleFileError) as caught:
            read_text(data, PATH)
        told.append(str(caught.value))

    data = BOMBS[name].encode()
    limits.within_time(read, data, 3.0)
    if name in WHY:
        limits.within_memory(read, data, 96 << 20)
    assert all(
        text.replace("\n", "").isprintable() and len(text) < 10_000 and WHY.get(name, "") in text for text in told
    )


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [id]",
        "!!python/object/new:os.system [id]",
        "!!python/name:os.system",
        "!!python/module:os",
        "!<tag:yaml.org,2002:python/object/apply:os.system> [id]",
        "!!binary aWQ=",
        "!!omap [a: 1]",
        "!!set {a}",
        "!!timestamp 2020-01-01",
        "!mine x",
        "!!str {a: 1}",
        "!!int abc",
        "!!float {}",
        "!!bool maybe",
        "!!null x",
        "!!map [1]",
    ],
)
def test_no_tag_brings_anything_but_plain_values(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> int:
        raise SystemError("called")

    monkeypatch.setattr(os, "system", forbidden)
    made: Any = ""
    with suppress(RuleFileError):
        respond = read_text(RULE.replace("VALUE", value).encode(), PATH).rules[0].then.respond
        made = respond.json_ if respond is not None else None
    assert type(made) in (str, type(None), bool, int, float)


@pytest.mark.parametrize(
    "rule",
    [
        "name: a\n    name: b",
        "name: a\n    then: {delay: 1}\n    then: {delay: 2}",
        "name: a\n    then: {delay: 1, delay: 2}",
        'name: a\n    then: {respond: {headers: {X-A: "1", X-A: "2"}}}',
        'name: a\n    "name": b',
    ],
)
def test_a_key_that_stands_twice_is_refused(rule: str) -> None:
    with pytest.raises(RuleFileError, match=r"stands twice|is not YAML"):
        read_text(f"rules:\n  - {rule}\n    when: {{}}\n".encode(), PATH)


BODY = "rules:\n  - {name: a, then: {respond: {body_file: NAME}}}\n"


@pytest.mark.parametrize(
    "name",
    [
        "../secret", "bodies/../../secret", "./../secret", "/SECRET", "bodies/link", "bodies/to-folder/secret",
        "linked/secret", "..\\\\secret", "~/secret", "bodies", ".", "", "bodies/loop", "bodies/pipe", "bodies/none",
        "bodies/dangling", "bodies/\\0x", "/dev/zero", "/dev/stdin", "/proc/self/environ", "file:///SECRET",
    ],
)  # fmt: skip
def test_no_body_is_read_from_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("the secret")
    folder = tmp_path / "rules"
    (folder / "bodies").mkdir(parents=True)
    (folder / "bodies" / "link").symlink_to(tmp_path / "secret")
    (folder / "bodies" / "to-folder").symlink_to(tmp_path, target_is_directory=True)
    (folder / "bodies" / "loop").symlink_to(folder / "bodies" / "loop")
    (folder / "bodies" / "dangling").symlink_to(tmp_path / "none")
    (folder / "linked").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "bodies" / "pipe")
    text = BODY.replace("NAME", f'"{name}"'.replace("/SECRET", str(tmp_path / "secret")))
    (folder / "demo.yaml").write_text(text)
    with pytest.raises(RuleFileError) as caught:
        read_file(folder / "demo.yaml")
    assert "the secret" not in str(caught.value)


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "body").write_text("fine")
    (tmp_path / "link").symlink_to(tmp_path / "body")
    (tmp_path / "demo.yaml").write_text(BODY.replace("NAME", "link"))
    assert read_file(tmp_path / "demo.yaml").bodies == {"link": b"fine"}
