"""The configuration file: found upwards, read strictly, every mistake one sentence with file, key and nearest word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.runner.config_file import KEYS, find, load, parse

PATH = Path("/team/passlens.toml")


def read(text: str, *, shared: bool = False) -> dict[str, object]:
    return parse(text, PATH, shared=shared)


FULL = """
select = ["PL2xx", "PL4"]
ignore = "PL111"
fail-on = "warning"
baseline = "ci/known.json"
filter = "~d adobe.com"
format = "json"
allow-empty = true
"""


def test_every_key_becomes_an_option() -> None:
    expected = {
        "select": ("PL2xx", "PL4"),
        "ignore": ("PL111",),
        "fail_on": "warning",
        "baseline": "/team/ci/known.json",
        "flow_filter": "~d adobe.com",
        "form": "json",
        "allow_empty": True,
    }
    assert read(FULL) == expected
    assert read(f"[tool.passlens]\n{FULL}\n[tool.other]\nx = 1", shared=True) == expected
    assert set(expected) == {name for name, _ in KEYS.values()}


def test_a_baseline_stands_beside_the_file_unless_it_is_absolute() -> None:
    assert read('baseline = "/elsewhere/b.json"') == {"baseline": "/elsewhere/b.json"}


@pytest.mark.parametrize("text", ["", "[tool]", "[project]\nname = 'x'", "tool = 3"])
def test_a_shared_file_without_a_section_says_nothing(text: str) -> None:
    assert read(text, shared=True) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("selct = []", "selct is no known key; did you mean select?"),
        ("fail_on = 'error'", "fail_on is no known key; did you mean fail-on?"),
        (
            "zzz = 1",
            "zzz is no known key; known are select, ignore, fail-on, baseline, filter, allow-empty and format.",
        ),
        ("allow-empty = 1", "allow-empty is number 1, expected true or false."),
        ("[select]", 'select is a table, expected a list of codes such as ["PL204", "PL4xx"].'),
        ("select = [1]", "select has number 1, expected a list of codes"),
        ("[tool.passlens]\nselect = []", "the keys stand here as they are; leave [tool.passlens] out."),
        ("ignore = ['PL2OO']", "ignore: 'PL2OO' is no finding code or family; "),
        ("fail-on = 'bad'", "fail-on is 'bad', expected error, warning, note or never."),
        ("fail-on = true", "fail-on is boolean true, expected error,"),
        ("format = 'xml'", "format is 'xml', expected text, json,"),
        ("baseline = ''", "baseline is the text '', expected the name of a file."),
        ("baseline = 1979-05-27", "baseline is a date or time, expected"),
        ("filter = 1.5", "filter is number 1.5, expected a filter expression of mitmproxy."),
        ("select = ", "is no TOML (Invalid value (at "),
        ('"a\\u001b[2J" = 1', "a\ufffd[2J is no known key"),
        ("x = " + "9" * 5000, "is no TOML (it holds a value that is too large): mend it"),
        ("x = " + "[" * 5000, "is no TOML (it holds a value that is too large): mend it"),
    ],
)
def test_a_mistake_is_one_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the words are compared below
        read(text)
    said = str(caught.value)
    assert said.startswith(str(PATH))
    assert words in said
    assert said[-1] in ".?"
    assert said.isprintable()


def test_a_section_that_is_no_table_is_refused_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"tool\.passlens is number 1, expected a table"):
        read("[tool]\npasslens = 1", shared=True)
    with pytest.raises(ValueError, match=r"tool\.passlens\.slect is no known key; did you mean select\?"):
        read("[tool.passlens]\nslect = []", shared=True)


def test_the_nearest_file_upwards_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "passlens.toml").write_text("")
    assert find(inner) == tmp_path / "passlens.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'")
    assert find(inner) == tmp_path / "passlens.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.passlens]\nfail-on = 'note'")
    assert find(inner) == tmp_path / "a" / "pyproject.toml"
    (tmp_path / "a" / "passlens.toml").write_text("")
    assert find(inner) == tmp_path / "a" / "passlens.toml"


def test_a_broken_shared_file_counts_only_if_it_is_about_passlens(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.other\n")
    assert find(tmp_path) != path
    path.write_text("[tool.passlens]\nselect = \n")
    assert find(tmp_path) == path
    with pytest.raises(ValueError, match="is no TOML"):
        load(path)


def test_a_file_that_an_editor_of_windows_saved(tmp_path: Path) -> None:
    (tmp_path / "passlens.toml").write_text('fail-on = "warning"\n', "utf-8-sig")
    assert load(tmp_path / "passlens.toml") == {"fail_on": "warning"}


def test_files_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"The configuration .* cannot be read \(No such file or directory\)"):
        load(tmp_path / "missing.toml")
    with pytest.raises(ValueError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "x.toml").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="it is not UTF-8"):
        load(tmp_path / "x.toml")
    (tmp_path / "x.toml").write_bytes(b"#" * (1 << 18))
    load(tmp_path / "x.toml")
    (tmp_path / "x.toml").write_bytes(b"#" * ((1 << 18) + 1))
    with pytest.raises(ValueError, match="is longer than a configuration can be"):
        load(tmp_path / "x.toml")


@pytest.mark.parametrize(("dots", "taken"), [(400, True), (401, False)])
def test_a_line_has_four_hundred_dots_at_most(dots: int, taken: bool, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("# " + "." * dots)
    if taken:
        load(tmp_path / "x.toml")
    else:
        with pytest.raises(ValueError, match="more than 400 dots"):
            load(tmp_path / "x.toml")


names = st.sampled_from([*KEYS, "selct", "tool", "x"]) | st.text(max_size=5)
simple = (
    st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["PL2", "PL204", "error", "json", "never"])
)
values = st.recursive(simple, lambda inner: st.lists(inner, max_size=3), max_leaves=5)


def as_toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(sign):08x}" for sign in value if not 0xD800 <= ord(sign) < 0xE000) + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    return str(value).lower()


@given(st.dictionaries(names, values, max_size=4), st.booleans())
def test_any_toml_is_accepted_or_one_sentence(document: dict[str, object], shared: bool) -> None:
    lines = [f"{as_toml(key)} = {as_toml(value)}" for key, value in document.items()]
    text = "\n".join(["[tool.passlens]" * shared, *lines])
    try:
        found = read(text, shared=shared)
    except ValueError as error:
        said = str(error)
        assert said.startswith(str(PATH))
        assert said[-1] in ".?"
        assert "\n" not in said
        assert len(said) < 400
    else:
        assert set(document) <= set(KEYS)
        assert set(found) == {KEYS[key][0] for key in document}


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_accepted_or_one_sentence(text: str, shared: bool) -> None:
    said = ""
    try:
        read(text, shared=shared)
    except ValueError as error:
        said = str(error)
    assert said == "" or said.startswith(str(PATH))
    assert said.isprintable()
