"""The past that sequence checks share: sessions by code, registrations, profiles, and devices that are learned."""

from passlens.checks.sequence.history import MAX_DEVICES, History, token_end
from passlens.checks.sequence.items import MAX_RESOURCES
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from support.sequence import NONE, SP, T0, call, get_token, profiles, register, session


def after(*calls: Exchange) -> History:
    """The past when these have ended."""
    history = History()
    for index, ex in enumerate(calls):
        ex.index = index
        step = Step(Decoded(ex))
        history.identify(step)
        history.observe(step)
    return history


def step(ex: Exchange) -> Step:
    return Step(Decoded(ex))


def test_a_session_is_known_by_service_provider_and_code() -> None:
    history = after(call("create-session", 0, session("BBBB2B2", until=120)))
    known = history.session(step(call("poll", 5, NONE, code="BBBB2B2")))
    assert known is not None
    assert (known.created, known.by, known.actor, known.mvpd) == (0, "create-session", "app", "Cox")
    assert (known.is_open(T0 + 60), known.is_open(T0 + 61)) == (True, False)  # a minute for clocks
    assert history.session(step(call("poll", 5, NONE, code="BBBB2B2", sp="REF40"))) is None


def test_a_resumed_session_keeps_who_began_it() -> None:
    history = after(
        call("create-session", 0, session("BBBB2B2", action="resume", missing=("mvpd",)), sub="television"),
        call("resume-session", 9, session("BBBB2B2"), code="BBBB2B2", sub="telephone"),
    )
    known = history.session(step(call("poll", 10, NONE, code="BBBB2B2")))
    assert known is not None
    assert (known.actor, known.action, known.action_by, known.missing) == (
        "television",
        "authenticate",
        "resume-session",
        (),
    )
    assert known.validated


def test_a_registration_has_its_token_and_what_was_refused_since() -> None:
    history = after(register(0), get_token(1, life=60))
    client = history.by_client_id.get("app", T0 + 1)
    assert client is not None
    assert (client.registered, client.token, client.refused, client.excused) == (0, 1, None, False)
    refused = call("poll", 2, {"code": "invalid_access_token", "action": "application-registration"}, status=401)
    client = after(register(0), get_token(1), refused).by_client_id.get("app", T0 + 2)
    assert client is not None
    assert (client.refused, client.excused) == (2, True)


def test_a_token_ends_by_its_own_times_else_from_when_it_came() -> None:
    given = get_token(1, life=60)
    assert token_end(step(given)) == T0 + 61
    bare = call("token", 1, {"access_token": "x", "expires_in": 60}, status=201)
    assert token_end(step(bare)) == step(bare).end + 60
    assert token_end(step(call("token", 1, {"access_token": "x"}, status=201))) is None


def test_the_whole_list_of_profiles_replaces_what_was_known() -> None:
    who = ("app", SP)
    cox, sling = profiles(mvpd="Cox"), profiles(mvpd="Sling")
    assert set(after(call("profiles", 0, cox), call("profiles", 1, sling)).profiles.get(who, T0) or ()) == {"Sling"}
    both = after(call("profiles", 0, cox), call("profile", 1, sling, mvpd="Sling"))
    assert set(both.profiles.get(who, T0) or ()) == {"Cox", "Sling"}
    assert after(call("profiles", 0, cox), call("logout", 1, {"logouts": {}})).profiles.get(who, T0) is None


def test_answers_to_polls_add_profiles_up_to_a_limit() -> None:
    def shown(first: int) -> dict[str, dict[str, object]]:
        return {"profiles": {str(n): {"type": "regular"} for n in range(first, first + MAX_RESOURCES)}}

    history = after(*(call("poll", n, shown(n)) for n in range(3)))
    assert set(history.profiles.get(("app", SP), T0) or ()) == {str(n) for n in range(2, MAX_RESOURCES + 2)}


def test_a_call_that_names_no_device_is_told_by_its_token_if_that_belongs_to_one() -> None:
    history = after(call("profiles", 0, NONE, device="tv"))
    unnamed = step(call("poll", 1, NONE, device=None, code="CCCC3C3"))
    history.identify(unnamed)
    assert unnamed.device == step(call("poll", 1, NONE, device="tv")).device
    shared = after(call("profiles", 0, NONE, device="tv"), call("profiles", 1, NONE, device="other"))
    unnamed = step(call("poll", 2, NONE, device=None, code="CCCC3C3"))
    shared.identify(unnamed)
    assert unnamed.device is None


def test_the_devices_of_a_registration_are_bounded() -> None:
    history = after(*(call("profiles", number, NONE, device=str(number)) for number in range(MAX_DEVICES + 1)))
    assert len(history.devices.get("app", T0) or ()) == MAX_DEVICES


def test_an_opaque_token_is_of_the_client_that_it_was_given_to() -> None:
    history = after(
        get_token(0, "app"), call("token", 1, {"access_token": "lost"}, status=400, form={"client_id": "app"})
    )
    for token, sub in (("opaque", "app"), ("lost", None)):
        one = step(call("profiles", 2, headers={"Authorization": f"Bearer {token}"}))
        history.identify(one)
        assert one.sub == (sub or one.opaque)
