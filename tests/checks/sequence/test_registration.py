"""PL601 to PL605, each on both sides: plain, just beyond, just within, and what must not alarm."""

from dataclasses import replace

import forge
import support.sequence as s
from support.sequence import NONE, Journey, call, get_token, register

REFUSED = s.error("invalid_access_token", "none", 401)


def refused(at: float, **words: object) -> s.Exchange:
    return call("profiles", at, REFUSED, status=401, **words)  # type: ignore[arg-type]


def ok(at: float, **words: object) -> s.Exchange:
    return call("profiles", at, NONE, **words)  # type: ignore[arg-type]


def by_query(*arguments: float, **words: object) -> s.Exchange:
    """A token whose parameters stand in the query."""
    ex = get_token(*arguments, **words)  # type: ignore[arg-type]
    path = f"{ex.request.path}?{(ex.request.body or b'').decode()}"
    return replace(ex, request=replace(ex.request, path=path, body=b""))


def by_identifier(at: float, device: str, client_id: str = "app", **words: object) -> s.Exchange:
    """A registration that names its device."""
    return register(at, client_id, headers={"AP-Device-Identifier": forge.device_identifier(device)}, **words)


def moved(ex: s.Exchange, hours: float) -> s.Exchange:
    """The same, as a recorder with another clock has it."""
    return replace(ex, started=(ex.started or 0.0) + hours * s.HOUR)


OPAQUE = {"Authorization": "Bearer opaque"}
"""The token that the calls to the token endpoint bring."""

LIFE = 21600
JOURNEYS = [
    Journey("PL601", "twice", "warning@2", [register(0), get_token(1), register(60, "app2")]),
    Journey("PL601", "a third time", "warning@1 warning@2", [register(0), register(10, "b"), register(20, "c")]),
    Journey("PL601", "two televisions of one model", "", [register(0), register(10, "b", client="192.168.1.51")]),
    Journey("PL601", "no addresses, the same identifier", "warning@3", [
        register(0, client=None), ok(2), register(10, "b", client=None), ok(12, sub="b"), ok(13, sub="b")]),
    Journey("PL601", "no addresses, two televisions of one model", "", [
        register(0, client=None), ok(2), register(10, "b", client=None), ok(12, sub="b", device="tv 2"), ok(13, sub="b")]),
    Journey("PL601", "no addresses, no identifiers", "", [register(0, client=None), ok(2), register(10, "b", client=None)]),
    Journey("PL601", "one address, two identifiers", "", [by_identifier(0, "tv"), by_identifier(10, "tv 2", "b")]),
    Journey("PL601", "two addresses, one identifier", "warning@1", [
        by_identifier(0, "tv"), by_identifier(10, "tv", "b", client="192.168.1.51")]),
    Journey("PL601", "another app of the vendor", "", [register(0), register(10, "b", statement="other")]),
    Journey("PL601", "told to", "", [
        register(0), get_token(1),
        call("profiles", 2, s.error("invalid_access_token_client_application", "application-registration", 401), status=401),
        register(3, "b")]),
    Journey("PL601", "after a 401, which PL603 tells", "", [register(0), get_token(1), refused(2, headers=OPAQUE), register(3, "b")]),
    Journey("PL601", "credentials are gone", "", [
        register(0), call("token", 1, {"error": "invalid_client"}, status=400, form={"client_id": "app"}), register(3, "b")]),
    Journey("PL601", "the first one failed", "", [register(0, status=500), register(10)]),
    Journey("PL601", "a minute after the token's end", "warning@2", [register(0), get_token(1), register(LIFE + 61, "b")]),
    Journey("PL601", "later, which PL603 tells", "", [register(0), get_token(1), register(LIFE + 61.1, "b")]),
    Journey("PL602", "at once", "warning@1", [get_token(0), get_token(60)]),
    Journey("PL602", "just too early", "warning@1", [get_token(0), get_token(LIFE * 0.9 - 1)]),
    Journey("PL602", "by the query", "warning@1 warning@2", [by_query(0), by_query(5), by_query(10)]),
    Journey("PL602", "by the query, another client", "", [by_query(0), by_query(60, "other")]),
    Journey("PL602", "early refresh", "", [get_token(0), get_token(LIFE * 0.9)]),
    Journey("PL602", "short life, early refresh", "", [get_token(0, life=600), get_token(300, life=600)]),
    Journey("PL602", "short life, too early", "warning@1", [get_token(0, life=600), get_token(299, life=600)]),
    Journey("PL602", "after a 401", "", [get_token(0), refused(10), get_token(11)]),
    Journey("PL602", "after a 401 of an opaque token", "", [get_token(0), refused(10, headers=OPAQUE), get_token(11)]),
    Journey("PL602", "after a 401 of somebody else's", "warning@2", [
        get_token(0), refused(10, headers={"Authorization": "Bearer other"}), get_token(11)]),
    Journey("PL602", "refreshed in time, by a clock hours behind the server's", "", [moved(get_token(0), -8), moved(get_token(LIFE), -8)]),
    Journey("PL602", "another client", "", [get_token(0), get_token(60, "other")]),
    Journey("PL603", "after a 401", "error@3", [register(0), get_token(1), refused(10), register(11, "b")]),
    Journey("PL603", "after a 401 of an opaque token", "error@3", [
        register(0), get_token(1), refused(10, headers=OPAQUE), register(11, "b")]),
    Journey("PL603", "no addresses, the same identifier", "error@4", [
        register(0, client=None), get_token(1), refused(10), register(11, "b", client=None), ok(12, sub="b")]),
    Journey("PL603", "no addresses, two televisions of one model", "", [
        register(0, client=None), get_token(1), refused(10), register(11, "b", client=None), ok(12, sub="b", device="tv 2")]),
    Journey("PL603", "after the token's end", "warning@2", [register(0), get_token(1), register(LIFE + 61.1, "b")]),
    Journey("PL603", "the token has not ended", "", [register(0), get_token(1), register(LIFE + 61, "b")]),
    Journey("PL603", "credentials are gone", "", [
        register(0), get_token(1), refused(10), call("token", 11, {"error": "invalid_client"}, status=401, form={"client_id": "app"}),
        register(12, "b")]),
    Journey("PL603", "a token came first", "", [register(0), get_token(1), refused(10), get_token(11), register(12, "b")]),
    Journey("PL603", "by the query, a token came first", "", [register(0), by_query(1), refused(10), by_query(11), register(12, "b")]),
    Journey("PL603", "told to", "", [
        register(0), get_token(1),
        call("profiles", 2, s.error("invalid_access_token_service_provider", "application-registration", 401), status=401),
        register(3, "b")]),
    Journey("PL604", "goes on", "warning@1", [refused(0), ok(1), ok(2)]),
    Journey("PL604", "just within a minute", "warning@1", [refused(0), ok(60)]),
    Journey("PL604", "after a minute", "", [refused(0), ok(60.1)]),
    Journey("PL604", "in flight", "", [refused(0, took=1), ok(0.5, took=1)]),
    Journey("PL604", "a new token came first", "", [refused(0), get_token(1), ok(2)]),
    Journey("PL604", "a new token came first, by the query", "", [refused(0), by_query(1), ok(2)]),
    Journey("PL604", "another token", "", [refused(0), ok(1, exp=7000)]),
    Journey("PL605", "V1, then V2", "warning@1", [call("v1", 0), ok(1)]),
    Journey("PL605", "told once", "warning@2", [ok(0), call("v1", 1), ok(2), ok(3)]),
    Journey("PL605", "another app", "", [call("v1", 0, headers={"User-Agent": "Old/1"}), ok(1)]),
    Journey("PL605", "another device", "", [call("v1", 0, client="192.168.1.51"), ok(1)]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)
