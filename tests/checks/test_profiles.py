"""PL45x: profiles. Each code with an exchange that triggers it and one near it that must not."""

import json
from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from support.examples import Changes, Example, answered, codes, exchange, parametrize, verify, with_code

CLOCK = forge.CLOCK
MVPD = forge.MVPD
STATUS = "AP-Partner-Framework-Status"
ALL, ONE, PARTNER = exchange("retrieve-profiles"), exchange("retrieve-profile-mvpd"), exchange("partner-profile")
AT = f"body#/profiles/{MVPD}"


def profiles(ex: Exchange, key: str | None = None, metadata: Any = None, **changes: Any) -> Exchange:
    """The exchange with its first profile changed: members set or, with None, removed; ``metadata`` by key."""
    assert ex.response is not None
    assert ex.response.body is not None
    body = json.loads(ex.response.body)
    name = next(iter(body["profiles"]))
    made = forge.without_none(body["profiles"][name] | changes)
    if metadata is not None:
        made["attributes"] = forge.without_none(made["attributes"] | metadata)
    return answered(ex, {"profiles": {key or name: made}})


def ms(seconds: float) -> int:
    """A time relative to the clock, as a profile has it."""
    return int(forge.epoch_ms(CLOCK + seconds))


def piece(value: Any, state: str = "plain") -> dict[str, Any]:
    """A piece of user metadata."""
    return {"value": value, "state": state}


def with_status(ex: Exchange, value: str | None) -> Exchange:
    """An appleSSO profile in the answer to a request with that partner status."""
    headers: Changes = {STATUS: value}
    return profiles(exchange("retrieve-profiles", headers=headers), type="appleSSO", issuer="Apple")


EXAMPLES = [
    Example("PL450", profiles(ALL, type="temporary", issuer="Adobe"), profiles(ALL, type="platformSSO"),
            f"{AT}/type", "warning", "The type is temporary, listed is regular"),
    Example("PL450", profiles(ALL, type="gold"), ALL, f"{AT}/type", "note", "gold"),
    Example("PL450", profiles(PARTNER, type="degraded", issuer="Adobe"), PARTNER, f"{AT}/type", "note"),
    Example("PL451", profiles(ALL, issuer="Spectrum"), ALL, f"{AT}/issuer", "warning",
            f"The issuer of the regular profile is Spectrum, expected {MVPD}"),
    Example("PL451", profiles(PARTNER, issuer=MVPD), PARTNER, f"{AT}/issuer", "warning", "expected Apple"),
    Example("PL452", profiles(ALL, metadata={"userID": None, "userId": piece("x")}), ALL,
            f"{AT}/attributes/userId", "note", "today userID"),
    Example("PL453", profiles(ALL, metadata={"zip": piece("10001")}),
            profiles(ALL, metadata={"zip": piece("bm90IGEgemlw", "enc")}), f"{AT}/attributes/zip/state", "note"),
    Example("PL453", profiles(ALL, metadata={"language": piece("en", "open")}),
            profiles(ALL, metadata={"language": piece("en")}), f"{AT}/attributes/language/state", "note", "open"),
    Example("PL454", profiles(PARTNER, type="degraded", issuer="Adobe"),
            profiles(PARTNER, type="degraded", issuer="Adobe", metadata={"userID": piece("95cf93bcd183214a7")}),
            f"{AT}/attributes/userID/value", "note", "95cf93bcd183214a"),
    Example("PL455", profiles(ONE, key="Other"), ONE, "body#/profiles/Other", "warning", "that of Other"),
    Example("PL456", with_status(ALL, None), with_status(ALL, forge.partner_status()), f"header:{STATUS}", "note"),
    Example("PL456", with_status(ALL, forge.denied_status()), exchange("retrieve-profiles", headers={STATUS: None}),
            f"header:{STATUS}", "note", "not granted"),
    Example("PL456", with_status(ALL, forge.partner_status(expires_in=-60.001)),
            with_status(ALL, forge.partner_status(expires_in=-60)), f"header:{STATUS}", "note", "expired"),
    Example("PL458", profiles(ALL, notBefore=ms(60), notAfter=ms(60)), profiles(ALL, notBefore=ms(59), notAfter=ms(60)),
            f"{AT}/notBefore", "warning", "expected before notAfter"),
    Example("PL459", profiles(ALL, notAfter=ms(-61)), profiles(ALL, notAfter=ms(-60)), f"{AT}/notAfter", "warning",
            "notAfter is 2026-01-02T03:03:04Z"),
    # Shapes: what weighs how much.
    Example("PL305", profiles(ALL, issuer=None), ALL, f"{AT}/issuer", "error", "missing"),
    Example("PL305", profiles(ALL, metadata={"userID": None}),
            profiles(ALL, metadata={"userID": None, "userId": piece("x")}),
            f"{AT}/attributes/userID", "warning", "missing"),
    Example("PL305", profiles(ONE, metadata={"expiration_date": None}), ONE,
            f"body#/profiles/{forge.TEMPPASS}/attributes/expiration_date", "note"),
    Example("PL306", profiles(ALL, notAfter=str(ms(60))), profiles(ALL, notAfter=ms(60)), f"{AT}/notAfter", "error",
            "The attribute notAfter is string, expected integer"),
    Example("PL306", answered(ALL, {"profiles": {MVPD: []}}), answered(ALL, {"profiles": {}}), AT, "error"),
    Example("PL306", profiles(ALL, metadata={"userID": piece(7)}), ALL, f"{AT}/attributes/userID/value", "note"),
    Example("PL308", profiles(ALL, notBefore=1767323045), profiles(ALL, notBefore=ms(-5)), f"{AT}/notBefore",
            "warning"),
    Example("PL312", answered(ALL, {"profiles": []}), answered(ALL, {"profiles": {}}), "body#/profiles",
            "error", "array"),
    Example("PL312", answered(ALL, {}), ALL, "body#/profiles", "error", "missing"),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


def test_metadata_of_a_wrong_type_is_told_by_its_kind_and_not_by_its_value() -> None:
    found = with_code(profiles(ALL, metadata={"userID": piece(7345678901)}), "PL306")
    assert found
    assert "7345678901" not in json.dumps(found)


@pytest.mark.parametrize("value", [None, [], 3, "x", {MVPD: None}, {MVPD: []}, {MVPD: {"attributes": []}}])
def test_whatever_stands_for_profiles_is_named_and_raises_nothing(value: Any) -> None:
    found = codes(answered(ALL, {"profiles": value}))
    assert "PL999" not in found
    assert {"PL305", "PL306", "PL312"} & set(found)


def test_thousands_of_profiles_are_bounded() -> None:
    found = codes(answered(ALL, {"profiles": {f"M{n}": {} for n in range(3000)}}))
    assert "PL999" not in found
    assert 5 <= found.count("PL305") <= 20


def test_without_a_clock_no_profile_is_over() -> None:
    assert "PL459" not in codes(profiles(exchange("retrieve-profiles", started=None), notAfter=ms(-6000)))
