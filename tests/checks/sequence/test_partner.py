"""PL641 to PL645, each on both sides."""

import forge
import support.sequence as s
from support.sequence import NONE, Journey, call, decisions, profiles, session

GRANTED = {"AP-Partner-Framework-Status": forge.partner_status(s.T0)}
SHORT = {"AP-Partner-Framework-Status": forge.partner_status(s.T0, expires_in=5)}
DENIED = {"AP-Partner-Framework-Status": forge.denied_status()}
OTHER = {"AP-Partner-Framework-Status": forge.denied_status("restricted")}
FALLBACK = session(action="authenticate", reason="pfs_fallback")
SAML = {"SAMLResponse": forge.saml_response(s.T0)}
APPLE = call("profiles", 0, profiles("appleSSO"), headers=GRANTED)
DENIAL = decisions(a="invalid_header_pfs_provider_id_not_determined/none")


def asked(at: float, body: object = FALLBACK, **words: object) -> s.Exchange:
    return call("partner-session", at, body, **({"headers": DENIED} | words))  # type: ignore[arg-type]


def made(at: float, status: int = 201, **words: object) -> s.Exchange:
    words = {"form": SAML, "headers": GRANTED} | words
    return call("partner-profile", at, profiles("appleSSO"), status=status, **words)  # type: ignore[arg-type]


REQUEST = asked(0, session(None, "partner_profile"), headers=GRANTED)

JOURNEYS = [
    Journey("PL641", "denied", "warning@1", [APPLE, call("authorize", 5, DENIAL)]),
    Journey("PL641", "permitted all the same", "note@1", [APPLE, call("preauthorize", 5, decisions(a="permit"))]),
    Journey("PL641", "not valid", "warning@1", [APPLE, call("authorize", 5, DENIAL, headers=DENIED)]),
    Journey("PL641", "sent", "", [APPLE, call("authorize", 5, DENIAL, headers=GRANTED)]),
    Journey("PL641", "a regular profile", "", [call("profiles", 0, profiles()), call("authorize", 5, DENIAL)]),
    Journey("PL641", "an older regular profile", "", [call("profiles", 0, profiles()), APPLE, call("authorize", 5, DENIAL)]),
    Journey("PL641", "expired a minute ago", "", [APPLE, call("authorize", 65, DENIAL, headers=SHORT)]),
    Journey("PL641", "expired longer ago", "warning@1", [APPLE, call("authorize", 65.1, DENIAL, headers=SHORT)]),
    Journey("PL641", "an older regular profile, over a minute ago", "warning@2", [
        call("profiles", 0, profiles(until=5)), APPLE, call("authorize", 65, DENIAL)]),
    Journey("PL641", "an older regular profile, perhaps not over", "", [
        call("profiles", 0, profiles(until=5)), APPLE, call("authorize", 64.9, DENIAL)]),
    Journey("PL642", "again", "warning@1", [asked(0), asked(60)]),
    Journey("PL642", "much later", "warning@1", [asked(0), asked(3600)]),
    Journey("PL642", "once", "", [asked(0)]),
    Journey("PL642", "the permission changed", "", [asked(0), asked(60, headers=OTHER)]),
    Journey("PL642", "another reason", "", [
        asked(0), asked(60, session(action="authenticate", reason="configuration_fallback"))]),
    Journey("PL643", "not asked for", "warning@1", [call("profiles", 0, NONE), made(5)]),
    Journey("PL643", "half an hour after", "warning@1", [REQUEST, made(1801)]),
    Journey("PL643", "within half an hour", "", [REQUEST, made(1800)]),
    Journey("PL643", "twice", "error@2", [REQUEST, made(5), made(10)]),
    Journey("PL643", "retry after no answer", "", [REQUEST, made(5, status=None), made(10)]),
    Journey("PL643", "begins in the middle", "note@0", [made(0)]),
    Journey("PL643", "another case", "note@1", [REQUEST, made(5, partner="apple")]),
    Journey("PL645", "a loop", "warning@2 warning@3", [asked(0), asked(20), asked(40), asked(60)]),
    Journey("PL645", "just within two minutes", "warning@2", [asked(0), asked(120), asked(240)]),
    Journey("PL645", "started again once", "", [asked(0), asked(20)]),
    Journey("PL645", "slower", "", [asked(0), asked(121), asked(242)]),
    Journey("PL645", "polled between", "", [asked(0), asked(20), call("poll", 25, NONE), asked(40)]),
    Journey("PL645", "another form", "", [asked(0), asked(20, form={"a": "1"}), asked(40, form={"a": "2"})]),
    Journey("PL645", "made by a scenario", "", [asked(n * 20, injected="outcome") for n in range(3)]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)
