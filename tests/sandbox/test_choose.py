"""Which answer a request deserves: the questions in their order, one line each."""

import random

import pytest

import forge
from passlens.sandbox import choose
from passlens.sandbox.api import Api
from passlens.sandbox.facts import read
from passlens.sandbox.session import Kind, Sessions
from sandbox.asking import FULL, HARBOUR, Device, call

WITHOUT_URL = {"mvpd": "MeridianFiber", "domainName": forge.DOMAIN}
GOOD, BAD = forge.partner_status(provider=HARBOUR), forge.denied_status()


def held(mvpd: str, kind: Kind | None) -> Sessions:
    """A store in which the asking device holds a profile."""
    sessions = Sessions()
    if kind is not None:
        facts = read(call("create-session"))
        sessions.grant(facts.device, facts.service_provider, mvpd, kind, now=forge.CLOCK, rng=random.Random(1))
    return sessions


@pytest.mark.parametrize(
    ("form", "kind", "name"),
    [
        (FULL, None, "C1"),
        (WITHOUT_URL, None, "C2"),
        ({}, None, "C2"),
        (FULL, "regular", "C3"),
        (WITHOUT_URL, "regular", "C3"),
        (FULL, "appleSSO", "C6"),
        ({}, "regular", "C2"),
        ({"mvpd": "TempPass_Sandbox"}, None, "C4"),
        ({"mvpd": "LanternDSL"}, None, "C5"),
        ({"mvpd": "Nobody"}, None, "invalid_parameter_mvpd"),
        (FULL | {"redirectUrl": "x"}, "regular", "invalid_parameter_redirect_url"),
    ],
)
def test_create(form: dict[str, str], kind: Kind | None, name: str) -> None:
    facts = read(call("create-session", form=form))
    assert choose.create(facts, held("MeridianFiber", kind), forge.CLOCK).name == name


@pytest.mark.parametrize(
    ("form", "kind", "strict", "name"),
    [
        (FULL, None, True, "R1"),
        (WITHOUT_URL, None, True, "R2"),
        ({}, None, True, "R2"),
        (FULL, "regular", True, "R3"),
        (FULL, "appleSSO", True, "R3"),
        ({"mvpd": "TempPass_Sandbox"}, None, True, "R4"),
        ({"mvpd": "LanternDSL"}, None, True, "R5"),
        (FULL | {"mvpd": "Nobody"}, None, True, "invalid_parameter_mvpd"),
        (FULL | {"mvpd": "Nobody"}, None, False, "R1"),
        (FULL | {"mvpd": "No body"}, None, False, "invalid_parameter_mvpd"),
    ],
)
def test_resume(form: dict[str, str], kind: Kind | None, strict: bool, name: str) -> None:
    sessions = held("MeridianFiber", kind)
    streaming = read(call("create-session"))
    session = sessions.open(streaming.service_provider, streaming.device, now=forge.CLOCK, rng=random.Random(2))
    facts = read(call("resume-session", form=form, device="phone"))
    assert choose.resume(facts, session, sessions, forge.CLOCK, strict=strict).name == name


@pytest.mark.parametrize(
    ("status", "form", "kind", "name"),
    [
        (GOOD, FULL, None, "P1"),
        (GOOD, FULL, "regular", "P6"),
        (GOOD, FULL, "appleSSO", "P7"),
        (GOOD, WITHOUT_URL, "appleSSO", "P7"),
        (GOOD, WITHOUT_URL, None, "P5"),
        (BAD, WITHOUT_URL, None, "P5"),
        (BAD, FULL, "regular", "P3"),
        (None, FULL, None, "P3"),
        (forge.partner_status(provider="lantern-dsl"), {}, None, "P2"),
        (forge.partner_status(provider="quarry-net"), FULL, None, "P4"),
        (forge.partner_status(provider="nobody"), FULL, None, "P4"),
        (GOOD, {"domainName": "a", "redirectUrl": "x"}, None, "invalid_parameter_redirect_url"),
    ],
)
def test_partner(status: str | None, form: dict[str, str], kind: Kind | None, name: str) -> None:
    form = {key: text for key, text in form.items() if key != "mvpd"}
    ex = call("partner-session", form=form, AP_Partner_Framework_Status=status)
    assert choose.partner(read(ex), ex, held("HarbourCable", kind), forge.CLOCK).name == name


PARTNER = {"domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}

STATUSES = {
    # what the status is like -> row of partner-session
    "none": (None, "P3"),
    "denied": (forge.denied_status(), "P3"),
    "not chosen": (forge.denied_status("notDetermined"), "P3"),
    "no provider": (forge.partner_status(provider=None), "P3"),
    "expired": (forge.partner_status(provider=HARBOUR, expires_in=-60), "P3"),
    "a number": (forge.partner_status(provider=HARBOUR, number=True), "P3"),
    "old": (forge.old_partner_status(), "P3"),
    "not Base64": ("%%%", "P3"),
    "not switched on": (forge.partner_status(provider="quarry-net"), "P4"),
    "no partner provider": (forge.partner_status(provider="MeridianFiber"), "P4"),
    "TempPass": (forge.partner_status(provider="TempPass_Sandbox"), "P4"),
    "unknown provider": (forge.partner_status(provider="nobody-knows"), "P4"),
    "degraded": (forge.partner_status(provider="lantern-dsl"), "P2"),
    "mvpd id": (forge.partner_status(provider="HarbourCable"), "P1"),
}


@pytest.mark.parametrize("name", STATUSES)
def test_the_partner_status_decides(name: str) -> None:
    status, row = STATUSES[name]
    tv = Device(Api(seed=1))
    answer = tv.ask("partner-session", form=PARTNER, AP_Partner_Framework_Status=status)
    assert tv.entry["outcome"] == row
    if answer["actionName"] == "authenticate":
        assert tv.browse(answer["url"]).headers[0] == ("Location", forge.REDIRECT_URL)
        assert list(tv.ask("retrieve-profile-code", code=answer["code"])["profiles"]) == [answer["mvpd"]]


PARTNER_ERRORS = {
    "invalid_header_pfs_permission_access_not_present": None,
    "invalid_header_pfs_permission_access_not_determined": forge.denied_status("notDetermined"),
    "invalid_header_pfs_permission_access_not_granted": forge.denied_status(),
    "invalid_header_pfs_provider_id_not_determined": forge.partner_status(provider="nobody-knows"),
    "invalid_header_pfs_provider_id_mismatch": forge.partner_status(provider="HarbourCable"),
    "invalid_header_pfs_provider_info_expired": forge.partner_status(provider=HARBOUR, expires_in=-1),
}


@pytest.mark.parametrize("code", PARTNER_ERRORS)
def test_a_bad_status_is_an_error_of_the_partner_profile(code: str) -> None:
    tv = Device(Api(seed=1))
    tv.ask("partner-session", form=PARTNER, AP_Partner_Framework_Status=GOOD)
    form = {"SAMLResponse": forge.saml_response()}
    ex = call("partner-profile", tv.now, form=form, AP_Partner_Framework_Status=PARTNER_ERRORS[code])
    assert tv.send(ex).status == 400
    assert tv.entry["error"] == code
