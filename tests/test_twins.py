"""Twins: what is remembered of one exchange is what a judgement of the next would have found, whatever differs."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cases
import forge
from passlens import twins, verdict
from passlens.checks import run
from passlens.checks.table import CHECKS
from passlens.diagnosis import diagnose
from passlens.exchange import Exchange
from passlens.likeness import GOT, LONGEST, SENT, likeness
from passlens.twins import MOST, PLACE_AND_TIME, Twins
from passlens.verdict import Entry, judge
from support.deceiving import DECEIVING, beside, body_of, changed, on, own_values, times_of, with_answer, with_body
from support.examples import answered, collected, exchange

CORE = ("create-session", "resume-session", "retrieve-session", "partner-session")


@pytest.fixture(autouse=True)
def no_twins_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "_TWINS", Twins(at_once=True))


def alone(ex: Exchange) -> Entry:
    """The entry of an exchange that has never had a twin."""
    verdict._TWINS.forget()
    entry = judge(ex)
    verdict._TWINS.forget()
    return entry


def other(value: str, seed: int) -> str:
    """A value of the same form."""
    if len(value) == 7:
        return forge.code(seed)
    if value.isdigit():
        return str(int(value) + seed)
    return forge.uuid(seed) if len(value) == 36 else forge.saml_request(seed=seed)


def twin(ex: Exchange, seed: int) -> Exchange:
    """An exchange that differs in all such values, and in place and time."""
    for value in own_values(ex):
        ex = changed(ex, value, other(value, seed))
    return replace(ex, index=seed, file=f"{seed}.mitm", started=(ex.started or 0) + 0.5, duration_ms=7.0)


def judged_again(monkeypatch: pytest.MonkeyPatch, first: Exchange, second: Exchange) -> bool:
    """Whether the second of two exchanges is judged as a whole, too."""
    judge(first)
    judgements: list[Exchange] = []
    whole = verdict._judged
    monkeypatch.setattr(verdict, "_judged", lambda ex, reveal: judgements.append(ex) or whole(ex, reveal))
    judge(second)
    return bool(judgements)


# ---- an entry for the twin


@pytest.mark.parametrize("case", cases.cases(forge.CLOCK, "current"), ids=lambda case: case.name)
def test_a_documented_exchange_is_judged_once_for_all_its_twins(
    case: cases.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cases.as_exchange(case)
    second = twin(first, 3)
    assert not judged_again(monkeypatch, first, second)
    assert judge(second) == alone(second)
    assert judge(second) != judge(first)


@pytest.mark.parametrize("case", cases.cases(), ids=lambda case: case.name)
@pytest.mark.parametrize("reveal", [False, True])
def test_a_twin_has_the_entry_that_it_would_have_had_alone(case: cases.Case, reveal: bool) -> None:
    first = cases.as_exchange(case)
    second = twin(first, 5)
    expected = judge(second, reveal=reveal)
    verdict._TWINS.forget()
    judge(first, reveal=reveal)
    assert judge(second, reveal=reveal) == expected
    assert list(judge(second, reveal=reveal)) == list(expected)


def test_each_code_of_the_table_is_found_on_a_twin_too() -> None:
    for examples in collected().values():
        for one in examples:
            for first in (one.trigger, one.near):
                second = twin(first, 11)
                expected = alone(second)
                judge(first)
                assert judge(second) == expected, one.code


def test_no_exchange_changes_the_entry_of_another() -> None:
    expected = [(ex, alone(ex)) for ex in everything() if ex.route is not None]
    for known in (expected, list(reversed(expected))):
        for ex, entry in known:
            assert judge(replace(ex)) == entry


def test_an_entry_depends_on_no_other_headers() -> None:
    for ex in everything():
        if ex.route is None:
            continue
        request = replace(ex.request, headers=among(SENT, ex.request.headers))
        answer = None if ex.answer is None else replace(ex.answer, headers=among(GOT, ex.answer.headers))
        assert alone(replace(ex, request=request, answer=answer)) == alone(ex)


def among(names: frozenset[str], headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in headers if pair[0].lower() in names)


@pytest.mark.parametrize("before", [0, 1])
def test_what_somebody_does_with_an_entry_is_not_in_the_next_one(before: int) -> None:
    for _ in range(before):
        judge(exchange("P3"))
    entry = judge(exchange("P3"))
    kept = json.dumps(entry)
    entry["device"]["info"].clear()
    entry["findings"].append("nonsense")
    assert json.dumps(judge(exchange("P3"))) == kept


# ---- what decides is never taken from another


AWKWARD = [
    forge.code("AWKWARD"),
    "0000000",
    "DEMOTV7",
    "1767323",
    "ABC1234",
    "abc1234",
    "SHORT",
    "LONGER12",
    "K7é1234",
    "%41BC123",
    "A\\u0042C123",
]
"""Codes, documented and not."""


VALUES = ["", None, 1, "x", [], {}, {"code": forge.code("odd")}, "1767323045000", "none", "DEMOTV"]


def odd(ex: Exchange) -> st.SearchStrategy[Exchange]:
    """The exchange with something of it changed."""
    like = likeness(ex)
    code = like.code if like is not None and like.code is not None else "none"
    members, body, numbers = ex.body or {}, body_of(ex), [value for value in own_values(ex) if value.isdigit()]
    awkward = st.sampled_from(AWKWARD)
    changes = [
        awkward.map(lambda new: changed(ex, code, new)),
        awkward.map(lambda new: answered(ex, {**members, "code": new})),
        awkward.map(lambda new: replace(ex, request=replace(ex.request, body=b"mvpd=" + new.encode()))),
        st.floats(-2e9, 2e9).map(lambda seconds: replace(ex, started=(ex.started or 0) + seconds)),
        st.sampled_from([None, 0.0, 1e12]).map(lambda started: replace(ex, started=started)),
        st.sampled_from([None, 1.0, 1e12]).map(lambda took: replace(ex, duration_ms=took)),
        st.just(replace(ex, answer=None, failure="it broke")),
        st.sampled_from([201, 401, 429]).map(lambda status: replace(ex, answer=replace(ex.answer, status=status))),  # type: ignore[type-var]
        st.tuples(st.integers(0, len(body)), st.sampled_from([b"", b'"', b"\0", b",", b"0", b"\xff"])).map(
            lambda cut: with_answer(ex, body[: cut[0]] + cut[1] + body[cut[0] + 1 :])
        ),
    ]
    if members:
        name = st.sampled_from(sorted(members))
        changes += [
            st.tuples(name, st.sampled_from(VALUES)).map(lambda pair: answered(ex, {**members, pair[0]: pair[1]})),
            name.map(lambda lost: answered(ex, {name: value for name, value in members.items() if name != lost})),
        ]
    if numbers:
        near = st.tuples(st.sampled_from(numbers), st.integers(-(10**7), 10**7))
        changes.append(near.map(lambda pair: changed(ex, pair[0], str(int(pair[0]) + pair[1]))))
    return st.one_of(changes)


DOCUMENTED = [cases.as_exchange(case) for case in cases.cases(forge.CLOCK, "current", "variants", "revisions")]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(DOCUMENTED).flatmap(lambda ex: st.tuples(odd(ex), odd(twin(ex, 2)), odd(twin(ex, 3)))))
def test_whatever_came_before_an_entry_is_the_same(three: tuple[Exchange, Exchange, Exchange]) -> None:
    expected = [alone(ex) for ex in three]
    assert [judge(ex) for ex in three] == expected
    assert [judge(ex) for ex in three] == expected


@pytest.mark.parametrize("check", [row for row in CHECKS if row.reads in ("clock", "times")], ids=lambda row: row.code)
def test_a_check_that_reads_the_clock_is_asked_about_each_twin(check: Any) -> None:
    for one in collected()[check.code]:
        before = replace(one.trigger, started=None)
        judge(before)
        judge(one.near)
        assert check.code in [finding["code"] for finding in judge(one.trigger)["findings"]]


SHIFTS = (-4e8, -90_000.0, -4_000.0, -500.0, -30.0, 0.0, 30.0, 500.0, 4_000.0, 90_000.0, 4e8)
"""Seconds."""


def test_nothing_else_depends_on_the_time_of_an_exchange() -> None:
    for ex in everything():
        moved = [replace(ex, started=(ex.started or forge.CLOCK) + shift) for shift in SHIFTS]
        told = {repr((run.findings(at), diagnose(at))) for at in moved if at.route and run.silent(at, "clock", "times")}
        assert len(told) <= 1, ex.request


def test_between_two_times_at_which_they_are_silent_the_checks_that_read_the_clock_are_silent() -> None:
    several = 0
    for ex in everything():
        moved = [replace(ex, started=(ex.started or forge.CLOCK) + shift) for shift in SHIFTS]
        spoken = "".join("-S"[run.silent(at, "clock")] for at in moved if at.route)
        assert "-" not in spoken.strip("-"), ex.request
        several += "S-" in spoken
    assert several > 20


@pytest.mark.parametrize("ahead", [1.0, 300.0, 3000.0, 30_000.0])
def test_what_expires_is_seen_when_it_has_expired(ahead: float) -> None:
    token = forge.bearer(age=0, lifetime=ahead)
    first = exchange("C1", headers={"Authorization": token})
    judge(first)
    for shift in (0.0, 0.5, -100.0, ahead - 0.5, ahead + 0.5, ahead + 10, ahead - 0.5):
        expired = replace(first, started=forge.CLOCK + shift)
        assert judge(expired) == alone_beside(expired)


def alone_beside(ex: Exchange) -> Entry:
    """The entry that an exchange has without twins; those that are known stay."""
    return verdict._judged(replace(ex), False)


def everything() -> Iterator[Exchange]:
    yield from (cases.as_exchange(case) for case in cases.cases())
    yield from (ex for each in collected().values() for one in each for ex in (one.trigger, one.near))


def test_times_that_are_wrong_are_seen_though_a_twin_had_good_ones() -> None:
    first = exchange("C1")
    start, end = times_of(first)
    judge(first)
    assert "PL430" in [found["code"] for found in judge(changed(first, end, str(int(start) - 1)))["findings"]]


@pytest.mark.parametrize("fault", ["not base64" * 10, base64.b64encode(b"{" * 60).decode()])
def test_a_login_request_that_is_none_is_seen_though_a_twin_had_a_good_one(fault: str) -> None:
    first = exchange("P1")
    (good,) = [value for value in own_values(first) if len(value) > 60]
    judge(first)
    assert [found["code"] for found in judge(changed(first, good, fault))["findings"]] == ["PL324"]


def test_another_code_than_that_of_the_path_is_seen_though_a_twin_kept_its_own() -> None:
    first = exchange("R1")
    judge(first)
    second = with_body(first, forge.code("R1"), forge.code("another"))
    assert "PL421" in [found["code"] for found in judge(second)["findings"]]


@pytest.mark.parametrize("name", ["R1", "C1", "RS-B"])
def test_a_code_that_is_a_secret_of_the_device_is_hidden_though_that_of_a_twin_was_not(name: str) -> None:
    secret = "S3CRET7"
    first = exchange(name, headers={"AP-Visitor-Identifier": secret})
    code = judge(first)["code"]
    assert code in own_values(first)
    second = changed(first, code, secret)
    assert secret not in json.dumps(judge(second))
    # ... and the other way round.
    verdict._TWINS.forget()
    judge(second)
    assert judge(first) == alone(first)


@pytest.mark.parametrize("where", ["headers", "form"])
def test_what_a_code_makes_public_is_hidden_with_another_code(where: str) -> None:
    code = forge.code("C1")
    info = forge.device_info({**forge.APPLE_TV, "seat": code})
    sent: dict[str, Any] = {"headers": {"X-Device-Info": info}} if where == "headers" else {"form": {"seat": code}}
    first = exchange("C1", **sent)
    # The one is told as it is, the other as hexadecimal digits: what a code makes public is so in all spellings.
    first = on(first, f"{code.encode().hex() if where == 'headers' else code.lower()}.example")
    assert judge(first)["host"] == first.request.host
    second = with_body(first, code, forge.code("another"))
    assert judge(second)["host"] != first.request.host


def test_a_code_that_stands_deeper_in_an_answer_is_not_taken_for_its_own() -> None:
    inner, code = forge.code("inner"), forge.code("C1")
    first = with_body(exchange("C1"), "{", f'{{"more":{{"code":"{inner}"}},')
    judge(first)
    assert judge(with_body(first, inner, forge.code("other")))["code"] == code


def test_times_that_stand_deeper_in_an_answer_are_not_taken_for_its_own() -> None:
    first = exchange("C1")
    start, end = times_of(first)
    first = with_body(first, "{", f'{{"more":{{"notBefore":"{start}","notAfter":"{int(end) + 10**9}"}},')
    judge(first)
    after = replace(first, started=int(end) / 1000 + 3600)
    assert "PL431" in [found["code"] for found in judge(after)["findings"]]


@pytest.mark.parametrize("provider", ["viewer@demotv.example", "x" * 300, forge.jws({})])
def test_a_path_that_is_not_shown_as_it_is_is_not_shown_for_a_twin_either(provider: str) -> None:
    first = exchange("R1")
    first = replace(first, request=replace(first.request, path=first.request.path.replace("DEMOTV", provider)))
    judge(first)
    second = twin(first, 4)
    assert judge(second) == alone(second)
    assert provider not in judge(second)["path"]


def test_an_exchange_without_a_time_is_no_twin_of_one_that_has_one() -> None:
    first = exchange("P3", headers={"AP-Partner-Framework-Status": forge.partner_status()})
    judge(replace(first, started=None))
    assert judge(first) == alone(first)
    assert "PL440" in [found["code"] for found in judge(first)["findings"]]


# ---- made to deceive: each pair had one key, or one entry with what belongs to the other


@pytest.mark.parametrize("name", DECEIVING)
def test_a_pair_that_is_made_to_deceive_does_not(name: str) -> None:
    for first, second in (DECEIVING[name], reversed(DECEIVING[name])):
        expected = alone(replace(second))
        judge(replace(first))
        assert judge(replace(second)) == expected
        verdict._TWINS.forget()


def test_other_headers_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    first = exchange("C1", headers={"traceparent": "00-aa"}, answer_headers={"Date": "Thu, 01 Jan 2026 00:00:00 GMT"})
    second = exchange("C1", headers={"traceparent": "00-bb"}, answer_headers={"Date": "Thu, 01 Jan 2026 00:00:01 GMT"})
    assert not judged_again(monkeypatch, first, second)


def test_what_a_scenario_did_is_part_of_the_likeness() -> None:
    judge(exchange("C1"))
    by = {"scenario": "s", "rule": "r", "how": "outcome"}
    assert judge(replace(exchange("C1"), injected=by))["injected"] == by
    assert judge(exchange("C1"))["injected"] is None


# ---- bounds


def test_an_exchange_is_remembered_when_it_has_a_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "_TWINS", Twins())
    first = exchange("C1")
    judge(first)
    assert verdict._TWINS._known == {}
    judge(twin(first, 1))
    assert not judged_again(monkeypatch, twin(first, 2), twin(first, 3))


def test_exchanges_that_never_come_again_push_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "_TWINS", Twins())
    first = exchange("C1")
    judge(first)
    judge(twin(first, 1))
    for number in range(MOST + 20):
        judge(exchange("C1", form={"mvpd": f"Mvpd{number}"}))
    assert not judged_again(monkeypatch, twin(first, 2), twin(first, 3))


def test_so_many_are_remembered_and_no_more() -> None:
    for number in range(MOST + 20):
        judge(exchange("C1", form={"mvpd": f"Mvpd{number}"}))
    assert len(verdict._TWINS._known) == MOST


def test_of_so_many_it_is_remembered_that_they_were_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "_SEEN", 5)
    several = Twins()
    for number in range(20):
        like = likeness(exchange("C1", form={"mvpd": f"Mvpd{number}"}))
        assert like is not None
        several.keep(exchange("C1"), like, {})
    assert len(several._seen) == 5


def test_the_last_one_asked_for_is_the_last_one_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    first = exchange("C1")
    judge(first)
    for number in range(MOST - 1):
        judge(exchange("C1", form={"mvpd": f"Mvpd{number}"}))
    judge(first)
    judge(exchange("C1", form={"mvpd": "one more"}))
    assert not judged_again(monkeypatch, first, twin(first, 1))


@pytest.mark.parametrize("where", ["headers", "form", "answer", "host", "spellings"])
def test_a_long_exchange_is_not_remembered(where: str) -> None:
    long = "x" * LONGEST
    if where == "host":
        judge(on(exchange("C1"), long))
    elif where == "spellings":
        judge(beside(exchange("C1"), f'"deviceId":{json.dumps([f"device-{number}" for number in range(100)])}'))
    elif where == "headers":
        judge(exchange("C1", headers={"User-Agent": long, "AP-Visitor-Identifier": long}))
    elif where == "form":
        judge(exchange("C1", form={"mvpd": long}))
    else:
        ex = exchange("C1")
        judge(answered(ex, {**(ex.body or {}), "more": long}))
    assert verdict._TWINS._known == {}


def test_the_members_that_are_an_exchanges_own_come_first() -> None:
    assert verdict.MEMBERS[: len(PLACE_AND_TIME)] == PLACE_AND_TIME


def test_what_a_check_that_fails_brings_about_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(ex: Exchange) -> Iterator[Any]:
        raise ValueError

    rows = tuple(row._replace(find=fails) if row.code == "PL101" else row for row in CHECKS)
    with monkeypatch.context() as broken:
        broken.setattr(run, "_PLAN", run._Plan(rows))
        assert "PL999" in [found["code"] for found in judge(exchange("C1"))["findings"]]
    assert judge(exchange("C1")) == alone(exchange("C1"))
