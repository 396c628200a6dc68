"""The picture of a journey: exchanges as steps in lanes, one row after another when there are many."""

import re

import cases
import forge
from passlens.verdict import judge
from reports.test_html import entries_of, report


def test_every_exchange_is_a_step_of_the_picture() -> None:
    made = report(entries_of("apple-tv"))
    numbers = re.findall(r'class="node[^"]*"[^>]*data-x="(\d+)"|data-x="(\d+)"[^>]*class="node', made)
    assert {int(one or two) for one, two in numbers} == set(range(1, 11))


def test_a_single_exchange_has_a_picture() -> None:
    assert "<svg" in report([judge(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))])


def test_an_exchange_without_a_time_does_no_harm() -> None:
    entry = judge(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK)) | {
        "started": None,
        "duration_ms": None,
    }
    assert "<svg" in report([entry, entry])


def test_many_steps_are_cut_into_rows() -> None:
    assert report(entries_of("apple-tv") * 6).count("<svg") >= 1
