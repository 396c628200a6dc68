"""The template engine: what it refuses when a rule file is read, and what is an expression as a whole."""

import pytest
from jinja2.exceptions import SecurityError

from passlens.errors import TemplateError
from passlens.scenarios.template_engine import MAX_CHARS, check, is_expression, is_template, to_json


@pytest.mark.parametrize(
    ("text", "template", "expression"),
    [
        ("{ }", False, False),
        ("{{ now }}", True, True),
        ("{{ now }} ", True, False),
        ("{{ 1 }}{{ 2 }}", True, False),
        ("{% if true %}1{% endif %}", True, False),
        ("{# nothing #}", True, False),
        ("{{ }}", True, False),
    ],
)
def test_what_there_is_to_do(text: str, template: bool, expression: bool) -> None:
    assert (is_template(text), is_expression(text)) == (template, expression)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ opration }}", "did you mean operation"),
        ("{{ now.plsu() }}", "did you mean plus"),
        ("{{ form.anything }}", None),
    ],
)
def test_a_name_that_no_template_sees_is_refused_with_the_nearest(text: str, words: str | None) -> None:
    if words is None:
        check(text)
        return
    with pytest.raises(TemplateError, match=words):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{",
        "{% for %}",
        "{{ a|nosuch }}",
        "{% macro a() %}{{ a() }}{% endmacro %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% call x() %}{% endcall %}",
        "{% set x %}a{% endset %}",
        "{% for a in b recursive %}{% endfor %}",
        "{% for a in b %}{% for c in b %}{% for d in b %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ _turn }}",
        "{% set _turn = 1 %}",
        "{{ '" + "x" * MAX_CHARS + "' }}",
    ],
)
def test_what_is_refused_when_the_file_is_read(text: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(text)
    assert "\n" not in str(caught.value)


def test_json_is_bounded_like_all_that_a_template_makes() -> None:
    assert len(to_json("x" * ((1 << 20) - 2))) == 1 << 20
    with pytest.raises(SecurityError, match="JSON grows too large"):
        to_json("x" * ((1 << 20) - 1))
