"""Baselines: keys survive other codes, ids, times and order; what is known, new and gone."""

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.analysis.baseline import SCHEMA, Baseline, BaselineComparison, from_document, key_of, to_document
from passlens.errors import BaselineError

TEXTS = (
    "The code is {code}, expected {other}.",
    "{time} is before {later}",
    "{id} came from {address}",
    "https://{address}/api/v2/DEMOTV/sessions/{code}?device={pseudonym}&at={epoch}",
    "expired {hours} hours ago",
    "missing",
)
PLACES = ("body#/code", "body#/profiles/{number}/id", "header:X-Device-Info#/osName", "form:redirectUrl", "status")

signs = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=7, max_size=7)
moments = st.integers(1_000_000_000, 1_999_999_999)


@st.composite
def volatile(draw: Any) -> dict[str, str]:
    """What changes from run to run."""
    return {
        "code": draw(signs),
        "other": draw(signs),
        "time": datetime.fromtimestamp(draw(moments), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "later": datetime.fromtimestamp(draw(moments), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "epoch": str(draw(moments) * 1000 + draw(st.integers(0, 999))),
        "id": str(draw(st.uuids())),
        "address": str(draw(st.ip_addresses(v=4))),
        "pseudonym": f"sha256:{draw(st.text('0123456789abcdef', min_size=12, max_size=12))}",
        "hours": str(draw(st.integers(2, 5000))),
        "number": str(draw(st.integers(0, 500))),
    }


def entry(values: dict[str, str], order: list[int]) -> dict[str, Any]:
    findings = [
        {"code": "PL204", "at": at.format(**values), "expected": text.format(**values), "actual": text.format(**values)}
        for at in PLACES
        for text in TEXTS
    ]
    return {
        "operation": "partner-session", "code": values["code"], "findings": [findings[number] for number in order]
    }  # fmt: skip


@given(volatile(), volatile(), st.permutations(range(len(PLACES) * len(TEXTS))))
def test_keys_survive_other_codes_ids_times_and_order(one: Any, other: Any, order: list[int]) -> None:
    before, after = Baseline(), Baseline()
    before.add(entry(one, list(range(len(order)))))
    after.add(entry(other, order))
    assert before.counts == after.counts
    assert to_document(before) == to_document(after)
    assert len(before.counts) >= 20


def analyzed(clock: float, *, shuffled: bool = False) -> list[dict[str, Any]]:
    made = cases.cases(clock)
    if shuffled:
        random.Random(7).shuffle(made)
    return [analyze(cases.as_exchange(case, clock)) for case in made]


def test_the_documented_cases_of_another_day_in_another_order_are_known() -> None:
    baseline = Baseline()
    for item in analyzed(forge.CLOCK):
        baseline.add(item)
    comparison = BaselineComparison(baseline)
    assert [comparison.new_in(item) for item in analyzed(forge.CLOCK + 86_400 * 40.3, shuffled=True)] == [[]] * len(
        analyzed(forge.CLOCK)
    )
    assert comparison.gone == []
    assert comparison.known == baseline.counts.total()


def test_what_comes_more_often_is_new_and_what_comes_less_often_is_gone() -> None:
    item = next(item for item in analyzed(forge.CLOCK) if item["findings"])
    finding = item["findings"][0]
    baseline = Baseline()
    baseline.add({**item, "findings": [finding] * 2})
    more = BaselineComparison(baseline)
    assert more.new_in({**item, "findings": [finding] * 3}) == [finding]
    assert (more.known, more.new, more.gone) == (2, 1, [])
    less = BaselineComparison(baseline)
    less.new_in({**item, "findings": [finding]})
    (change,) = less.gone
    assert (change.key, change.was, change.now) == (key_of(item, finding), 2, 1)
    assert str(change).endswith("1 of 2 left")
    (none,) = BaselineComparison(baseline).gone
    assert str(none) == str(none.key)
    assert (less.summary("b.json")["gone"] or [])[0]["now"] == 1


def test_another_operation_code_place_or_value_is_another_key() -> None:
    item = {"operation": "create-session", "code": None}
    finding = {"code": "PL204", "at": "status", "expected": "200", "actual": "403"}
    keys = {key_of(item, finding), key_of({**item, "operation": "partner-session"}, finding)}
    for name, value in (("code", "PL205"), ("at", "body"), ("expected", "201"), ("actual", "404")):
        keys.add(key_of(item, {**finding, name: value}))
    assert len(keys) == 6


def test_a_baseline_survives_its_document() -> None:
    baseline = Baseline()
    for item in analyzed(forge.CLOCK):
        baseline.add(item)
    text = json.dumps(to_document(baseline))
    assert from_document(json.loads(text)).counts == baseline.counts
    assert not {"sha256:", "eyJ", forge.uuid(("device", "living room"))} & set(text.split('"'))


ROW = {"operation": "a", "code": "PL204", "at": "b", "expected": "", "actual": "", "count": 1}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "is no baseline"),
        ({"schema": SCHEMA}, "is no baseline"),
        ({"kind": "passlens baseline"}, "version unknown, while this passlens reads version 1: write it again"),
        ({"kind": "passlens baseline", "schema": 2, "findings": []}, "of version 2"),
        ({"kind": "passlens baseline", "schema": True, "findings": []}, "of version True"),
        ({"kind": "passlens baseline", "schema": SCHEMA}, "findings is no list"),
        ({"kind": "passlens baseline", "schema": SCHEMA, "findings": [1]}, "finding 0"),
        ({"kind": "passlens baseline", "schema": SCHEMA, "findings": [ROW, {**ROW, "count": 0}]}, "finding 1"),
        ({"kind": "passlens baseline", "schema": SCHEMA, "findings": [{**ROW, "count": True}]}, "finding 0"),
        ({"kind": "passlens baseline", "schema": SCHEMA, "findings": [{**ROW, "at": None}]}, "finding 0"),
    ],
)
def test_another_version_and_a_broken_one_are_refused(document: Any, words: str) -> None:
    with pytest.raises(BaselineError, match=words):
        from_document(document)


def test_rows_of_one_key_add_up() -> None:
    document = {"kind": "passlens baseline", "schema": SCHEMA, "findings": [ROW, {**ROW, "count": 3}]}
    assert from_document(document).counts.total() == 4
