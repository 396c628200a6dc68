"""Pairs of exchanges that are made to deceive whoever takes one for the other, and what makes exchanges of another.
Each pair differs in a value without a meaning of its own that has one here: it stands somewhere else as well."""

import base64
from dataclasses import replace
from typing import Any

import forge
from passlens.exchange import Exchange
from passlens.likeness import likeness
from support.examples import answered, exchange


def changed(ex: Exchange, old: str, new: str) -> Exchange:
    """The exchange with another text in its path and its answer."""
    request = replace(ex.request, path=ex.request.path.replace(old, new))
    return with_answer(replace(ex, request=request), body_of(ex).replace(old.encode(), new.encode()))


def with_body(ex: Exchange, old: str, new: str) -> Exchange:
    """The exchange with another text in its answer only."""
    assert old.encode() in body_of(ex)
    return with_answer(ex, body_of(ex).replace(old.encode(), new.encode()))


def body_of(ex: Exchange) -> bytes:
    return ex.answer.body or b"" if ex.answer is not None else b""


def times_of(ex: Exchange) -> tuple[str, str]:
    body = ex.body or {}
    return body["notBefore"], body["notAfter"]


def with_answer(ex: Exchange, body: bytes) -> Exchange:
    assert ex.answer is not None
    return replace(ex, answer=replace(ex.answer, body=body))


def own_values(ex: Exchange) -> list[str]:
    """What is an exchange's own, by its likeness."""
    like = likeness(ex)
    return list(dict.fromkeys(value.decode() for value in like.own)) if like is not None else []


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
URL = (exchange("C1").body or {})["url"]
SEAT = {"X-Device-Info": forge.device_info({**forge.APPLE_TV, "seat": FIRST_ID})}

DECEIVING: dict[str, tuple[Exchange, Exchange]] = {
    "a number": (beside(c1("1234567"), '"x":1234567'), beside(c1(ONE), f'"x":{ONE}')),
    "a number with a zero": (beside(c1(ONE), f'"x":{START}'), beside(changed(c1(ONE), START, "0" + START[1:]), f'"x":0{START[1:]}')),
    "another spelling": (behind(c1(ONE), '"code":"\\u0041BC1234"'), behind(c1(TWO), '"code":"\\u0041BC1234"')),
    "an escape in the url": (with_body(c1(ONE), f"/{ONE}", "/\\u0041BC1234"), with_body(with_body(c1(ONE), f"/{ONE}", "/\\u0041BC1234"), ONE, TWO)),
    "percent in the url": (with_body(c1(ONE), f"/{ONE}", "/%41BC1234"), with_body(with_body(c1(ONE), f"/{ONE}", "/%41BC1234"), ONE, TWO)),
    "an address": (with_body(c1(ONE, form={"mvpd": None}), '"HarbourCable"', f'"{ONE}@x.example"'), with_body(c1(TWO, form={"mvpd": None}), '"HarbourCable"', f'"{TWO}@x.example"')),
    "a reason": tuple(on(beside(exchange("RS-B", headers=SEAT), f'"sessionId":"{one}","reasonType":"{one}"'), f"{FIRST_ID.upper()}.example") for one in (FIRST_ID, SECOND_ID)),
    "part of a secret": tuple(on(beside(c1(one), f'"deviceId":"xx{one}"'), f"xx{ONE.lower()}.example") for one in (TWO, ONE)),
    "a secret": tuple(beside(exchange("C1", form={"mvpd": SECOND_ID}), f'"sessionId":"{one}","deviceId":"{one}"') for one in (FIRST_ID, SECOND_ID)),
    "a name": tuple(on(beside(c1(one), f'"{one}":"value99"'), "value99.example") for one in (ONE, "XXTOKEN")),
    "in the login": tuple(on(p1(login(name)), "viewer77.example") for name in ("another1", "viewer77")),
    "the login itself": tuple(p1(one, form={"mvpd": LOGIN[:64]}) for one in (login("another1", 60), LOGIN)),
    "the start of the login": tuple(p1(one, form={"mvpd": request("b:AuthnRequest", "two")[:64]}) for one in (request("a:AuthnRequest", "one"), request("b:AuthnRequest", "two"))),
    "the rest of the login": tuple(p1(one, form={"mvpd": request("a:AuthnRequest", "two")[:64]}) for one in (request("a:AuthnRequest", "one"), request("a:AuthnRequest", "two"))),
    "percent in the form": tuple(on(replace(ex, request=replace(ex.request, body=(ex.request.body or b"") + b"&seat=%41BC1234")), f"{ONE.encode().hex()}.example") for ex in (c1(ONE), c1(TWO))),
    "an attribute": tuple(on(beside(rs(one), f'"x":{{"attributes":{{"u":{{"value":"{ONE}"}}}}}}'), f"{ONE.lower()}.example") for one in (ONE, TWO)),
    "a host in the url": tuple(with_body(c1(one), '"/api/v2/auth', f'"https://{one}.example/api/v2/auth') for one in (ONE, TWO)),
    "an mvpd in the url": tuple(answered(exchange("C3"), {**(exchange("C3").body or {}), "mvpd": ONE, "code": one, "url": f"/api/v2/DEMOTV/decisions/authorize/{one}"}) for one in (ONE, TWO)),
    "a repeated name": tuple(behind(c1(one), f'"{one}":1,"\\u0044EF5678":2') for one in (ONE, TWO)),
    "a repeated time": (ends(exchange("C1"), END), replace(ends(changed(exchange("C1"), END, LATER), END), started=int(END) / 1000 + 3600)),
    "an mvpd": tuple(with_body(exchange("C1", form={"mvpd": None}), '"HarbourCable"', f'"x","q":{{"request":"{one}"}},"mvpd":"{one}"') for one in (login("one", 60), LOGIN)),
    "a place in broken JSON": tuple(with_answer(ex, body_of(ex)[:-1] + b' "x"}') for ex in (p1(request("a", "one", 300)), p1(request("a", "one", 600)))),
    "a place of a byte": tuple(with_answer(ex, body_of(ex)[:-1] + b',"x":"\xff"}') for ex in (p1(request("a", "one", 300)), p1(request("a", "one", 600)))),
    "Base64 in the path": tuple(replace(ex, request=replace(ex.request, path=f"/api/v2/DE/sessions/{one}")) for one in (ONE, "L05BVX5") for ex in [changed(exchange("R1", headers={"AP-Visitor-Identifier": "?/NAU~"}), forge.code("R1"), one)]),
    "what was injected": tuple(replace(exchange("C1"), injected={"scenario": "\ud83d\ude00", "rule": "r", "how": "delay"}, index=index) for index in (1, 2)),
}  # type: ignore[dict-item]  # fmt: skip
