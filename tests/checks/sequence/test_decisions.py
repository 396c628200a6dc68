"""PL652 to PL660 and PL687, each on both sides."""

import support.sequence as s
from support.sequence import NONE, Journey, call, decisions, error, get_token, profiles, session

NO = decisions(news="authorization_denied_by_mvpd/none")
RETRY = decisions(news="network_connection_timeout/retry")
YES = decisions(news="permit")
MANY = decisions(a="permit", b="permit", c="permit")


def ask(at: float, body: object = NO, **words: object) -> s.Exchange:
    return call("authorize", at, body, **words)  # type: ignore[arg-type]


def pre(at: float, body: object, *resources: str, **words: object) -> s.Exchange:
    return call("preauthorize", at, body, resources=resources, **words)  # type: ignore[arg-type]


def repeated(*times: float) -> list[s.Exchange]:
    return [ask(at, RETRY) for at in times]


PART = decisions(a="permit", b="network_connection_timeout/retry")

JOURNEYS = [
    Journey("PL652", "at once", "warning@1", [ask(0), ask(2)]),
    Journey("PL652", "just within 10 s", "warning@1", [ask(0), ask(10.03)]),
    Journey("PL652", "play pressed again", "note@1", [ask(0), ask(10.1)]),
    Journey("PL652", "just within a minute", "note@1", [ask(0), ask(60)]),
    Journey("PL652", "after a minute", "", [ask(0), ask(60.1)]),
    Journey("PL652", "signed in between", "", [ask(0), call("create-session", 1, session()), ask(5)]),
    Journey("PL652", "a profile came", "", [ask(0), call("profiles", 1, profiles()), ask(5)]),
    Journey("PL652", "no profile came", "warning@2", [ask(0), call("profiles", 1, NONE), ask(5)]),
    Journey("PL652", "another device of a server", "", [ask(0), ask(2, device="bedroom")]),
    Journey("PL652", "another resource", "", [ask(0), ask(2, resources=["other"])]),
    Journey("PL652", "three retries", "", repeated(0, 5, 10, 15)),
    Journey("PL652", "a fourth retry", "warning@4", repeated(0, 5, 10, 15, 20)),
    Journey("PL652", "ever slower", "", repeated(0, 1, 3, 7, 15, 31)),
    Journey("PL652", "with what was permitted", "note@1", [pre(0, PART, "a", "b"), pre(2, PART, "a", "b")]),
    Journey("PL652", "only what says retry", "", [pre(0, PART, "a", "b"), pre(2, RETRY, "b")]),
    Journey("PL654", "six", "note@0", [pre(0, MANY, *"abcdef")]),
    Journey("PL654", "refused", "warning@0", [pre(0, decisions(a="too_many_resources/configuration"), *"abcdefg")]),
    Journey("PL654", "refused as a whole", "warning@0", [pre(0, error("too_many_resources"), *"abcdefg", status=400)]),
    Journey("PL654", "two", "note@0", [ask(0, YES, resources=["a", "b"])]),
    Journey("PL654", "five", "", [pre(0, MANY, *"abcde")]),
    Journey("PL654", "one", "", [ask(0, YES)]),
    Journey("PL655", "three resources", "note@1", [pre(0, MANY, *"abc"), pre(60, MANY, *"abc")]),
    Journey("PL655", "just within ten minutes", "note@1", [pre(0, MANY, *"abc"), pre(600, MANY, *"abc")]),
    Journey("PL655", "three calls", "note@3", [pre(0, MANY, *"abc"), *(pre(10 * n, MANY, "a") for n in range(1, 4))]),
    Journey("PL655", "two calls", "", [pre(0, MANY, *"abc"), *(pre(10 * n, MANY, "a") for n in range(1, 3))]),
    Journey("PL655", "after ten minutes", "", [pre(0, MANY, *"abc"), pre(600.1, MANY, *"abc")]),
    Journey("PL655", "the app started anew", "", [pre(0, MANY, *"abc"), get_token(30), pre(60, MANY, *"abc")]),
    Journey("PL655", "another profile", "", [pre(0, MANY, *"abc"), call("logout", 30, {}), pre(60, MANY, *"abc")]),
    Journey("PL655", "another mvpd", "", [pre(0, MANY, *"abc"), pre(60, MANY, *"abc", mvpd="Sling")]),
    Journey("PL660", "at once", "note@1", [ask(0), call("logout", 1, {})]),
    Journey("PL660", "just within 5 s", "note@1", [ask(0, None, status=403), call("logout", 5, {})]),
    Journey("PL660", "later", "", [ask(0), call("logout", 5.1, {})]),
    Journey("PL660", "permitted", "", [ask(0, YES), call("logout", 1, {})]),
    Journey("PL660", "another call between", "", [ask(0), call("profiles", 1, NONE), call("logout", 2, {})]),
    Journey("PL687", "another", "note@1", [call("profiles", 0, profiles()), call("logout", 5, {}, mvpd="Sling")]),
    Journey("PL687", "after polling", "note@1", [call("poll", 0, profiles()), call("logout", 5, {}, mvpd="cox")]),
    Journey("PL687", "its own", "", [call("profiles", 0, profiles()), call("logout", 5, {})]),
    Journey("PL687", "no profile was read", "", [call("logout", 5, {})]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)
