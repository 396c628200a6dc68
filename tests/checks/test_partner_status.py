"""PL240 to PL249: the content of AP-Partner-Framework-Status.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from support.examples import CLOCK, Example, codes, exchange, parametrize, verify, with_code

NAME = "AP-Partner-Framework-Status"
AT = f"header:{NAME}#"
ACCESS = f"{AT}/frameworkPermissionInfo/accessStatus"
ID = f"{AT}/frameworkProviderInfo/id"
EXPIRY = f"{AT}/frameworkProviderInfo/expirationDate"
YEAR = 365 * 24 * forge.HOUR


def sent(case: str = "P1", **changes: Any) -> Exchange:
    """A case with the status that forge makes of these knobs."""
    return exchange(case, headers={NAME: forge.partner_status(**changes)})


def parts(permission: object = None, provider: object = None, **more: object) -> Exchange:
    """P1 with a status of these two objects; None leaves one out."""
    value = {"frameworkPermissionInfo": permission, "frameworkProviderInfo": provider} | more
    return exchange("P1", headers={NAME: forge.b64(forge.json_text(forge.without_none(value)))})


def expiring(value: object, access: str = "granted") -> Exchange:
    """P1 with this expirationDate."""
    return parts({"accessStatus": access}, {"id": forge.MVPD, "expirationDate": value})


GRANTED = {"accessStatus": "granted"}
DENIED = {"accessStatus": "denied"}
PROVIDER = {"id": forge.MVPD, "expirationDate": forge.epoch_ms(CLOCK + forge.HOUR)}

EXAMPLES = [
    Example(
        "PL240",
        trigger=sent(provider=None),
        near=sent(),
        at=ID,
        severity="error",
        words="The required member id is missing.",
    ),
    Example(
        "PL240",
        trigger=sent(expires_in=None),
        near=sent(expires_in=60),
        at=EXPIRY,
        severity="warning",
    ),
    Example(
        "PL240",
        trigger=sent("P3", access="denied", provider=None, expires_in=None),
        near=sent("P3", access="denied"),
        at=ID,
        severity="note",
    ),
    Example(
        "PL240",
        trigger=parts(DENIED),
        near=parts(DENIED, PROVIDER),
        at=f"{AT}/frameworkProviderInfo",
        severity="error",
    ),
    Example(
        "PL240",
        trigger=parts({}, PROVIDER),
        near=exchange("P1", headers={NAME: forge.old_partner_status()}),
        at=ACCESS,
        severity="error",
    ),
    Example(
        "PL241",
        trigger=sent(access="authorized"),
        near=sent(access="pending"),
        at=ACCESS,
        severity="error",
        words="accessStatus is authorized, expected granted, denied, restricted or notDetermined.",
    ),
    Example(
        "PL241",
        trigger=sent(access=""),
        near=sent(access="restricted"),
        at=ACCESS,
        severity="error",
        words="accessStatus is empty,",
    ),
    Example(
        "PL242",
        trigger=sent(access="pending"),
        near=sent(access="notDetermined"),
        at=ACCESS,
        severity="note",
        words="accessStatus is pending, today notDetermined.",
    ),
    Example(
        "PL243",
        trigger=parts(GRANTED, forge.MVPD),
        near=parts(GRANTED, PROVIDER),
        at=f"{AT}/frameworkProviderInfo",
        severity="error",
        words="frameworkProviderInfo is string HarbourCable, expected object.",
    ),
    Example(
        "PL243",
        trigger=parts(GRANTED, PROVIDER | {"id": ""}),
        near=parts(GRANTED, PROVIDER | {"expirationDate": ""}),
        at=ID,
        severity="error",
        words="id is empty, expected not empty.",
    ),
    Example(
        "PL243",
        trigger=parts(DENIED, {"id": None, "expirationDate": None}),
        near=parts(DENIED, {}),
        at=ID,
        severity="note",
    ),
    Example(
        "PL244",
        trigger=sent(number=True),
        near=sent(),
        at=EXPIRY,
        severity="error",
        words="expirationDate is number",
    ),
    Example(
        "PL244",
        trigger=expiring("1767326645"),
        near=expiring("1767326645000"),
        at=EXPIRY,
        severity="error",
        words="expirationDate is 1767326645, expected a string of epoch milliseconds.",
    ),
    Example(
        "PL244",
        trigger=expiring("", access="denied"),
        near=parts(DENIED, {"id": ""}),
        at=EXPIRY,
        severity="note",
        words="expirationDate is empty,",
    ),
    Example(
        "PL245",
        trigger=exchange("P3-expired"),
        near=sent(expires_in=-60),
        at=EXPIRY,
        severity="warning",
        words="is 2026-01-02T02:04:05Z, expected later than the request at 2026-01-02T03:04:05Z.",
    ),
    Example(
        "PL245",
        trigger=sent(expires_in=-61),
        near=sent(access="denied", expires_in=-61),
        at=EXPIRY,
        severity="warning",
    ),
    Example(
        "PL246",
        trigger=expiring("2025430636000"),
        near=sent(expires_in=4 * YEAR),
        at=EXPIRY,
        severity="note",
        words="is 2034-03-08T11:37:16Z, expected within five years of the request.",
    ),
    Example(
        "PL246",
        trigger=expiring(forge.epoch_ms(forge.CLOCK + 5 * 365 * 86_400 + 1)),
        near=expiring(forge.epoch_ms(forge.CLOCK + 5 * 365 * 86_400)),
        at=EXPIRY,
        severity="note",
    ),
    Example(
        "PL245",
        trigger=expiring(forge.epoch_ms(forge.CLOCK - 60.001)),
        near=expiring(forge.epoch_ms(forge.CLOCK - 60)),
        at=EXPIRY,
        severity="warning",
    ),
    Example(
        "PL247",
        trigger=exchange("P1", headers={NAME: forge.old_partner_status()}),
        near=parts(GRANTED, PROVIDER, user_permissions={}),
        at=AT,
        severity="note",
        words="has user_permissions and mvpd_status,",
    ),
    Example(
        "PL248",
        trigger=parts(GRANTED | {"source": "tv"}, PROVIDER),
        near=parts(GRANTED | {"error": {"code": "1", "severity": "low"}}, PROVIDER),
        at=f"{AT}/frameworkPermissionInfo/source",
        severity="note",
        words="The member source is not listed, expected accessStatus or error.",
    ),
    Example(
        "PL248",
        trigger=parts({"accessstatus": "granted"}, PROVIDER),
        near=exchange("P1", headers={NAME: forge.old_partner_status()}),
        at=f"{AT}/frameworkPermissionInfo/accessstatus",
        severity="warning",
        words="The member accessstatus is not listed, expected accessStatus.",
    ),
    Example(
        "PL248",
        trigger=parts(GRANTED, PROVIDER | {"ID": forge.MVPD}),
        near=parts(GRANTED, PROVIDER),
        at=f"{AT}/frameworkProviderInfo/ID",
        severity="note",
    ),
    Example(
        "PL249",
        trigger=parts(GRANTED, {"error": {"code": "VSErrorCodeProviderRejected", "message": "made up"}}),
        near=parts(GRANTED, PROVIDER | {"error": {}}),
        at=f"{AT}/frameworkProviderInfo/error",
        severity="note",
        words="reported an error with code VSErrorCodeProviderRejected.",
    ),
    Example(
        "PL249",
        trigger=parts(DENIED | {"error": {"message": "made up"}}, {}),
        near=parts(DENIED | {"error": "none"}, {}),
        at=f"{AT}/frameworkPermissionInfo/error",
        severity="note",
        words="reported an error with no code.",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


def of_content(ex: Exchange) -> list[tuple[str, str]]:
    """The codes about the content of the status, with their severities."""
    wanted = [code for code in sorted(set(codes(ex))) if "PL240" <= code <= "PL249"]
    return [(code, found["severity"]) for code in wanted for found in with_code(ex, code)]


def test_a_status_in_order_has_no_findings() -> None:
    assert of_content(sent()) == []


def test_E29_the_expiry_of_the_samples_is_a_note_and_no_more() -> None:
    assert of_content(expiring("2025430636000")) == [("PL246", "note")]


def test_E30_the_dots_of_the_page_are_flagged() -> None:
    ex = parts({"accessStatus": "...."}, {"id": "....", "expirationDate": "...."})
    assert of_content(ex) == [("PL241", "error"), ("PL244", "error")]
    assert "PL121" in codes(ex)


@pytest.mark.parametrize("access", ["denied", "restricted", "notDetermined"])
def test_E31_an_empty_provider_is_a_note_without_granted_access(access: str) -> None:
    ex = exchange("P3", headers={NAME: forge.denied_status(access)})
    assert of_content(ex) == [("PL240", "note"), ("PL240", "note")]


def test_E31_an_empty_provider_is_flagged_with_granted_access() -> None:
    assert of_content(parts(GRANTED, {})) == [("PL240", "error"), ("PL240", "warning")]


@pytest.mark.parametrize("access", ["granted", "denied", "restricted", "notDetermined", "pending"])
def test_E32_all_five_values_of_both_revisions_are_taken(access: str) -> None:
    assert "PL241" not in codes(sent(access=access))


def test_E33_the_structure_of_2024_is_one_note() -> None:
    assert of_content(exchange("H-P3-old-status")) == [("PL247", "note")]


def test_E34_a_provider_id_that_differs_from_the_mvpd_of_the_answer_is_nothing() -> None:
    assert codes(sent(provider="harbour-cable-at-the-partner")) == []


def test_without_a_clock_nothing_is_said_about_the_expiry() -> None:
    ex = exchange("P1", headers={NAME: forge.partner_status(expires_in=-60)}, started=None)
    assert of_content(ex) == []


def test_seconds_in_place_of_milliseconds_count_as_expired() -> None:
    assert of_content(expiring("1767326645")) == [("PL244", "error"), ("PL245", "warning")]


def test_an_error_of_other_types_is_reported_by_its_form() -> None:
    assert of_content(parts(GRANTED | {"error": {"code": 3}}, PROVIDER)) == [("PL243", "error"), ("PL249", "note")]
