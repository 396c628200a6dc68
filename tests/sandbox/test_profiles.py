"""The map of profiles, and who may see one that came from a partner."""

import random

import pytest

import forge
from passlens.sandbox.profiles import may_see, profiles_body
from passlens.sandbox.session import Kind, Profile, Sessions
from sandbox.asking import HARBOUR, SP, call


def profile(kind: Kind) -> Profile:
    return Sessions().grant("d", SP, "A", kind, now=forge.CLOCK, rng=random.Random(1))


@pytest.mark.parametrize(
    ("kind", "issuer"), [("regular", "A"), ("degraded", "Adobe"), ("temporary", "Adobe"), ("appleSSO", "Apple")]
)
def test_a_profile(kind: Kind, issuer: str) -> None:
    made = profiles_body([profile(kind)])["profiles"]["A"]
    assert (made["type"], made["issuer"]) == (kind, issuer)
    assert isinstance(made["notBefore"], int)
    assert made["notBefore"] < made["notAfter"]
    assert made["attributes"]["userID"]["state"] == "plain"


def test_no_profile() -> None:
    assert profiles_body([]) == {"profiles": {}}


@pytest.mark.parametrize(
    ("status", "seen"),
    [(None, False), (forge.denied_status(), False), (forge.partner_status(provider=HARBOUR, expires_in=-1), False),
     (forge.partner_status(provider=HARBOUR), True)],
)  # fmt: skip
def test_a_partner_profile_needs_a_valid_status(status: str | None, seen: bool) -> None:
    ex = call("retrieve-profiles", AP_Partner_Framework_Status=status)
    assert may_see(profile("appleSSO"), ex, forge.CLOCK) is seen
    assert may_see(profile("regular"), ex, forge.CLOCK)
