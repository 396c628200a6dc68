"""PL673, PL677, PL686, each on both sides."""

import support.sequence as s
from support.sequence import NONE, Journey, call, decisions, profiles, session

TOKEN = {"Adobe-Subject-Token": s.forge.subject_token()}
CREATE = call("create-session", 0, session(), headers=TOKEN)

JOURNEYS = [
    Journey("PL673", "changes", "warning@1", [call("profiles", 0, profiles()), call("authorize", 1, decisions(a="permit"), device="b")]),
    Journey("PL673", "and loses its profile", "warning@1 note@1", [call("profiles", 0, profiles()), call("profiles", 1, NONE, device="b")]),
    Journey("PL673", "the profile had run out", "warning@1",
            [call("profiles", 0, profiles(until=5)), call("profiles", 10, NONE, device="b")]),
    Journey("PL673", "five identifiers", "warning@1 warning@2 warning@3 warning@4",
            [call("profiles", n, NONE, device=str(n)) for n in range(5)]),
    Journey("PL673", "from the sixth on it is a server", "warning@1 warning@2 warning@3 warning@4",
            [call("profiles", n, NONE, device=str(n)) for n in range(6)]),
    Journey("PL673", "another spelling", "", [
        call("profiles", 0, NONE),
        call("profiles", 1, NONE, headers={"AP-Device-Identifier": s.forge.device_identifier("tv", padding=False)})]),
    Journey("PL673", "a server that calls for devices", "", [
        call("profiles", n, NONE, device=str(n), headers={"X-Forwarded-For": "203.0.113.9"}) for n in range(3)]),
    Journey("PL673", "another registration", "", [call("profiles", 0, NONE), call("profiles", 1, NONE, device="b", sub="b")]),
    Journey("PL677", "missing later", "warning@1", [CREATE, call("profiles", 5, NONE)]),
    Journey("PL677", "missing at the decision", "warning@2",
            [CREATE, call("profiles", 5, profiles(), headers=TOKEN), call("authorize", 6, decisions(a="permit"))]),
    Journey("PL677", "obtained later", "", [call("create-session", 0, session()), call("profiles", 5, NONE, headers=TOKEN)]),
    Journey("PL677", "not listed for polls", "", [CREATE, call("poll", 5, NONE)]),
    Journey("PL677", "another mvpd", "", [CREATE, call("authorize", 6, decisions(a="permit"), mvpd="Sling")]),
    Journey("PL677", "a new journey", "", [CREATE, call("create-session", 60, session("BBBB2B2"))]),
    Journey("PL677", "plain HTTP hides Roku's", "", [
        call("create-session", 0, session(), headers={"X-Roku-Reserved-Roku-Connect-Token": "x"}),
        call("profiles", 5, NONE, scheme="http")]),
    Journey("PL686", "two", "note@1", [call("profiles", 0, NONE), call("profiles", 1, NONE, sp="OTHER"), call("profiles", 2, NONE)]),
    Journey("PL686", "back and forth", "note@2", [call("profiles", 0, NONE), call("profiles", 1, NONE), call("profiles", 2, NONE, sp="X")]),
    Journey("PL686", "one", "", [call("profiles", 0, NONE), call("profiles", 1, NONE)]),
    Journey("PL686", "two registrations", "", [call("profiles", 0, NONE), call("profiles", 1, NONE, sp="OTHER", sub="b")]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)
