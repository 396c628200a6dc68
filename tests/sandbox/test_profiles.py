"""The map of profiles, and who may see one that came from a partner."""

import random

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox.profile_store import ProfileKind, Validity, VirtualProfile
from passlens.sandbox.profiles import may_see, profiles_body
from passlens.sandbox.session import SessionStore
from sandbox.asking import HARBOUR, SP, call


def profile(kind: ProfileKind) -> VirtualProfile:
    return SessionStore().grant("d", SP, "A", kind, now=forge.CLOCK, rng=random.Random(1))


@pytest.mark.parametrize(
    ("kind", "wire", "issuer", "starts", "attributes"),
    [
        ("regular", "regular", "A", "", {"upstreamUserID", "userID", "householdID"}),
        ("degraded", "degraded", "Adobe", "95cf93bcd183214a", {"userID"}),
        ("temporary", "temporary", "Adobe", "temppass_", {"expiration_date", "userID"}),
        ("promotional", "temporary", "Adobe", "temppass_",
         {"remaining_resources", "used_assets", "expiration_date", "userID"}),
        ("appleSSO", "appleSSO", "Apple", "", {"upstreamUserID", "userID", "householdID"}),
        ("platformSSO", "platformSSO", "A", "", {"upstreamUserID", "userID", "mvpd"}),
        ("serviceTokenSSO", "serviceTokenSSO", "A", "", {"upstreamUserID", "userID", "mvpd"}),
    ],
)  # fmt: skip
def test_a_profile(kind: ProfileKind, wire: str, issuer: str, starts: str, attributes: set[str]) -> None:
    made = profiles_body([profile(kind)])["profiles"]["A"]
    assert list(made) == ["notBefore", "notAfter", "issuer", "type", "attributes"]
    assert (made["type"], made["issuer"]) == (wire, issuer)
    assert isinstance(made["notBefore"], int)
    assert made["notBefore"] < made["notAfter"]
    assert set(made["attributes"]) == attributes
    assert made["attributes"]["userID"]["value"].startswith(starts)
    assert {value["state"] for value in made["attributes"].values()} == {"plain"}
    if "expiration_date" in attributes:
        assert made["attributes"]["expiration_date"]["value"] == made["notAfter"]


def test_what_is_left_of_a_promotional_temppass() -> None:
    sessions = SessionStore()
    held = sessions.grant(
        "d", SP, "A", "promotional", now=forge.CLOCK, rng=random.Random(1), validity=Validity(60_000, 2)
    )
    held = sessions.use(sessions.use(held, "news"), "news")
    attributes = profiles_body([held])["profiles"]["A"]["attributes"]
    assert (attributes["remaining_resources"]["value"], attributes["used_assets"]["value"]) == (1, ["news"])


def test_no_profile() -> None:
    assert profiles_body([]) == {"profiles": {}}


@pytest.mark.parametrize(
    ("status", "seen"),
    [(None, False), (forge.denied_status(), False), (forge.partner_status(provider=HARBOUR, expires_in=-1), False),
     (forge.partner_status(provider=HARBOUR), True)],
)  # fmt: skip
def test_a_partner_profile_needs_a_valid_status(status: str | None, seen: bool) -> None:
    ex = call("retrieve-profiles", AP_Partner_Framework_Status=status)
    assert may_see(profile("appleSSO"), Decoded(ex), forge.CLOCK) is seen
    assert may_see(profile("regular"), Decoded(ex), forge.CLOCK)
