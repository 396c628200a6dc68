"""The picture of a journey: exchanges as steps in lanes, one row after another when there are many."""

import re

import pytest

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.reports.html.page import TimelineStep
from passlens.reports.html.timeline import WIDE, rows, sentence
from reports.html.test_report import entries_of, report
from support.examples import answered, exchange


def test_every_exchange_is_a_step_of_the_picture() -> None:
    made = report(entries_of("apple-tv"))
    numbers = re.findall(r'class="node[^"]*"[^>]*data-x="(\d+)"|data-x="(\d+)"[^>]*class="node', made)
    assert {int(one or two) for one, two in numbers} == set(range(1, 14))


def test_a_single_exchange_has_a_picture() -> None:
    assert "<svg" in report([analyze(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))])


def test_an_exchange_without_a_time_does_no_harm() -> None:
    entry = analyze(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK)) | {
        "started": None,
        "duration_ms": None,
    }
    assert "<svg" in report([entry, entry])


def test_many_steps_are_cut_into_rows() -> None:
    assert report(entries_of("apple-tv") * 6).count("<svg") >= 1


@pytest.mark.parametrize(("count", "pictured"), [(239, 239), (240, 240), (241, 240)])
def test_the_first_240_steps_of_a_device_are_pictured(count: int, pictured: int) -> None:
    one = analyze(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))
    made = rows([TimelineStep(number, one) for number in range(1, count + 1)], WIDE)
    assert sum(len(row.nodes) for row in made) == pictured


def test_a_denial_is_drawn_as_one_and_told() -> None:
    error = {"code": "authorization_denied_by_mvpd"}
    denied = {"resource": "news", "authorized": False, "source": "mvpd", "error": error}
    step = TimelineStep(1, analyze(answered(exchange("authorize"), {"decisions": [denied]})))
    permit = TimelineStep(2, analyze(exchange("authorize")))
    assert step.denied
    assert step.look in ("denied", step.worst)
    assert "denied" in sentence(step)
    assert not permit.denied
    assert permit.look == (permit.worst or "fine")
