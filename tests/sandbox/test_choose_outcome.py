"""Which answer a request deserves: the questions in their order, one line each."""

import random
from typing import get_args

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.errors import BY_CODE
from passlens.rest_v2.partner_status import Defect
from passlens.sandbox import choose_outcome
from passlens.sandbox.profile_store import ProfileKind
from passlens.sandbox.request_facts import read
from passlens.sandbox.server import Api
from passlens.sandbox.session import SessionStore
from sandbox.asking import FULL, HARBOUR, Device, call

WITHOUT_URL = {"mvpd": "MeridianFiber", "domainName": forge.DOMAIN}
GOOD, BAD = forge.partner_status(provider=HARBOUR), forge.denied_status()


def held(mvpd: str, kind: ProfileKind | None) -> SessionStore:
    """A store in which the asking device holds a profile."""
    sessions = SessionStore()
    if kind is not None:
        facts = read(Decoded(call("create-session")))
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
        (FULL | {"mvpd": "Sling"}, None, "C1"),
        (FULL | {"mvpd": "Sling"}, "regular", "C1"),
        ({"mvpd": "Sling"}, None, "C2"),
        ({"mvpd": "TempPass_5mins"}, None, "C4"),
        ({"mvpd": "my-temppass"}, None, "C4"),
        ({"mvpd": "FreeTEMPPASS"}, None, "C4"),
        ({"mvpd": "Temp-Pass"}, None, "C2"),
        ({"mvpd": "No body"}, None, "invalid_parameter_mvpd"),
        (FULL | {"redirectUrl": "x"}, "regular", "invalid_parameter_redirect_url"),
    ],
)
def test_create(form: dict[str, str], kind: ProfileKind | None, name: str) -> None:
    ex = Decoded(call("create-session", form=form))
    facts = read(ex)
    assert choose_outcome.create(facts, ex, held("MeridianFiber", kind), forge.CLOCK).name == name


def test_every_defect_of_a_status_has_a_documented_error() -> None:
    assert set(choose_outcome.PARTNER_ERRORS) == set(get_args(Defect))
    assert set(choose_outcome.PARTNER_ERRORS.values()) <= set(BY_CODE)


@pytest.mark.parametrize(
    ("form", "kind", "name"),
    [
        (FULL, None, "R1"),
        (WITHOUT_URL, None, "R2"),
        ({}, None, "R2"),
        (FULL, "regular", "R3"),
        (FULL, "appleSSO", "R3"),
        ({"mvpd": "TempPass_Sandbox"}, None, "R4"),
        ({"mvpd": "LanternDSL"}, None, "R5"),
        ({"mvpd": "TempPass_5mins"}, None, "R4"),
        (FULL | {"mvpd": "Nobody"}, None, "R1"),
        (FULL | {"mvpd": "No body"}, None, "invalid_parameter_mvpd"),
    ],
)
def test_resume(form: dict[str, str], kind: ProfileKind | None, name: str) -> None:
    sessions = held("MeridianFiber", kind)
    streaming = read(Decoded(call("create-session")))
    session = sessions.open(streaming.service_provider, streaming.device, now=forge.CLOCK, rng=random.Random(2))
    facts = read(Decoded(call("resume-session", form=form, device="phone")))
    assert choose_outcome.resume(facts, session, sessions, forge.CLOCK).name == name


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
def test_partner(status: str | None, form: dict[str, str], kind: ProfileKind | None, name: str) -> None:
    form = {key: text for key, text in form.items() if key != "mvpd"}
    ex = call("partner-session", form=form, AP_Partner_Framework_Status=status)
    assert choose_outcome.partner(read(Decoded(ex)), Decoded(ex), held("HarbourCable", kind), forge.CLOCK).name == name


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
    response = tv.ask("partner-session", form=PARTNER, AP_Partner_Framework_Status=status)
    assert tv.entry["outcome"] == row
    if response["actionName"] == "authenticate":
        assert tv.browse(response["url"]).headers[0] == ("Location", forge.REDIRECT_URL)
        (mvpd,) = tv.ask("retrieve-profile-code", code=response["code"])["profiles"]
        # Where the status named no provider the answer names no mvpd: the user chooses one on the provider's pages.
        assert response.get("mvpd", "HarbourCable") == mvpd
        assert ("mvpd" in response) == (row == "P4" or name in ("expired", "a number"))


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
