"""Which answer a request deserves: the questions in their order, one line each."""

import random

import pytest

import forge
from passlens.sandbox import choose
from passlens.sandbox.facts import read
from passlens.sandbox.session import Kind, Sessions
from sandbox.asking import FULL, HARBOUR, call

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
