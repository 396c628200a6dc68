"""What to do about a text that is no YAML, held to what the parser says of real mistakes."""

import pytest

from passlens.errors import RuleError
from passlens.scenarios.yaml_advice import advice
from passlens.scenarios.yaml_nodes import read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("description: The user said: no", "a colon and a blank in it in quotes"),
        ("description:x\nrules:\n  - name: a", "with a colon and a blank behind it"),
        ("rules:\n  - name: a\n     then: b", "in one column"),
        ("rules:\n  -name: a\n   then: b", "in one column"),
        ("a: b\nc\nd: e", "with a colon and a blank behind it"),
        ("rules:\n\t- name: a", "indent with blanks in place of tabs"),
        ("description: @x", "begins with this sign in quotes"),
        ("description: %x", "begins with this sign in quotes"),
        ("when: {mvpd: *}", "in quotes"),
        ("mvpd: *any", "in quotes"),
        ("a: 1\n---\nb: 2", "keep one document in a file"),
        ('description: "x\nrules: 1\n', "close the quotes"),
        ("when: {a: b\nthen: {c: d}", "close each"),
        ("a: [1, 2\nb: 3", "close each"),
        ("a: [", "close each"),
        ("body: {{ form.mvpd }} x", "in quotes as a whole"),
        ('a: "x" y', "in quotes as a whole"),
    ],
)
def test_what_to_do_about_a_mistake(text: str, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        read(text.encode())
    said, _, rest = caught.value.problem.partition("; ")
    assert said.startswith("is not YAML: ")
    assert words in rest


def test_nothing_is_advised_about_what_is_not_known() -> None:
    assert advice("found something new") == ""
