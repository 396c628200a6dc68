"""Nothing is compared with a mask, or with what was not recorded; the same without masks is found."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

import support.sequence as s
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Gap, Response
from support.sequence import NONE, call, decisions, error, get_token, register, session

Change = Callable[[Exchange], Exchange]
GAP = Gap("not-recorded", "the tool left it out")
MASK = "***"
DENIED = {"AP-Partner-Framework-Status": s.forge.denied_status()}
FALLBACK = session(action="authenticate", reason="pfs_fallback")
REFUSED = error("invalid_access_token_client_application", "application-registration", 401)


def of_a_tool(ex: Exchange) -> Exchange:
    return replace(ex, recorder="unknown")


def bare(ex: Exchange) -> Exchange:
    """Without the body of the request."""
    return replace(of_a_tool(ex), request=replace(ex.request, body=None, gap=GAP))


def unanswered(ex: Exchange) -> Exchange:
    """Without the body of the response."""
    assert ex.response is not None
    return replace(of_a_tool(ex), response=replace(ex.response, body=None, gap=GAP))


def path(old: str, new: str) -> Change:
    def change(ex: Exchange) -> Exchange:
        return replace(of_a_tool(ex), request=replace(ex.request, path=ex.request.path.replace(old, new)))

    return change


def header(name: str) -> Change:
    def change(ex: Exchange) -> Exchange:
        headers = tuple((one, MASK if one == name else value) for one, value in ex.request.headers)
        return replace(of_a_tool(ex), request=replace(ex.request, headers=headers))

    return change


def members(response: Response, **changed: object) -> Response:
    return replace(response, body=json.dumps(json.loads(response.body or b"") | changed).encode())


def answer(**changed: object) -> Change:
    def change(ex: Exchange) -> Exchange:
        assert ex.response is not None
        return replace(of_a_tool(ex), response=members(ex.response, **changed))

    return change


def poll(at: float, code: str) -> Exchange:
    return call("poll", at, NONE, code=code)


def made(at: float, saml: str) -> Exchange:
    return call("partner-profile", at, s.profiles("appleSSO"), status=201, form={"SAMLResponse": saml})


def forbidden(at: float, resource: str = "news", **words: object) -> Exchange:
    refused = error("authorization_denied_by_mvpd", "none", 403)
    return call("authorize", at, refused, status=403, resources=[resource], **words)  # type: ignore[arg-type]


def denied(at: float, action: str = "none", **words: object) -> Exchange:
    return call("authorize", at, decisions(news=f"authorization_denied_by_mvpd/{action}"), **words)  # type: ignore[arg-type]


def fallback(at: float, **words: object) -> Exchange:
    return call("partner-session", at, FALLBACK, headers=DENIED, **words)  # type: ignore[arg-type]


ASKED = call("partner-session", 0, session(None, "partner_profile"))
MISSING = call("create-session", 0, session(action="resume", missing=["mvpd"]))
RETRY = call("resume-session", 5, session(action="retry", missing=["mvpd"]))
CREATE, SECOND = call("create-session", 0, session()), call("create-session", 1, session("BBBB2B2", at=1))
TO_REGISTER = call("profiles", 2, REFUSED, status=401)
OTHER_SESSION = session(action="authorize", reason="authenticated", mvpd=None)

# code that is found where all is recorded, the calls, which of them, and what the recorder did to these
ROWS: list[tuple[str, Sequence[Exchange], Sequence[int], Change]] = [
    ("PL643", [ASKED, made(5, "PHNhbWw+"), made(9, "PHNhbWw+")], (1, 2),
     lambda ex: replace(of_a_tool(ex), request=replace(ex.request, body=b"SAMLResponse=***"))),
    ("PL643", [ASKED, made(5, "PHNhbWw+"), made(9, "PHNhbWw+")], (1, 2), bare),
    ("PL632", [poll(5, "AAAA1A1"), poll(6, "AAAA1A1")], (0, 1), path("AAAA1A1", ":code")),
    ("PL633", [call("poll", 5, s.profiles()), poll(10, "AAAA1A1")], (0, 1), path("AAAA1A1", MASK)),
    ("PL634", [poll(5, "AAAA1A1"), *(call("poll", at, error("invalid_authentication_session"), status=400) for at in (9, 19))],
     (0, 1, 2), path("AAAA1A1", "{code}")),
    ("PL635", [CREATE, SECOND, poll(9, "AAAA1A1"), poll(14, "AAAA1A1")], (2, 3), path("AAAA1A1", ":code")),
    ("PL635", [CREATE, SECOND, poll(9, "AAAA1A1"), poll(14, "AAAA1A1")], (1,), answer(code=MASK)),
    ("PL682", [forbidden(n) for n in range(4)], (0, 1, 2, 3), bare),
    ("PL683", [forbidden(n) for n in range(4)], (0, 1, 2, 3), bare),
    ("PL682", [forbidden(n) for n in range(4)], (0, 1, 2, 3), path("Cox", ":mvpd")),
    ("PL683", [forbidden(n) for n in range(4)], (0, 1, 2, 3), header("Authorization")),
    ("PL652", [denied(0), denied(2)], (0, 1), bare),
    ("PL652", [denied(0), denied(2)], (0, 1), path("Cox", MASK)),
    ("PL652", [denied(0), denied(2)], (0,),
     lambda ex: answer(decisions=decisions(news="authorization_denied_by_mvpd/***")["decisions"])(ex)),
    ("PL645", [fallback(n * 20) for n in range(3)], (0, 1, 2), bare),
    ("PL645", [fallback(n * 20) for n in range(3)], (0, 1, 2), header("AP-Partner-Framework-Status")),
    ("PL642", [fallback(0), fallback(60)], (0, 1), header("AP-Partner-Framework-Status")),
    ("PL624", [CREATE, call("resume-session", 5, session(), sp="OTHER")], (1,), path("OTHER", ":serviceProvider")),
    ("PL625", [MISSING, RETRY], (1,), bare),
    ("PL625", [MISSING, RETRY], (0, 1), answer(missingParameters=[MASK])),
    ("PL622", [MISSING, call("resume-session", 3, session(action="resume", missing=["mvpd"])),
               call("authenticate", 5, None, status=400)], (1,), unanswered),
    ("PL623", [call("create-session", 0, OTHER_SESSION),
               call("create-session", 5, session(mvpd=None))], (0, 1), bare),
    ("PL601", [register(0), register(9, "b")], (0, 1), bare),
    ("PL601", [register(0), register(9, "b")], (0, 1), header("X-Device-Info")),
    ("PL602", [get_token(0), get_token(60)], (0, 1),
     lambda ex: replace(of_a_tool(ex), request=replace(ex.request, body=b"client_id=***"))),
    ("PL655", [call("preauthorize", n, decisions(news="permit")) for n in range(4)], range(4), path("Cox", MASK)),
    ("PL686", [call("profiles", 0, NONE), call("profiles", 1, NONE, sp="OTHER")], (1,), path("OTHER", MASK)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "calls", "which", "change"), ROWS, ids=[row[0] for row in ROWS])
def test_what_depends_on_what_is_not_there_is_not_found(
    code: str, calls: Sequence[Exchange], which: Sequence[int], change: Change
) -> None:
    assert s.found([of_a_tool(ex) for ex in calls], code)
    changed = [change(ex) if index in which else of_a_tool(ex) for index, ex in enumerate(calls)]
    assert s.found(changed, code) == []


@pytest.mark.parametrize("change", [unanswered, answer(action=MASK)])
def test_a_refusal_that_was_not_recorded_may_have_asked_for_a_registration(change: Change) -> None:
    calls = [register(0), get_token(1), call("profiles", 2, error("x", "none", 401), status=401), register(3, "b")]
    assert s.found(calls, "PL603")
    assert s.found([*calls[:2], change(TO_REGISTER), calls[3]], "PL603") == []


@pytest.mark.parametrize("change", [unanswered, answer(actionName=MASK)])
def test_a_partner_session_that_was_not_recorded_may_have_asked_for_the_profile(change: Change) -> None:
    start = call("profiles", 0, NONE)
    assert s.found([start, call("partner-session", 1, FALLBACK), made(5, "PHNhbWw+")], "PL643")
    assert s.found([start, change(call("partner-session", 1, FALLBACK)), made(5, "PHNhbWw+")], "PL643") == []


def test_a_masked_code_is_no_code_of_a_journey() -> None:
    masked = path("AAAA1A1", ":code")
    _, (journey,), _ = s.judged([masked(poll(0, "AAAA1A1")), masked(poll(5, "AAAA1A1")), of_a_tool(poll(9, "BBBB2B2"))])
    assert journey["codes"] == ["BBBB2B2"]


def test_what_mitmproxy_recorded_is_what_was_sent() -> None:
    ex = replace(path("AAAA1A1", MASK)(poll(0, "AAAA1A1")), recorder=None)
    assert (Step(Decoded(ex)).code, Step(Decoded(of_a_tool(ex))).code) == (MASK, None)
