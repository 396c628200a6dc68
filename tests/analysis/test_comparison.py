"""Two recordings against each other: what pairs up, what changed, and what makes no difference."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cases
import forge
import redaction.test_redactor as planting
from passlens.analysis.analyzer import analyze
from passlens.analysis.baseline import Baseline, to_document
from passlens.analysis.comparison import ExchangeMeaning, Pair, compare, meaning, with_journey
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.reports.changes import as_json, as_text
from scenarios.made import exchange
from support.expecting import expecting, judged
from support.sequence import NONE, call, session


def seen(ex: Exchange, index: int = 0) -> ExchangeMeaning:
    return meaning(Decoded(replace(ex, index=index)), analyze(replace(ex, index=index)))


def recording(*words: str) -> list[ExchangeMeaning]:
    return [seen(exchange(item, answered=True), number) for number, item in enumerate(words)]


def shape(pairs: list[Pair]) -> list[tuple[int | None, int | None]]:
    return [(pair.old.index if pair.old else None, pair.new.index if pair.new else None) for pair in pairs]


def test_other_ids_codes_and_times_make_no_difference() -> None:
    def of_day(clock: float) -> list[ExchangeMeaning]:
        return [seen(cases.as_exchange(case, clock), number) for number, case in enumerate(cases.cases(clock))]

    pairs = compare(of_day(forge.CLOCK), of_day(forge.CLOCK + 86_400 * 17.7))
    assert len(pairs) > 100
    assert all(pair.alike for pair in pairs)


def test_another_device_pairs_with_the_one_in_its_place() -> None:
    old = recording("P3 device=kitchen", "C1 device=bedroom", "R1 device=kitchen")
    new = recording("P3 device=attic", "C1 device=cellar", "R1 device=attic")
    assert all(pair.alike for pair in compare(old, new))
    same = recording("C1 device=bedroom", "P3 device=kitchen", "R1 device=kitchen")
    assert shape(compare(old, same)) == [(1, 0), (0, 1), (2, 2)]
    assert all(pair.alike for pair in compare(old, same))


def test_one_that_was_added_or_left_out_does_not_shift_the_rest() -> None:
    old = recording("P1", "P2", "P3")
    new = recording("P1", "P6", "P2", "P3")
    pairs = compare(old, new)
    assert shape(pairs) == [(0, 0), (None, 1), (1, 2), (2, 3)]
    assert shape(compare(new, old)) == [(0, 0), (1, None), (2, 1), (3, 2)]
    assert [pair.alike for pair in pairs] == [True, False, True, True]


def test_equally_many_pair_by_order() -> None:
    assert shape(compare(recording("P1", "P2"), recording("P2", "P1"))) == [(0, 0), (1, 1)]


def test_changes_are_named_by_what_they_are() -> None:
    (pair,) = compare(recording("P3"), recording("P1 without=AP-Partner-Framework-Status"))
    found = {change.what: change for change in pair.changes}
    assert (found["outcome"].old, found["outcome"].new) == ("P3", "P1")
    assert found["action"].new == "partner_profile / direct / none"
    assert "status" not in found
    assert "header:AP-Partner-Framework-Status" in found["attributes"].gone
    assert "body#/authenticationRequest/request string" in found["attributes"].added
    assert any(text.startswith("warning PL204 ") for text in found["findings"].added)


def test_what_only_a_journey_as_a_whole_shows_is_meaning() -> None:
    calls = [
        call("partner-session", 0, session(reason="pfs_fallback"), injected="outcome"),
        call("profiles", 90, NONE),
    ]
    _, _, (journey,) = judged(calls, expecting("{name: goes on, within: 60000, next: authenticate}"))
    last = seen(calls[-1])
    (found,) = set(with_journey(last, journey).findings) - set(last.findings)
    assert found.startswith("error PL690 ")


def test_an_error_and_missing_parameters_are_meaning() -> None:
    (pair,) = compare(recording("C1"), recording("C2"))
    assert "missing" in {change.what for change in pair.changes}
    # The order of the list is none.
    item = cases.as_exchange(cases.case("C2"))
    assert item.response is not None
    assert item.response.body is not None
    turned = item.response.body.replace(b'["domainName","redirectUrl"]', b'["redirectUrl","domainName"]')
    other = replace(item, response=replace(item.response, body=turned))
    (pair,) = compare([seen(item)], [seen(other)])
    assert pair.alike


def test_without_a_partner_there_is_one_side() -> None:
    (pair,) = compare([], recording("P1"))
    assert (pair.old, pair.changes, pair.alike) == (None, (), False)
    assert compare([], []) == []


def test_long_recordings_go_by_order() -> None:
    (item,) = recording("P1")
    old = [replace(item, index=number) for number in range(1005)]
    pairs = compare(old, old[:-5])
    assert len(pairs) == 1005
    assert sum(pair.alike for pair in pairs) == 1000


@pytest.mark.parametrize(("length", "aligned"), [(1000, True), (1001, False)])
def test_recordings_of_a_thousand_exchanges_are_aligned(length: int, aligned: bool) -> None:
    first, rest = recording("P3", "P1")
    old = [first, *(replace(rest, index=number) for number in range(1, length))]
    # Without the first exchange only those that are aligned find their partners.
    pairs = compare(old, old[1:])
    assert [pair.new is None for pair in pairs].index(True) == (0 if aligned else length - 1)


KINDS = [*recording("P1", "P3 device=kitchen", "C1"), seen(cases.as_exchange(cases.case("RS-B")))]
rows = st.lists(st.sampled_from(range(len(KINDS))), max_size=8)


@given(rows, rows)
def test_every_exchange_stands_in_one_pair_of_one_operation(old: Any, new: Any) -> None:
    before = [replace(KINDS[kind], index=number) for number, kind in enumerate(old)]
    after = [replace(KINDS[kind], index=number) for number, kind in enumerate(new)]
    pairs = compare(before, after)
    assert sorted(pair.old.index for pair in pairs if pair.old) == list(range(len(old)))
    assert [pair.new.index for pair in pairs if pair.new] == list(range(len(new)))
    for pair in pairs:
        if pair.old and pair.new:
            assert pair.old.operation == pair.new.operation
            assert pair.alike == (pair.old.signature == pair.new.signature)


@given(rows)
def test_a_recording_means_what_it_means(row: Any) -> None:
    items = [replace(KINDS[kind], index=number) for number, kind in enumerate(row)]
    assert all(pair.alike for pair in compare(items, items))


def test_planted_secrets_are_in_no_meaning_and_no_baseline() -> None:
    exchanges = [planting.exchange(made) for made in (planting.everywhere(), *planting.malformed())]
    pairs = compare([], [seen(ex) for ex in exchanges]) + compare(
        [seen(ex) for ex in exchanges[:1]], [seen(exchanges[-1])]
    )
    planting.assert_clean(as_text(pairs) + as_json(pairs, "old", "new"), "diff")
    baseline = Baseline()
    for ex in exchanges:
        baseline.add(analyze(ex))
    planting.assert_clean(json.dumps(to_document(baseline)), "baseline")
    planting.assert_clean(repr([seen(ex) for ex in exchanges]), "meaning")
