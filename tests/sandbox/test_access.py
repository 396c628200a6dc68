"""What rests on what a device holds: TempPass and profiles that end, degradation, strict worlds, logouts."""

from typing import Any

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.sandbox.server import Api
from passlens.sandbox.world import World, WorldMvpd
from sandbox.asking import FULL, SP, Device, call

IDENTITY = {"AP_TempPass_Identity": forge.temppass_identity()}
WORLD = World(
    (
        WorldMvpd("Cox", "Cox", minutes=60),
        WorldMvpd("Free", "Free", "temporary", minutes=5),
        WorldMvpd("Promo", "Promo", "promotional", minutes=60, resources=2),
        WorldMvpd("Down", "Down", "degraded", degradation="AuthZNone"),
    ),
    strict=True,
    resources={"*": "permit"},
)


def codes(body: dict[str, Any]) -> list[str | None]:
    return [decision.get("error", {}).get("code") for decision in body["decisions"]]


def test_a_temppass_runs_out_by_time() -> None:
    tv = Device(Api(seed=1, world=WORLD))
    assert tv.ask("retrieve-profile-mvpd", mvpd_path="Free")["profiles"]["Free"]["type"] == "temporary"
    tv.now += 299
    assert codes(tv.ask("authorize", mvpd_path="Free")) == [None]
    tv.now += 1
    assert tv.send(call("retrieve-profile-mvpd", tv.now, mvpd_path="Free")).status == 403
    assert tv.entry["error"] == "temporary_access_duration_limit_exceeded"
    body = tv.ask("authorize", mvpd_path="Free")
    assert (codes(body), body["decisions"][0]["source"]) == (["temporary_access_duration_limit_exceeded"], "temppass")
    # A logout does not give it anew, and it is everybody else's still.
    assert tv.ask("logout", mvpd_path="Free")["logouts"]["Free"]["actionName"] == "invalid"
    assert codes(tv.ask("authorize", mvpd_path="Free")) == ["temporary_access_duration_limit_exceeded"]
    assert codes(tv.ask("authorize", mvpd_path="Free", serviceProvider="OTHERTV")) == [None]
    other = Device(tv.api, "other")
    other.now = tv.now
    assert codes(other.ask("authorize", mvpd_path="Free")) == [None]


def test_a_promotional_temppass_runs_out_by_resources() -> None:
    tv = Device(Api(seed=1, world=WORLD))
    assert tv.send(call("retrieve-profile-mvpd", tv.now, mvpd_path="Promo")).status == 400
    assert tv.entry["error"] == "invalid_header_identity_for_temporary_access"
    assert codes(tv.ask("authorize", mvpd_path="Promo")) == ["invalid_header_identity_for_temporary_access"]
    for resource in ("one", "one", "two"):
        assert codes(tv.ask("authorize", mvpd_path="Promo", resources=[resource], **IDENTITY)) == [None]
        left = tv.api.sessions.profiles(device_key(Decoded(call("authorize"))), SP, tv.now)[0].remaining
        assert left == (0 if resource == "two" else 1)
    wanted = tv.ask("authorize", mvpd_path="Promo", resources=["three", "two"], **IDENTITY)
    assert codes(wanted) == ["temporary_access_resources_limit_exceeded", None]
    assert tv.send(call("retrieve-profile-mvpd", tv.now, mvpd_path="Promo", **IDENTITY)).status == 403
    assert tv.entry["error"] == "temporary_access_resources_limit_exceeded"
    assert codes(tv.ask("preauthorize", mvpd_path="Promo", resources=["four"], **IDENTITY)) == [None]


def test_a_profile_ends() -> None:
    tv = Device(Api(seed=1, world=WORLD))
    code = tv.ask("create-session", form=FULL | {"mvpd": "Cox"})["code"]
    tv.browse(f"/api/v2/authenticate/{SP}/{code}")
    assert codes(tv.ask("authorize", mvpd_path="Cox")) == [None]
    tv.now += 3600
    assert tv.ask("retrieve-profiles") == {"profiles": {}}
    assert codes(tv.ask("authorize", mvpd_path="Cox")) == ["authenticated_profile_expired"]
    tv.ask("create-session", form=FULL | {"mvpd": "Cox"})
    assert tv.entry["outcome"] == "C1"


def test_a_rule_that_denies_everything_is_signed_in_to_all_the_same() -> None:
    tv = Device(Api(seed=1, world=WORLD))
    code = tv.ask("create-session", form=FULL | {"mvpd": "Down"})["code"]
    tv.browse(f"/api/v2/authenticate/{SP}/{code}")
    for operation in ("authorize", "preauthorize"):
        body = tv.ask(operation, mvpd_path="Down")
        assert codes(body) == ["authorization_denied_by_degradation_rule"]
        assert body["decisions"][0]["source"] == "degradation"


def test_a_strict_world_refuses_what_it_does_not_list() -> None:
    tv = Device(Api(seed=1, world=WORLD))
    for ex in (
        call("create-session", tv.now, form=FULL | {"mvpd": "Other"}),
        call("retrieve-profile-mvpd", tv.now, mvpd_path="Other"),
        call("authorize", tv.now, mvpd_path="TempPass_5mins"),
    ):
        assert tv.send(ex).status == 400
        assert tv.entry["error"] == "invalid_parameter_mvpd"


def test_all_profiles_are_without_temporary_and_degraded_ones() -> None:
    tv = Device(Api(seed=1))
    for mvpd in ("LanternDSL", "TempPass_Sandbox"):
        assert list(tv.ask("retrieve-profile-mvpd", mvpd_path=mvpd)["profiles"]) == [mvpd]
    assert tv.ask("retrieve-profiles") == {"profiles": {}}


MRSS = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>{}</title>'
    "<item><title>One show</title></item></channel></rss>"
)


def test_a_denial_has_the_words_of_the_world_and_a_resource_may_be_a_document() -> None:
    resources = {"movies": "authorization_denied_by_mvpd", "Tom & Co": "authorization_denied_by_parental_controls"}
    world = World(resources=resources, messages={"movies": "Movies are not in your package."})
    tv = Device(Api(seed=1, world=world))
    sign_in(tv, "MeridianFiber")
    asked = ["movies", MRSS.format("movies"), MRSS.format("Tom &amp; Co"), MRSS.format("News"), "<no title>"]
    for operation in ("authorize", "preauthorize"):
        found = tv.ask(operation, resources=asked)["decisions"]
        words = [one.get("error", {}).get("message") for one in found]
        assert words[:2] == ["Movies are not in your package."] * 2
        assert [one["authorized"] for one in found] == [False, False, False, True, True]


def left(tv: Device, mvpd: str, **values: Any) -> dict[str, Any]:
    """What a logout says of the mvpd."""
    body = tv.ask("logout", mvpd_path=mvpd, **values)
    found: dict[str, Any] = body["logouts"][mvpd]
    return found


def sign_in(tv: Device, mvpd: str, **values: Any) -> None:
    """A first screen sign-in."""
    tv.browse(tv.ask("create-session", form=FULL | {"mvpd": mvpd}, **values)["url"])


def test_an_mvpd_without_a_logout_of_its_own_is_complete_at_once() -> None:
    world = World(mvpds=(WorldMvpd("Cox", "Cox"), WorldMvpd("Sling", "Sling", logout=False)))
    tv = Device(Api(seed=1, world=world))
    for mvpd in ("Cox", "Sling"):
        sign_in(tv, mvpd)
    cox, sling = left(tv, "Cox"), left(tv, "Sling")
    assert (cox["actionName"], sling) == ("logout", {"actionName": "complete", "actionType": "none", "mvpd": "Sling"})
    assert tv.ask("retrieve-profiles") == {"profiles": {}}


@pytest.mark.parametrize("mvpd", ["LanternDSL", "TempPass_Sandbox"])
def test_a_logout_of_access_without_a_sign_in_is_complete(mvpd: str) -> None:
    tv = Device(Api(seed=1))
    tv.ask("retrieve-profile-mvpd", mvpd_path=mvpd)
    assert left(tv, mvpd) == {"actionName": "complete", "actionType": "none", "mvpd": mvpd}


def test_a_logout_without_a_profile_is_invalid() -> None:
    assert left(Device(Api(seed=1)), "MeridianFiber")["actionName"] == "invalid"
