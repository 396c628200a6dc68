"""PL320 to PL326: the values of a sessions answer.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import copy
from typing import Any

import pytest

import forge
from passlens.rest_v2.device_info import HARDWARE_TYPES
from samples.device import device_object
from support.examples import Example, codes, exchange, parametrize, verify, with_code

SAML = forge.saml_request()


def request(**changes: Any) -> dict[str, Any]:
    """An answer's authenticationRequest, changed."""
    made = {"type": "saml", "request": SAML, "attributesNames": ["uid", "NameID", "uniqueId"]}
    return {"authenticationRequest": forge.without_none(made | changes)}


def device(*path: str, to: Any) -> dict[str, Any]:
    """An answer's device with one member changed."""
    made = copy.deepcopy(device_object())
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = to
    return {"device": made}


EXAMPLES = [
    Example(
        "PL320",
        trigger=exchange("C1", response={"actionName": "retry"}),
        near=exchange("R2"),
        at="body#/actionName",
        severity="error",
        words="retry, expected one of authenticate, resume or authorize",
    ),
    Example(
        "PL320",
        trigger=exchange("C1", response={"actionName": "autenticar"}),
        near=exchange("C1"),
        at="body#/actionName",
        severity="error",
        words="autenticar, expected authenticate",
    ),
    Example(
        "PL320",
        trigger=exchange("H-C3", response={"actionName": "profil"}),
        near=exchange("H-C3"),
        at="body#/actionName",
        severity="error",
    ),
    Example(
        "PL321",
        trigger=exchange("C3", response={"actionType": "Direct"}),
        near=exchange("C3"),
        at="body#/actionType",
        severity="error",
        words="Direct, expected direct",
    ),
    Example(
        "PL321",
        trigger=exchange("C1", response={"actionType": ""}),
        near=exchange("C1", response={"actionType": "direct"}),
        at="body#/actionType",
        severity="error",
        words="empty, expected one of interactive or direct",
    ),
    Example(
        "PL322",
        trigger=exchange("C1", response={"reasonType": "nenhum"}),
        near=exchange("C1"),
        at="body#/reasonType",
        severity="error",
        words="nenhum, expected none",
    ),
    Example(
        "PL322",
        trigger=exchange("P3", response={"reasonType": "device_fallback"}),
        near=exchange("P3"),
        at="body#/reasonType",
        severity="error",
    ),
    Example(
        "PL322",
        trigger=exchange("C1", response={"reasonType": "pfs_fallback"}),
        near=exchange("C1", response={"reasonType": "degraded"}),
        at="body#/reasonType",
        severity="note",
        words="which other operations or revisions list",
    ),
    Example(
        "PL323",
        trigger=exchange("P1", response=request(type="oauth")),
        near=exchange("P1", response=request(version="2.0")),
        at="body#/authenticationRequest/type",
        severity="error",
        words="type of authenticationRequest is oauth, expected saml",
    ),
    Example(
        "PL323",
        trigger=exchange("P1", response=request(request=None)),
        near=exchange("P1"),
        at="body#/authenticationRequest/request",
        severity="error",
    ),
    # Samples of the first revision do without.
    Example(
        "PL323",
        trigger=exchange("P1", response=request(attributesNames=None)),
        near=exchange("H-P1-v2"),
        at="body#/authenticationRequest/attributesNames",
        severity="warning",
    ),
    Example(
        "PL324",
        trigger=exchange("P1", response=request(request=SAML[:80] + "....")),
        near=exchange("P1"),
        at="body#/authenticationRequest/request",
        severity="warning",
        words="is not Base64",
    ),
    Example(
        "PL324",
        trigger=exchange("P1", response=request(request=forge.b64("{}"))),
        near=exchange("P1", response=request(request=forge.b64("\ufeff\n<demo/>"))),
        at="body#/authenticationRequest/request",
        severity="warning",
        words="Base64 over something else",
    ),
    # MIME encoders break lines after 76 characters.
    Example(
        "PL324",
        trigger=exchange("P1", response=request(request=f"{SAML[:76]}\r\n{SAML[77:]}")),
        near=exchange("P1", response=request(request=f"{SAML[:76]}\r\n{SAML[76:]}\r\n")),
        at="body#/authenticationRequest/request",
        severity="warning",
    ),
    Example(
        "PL325",
        trigger=exchange("C2", response={"missingParameters": ["mvpd", "mvpdId", "domain", "redirectUrl"]}),
        near=exchange("C2-domain"),
        at="body#/missingParameters/1",
        severity="note",
        words="mvpdId, known are mvpd, domainName or redirectUrl",
    ),
    Example(
        "PL325",
        trigger=exchange("RS-A-missing", response={"parameters": {"existing": {}, "missing": ["redirect_url"]}}),
        near=exchange("RS-A-missing"),
        at="body#/parameters/missing/0",
        severity="note",
    ),
    Example(
        "PL326",
        trigger=exchange("RS-B", response=device("display", "width", to="1920")),
        near=exchange("RS-B"),
        at="body#/device/display/width",
        severity="warning",
        words="device.display.width is string 1920, expected integer",
    ),
    Example(
        "PL326",
        trigger=exchange("RS-B", response=device("type", to="Toaster")),
        near=exchange("RS-B", response=device("type", to="Projector")),
        at="body#/device/type",
        severity="note",
        words="device.type is Toaster",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


VALUES = {
    "actionName": {"autenticar": "authenticate", "retomar": "resume", "autorizar": "authorize"},
    "actionType": {"interativo": "interactive"},
    "reasonType": {
        "nenhum": "none",
        "autenticado": "authenticated",
        "temporário": "temporary",
        "degradado": "degraded",
    },
}


@pytest.mark.parametrize(("name", "word"), [(name, word) for name, words in VALUES.items() for word in words])
def test_a_translated_word_is_an_error_that_names_the_wire_value(name: str, word: str) -> None:
    code = {"actionName": "PL320", "actionType": "PL321", "reasonType": "PL322"}[name]
    (finding,) = with_code(exchange("C1", response={name: word}), code)
    assert (finding["severity"], finding["actual"]) == ("error", word)
    assert finding["expected"] == VALUES[name][word]


@pytest.mark.parametrize("reason", ["pfs_fallback", "configuration_fallback"])
def test_E24_a_withdrawn_reason_is_a_note_and_nothing_else(reason: str) -> None:
    for name in ("C1", "R1"):
        assert codes(exchange(name, response={"reasonType": reason})) == ["PL322"], name
    assert codes(exchange("R3", response={"reasonType": "authenticatedSSO"})) == ["PL322"]


def test_E26_mvpd_of_a_fallback_is_not_derived_from_the_partner_status() -> None:
    for mvpd in (forge.MVPD, "MeridianFiber", None):
        assert "PL422" not in codes(exchange("P3", response={"mvpd": mvpd}))


@pytest.mark.parametrize("kind", [*HARDWARE_TYPES, "VehicleMultimediaSystem", "Projector", "Unknown", None])
def test_E46_every_listed_device_type_is_accepted(kind: str | None) -> None:
    assert codes(exchange("RS-B", response=device("type", to=kind))) == []


def test_E42_names_in_an_answers_device_are_not_those_of_requests() -> None:
    assert codes(exchange("RS-B", response=device("operatingSystem", "name", to="Harbour OS"))) == []


@pytest.mark.parametrize("address", ["192.0.2.1", "...", {"hostAddress": "192.0.2.1"}, None])
def test_E54_the_address_of_a_device_may_be_text_or_an_object(address: Any) -> None:
    assert codes(exchange("RS-B", response=device("connection", "ipAddress", to=address))) == []


@pytest.mark.parametrize("member", ["type", "model", "version", "hardware", "browser", "display", "connection"])
def test_no_member_of_the_device_is_required(member: str) -> None:
    assert codes(exchange("RS-B", response=device(member, to=None))) == []
    assert codes(exchange("RS-B", response={"device": {}})) == []


@pytest.mark.parametrize(("count", "found"), [(9, 9), (10, 10), (11, 10)])
def test_ten_missing_parameters_are_looked_at(count: int, found: int) -> None:
    names = [f"odd{number}" for number in range(count)]
    assert codes(exchange("C2", response={"missingParameters": names})).count("PL325") == found
