"""YAML to plain values with places; bombs, tags and ambiguous numbers are refused."""

import pytest

from passlens.errors import RuleError
from passlens.scenarios.yaml_nodes import LARGEST, YamlDocument, read


def parse(data: bytes) -> YamlDocument:
    """Read one document; raises its first error."""
    document = read(data)
    if document.errors:
        raise document.errors[0]
    return document


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
    with pytest.raises(RuleError, match="more than"):
        parse(bomb.encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"# only a comment", "the file is empty"),
        (b"a: \xff", "is not UTF-8"),
        (b"a: 1\n---\nb: 2", "is not YAML: found another document; keep one document"),
        (b"a: {<<: {b: 1}}", "keys are not merged here"),
        (b"a: {{ code }}", "a template stands in quotes"),
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
        (b"a: 1e999", "no plain number"),
        (b"a: 1\na: 2", "stands twice|is not YAML"),
        (b"a" * (LARGEST + 1), "larger than"),
        (b"%YAML 9.9.9\n---\na", "is not YAML"),
        (b"a: " + b"9" * 5000, "in quotes"),
    ],
)
def test_what_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        parse(data)


def test_a_key_of_two_smaller_signs_in_quotes_is_a_key() -> None:
    assert parse(b"{'<<': 1}").value == {"<<": 1}


def test_a_sign_that_json_writes_as_two_escapes_is_one() -> None:
    assert parse(b'{"\\ud83d\\ude00": "it\\u00e9 \\ud83d\\ude00"}').value == {"\U0001f600": "it\u00e9 \U0001f600"}


def test_what_is_not_utf_8_is_told_by_its_line() -> None:
    for data, line in ((b"\xff", 1), (b"a: 1\nb: \xff\nc: \xff", 2)):
        with pytest.raises(RuleError) as caught:
            parse(data)
        assert (caught.value.line, caught.value.column) == (line, 1)


def aliases(count: int, more: str) -> bytes:
    """A list of a hundred values, taken so often, and a list of more."""
    hundred = ", ".join(["1"] * 99)
    return f"a: &x [{hundred}]\nb: [{', '.join(['*x'] * count)}]\nc: [{more}]".encode()


def long_texts(count: int, more: str) -> bytes:
    return f"a: &x {'x' * (1 << 16)}\nb: [{', '.join(['*x'] * count)}]\nc: '{more}'".encode()


WITHIN_AND_BEYOND = {
    "bytes of the file": (b"a: ".ljust(1 << 17, b"x"), b"a: ".ljust((1 << 17) + 1, b"x"), "larger than 128 KiB"),
    "nesting of blocks": (b"- " * 24 + b"x", b"- " * 25 + b"x", "nested deeper than 24 levels"),
    "nesting in brackets": (b"[" * 25 + b"]" * 25, b"[" * 26 + b"]" * 26, "nested deeper than 24 levels"),
    "values": (aliases(198, ", ".join("1" * 97)), aliases(198, ", ".join("1" * 98)), "more than 20000 values"),
    "characters": (long_texts(15, ""), long_texts(15, "y"), "more than 1048576 characters"),
    "digits": (b"a: 12345678901234567890", b"a: 123456789012345678901", "in quotes"),
}


@pytest.mark.parametrize("limit", WITHIN_AND_BEYOND)
def test_limits(limit: str) -> None:
    within, beyond, words = WITHIN_AND_BEYOND[limit]
    assert parse(within).value
    with pytest.raises(RuleError, match=words):
        parse(beyond)


@pytest.mark.parametrize(("length", "shown"), [(80, "!" + "x" * 79), (81, "!" + "x" * 76 + "...")])
def test_a_long_value_is_cut_where_it_is_shown(length: int, shown: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(b"!".ljust(length, b"x") + b" a")
    assert caught.value.problem == f"the tag {shown!r} is not known here"
