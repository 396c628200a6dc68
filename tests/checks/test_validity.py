"""PL430 to PL441: times against each other and the clock; partner answers against the status that was sent.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

import forge
from support.examples import Changes, Example, codes, exchange, parametrize, verify, with_code

CLOCK = forge.CLOCK
STATUS = "AP-Partner-Framework-Status"


def status(value: str | None) -> Changes:
    """Request headers with that partner status."""
    return {STATUS: value}


def at(seconds: float) -> str:
    """A time relative to the clock, as an answer writes it."""
    return forge.epoch_ms(CLOCK + seconds)


GRANTED = forge.partner_status()

EXAMPLES = [
    Example(
        "PL430",
        trigger=exchange("C1", response={"notBefore": at(1800), "notAfter": at(-1)}),
        near=exchange("C1", response={"notBefore": at(-1), "notAfter": at(-0.999)}),
        at="body#/notBefore",
        severity="warning",
        words="2026-01-02T03:34:05Z, expected before notAfter, 2026-01-02T03:04:04Z",
    ),
    Example(
        "PL430",
        trigger=exchange("RS-B", response={"notBefore": at(60), "notAfter": at(60)}),
        near=exchange("RS-B"),
        at="body#/notBefore",
        severity="warning",
    ),
    Example(
        "PL431",
        trigger=exchange("C1", started=CLOCK + 7200),
        near=exchange("C1", started=CLOCK + 1800 + 30),
        at="body#/notAfter",
        severity="note",
        words="notAfter is 2026-01-02T03:34:04Z, the answer came at 2026-01-02T05:04:05Z",
    ),
    Example(
        "PL431",
        trigger=exchange("C1", started=CLOCK - 7200),
        near=exchange("C1", started=CLOCK - 30),
        at="body#/notBefore",
        severity="note",
    ),
    Example(
        "PL431",
        trigger=exchange("C1", started=CLOCK, duration_ms=4e6),
        near=exchange("C1", started=None),
        at="body#/notAfter",
        severity="note",
    ),
    # Clocks may differ by a minute on either side.
    Example(
        "PL431",
        trigger=exchange("C1", started=CLOCK, duration_ms=0, response={"notBefore": at(-60), "notAfter": at(-60.001)}),
        near=exchange("C1", started=CLOCK, duration_ms=0, response={"notBefore": at(-61), "notAfter": at(-60)}),
        at="body#/notAfter",
        severity="note",
    ),
    Example(
        "PL431",
        trigger=exchange("C1", started=CLOCK, duration_ms=0, response={"notBefore": at(60.001)}),
        near=exchange("C1", started=CLOCK, duration_ms=0, response={"notBefore": at(60)}),
        at="body#/notBefore",
        severity="note",
    ),
    Example(
        "PL440",
        trigger=exchange("P3", headers=status(GRANTED)),
        near=exchange("P4"),
        at="body#/reasonType",
        severity="note",
        words="pfs_fallback though the partner status is granted, named and not expired",
    ),
    # What could be the reason is named by a finding of its own: the status has expired, or is not cleanly encoded.
    Example(
        "PL440",
        trigger=exchange("P3", headers=status(forge.partner_status(expires_in=60))),
        near=exchange("P3", headers=status(forge.partner_status(expires_in=59.999))),
        at="body#/reasonType",
        severity="note",
    ),
    Example(
        "PL440",
        trigger=exchange("P3", headers=status(GRANTED)),
        near=exchange("P3", headers=status(f'"{GRANTED}"')),
        at="body#/reasonType",
        severity="note",
    ),
    Example(
        "PL441",
        trigger=exchange("P1", headers=status(None)),
        near=exchange("P3-no-status"),
        at=f"header:{STATUS}",
        severity="error",
        words="though the partner status is missing, expected pfs_fallback",
    ),
    Example(
        "PL441",
        trigger=exchange("P1", headers=status(forge.denied_status())),
        near=exchange("P1"),
        at=f"header:{STATUS}",
        severity="error",
        words="is not granted",
    ),
    Example(
        "PL441",
        trigger=exchange("P1", headers=status(forge.partner_status(expires_in=-60.001))),
        near=exchange("P1", headers=status(forge.partner_status(expires_in=-60))),
        at=f"header:{STATUS}",
        severity="warning",
        words="has expired",
    ),
    Example(
        "PL441",
        trigger=exchange("P1", headers=status("%%%")),
        near=exchange("H-P1", headers=status(forge.old_partner_status())),
        at=f"header:{STATUS}",
        severity="warning",
        words="is not Base64",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize(
    "value",
    [
        forge.partner_status(expires_in=None),
        forge.partner_status(number=True),
        forge.partner_status(provider=None),
        GRANTED.rstrip("="),
        GRANTED.replace("=", "%3D") + "%3D",
        GRANTED + "\t",
        forge.b64('{"frameworkPermissionInfo": {"accessStatus": "granted"}}'),
        "{}",
    ],
    ids=["no expiry", "number", "no provider", "no padding", "percent", "tab", "no provider info", "plain"],
)
def test_a_status_with_a_flaw_explains_a_fallback(value: str) -> None:
    assert with_code(exchange("P3", headers=status(value)), "PL440") == []


def test_without_a_clock_nobody_can_say_that_a_status_has_not_expired() -> None:
    assert with_code(exchange("P3", headers=status(GRANTED), started=None), "PL440") == []


@pytest.mark.parametrize("seconds", [12 * 3600, 8 * 365 * 24 * 3600])
def test_E29_a_far_expiry_is_not_expired(seconds: float) -> None:
    assert "PL441" not in codes(exchange("P1", headers=status(forge.partner_status(expires_in=seconds))))


def test_E31_an_empty_provider_of_a_denied_status_is_a_note() -> None:
    found = with_code(exchange("P3", headers=status(forge.denied_status())), "PL240")
    assert {finding["severity"] for finding in found} == {"note"}


@pytest.mark.parametrize("access", ["denied", "restricted", "notDetermined", "pending"])
def test_E32_every_access_but_granted_explains_a_fallback(access: str) -> None:
    ex = exchange("P3", headers=status(forge.denied_status(access)))
    assert not {"PL440", "PL241"} & set(codes(ex))
    assert "PL441" in codes(exchange("P1", headers=status(forge.denied_status(access))))


@pytest.mark.parametrize("name", ["C1", "C2", "R1", "R2", "P3", "P4", "P5", "RS-B"])
def test_times_that_cannot_be_read_are_left_to_their_own_check(name: str) -> None:
    for value in ("", "1767324844", "٣" * 13, "-176732484400", 1.5, None, [], {}):
        found = codes(exchange(name, response={"notBefore": value, "notAfter": value}))
        assert not {"PL430", "PL431", "PL999"} & set(found), value
