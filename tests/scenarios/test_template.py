"""Templates, filled in: what they see, what they cannot do, and that none of them runs away."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.errors import TemplateError
from passlens.exchange.decoded import Decoded
from passlens.scenarios.template import render, render_json
from passlens.scenarios.template_engine import LARGEST
from passlens.scenarios.template_values import context
from scenarios.made import NOW, exchange

SEEN = context(Decoded(exchange("P1")), NOW, random.Random(1))


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
    assert render("{{ 'aBa'.lower() }} {{ 'aBa'.upper() }} {{ ' a '.strip() }}", SEEN) == "aba ABA a"
    assert render("{{ 'ab'.startswith('a') }} {{ 'ab'.endswith('a') }}", SEEN) == "true false"
    assert render("no template { }", SEEN) == "no template { }"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ now.millis }}", 1767323045000),
        ("{{ 3 / 2 }}", 1.5),
        ("{{ mvpd == 'HarbourCable' }}", True),
        ("{{ false }}", False),
        ("{{ none }}", None),
        ("{{ mvpd }}", "HarbourCable"),
        ("{{ now }}", "2026-01-02T03:04:05Z"),
        ("{{ now.millis | string }}", "1767323045000"),
        ("{{ now.millis }} ", "1767323045000 "),
        ("{{ 1 }}{{ 2 }}", "12"),
        ("{% if true %}{{ 1 }}{% endif %}", "1"),
        ("{{ '1' }}", "1"),
        ("no template", "no template"),
    ],
)
def test_a_value_that_is_one_expression_keeps_its_type(text: str, value: object) -> None:
    made = render_json({"a": [text]}, SEEN)["a"][0]
    assert made == value
    assert type(made) is type(value)


@pytest.mark.parametrize("text", ["{{ nothing }}", "{{ form }}", "{{ [1] }}", "{{ '1e999' | float }}", "{{ 'x' + 1 }}"])
def test_an_expression_that_json_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        render_json(text, SEEN)


def test_json_values_are_filled_in_where_they_are_texts() -> None:
    value = {"{{ key }}": ["{{ partner }}", 1, None, {"a": "{{ mvpd }}"}]}
    assert render_json(value, SEEN) == {"{{ key }}": ["Apple", 1, None, {"a": "HarbourCable"}]}


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
    with pytest.raises(TemplateError) as caught:
        render(text, SEEN)
    assert "\n" not in str(caught.value)
    assert time.thread_time() - started < 15


def text_of(doublings: int, more: int = 0) -> str:
    """A template that puts together a text of 4096 characters, doubled so often, and some more."""
    start = "{% set a = '" + "x" * 4096 + "' %}" + "{% set a = a ~ a %}" * doublings
    return start + "{{ (a ~ '" + "y" * more + "')|length }}"


def loops(turns: int) -> str:
    """A template whose loops take so many turns together."""
    inner = turns // 100 - 1
    text = "{% for a in range(100) %}{% for b in range(" + str(inner) + ") %}{% endfor %}{% endfor %}"
    return text + "{% for c in range(" + str(turns % 100) + ") %}{% endfor %}."


def output(characters: int) -> str:
    """A template that makes so many characters."""
    each, rest = divmod(characters, 1000)
    return "{% for a in range(1000) %}" + "x" * each + "{% endfor %}" + "y" * rest


WITHIN_AND_BEYOND = {
    "characters of a template": ("x" * 16_379 + "{{1}}", "x" * 16_380 + "{{1}}", "longer than 16384"),
    "characters made": (output(1 << 20), output((1 << 20) + 1), "longer than 1048576"),
    "characters of a text": (text_of(4), text_of(4, 1), "text grows too large"),
    "turns": (loops(10_000), loops(10_001), "more than 10000 turns"),
    "numbers of a range": ("{{ range(1000)|length }}", "{{ range(1001)|length }}", "1000 numbers at most"),
    "size of a number": ("{{ 1e18 + 0 }}", "{{ 1000000000000000001 + 0 }}", "numbers are too large"),
    "size below zero": ("{{ 0 - 1e18 }}", "{{ -1000000000000000001 + 0 }}", "numbers are too large"),
    "loops in one another": (
        "{% for a in [1] %}{% for b in [1] %}.{% endfor %}{% endfor %}",
        "{% for a in [1] %}{% for b in [1] %}{% for c in [1] %}.{% endfor %}{% endfor %}{% endfor %}",
        "2 deep at most",
    ),
}


@pytest.mark.parametrize("limit", WITHIN_AND_BEYOND)
def test_limits(limit: str) -> None:
    within, beyond, words = WITHIN_AND_BEYOND[limit]
    assert render(within, SEEN)
    with pytest.raises(TemplateError, match=words):
        render(beyond, SEEN)


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
    except TemplateError as error:
        made = str(error)
    assert len(made) <= LARGEST
