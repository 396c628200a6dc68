"""World files: what they say, and every mistake at once with file, line, key and the nearest word."""

import json
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.errors import RuleFileError
from passlens.sandbox.world import DEFAULT, Throttle, World, WorldMvpd
from passlens.scenarios.world_file import RunningWorld, WorldFile, WorldMvpdModel, as_text, read_world, schema, world_of

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"
EXAMPLES = [part.partition("```")[0] for part in DOCS.read_text().split("```yaml\n")[1:]]

WORLD = """strict: true
service_providers: [REF30]
mvpds:
  - {id: Cox, name: Cox Cable, kind: regular, mapping: cox-apple, partner: true}
  - {id: Down, kind: degraded, degradation: AuthZNone}
  - {id: TP, kind: promotional, minutes: 5, resources: 2}
resources:
  news: permit
  movies: authorization_denied_by_mvpd
  "*": permit
sign_in: ask
throttle: {per_second: 2, burst: 0}
"""


def read(text: str) -> World:
    return world_of(text.encode(), Path("world.yaml"))


def test_a_whole_world() -> None:
    world = read(WORLD)
    assert world.mvpds == (
        WorldMvpd("Cox", "Cox Cable", "regular", "cox-apple", partner=True),
        WorldMvpd("Down", "Down", "degraded", degradation="AuthZNone"),
        WorldMvpd("TP", "TP", "promotional", minutes=5, resources=2),
    )
    assert (world.strict, world.service_providers, world.sign_in) == (True, frozenset({"REF30"}), "ask")
    assert world.decision("movies") == "authorization_denied_by_mvpd"
    assert world.throttle == Throttle(2, 0)


def test_a_denial_may_have_words_of_its_own() -> None:
    world = read("resources:\n  movies: {error: authorization_denied_by_mvpd, message: Not for you.}\n  news: permit\n")
    assert world.resources == {"movies": "authorization_denied_by_mvpd", "news": "permit"}
    assert world.messages == {"movies": "Not for you."}


@pytest.mark.parametrize(
    ("resource", "words"),
    [("{error: permit, message: x}", "is for a denial"), ("{message: x}", "lacks error"),
     ("{error: authorization_denied_by_mvdp}", "did you mean authorization_denied_by_mvpd"),
     ("{error: authorization_denied_by_mvpd, mesage: x}", "did you mean message"), ("[a]", "a list, expected permit"),
     ("1", "text")],
)  # fmt: skip
def test_resources_that_are_none(resource: str, words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        read(f"resources:\n  movies: {resource}\n")


def test_what_is_left_out() -> None:
    world = read("resources: {news: permit}\n")
    assert (world.mvpds, world.service_providers, world.throttle) == (DEFAULT.mvpds, None, None)
    assert not world.strict


def test_all_mistakes_at_once() -> None:
    wrong = """strct: true
service_providers: ["a b"]
mvpds:
  - {id: Cox, kind: regulr, partner: true}
  - {id: Cox, degradation: AuthZAll}
resources:
  movies: authorization_denied_by_mvdp
throttle: {per_second: 0}
"""
    with pytest.raises(RuleFileError) as caught:
        read(wrong)
    said = str(caught.value).split("\n")
    assert [line.split(": ", 2)[0] for line in said] == [
        "world.yaml:1:1", "world.yaml:2:21", "world.yaml:4:15", "world.yaml:4:29", "world.yaml:5:6",
        "world.yaml:5:15", "world.yaml:7:3", "world.yaml:8:12",
    ]  # fmt: skip
    assert "did you mean strict?" in said[0]
    assert "mvpds[0].kind" in said[2]
    assert "did you mean regular?" in said[2]
    assert "needs a mapping" in said[3]
    assert "is the id of mvpds[0] as well" in said[4]
    assert "is for an MVPD of kind degraded" in said[5]
    assert "did you mean authorization_denied_by_mvpd?" in said[6]
    assert "at least 1" in said[7]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "is empty"), ("[]", "keys with values"), ("mvpds: []", "empty list"), ("mvpds:", "has no value"),
     ("a: [", "is not YAML"), ("sign_in: maybe", "is not known"), ("resources: {a: 1}", "text")],
)  # fmt: skip
def test_files_that_say_nothing(text: str, words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        read(text)


LAUGHS = "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in pairwise("abcdefgh"))
HOSTILE = {
    "huge": ("#" * 200_000, "larger than 128 KiB"),
    "deep": ("mvpds: " + "[" * 3000 + "]" * 3000, "nested deeper than 24 levels"),
    "deep maps": ("resources: " + "{a: " * 2000 + "1" + "}" * 2000, "nested deeper than 24 levels"),
    "laughs": (f"a: &a [x,x,x,x,x,x,x,x]\n{LAUGHS}", "more than 20000 values"),
    "itself": ("mvpds: &a\n  - *a\n", "nested deeper"),
    "too many": ("mvpds:\n" + "".join(f"  - {{id: M{n}}}\n" for n in range(2001)), "has more than 2000 items"),
    "twice": ("strict: true\nstrict: false\n", "strict: stands twice"),
    "twice inside": ("mvpds:\n  - {id: A, id: B}\n", r"mvpds\[0\].id: stands twice"),
    "merged": ("mvpds:\n  - &a {id: A}\n  - {<<: *a, id: B}\n", "<<: keys are not merged here"),
    "tag": ("mvpds: !!python/object/apply:os.system [ls]\n", "the tag .* is not known here"),
    "two documents": ("strict: true\n---\nstrict: true\n", "another document"),
    "a path": ("mvpds: [{id: a/b}, {id: ..}]\n", "cannot stand in a path"),
    "nothing": ("mvpds:\n  - {id: A, kind: ~}\n", "kind: has no value"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(name: str) -> None:
    text, words = HOSTILE[name]
    with pytest.raises(RuleFileError, match=words):
        read(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    for data in (b"\xff\xfe\x00", b"strict: \0", b"mvpds: '\xed\xa0\x80'"):
        with pytest.raises(RuleFileError):
            world_of(data, Path("world.yaml"))


def test_each_wrong_type_is_told() -> None:
    wrong = """mvpds:
  - {id: 5, name: 1.5, minutes: '5', partner: 1, logout: maybe, resources: 2}
  - text
service_providers: REF30
resources: [news]
throttle: 5
sign_in: [ask]
strict: ~
"""
    with pytest.raises(RuleFileError) as caught:
        read(wrong)
    said = str(caught.value)
    for key in ("[0].id", "[0].name", "[0].minutes", "[0].partner", "[0].logout", "[0].resources", "[1]"):
        assert f"mvpds{key}: " in said
    for key in ("service_providers", "resources", "throttle", "sign_in", "strict"):
        assert f" {key}: " in said


def test_what_is_not_told_is_counted() -> None:
    wrong = "resources:\n" + "".join(f"  r{n}: authorization_denied_by_mvdp\n" for n in range(1000))
    with pytest.raises(RuleFileError) as caught:
        read(wrong)
    said = str(caught.value).split("\n")
    assert said[0].endswith("did you mean authorization_denied_by_mvpd?")
    assert said[-1] == "world.yaml: 980 more errors."


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(
    inner, max_size=3) | st.dictionaries(st.sampled_from([*WorldFile.model_fields, *WorldMvpdModel.model_fields, "x"]),
    inner, max_size=4), max_leaves=20))  # fmt: skip
def test_arbitrary_values_never_raise_anything_else(value: object) -> None:
    with suppress(RuleFileError):
        read(json.dumps(value))


def test_a_running_world_takes_a_good_edit_and_keeps_the_last_good_one(tmp_path: Path) -> None:
    path = tmp_path / "world.yaml"
    path.write_text("mvpds: [{id: Cox}]\n")
    running = RunningWorld(path)
    assert not running.is_changed
    path.write_text("mvpds: [{id: Cox}, {id: Sling}]\n")
    assert running.is_changed
    assert running.refresh() is None
    assert [mvpd.id for mvpd in running.world.mvpds] == ["Cox", "Sling"]
    path.write_text("mvpds: [{id: Cox, kid: regular}]\n")
    problem = running.refresh()
    assert problem is not None
    assert "did you mean kind?" in problem
    assert problem.endswith("The last good world stays.")
    assert len(running.world.mvpds) == 2
    assert not running.is_changed  # It is told once.
    path.unlink()
    assert running.is_changed
    assert "cannot be read" in (running.refresh() or "")
    assert not running.is_changed
    path.write_text("mvpds: [{id: Only}]\n")
    assert running.refresh() is None
    assert [mvpd.id for mvpd in running.world.mvpds] == ["Only"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"cannot be read \(No such file or directory\): check the name\."):
        read_world(tmp_path / "none.yaml")
    with pytest.raises(RuleFileError, match=r"it is no ordinary file"):
        read_world(tmp_path)
    there = tmp_path / "world.yaml"
    there.write_text(WORLD)
    assert read_world(there) == read(WORLD)


def test_the_schema_has_every_key() -> None:
    assert set(schema()["properties"]) == set(WorldFile.model_fields)
    assert json.loads(as_text()) == schema()
    assert schema()["additionalProperties"] is False


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_docs_can_be_read(text: str) -> None:
    assert read(text).mvpds


def test_the_docs_have_an_example_for_each_kind_of_app() -> None:
    assert len(EXAMPLES) >= 4
