"""An exchange has the entry that the plain way gives, whatever came before it: twins, exchanges that are made to
deceive whoever takes one for the other, and exchanges changed at random."""

import base64
import json
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cases
import forge
from passlens.analysis import analyzer, entry_cache
from passlens.analysis.entry import Entry
from passlens.analysis.entry_cache import MAX_COUNT, OPERATIONS, READ_ANEW, EntryCache
from passlens.checks.table import CHECKS
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Exchange
from support.examples import answered, collected, exchange


def changed(ex: Exchange, old: str, new: str) -> Exchange:
    """The exchange with another text in its path and its answer."""
    request = replace(ex.request, path=ex.request.path.replace(old, new))
    return with_answer(replace(ex, request=request), body_of(ex).replace(old.encode(), new.encode()))


def with_body(ex: Exchange, old: str, new: str) -> Exchange:
    """The exchange with another text in its answer only."""
    assert old.encode() in body_of(ex)
    return with_answer(ex, body_of(ex).replace(old.encode(), new.encode()))


def body_of(ex: Exchange) -> bytes:
    return ex.response.body or b"" if ex.response is not None else b""


def times_of(ex: Exchange) -> tuple[str, str]:
    body = Decoded(ex).body or {}
    return body["notBefore"], body["notAfter"]


def with_answer(ex: Exchange, body: bytes) -> Exchange:
    assert ex.response is not None
    return replace(ex, response=replace(ex.response, body=body))


def own_values(ex: Exchange) -> list[str]:
    """What is an exchange's own, by its likeness."""
    alike = entry_cache._alike(Decoded(ex), False)
    return list(dict.fromkeys(value.decode() for value in alike.own)) if alike is not None else []


ONE, TWO = "ABC1234", "DEF5678"
FIRST_ID, SECOND_ID = forge.uuid("one"), forge.uuid("two")
LOGIN = forge.saml_request(seed="deceive")


def c1(code: str, **sent: Any) -> Exchange:
    return with_body(exchange("C1", **sent), forge.code("C1"), code)


def beside(ex: Exchange, members: str) -> Exchange:
    """With more members in front of the others."""
    return with_answer(ex, body_of(ex).replace(b"{", b"{" + members.encode() + b",", 1))


def behind(ex: Exchange, members: str) -> Exchange:
    """With more members behind the others."""
    return with_answer(ex, body_of(ex).rstrip()[:-1] + b"," + members.encode() + b"}")


def on(ex: Exchange, host: str) -> Exchange:
    return replace(ex, request=replace(ex.request, host=host))


def login(name: str, padding: int = 0) -> str:
    text = f"<saml:AuthnRequest Version='2.0'><saml:NameID>{name}</saml:NameID>{' ' * padding}</saml:AuthnRequest>"
    return base64.b64encode(text.encode()).decode()


def request(start: str, words: str, size: int = 300) -> str:
    """A login request of so many bytes."""
    return base64.b64encode(f"<{start} {words}".ljust(size - 1, " ").encode() + b">").decode()


def p1(request: str, **sent: Any) -> Exchange:
    first = exchange("P1", **sent)
    (good,) = [value for value in own_values(first) if len(value) > 60]
    return with_body(first, good, request)


def rs(code: str) -> Exchange:
    first = exchange("RS-B")
    return changed(first, first.path_parameter("code") or "", code)


def ends(ex: Exchange, at: str) -> Exchange:
    """With a second notAfter that is written with an escape."""
    return behind(ex, f'"notAfter":"{at[:-1]}\\u003{at[-1]}"')


START, END = times_of(exchange("C1"))
LATER = str(int(END) + 10**9)
URL = (Decoded(exchange("C1")).body or {})["url"]
SEAT = {"X-Device-Info": forge.device_info({**forge.APPLE_TV, "seat": FIRST_ID})}

DECEIVING: dict[str, tuple[Exchange, Exchange]] = {
    "a number": (beside(c1("1234567"), '"x":1234567'), beside(c1(ONE), f'"x":{ONE}')),
    "a number with a zero": (
        beside(c1(ONE), f'"x":{START}'),
        beside(changed(c1(ONE), START, "0" + START[1:]), f'"x":0{START[1:]}'),
    ),
    "another spelling": (behind(c1(ONE), '"code":"\\u0041BC1234"'), behind(c1(TWO), '"code":"\\u0041BC1234"')),
    "an escape in the url": (
        with_body(c1(ONE), f"/{ONE}", "/\\u0041BC1234"),
        with_body(with_body(c1(ONE), f"/{ONE}", "/\\u0041BC1234"), ONE, TWO),
    ),
    "percent in the url": (
        with_body(c1(ONE), f"/{ONE}", "/%41BC1234"),
        with_body(with_body(c1(ONE), f"/{ONE}", "/%41BC1234"), ONE, TWO),
    ),
    "an address": (
        with_body(c1(ONE, form={"mvpd": None}), '"HarbourCable"', f'"{ONE}@x.example"'),
        with_body(c1(TWO, form={"mvpd": None}), '"HarbourCable"', f'"{TWO}@x.example"'),
    ),
    "a reason": tuple(
        on(
            beside(exchange("RS-B", headers=SEAT), f'"sessionId":"{one}","reasonType":"{one}"'),
            f"{FIRST_ID.upper()}.example",
        )
        for one in (FIRST_ID, SECOND_ID)
    ),
    "part of a secret": tuple(
        on(beside(c1(one), f'"deviceId":"xx{one}"'), f"xx{ONE.lower()}.example") for one in (TWO, ONE)
    ),
    "a secret": tuple(
        beside(exchange("C1", form={"mvpd": SECOND_ID}), f'"sessionId":"{one}","deviceId":"{one}"')
        for one in (FIRST_ID, SECOND_ID)
    ),
    "a name": tuple(on(beside(c1(one), f'"{one}":"value99"'), "value99.example") for one in (ONE, "XXTOKEN")),
    "in the login": tuple(on(p1(login(name)), "viewer77.example") for name in ("another1", "viewer77")),
    "the login itself": tuple(p1(one, form={"mvpd": LOGIN[:64]}) for one in (login("another1", 60), LOGIN)),
    "the start of the login": tuple(
        p1(one, form={"mvpd": request("b:AuthnRequest", "two")[:64]})
        for one in (request("a:AuthnRequest", "one"), request("b:AuthnRequest", "two"))
    ),
    "the rest of the login": tuple(
        p1(one, form={"mvpd": request("a:AuthnRequest", "two")[:64]})
        for one in (request("a:AuthnRequest", "one"), request("a:AuthnRequest", "two"))
    ),
    "percent in the form": tuple(
        on(
            replace(ex, request=replace(ex.request, body=(ex.request.body or b"") + b"&seat=%41BC1234")),
            f"{ONE.encode().hex()}.example",
        )
        for ex in (c1(ONE), c1(TWO))
    ),
    "an attribute": tuple(
        on(beside(rs(one), f'"x":{{"attributes":{{"u":{{"value":"{ONE}"}}}}}}'), f"{ONE.lower()}.example")
        for one in (ONE, TWO)
    ),
    "a host in the url": tuple(
        with_body(c1(one), '"/api/v2/auth', f'"https://{one}.example/api/v2/auth') for one in (ONE, TWO)
    ),
    "an mvpd in the url": tuple(
        answered(
            exchange("C3"),
            {
                **(Decoded(exchange("C3")).body or {}),
                "mvpd": ONE,
                "code": one,
                "url": f"/api/v2/DEMOTV/decisions/authorize/{one}",
            },
        )
        for one in (ONE, TWO)
    ),
    "a repeated name": tuple(behind(c1(one), f'"{one}":1,"\\u0044EF5678":2') for one in (ONE, TWO)),
    "a repeated time": (
        ends(exchange("C1"), END),
        replace(ends(changed(exchange("C1"), END, LATER), END), started=int(END) / 1000 + 3600),
    ),
    "an mvpd": tuple(
        with_body(
            exchange("C1", form={"mvpd": None}), '"HarbourCable"', f'"x","q":{{"request":"{one}"}},"mvpd":"{one}"'
        )
        for one in (login("one", 60), LOGIN)
    ),
    "a place in broken JSON": tuple(
        with_answer(ex, body_of(ex)[:-1] + b' "x"}')
        for ex in (p1(request("a", "one", 300)), p1(request("a", "one", 600)))
    ),
    "a place of a byte": tuple(
        with_answer(ex, body_of(ex)[:-1] + b',"x":"\xff"}')
        for ex in (p1(request("a", "one", 300)), p1(request("a", "one", 600)))
    ),
    "Base64 in the path": tuple(
        replace(ex, request=replace(ex.request, path=f"/api/v2/DE/sessions/{one}"))
        for one in (ONE, "L05BVX5")
        for ex in [changed(exchange("R1", headers={"AP-Visitor-Identifier": "?/NAU~"}), forge.code("R1"), one)]
    ),
    "what was injected": tuple(
        replace(exchange("C1"), injection=Injection("\ud83d\ude00", "r", (Action("delay"),)), index=index)
        for index in (1, 2)
    ),
}  # type: ignore[dict-item]


def cache_with(first: Exchange) -> EntryCache:
    """A cache that knows an exchange: one that comes for the second time is kept."""
    cache = EntryCache()
    for _ in range(2):
        cache.analyze(Decoded(replace(first)))
    return cache


def alone(ex: Exchange, *, reveal: bool = False) -> Entry:
    """The entry by the plain way."""
    return analyzer.analyze(replace(ex), reveal=reveal)


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


def everything(codes: Container[str] | None = None) -> Iterator[Exchange]:
    """Every documented exchange, and the examples of some codes, or of all."""
    yield from (cases.as_exchange(case) for case in cases.cases())
    for code, each in collected().items():
        if codes is None or code in codes:
            yield from (ex for one in each for ex in (one.trigger, one.near) if ex.route)


@pytest.mark.parametrize("name", ["C1", "C3", "C6", "R1", "R3", "P1", "P6", "RS-B"])
def test_a_documented_exchange_is_analyzed_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = exchange(name), twin(exchange(name), 3)
    expected, recognised = alone(second), Decoded(replace(second)).recognition
    cache = cache_with(first)
    monkeypatch.setattr(analyzer, "analyze", lambda ex, reveal: 1 // 0)
    decoded = Decoded(second)
    assert cache.analyze(decoded) == expected
    assert list(cache.analyze(decoded)) == list(expected)
    assert decoded.recognition == recognised


@pytest.mark.parametrize("reveal", [False, True])
def test_no_exchange_changes_the_entry_of_another(reveal: bool) -> None:
    every = [ex for first in everything() for ex in (first, twin(first, 11))]
    expected = [alone(ex, reveal=reveal) for ex in every]
    cache = EntryCache()
    for _ in range(3):
        for ex, entry in zip(every, expected, strict=True):
            assert cache.analyze(Decoded(ex), reveal=reveal) == entry
        every.reverse(), expected.reverse()


@pytest.mark.parametrize("name", DECEIVING)
def test_exchanges_that_are_made_to_deceive(name: str) -> None:
    for first, second in (DECEIVING[name], DECEIVING[name][::-1]):
        cache = cache_with(first)
        assert cache.analyze(Decoded(replace(second))) == alone(second)


@pytest.mark.parametrize("where", ["headers", "form"])
def test_what_a_code_makes_public_is_hidden_with_another_code(where: str) -> None:
    code = forge.code("C1")
    info = forge.device_info({**forge.APPLE_TV, "seat": code})
    sent: dict[str, Any] = {"headers": {"X-Device-Info": info}} if where == "headers" else {"form": {"seat": code}}
    first = exchange("C1", **sent)
    first = on(first, f"{code.encode().hex() if where == 'headers' else code.lower()}.example")
    second = changed(first, code, forge.code("another"))
    cache = cache_with(first)
    assert cache.analyze(Decoded(second)) == alone(second)


@pytest.mark.parametrize("name", ["R1", "C1", "RS-B"])
def test_a_code_that_is_a_secret_of_the_device(name: str) -> None:
    first = exchange(name, headers={"AP-Visitor-Identifier": "S3CRET7"})
    (code,) = [value for value in own_values(first) if len(value) == 7]
    second = changed(first, code, "S3CRET7")
    for pair in ((first, second), (second, first)):
        cache = cache_with(pair[0])
        assert [cache.analyze(Decoded(ex)) for ex in pair] == [alone(ex) for ex in pair]
        assert "S3CRET7" not in json.dumps(cache.analyze(Decoded(second)))


def test_what_somebody_does_with_an_entry_is_not_in_the_next_one() -> None:
    cache = EntryCache()
    for _ in range(4):
        entry = cache.analyze(Decoded(exchange("C1")))
        assert entry == alone(exchange("C1"))
        entry["findings"] = []
        entry["path"] = "gone"


def test_what_came_once_is_not_kept() -> None:
    cache = EntryCache()
    cache.analyze(Decoded(exchange("C1")))
    assert list(cache._known.values()) == [None]
    cache.analyze(Decoded(exchange("C1")))
    assert None not in cache._known.values()


def test_so_many_entries_are_kept() -> None:
    cache = EntryCache()
    for number in range(MAX_COUNT + 3):
        cache.analyze(Decoded(exchange("C1", headers={"User-Agent": f"App/{number}"})))
    assert len(cache._known) == MAX_COUNT
    cache.cache_clear()
    assert not cache._known


SHIFTS = (-4e8, -90_000.0, -4_000.0, -500.0, -30.0, 0.0, 30.0, 500.0, 4_000.0, 90_000.0, 4e8)
"""Seconds."""


def test_at_any_time_an_exchange_has_the_entry_of_that_time() -> None:
    for ex in everything(READ_ANEW):
        if ex.operation.id not in OPERATIONS:
            continue
        cache = cache_with(ex)
        for at in [replace(ex, started=(ex.started or forge.CLOCK) + shift) for shift in (0.0, *SHIFTS)]:
            assert cache.analyze(Decoded(at)) == alone(at), ex.request


@pytest.mark.parametrize("name", ["C1", "P1", "retrieve-profile-code"])
def test_by_another_clock_of_the_server_an_exchange_has_the_entry_of_that_time(name: str) -> None:
    dated = [exchange(name, answer_headers={"Date": f"{day} Jan 2026 03:04:05 GMT"}) for day in ("02", "03")]
    cache = cache_with(dated[0])
    for ex in dated:
        assert cache.analyze(Decoded(ex)) == alone(ex)
    assert alone(dated[0]) != alone(dated[1])


class Clock(Decoded):
    """Tells whether anybody asked for the time."""

    asked = False

    def __getattribute__(self, name: str) -> Any:
        if name in ("started", "sent_at", "session_times"):
            type(self).asked = True
        return super().__getattribute__(name)


def test_checks_that_read_the_clock_are_run_anew() -> None:
    reading = set()
    for ex in everything():
        for check in CHECKS if ex.operation.id in OPERATIONS else ():
            if check.scope not in ("all", "sessions", "profiles"):
                continue
            clock = Clock(ex)
            Clock.asked = False
            list(check.find(clock))
            if Clock.asked:
                reading.add(check.code)
    of_profiles = {check.code for check in CHECKS if check.scope == "profiles"}  # a response with one is not kept
    assert "PL251" in reading
    assert reading - of_profiles <= READ_ANEW


AWKWARD = [
    forge.code("AWKWARD"), "0000000", "DEMOTV7", "1767323", "ABC1234", "abc1234", "XXXXXXX", "SHORT", "LONGER12",
    "K7é1234", "%41BC123", "A\\u0042C123",
]  # fmt: skip
"""Codes, documented and not."""

VALUES = ["", None, 1, "x", [], {}, {"code": forge.code("odd")}, "1767323045000", "none", "DEMOTV"]


def odd(ex: Exchange) -> st.SearchStrategy[Exchange]:
    """The exchange with something of it changed."""
    own = own_values(ex)
    code = next((value for value in own if len(value) == 7), "none")
    members, body, numbers = Decoded(ex).body or {}, body_of(ex), [value for value in own if value.isdigit()]
    awkward = st.sampled_from(AWKWARD)
    changes = [
        awkward.map(lambda new: changed(ex, code, new)),
        awkward.map(lambda new: answered(ex, {**members, "code": new})),
        awkward.map(lambda new: replace(ex, request=replace(ex.request, body=b"mvpd=" + new.encode()))),
        st.floats(-2e9, 2e9).map(lambda seconds: replace(ex, started=(ex.started or 0) + seconds)),
        st.sampled_from([None, 0.0, 1e12]).map(lambda started: replace(ex, started=started)),
        st.sampled_from([None, 1.0, 1e12]).map(lambda took: replace(ex, duration_ms=took)),
        st.just(replace(ex, response=None, failure="it broke")),
        st.just(replace(ex, recorder="Chrome")),
        st.sampled_from([201, 401, 429]).map(lambda status: replace(ex, response=replace(ex.response, status=status))),  # type: ignore[type-var]
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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(DOCUMENTED).flatmap(lambda ex: st.tuples(odd(ex), odd(twin(ex, 2)), odd(twin(ex, 3)))))
def test_whatever_came_before_an_entry_is_the_same(three: tuple[Exchange, Exchange, Exchange]) -> None:
    expected = [alone(ex) for ex in three]
    cache = EntryCache()
    for _ in range(3):
        assert [cache.analyze(Decoded(ex)) for ex in three] == expected
