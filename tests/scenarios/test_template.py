"""Templates: what they see, what they cannot do, and that none of them runs away."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.scenarios.template import LARGEST, LONGEST, TemplateMistake, check, render, render_json
from passlens.scenarios.template_values import context
from scenarios.made import NOW, exchange

SEEN = context(exchange("P1"), NOW, random.Random(1))


def test_what_a_template_can_do() -> None:
    text = (
        "{{ operation }} {{ service_provider|lower }} {% if partner == 'Apple' %}yes{% endif %} {{ form.redirectUrl }}"
    )
    assert render(text, SEEN).startswith("partner-session demotv yes https://")
    assert render("{{ device_info.osName ~ '/' ~ device_info.displayWidth }}", SEEN) == "tvOS/1920"
    assert render("{{ now }} {{ now.plus(minutes=-1).millis }}", SEEN) == "2026-01-02T03:04:05Z 1767322985000"
    assert render("{% for n in range(3) %}{{ loop.index }}{% endfor %}", SEEN) == "123"
    assert render("{% set c = random.code() %}{{ c == c }}", SEEN) == "true"
    assert render("{{ form.nothing|default('none') }}", SEEN) == "none"
    assert render("{{ partner_status.frameworkPermissionInfo|tojson }}", SEEN) == '{"accessStatus":"granted"}'
    assert render("no template { }", SEEN) == "no template { }"


def test_json_values_are_filled_in_where_they_are_texts() -> None:
    value = {"{{ key }}": ["{{ partner }}", 1, None, {"a": "{{ mvpd }}"}]}
    assert render_json(value, SEEN) == {"{{ key }}": ["Apple", 1, None, {"a": "HarbourCable"}]}


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
        "{{ '" + "x" * LONGEST + "' }}",
    ],
)
def test_what_is_refused_when_the_file_is_read(text: str) -> None:
    with pytest.raises(TemplateMistake) as caught:
        check(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ nothing }}",
        "{{ form.nothing }}",
        "{{ ''.__class__ }}",
        "{{ now.__class__.__mro__ }}",
        "{{ random._source }}",
        "{{ random._source.seed(1) }}",
        "{{ form.__class__ }}",
        "{{ now.epoch.real.__class__ }}",
        "{{ form }}",
        "{{ [1] }}",
        "{{ none }}",
        "{{ self }}",
        "{{ 'a' * 9 }}",
        "{{ '%s' % 1 }}",
        "{{ '{}'.format(1) }}",
        "{{ 9 ** 9 }}",
        "{{ 1e18 * 10 * 10 }}",
        "{{ range(100000)|length }}",
        "{{ range.__self__ }}",
        "{% set a = [1] %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "{{ random.integer(5, 1) }}",
        "{{ random.pick() }}",
        "{{ 1 + 'a' }}",
        "{{ 1 / 0 }}",
        "{{ (1).bit_length() }}",
        "{{ cycler(1) }}",
        "{{ lipsum() }}",
        "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = 'x' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
        "{% for a in range(900) %}" + "{{ 'x' }}{{ headers }}" + "{% endfor %}",
        "{% for a in range(1000) %}" + "x" * 2000 + "{% endfor %}",
    ],
)
def test_what_cannot_be_filled_in(text: str) -> None:
    started = time.thread_time()
    with pytest.raises(TemplateMistake) as caught:
        render(text, SEEN)
    assert "\n" not in str(caught.value)
    assert time.thread_time() - started < 5


def test_a_context_cannot_be_changed() -> None:
    render("{% set operation = 'x' %}{{ operation }}", SEEN)
    assert SEEN["operation"] == "partner-session"


PIECES = (
    "{{", "}}", "{%", "%}", "set", "for", "in", "if", "endfor", "endif", "a", "now", "form", "random", ".", "(", ")",
    "[", "]", "~", "+", "*", "|", "tojson", "default", "''", "9", ",", "=", "range", "loop",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_arbitrary_templates(pieces: list[str]) -> None:
    try:
        made = render(" ".join(pieces), SEEN)
    except TemplateMistake as error:
        made = str(error)
    assert len(made) <= LARGEST
