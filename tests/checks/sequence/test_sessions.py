"""PL620 to PL629 and PL684, each on both sides."""

import support.sequence as s
from support.sequence import NONE, Journey, call, decisions, error, get_token, profiles, session

CREATE = call("create-session", 0, session())
READ = {"requestor": {"id": s.SP, "mvpds": [{"id": "Cox"}, {"id": "Sling"}]}}
PHONE = {"osName": "Android", "model": "Pixel"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def configuration(at: float, **words: object) -> s.Exchange:
    return call("configuration", at, READ, **words)  # type: ignore[arg-type]


def resume(at: float, body: object = None, **words: object) -> s.Exchange:
    return call("resume-session", at, body if body is not None else session(), **words)  # type: ignore[arg-type]


def opened(at: float, status: int = 302, **words: object) -> s.Exchange:
    return call("authenticate", at, None, status=status, **words)  # type: ignore[arg-type]


MISSING = call("create-session", 0, session(action="resume", missing=["mvpd", "domain"]))
AUTHORIZE = call("create-session", 0, session(action="authorize", reason="authenticated"))
FULL = {"mvpd": "Cox", "domainName": "adobe.com"}

JOURNEYS = [
    Journey("PL620", "from the start", "note@1", [get_token(0), call("create-session", 1, session())]),
    Journey("PL620", "partner", "note@2", [s.register(0), get_token(1), call("partner-session", 2, session())]),
    Journey("PL620", "profiles first", "", [get_token(0), call("profiles", 1, NONE), call("create-session", 2, session())]),
    Journey("PL620", "begins in the middle", "", [CREATE]),
    Journey("PL620", "a token is renewed", "",
            [call("authorize", 0), call("authorize", 5), get_token(10), call("create-session", 15, session())]),
    Journey("PL620", "an opaque token is renewed", "",
            [call("authorize", 0, headers=bearer("old")), get_token(10), call("create-session", 15, session(), headers=bearer("opaque"))]),
    Journey("PL620", "an opaque token from the start", "note@1",
            [get_token(0), call("create-session", 1, session(), headers=bearer("opaque"))]),
    Journey("PL620", "renewed before anything else", "note@2", [get_token(0), get_token(5), call("create-session", 9, session())]),
    Journey("PL620", "TempPass", "", [get_token(0), call("create-session", 1, session(), form={"mvpd": "TempPass_X"})]),
    Journey("PL622", "resumes after authorize", "warning@1", [AUTHORIZE, resume(5)]),
    Journey("PL622", "opens what is to be resumed", "warning@1", [MISSING, opened(5, 400)]),
    Journey("PL622", "opens after a resume that said authorize", "warning@2",
            [MISSING, resume(5, session(action="authorize", reason="authenticated"), form=FULL), opened(10)]),
    Journey("PL622", "a minute before its end", "warning@1", [MISSING, opened(1740, 400)]),
    Journey("PL622", "less than a minute before its end", "", [MISSING, opened(1740.1, 400)]),
    Journey("PL622", "somebody else resumed it", "", [MISSING, opened(5, 302)]),
    Journey("PL622", "validates the code", "", [CREATE, resume(5)]),
    Journey("PL622", "reads profiles in the background", "", [CREATE, call("profiles", 5, NONE), AUTHORIZE,
            call("profiles", 10, NONE)]),
    Journey("PL622", "the user walks away", "", [MISSING]),
    Journey("PL622", "follows", "", [CREATE, opened(5), call("poll", 10, NONE)]),
    Journey("PL623", "opens the address", "note@1", [AUTHORIZE, opened(5)]),
    Journey("PL623", "a new session", "note@1", [AUTHORIZE, call("create-session", 10, session("BBBB2B2"))]),
    Journey("PL623", "a decision came first", "", [AUTHORIZE, call("authorize", 5, decisions(a="permit")), opened(10)]),
    Journey("PL623", "another mvpd", "", [AUTHORIZE, call("create-session", 10, session("BBBB2B2", mvpd="Sling"))]),
    Journey("PL623", "a partner session", "", [AUTHORIZE, call("partner-session", 10, session("BBBB2B2"))]),
    Journey("PL623", "a new session that lacks something", "",
            [AUTHORIZE, call("create-session", 10, session("BBBB2B2", "resume", missing=("redirectUrl",)))]),
    Journey("PL623", "polls", "", [AUTHORIZE, call("poll", 5, profiles())]),
    Journey("PL624", "another service provider", "warning@1", [CREATE, resume(5, sp="OTHER")]),
    Journey("PL624", "mistyped", "note@1", [CREATE, resume(5, error("invalid_parameter_code"), status=400, code="AAAAIA1")]),
    Journey("PL624", "its own", "", [CREATE, resume(5)]),
    Journey("PL624", "unknown", "", [CREATE, resume(5, error("invalid_parameter_code"), status=400, code="ZZZZ9Z9")]),
    Journey("PL625", "nothing", "warning@1", [MISSING, resume(5, session(action="retry", missing=["mvpd", "domain"]))]),
    Journey("PL625", "a part", "note@1", [MISSING, resume(5, session(action="retry", missing=["domain"]), form={"mvpd": "Cox"})]),
    Journey("PL625", "all", "", [MISSING, resume(5, form=FULL)]),
    Journey("PL625", "somebody else sent the rest", "", [MISSING, resume(5, form={"mvpd": "Cox"})]),
    Journey("PL626", "another device", "note@1", [CREATE, opened(5, client="192.168.1.60")]),
    Journey("PL626", "another device, late", "note@2", [CREATE, call("poll", 5, NONE), opened(900, client="192.168.1.60")]),
    Journey("PL626", "validated", "", [
        CREATE, call("retrieve-session", 4, {}, client="192.168.1.60", sub="b", device="phone"), opened(5, client="192.168.1.60")]),
    Journey("PL626", "the same device", "", [CREATE, opened(5)]),
    Journey("PL626", "addresses are not known", "", [call("create-session", 0, session(), client=None), opened(5, client=None)]),
    Journey("PL627", "opened late", "warning@1", [CREATE, opened(1920, 400)]),
    Journey("PL627", "just late", "warning@1", [CREATE, resume(1860.1, error("invalid_authentication_session"), status=400)]),
    Journey("PL627", "clock skew", "", [CREATE, resume(1860, error("invalid_authentication_session"), status=400)]),
    Journey("PL627", "the server still took it", "", [CREATE, opened(1920)]),
    Journey("PL629", "create", "note@0", [call("create-session", 0, session(action="authorize", reason="temporary"))]),
    Journey("PL629", "resume", "note@1", [MISSING, resume(5, session(action="authorize", reason="temporary"), form=FULL)]),
    Journey("PL629", "degraded", "", [call("create-session", 0, session(action="authorize", reason="degraded"))]),
    Journey("PL629", "a scenario's", "", [
        call("create-session", 0, session(action="authorize", reason="temporary"), injected="outcome")]),
    Journey("PL684", "read before", "note@1", [
        call("profiles", 0, profiles()),
        call("create-session", 5, session(action="authorize", reason="authenticated"), form=FULL)]),
    Journey("PL684", "a minute and a bit before its end", "note@1", [
        call("profiles", 0, profiles(until=65.1)),
        call("create-session", 5, session(action="authorize", reason="authenticated"), form=FULL)]),
    Journey("PL684", "a minute before its end, clocks differ", "", [
        call("profiles", 0, profiles(until=65)),
        call("create-session", 5, session(action="authorize", reason="authenticated"), form=FULL)]),
    Journey("PL684", "another mvpd", "", [
        call("profiles", 0, profiles(mvpd="Sling")),
        call("create-session", 5, session(action="authorize", reason="authenticated"), form=FULL)]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)
