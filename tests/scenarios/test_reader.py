"""Rule files in, scenarios out: the refusals of refused/, body files, filters, and whatever bytes arrive."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.errors import RuleFileError
from passlens.scenarios.reader import read_file, read_text
from passlens.scenarios.rule_files import LARGEST_BODY
from scenarios.made import scenario, sections

REFUSED = dict(sections("refused"))
GOOD = "rules:\n  - {name: a, then: {delay: 1}}\n"
WITH_FILE = "rules:\n  - {name: a, then: {respond: {body_file: bodies/a.html}}}\n"


@pytest.mark.parametrize("name", REFUSED)
def test_mistakes_are_told_in_one_sentence(name: str) -> None:
    rules, wanted = REFUSED[name]
    with pytest.raises(RuleFileError) as caught:
        scenario(f"{rules}\n")
    # What a parser adds to its own sentence differs between its versions.
    assert str(caught.value).startswith(wanted.strip().split("while parsing")[0])
    assert "\n" not in str(caught.value)


def test_filters_are_checked_by_the_caller() -> None:
    def check(text: str) -> None:
        raise ValueError(f"{text!r} is no filter expression.")

    with pytest.raises(RuleFileError, match=r":2:22: rules\[0\].when.filter: '~~' is no filter expression\.$"):
        read_text(b"rules:\n  - {name: a, when: {filter: ~~}, then: {delay: 1}}", Path("a.yaml"), check_filter=check)


def test_body_files(tmp_path: Path) -> None:
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "a.html").write_bytes(b"<p>")
    (tmp_path / "demo.yaml").write_text(WITH_FILE)
    made = read_file(tmp_path / "demo.yaml")
    assert made.bodies == {"bodies/a.html": b"<p>"}
    assert {path.name for path in made.stamps} == {"demo.yaml", "a.html"}


def test_a_body_file_has_a_mebibyte_at_most(tmp_path: Path) -> None:
    (tmp_path / "bodies").mkdir()
    (tmp_path / "demo.yaml").write_text(WITH_FILE)
    (tmp_path / "bodies" / "a.html").write_bytes(b"x" * (1 << 20))
    assert len(read_file(tmp_path / "demo.yaml").bodies["bodies/a.html"]) == 1 << 20
    (tmp_path / "bodies" / "a.html").write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(RuleFileError, match="body_file"):
        read_file(tmp_path / "demo.yaml")


@pytest.mark.parametrize("name", ["../x", "/etc/hostname", "bodies", "none", "bodies/link", "bodies/big", "a\\\\b"])
def test_body_files_are_only_read_below_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "rules"
    (folder / "bodies").mkdir(parents=True)
    (tmp_path / "x").write_text("secret")
    (folder / "bodies" / "link").symlink_to(tmp_path / "x")
    (folder / "bodies" / "big").write_bytes(b" " * (LARGEST_BODY + 1))
    (folder / "demo.yaml").write_text(WITH_FILE.replace("bodies/a.html", f'"{name}"'))
    with pytest.raises(RuleFileError, match=r"body_file: '"):
        read_file(folder / "demo.yaml")


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "huge.yaml").write_bytes(b"#" * 200_000)
    (tmp_path / "a b.yaml").write_text(GOOD)
    for name in ("pipe.yaml", "folder.yaml", "huge.yaml", "none.yaml", "a b.yaml"):
        with pytest.raises(RuleFileError):
            read_file(tmp_path / name)


@pytest.mark.parametrize("name", ["off", "true", "false"])
def test_a_name_that_says_something_else_is_refused(name: str) -> None:
    with pytest.raises(RuleFileError, match=rf"{name}\.yaml: the file's name says something else .*: rename it\.$"):
        read_text(GOOD.encode(), Path(f"{name}.yaml"))
    assert read_text(GOOD.encode(), Path(f"{name}-air.yaml")).name == f"{name}-air"


@given(st.binary(max_size=300))
def test_arbitrary_bytes(data: bytes) -> None:
    taken_or_refused(data)


SIGNS = st.sampled_from(
    [*"rules: []{},&*!|>-?#%@'\"\\\n\t ~=<0123abc\x00\u2028\xe9", "\n  - ", "name: a", "&a ", "*a", "<<: "]
)


@given(st.lists(SIGNS, max_size=40))
def test_arbitrary_signs_of_yaml(signs: list[str]) -> None:
    taken_or_refused("".join(signs).encode())


KEYS = st.sampled_from(
    [
        "name",
        "when",
        "then",
        "rules",
        "outcome",
        "respond",
        "state",
        "delay",
        "fault",
        "headers",
        "set",
        "remove",
        "form",
        "json",
        "body",
        "status",
        "merge",
        "patch",
        "op",
        "occurrence",
        "first",
        "chance",
        "operation",
        "mvpd",
        "matches",
        "equal_to",
        "one_of",
        "priority",
        "seed",
        "template",
        "milliseconds",
        "path",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 700) | st.floats() | st.text(max_size=8) | KEYS
    | st.sampled_from(["P3", "logout", "{{ x }}", "(a|b)*", "now", "/a", "add", "slow_drip"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=3), VALUES)
def test_arbitrary_rules(rules: list[dict[str, object]], when: object) -> None:
    named = [{"name": f"r{at}", "then": {"delay": 1}, **rule} for at, rule in enumerate(rules)]
    for value in ({"rules": named}, {"rules": [{"name": "a", "when": when, "then": {"delay": 1}}]}, when):
        taken_or_refused(json.dumps(value).encode())


def taken_or_refused(data: bytes) -> None:
    try:
        read_text(data, Path("demo.yaml"))
        sentence = "demo.yaml: taken."
    except RuleFileError as error:
        for sentence in error.sentences[1:]:
            assert sentence.startswith("demo.yaml:")
            assert sentence.isprintable()
        sentence = error.sentences[0]
    assert sentence.startswith("demo.yaml:")
    assert sentence.endswith((".", "?"))
    assert sentence.isprintable()


def test_a_repeated_name_is_told_with_the_other_mistakes() -> None:
    text = b"rules:\n  - {name: a, then: {dely: 1}}\n  - {name: a, then: {delay: 1}}\n  - {name: b, then: {delay: x}}\n"
    with pytest.raises(RuleFileError) as caught:
        read_text(text, Path("demo.yaml"))
    told = "\n".join(caught.value.sentences)
    assert "rules[0].then.dely" in told
    assert "demo.yaml:3:6: rules[1].name: two rules are called 'a'." in told
    assert "rules[2].then.delay" in told
