"""PL610 to PL612, each on both sides."""

from dataclasses import replace

import support.sequence as s
from support.sequence import NONE, Journey, call, decisions, error, get_token, profiles, session

CREATE = call("create-session", 0, session())
READ = {"requestor": {"id": s.SP, "mvpds": [{"id": "Cox"}, {"id": "Sling"}]}}
PHONE = {"osName": "Android", "model": "Pixel"}


def configuration(at: float, **words: object) -> s.Exchange:
    return call("configuration", at, READ, **words)  # type: ignore[arg-type]


JOURNEYS = [
    Journey("PL610", "signed in", "note@2", [
        call("profiles", 0, profiles(), info=PHONE), configuration(1, info=PHONE), call("profiles", 200, NONE, info=PHONE)]),
    Journey("PL610", "just after two minutes", "note@2", [
        call("profiles", 0, profiles(), info=PHONE), configuration(1, info=PHONE), call("profiles", 121.1, NONE, info=PHONE)]),
    Journey("PL610", "two minutes are not over", "", [
        call("profiles", 0, profiles(), info=PHONE), configuration(1, info=PHONE), call("profiles", 121, NONE, info=PHONE)]),
    Journey("PL610", "a session follows", "", [
        call("profiles", 0, profiles(), info=PHONE), configuration(1, info=PHONE),
        call("create-session", 60, session(), info=PHONE), call("profiles", 200, NONE, info=PHONE)]),
    Journey("PL610", "Apple maps ids with it", "", [call("profiles", 0, profiles()), configuration(1), call("profiles", 200, NONE)]),
    Journey("PL610", "the profile has ended", "", [
        call("profiles", 0, profiles(until=61), info=PHONE), configuration(1, info=PHONE), call("profiles", 200, NONE, info=PHONE)]),
    Journey("PL610", "the profile holds for a minute and a bit", "note@2", [
        call("profiles", 0, profiles(until=61.1), info=PHONE), configuration(1, info=PHONE), call("profiles", 200, NONE, info=PHONE)]),
    Journey("PL611", "at once", "note@1", [configuration(0), configuration(30)]),
    Journey("PL611", "just within two minutes", "note@1", [configuration(0), configuration(120)]),
    Journey("PL611", "after two minutes", "", [configuration(0), configuration(120.1)]),
    Journey("PL611", "a new start between", "", [configuration(0), get_token(10), configuration(30)]),
    Journey("PL611", "the first one failed", "", [configuration(0, status=503), configuration(30)]),
    Journey("PL611", "another app", "", [configuration(0), configuration(30, sub="b")]),
    Journey("PL612", "in a session", "note@1", [configuration(0), call("create-session", 1, session(), form={"mvpd": "Other"})]),
    Journey("PL612", "refused", "warning@1", [
        configuration(0), call("create-session", 1, error("invalid_integration"), status=400, form={"mvpd": "Other"})]),
    Journey("PL612", "offered", "", [configuration(0), call("create-session", 1, session(), form={"mvpd": "Sling"})]),
    Journey("PL612", "TempPass", "", [configuration(0), call("authorize", 1, decisions(a="permit"), mvpd="TempPass_X")]),
    Journey("PL612", "a placeholder of the documentation", "", [
        configuration(0), call("authorize", 1, decisions(a="permit"), mvpd="$%7BdegradedMvpd%7D")]),
    Journey("PL612", "another platform's", "", [configuration(0, info=PHONE), call("authorize", 1, decisions(a="permit"), mvpd="X")]),
]  # fmt: skip


def test_what_a_browser_took_from_its_cache_was_not_read_again() -> None:
    first, again = (configuration(at) for at in (0, 30))
    assert s.found([first, again], "PL611")
    assert not s.found([first, replace(again, cached=True)], "PL611")
    assert not s.found([replace(first, cached=True), again], "PL611")
    words = "1 exchange answered by a browser's cache: judged as no calls over time"
    assert words in s.judged([first, replace(again, cached=True)])[2].remarks()


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)
