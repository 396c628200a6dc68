"""YAML to plain values with places; bombs, tags and ambiguous numbers are refused."""

import pytest

from passlens.scenarios.yaml_nodes import LARGEST, Mistake, parse


def test_values_and_places() -> None:
    document = parse(b"a: 1\nb:\n  - x: true\n  - [1.5, ~, 'q', yes, 2020-01-01]\n")
    assert document.value == {"a": 1, "b": [{"x": True}, [1.5, None, "q", "yes", "2020-01-01"]]}
    assert document.places[("b",)] == (2, 1)
    assert document.places[("b", 0, "x")] == (3, 5)
    assert document.places[("b", 1, 2)] == (4, 14)


def test_aliases_are_taken_and_bounded() -> None:
    assert parse(b"a: &x [1]\nb: *x").value == {"a": [1], "b": [1]}
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    with pytest.raises(Mistake, match="more than"):
        parse(bomb.encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"# only a comment", "the file is empty"),
        (b"a: \xff", "is not UTF-8"),
        (b"a: 1\n---\nb: 2", "is not YAML"),
        (b"a: &a [*a]", "nested deeper"),
        (b"[" * 200, "nested deeper"),
        (b"[" * 60 + b"]" * 60, "nested deeper"),
        (b"[" * 3000 + b"]" * 3000, "nested deeper"),
        (b"- " * 3000, "nested"),
        (b"a: !!binary aaaa", "the tag"),
        (b"a: !mine x", "the tag"),
        (b"!!set {a, b}", "the tag"),
        (b"? [a]\n: b", "a key must be a plain text"),
        (b'a: "\\ud800"', "surrogate|is not YAML"),
        (b"a: 0x1F", "in quotes"),
        (b"a: 1_000", "in quotes"),
        (b"a: .nan", "no plain number"),
        (b"a: 1\na: 2", "stands twice|is not YAML"),
        (b"a" * (LARGEST + 1), "larger than"),
        (b"%YAML 9.9.9\n---\na", "is not YAML"),
        (b"a: " + b"9" * 5000, "in quotes"),
    ],
)
def test_what_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        parse(data)
