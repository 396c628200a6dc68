"""Scrubs entries of a HAR file: known members are scrubbed, members that nobody knows are left out.
What no reader takes for an exchange becomes an empty entry, so that the others keep their places."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from passlens.errors import RecordError
from passlens.exchange.content import decode_content
from passlens.exchange.headers import Headers
from passlens.exchange.model import MAX_BODY, Exchange
from passlens.exchange.recorders import is_mask
from passlens.recordings.har_bodies import CHARLES, CHARLES_FAILED, FAILURES, named_pairs, post_data, text_of
from passlens.recordings.har_headers import header_pairs
from passlens.recordings.har_reader import from_entry, split_url
from passlens.recordings.har_text import is_plain, text_body, to_bytes
from passlens.recordings.har_times import milliseconds
from passlens.redaction.policy import hidden_members
from passlens.scrub import bodies
from passlens.scrub.headers import header
from passlens.scrub.other_traffic import V1_HEADERS, is_v1, shape
from passlens.scrub.summary import ScrubSummary
from passlens.scrub.values import Scrubber

FieldRewriter = Callable[[str, str], str]

_LONG: Final = 10**9
"""Numbers from here on may be the number of a user or a device; those of HAR itself are shorter, but for times."""

_KEPT: Final = ("startedDateTime", "time", "timings", "cache", "_resourceType", "_fromCache", "_fetchType")
_ENTRY: Final = {*_KEPT, "request", "response", "serverIPAddress", "comment", "connection", "_passlens", *FAILURES}
_TIMINGS: Final = ("blocked", "dns", "connect", "ssl", "send", "wait", "receive")
_REQUEST: Final = {"method", "url", "httpVersion", "headersSize", "bodySize", "headers", "cookies", "queryString",
                   "postData", "comment"}  # fmt: skip
_RESPONSE: Final = {"status", "statusText", "httpVersion", "headersSize", "bodySize", "headers", "cookies", "content",
                    "redirectURL", "comment", "_transferSize", CHARLES, *FAILURES}  # fmt: skip
_NAMES: Final = {*_ENTRY, *_REQUEST, *_RESPONSE, "name", "value", "mimeType", "text", "encoding", "params", "size",
                 "compression", "injected", "marked", "id", "recorder", "replay", "started", "client"}  # fmt: skip


def scrub(entry: Any, scrubber: Scrubber, other: str, summary: ScrubSummary, index: int) -> Any:
    """The entry for the copy, member by member as HAR 1.2 has them, others dropped; None if it is no exchange, or one
    of other traffic that is dropped (``other``). ``summary`` counts it."""
    summary.flows += 1
    try:
        ex = from_entry(entry, index)
    except RecordError as error:
        summary.read_error(f"entry {index} cannot be read because {error}; the copy has an empty entry in its place")
        return None
    api = ex.route is not None
    summary.other += not api
    for value in ex.route.parameters.values() if ex.route is not None else ():
        scrubber.replacements.public(value)
    whole = api or other == "keep-scrubbed"
    _left_out(summary, "entries", entry, _ENTRY)
    if not whole:
        entry = _bare(entry, ex)
        summary.left_out["headers and bodies of other traffic"] += 1
    made = {name: _plain(entry[name], scrubber) for name in _KEPT if name in entry and name != "cache"}
    made["startedDateTime"] = _started(entry.get("startedDateTime"), ex)
    got = entry.get("response")
    made["request"] = _request(entry["request"], scrubber, ex, whole, summary, index)
    if isinstance(got, dict):
        made["response"] = _response(got, scrubber, ex, whole, summary, index)
    elif "response" in entry:
        made["response"] = None
    made["cache"] = {}
    if isinstance(entry.get("serverIPAddress"), str):
        made["serverIPAddress"] = scrubber.address(entry["serverIPAddress"].strip("[]"))
    for name in ("comment", *FAILURES):
        if isinstance(entry.get(name), str):
            made[name] = scrubber.message(entry[name])
    if isinstance(entry.get("_passlens"), dict):
        made["_passlens"] = _passlens(entry["_passlens"], scrubber)
    if ex.started is None:
        made.setdefault("_passlens", {})["started"] = scrubber.free(ex.undated or "") if whole else ""
    # A time stays: a date may stand in a cookie, too, and without one nothing can be put in order.
    return _swept(made, scrubber) | {"startedDateTime": made["startedDateTime"]}


def _bare(entry: dict[str, Any], ex: Exchange) -> dict[str, Any]:
    """What is looked at of other traffic: nothing in which somebody may have written words."""
    kept = ("startedDateTime", "request", "response", "serverIPAddress")
    made = {name: entry[name] for name in kept if name in entry}
    got, timings, more = entry.get("response"), entry.get("timings"), entry.get("_passlens")
    if (time := milliseconds(entry.get("time"))) is not None:
        made["time"] = time
    if isinstance(timings, dict):
        numbers = {name: value for name, value in timings.items() if isinstance(value, int | float)}
        told = {name: milliseconds(timings[name]) for name in _TIMINGS if isinstance(timings.get(name), str)}
        made["timings"] = {name: value for name, value in (numbers | told).items() if name in _TIMINGS}
    if isinstance(got, dict):
        status = ex.response.status if ex.response is not None else 0
        made["response"] = {"status": status, "httpVersion": got.get("httpVersion")}
    if isinstance(more, dict):
        made["_passlens"] = {name: more[name] for name in ("id", "recorder", "client") if name in more}
    return made


def _started(written: Any, ex: Exchange) -> str | None:
    """The start as HAR demands it, None where it is not known."""
    if ex.started is None:
        return None
    if isinstance(written, str) and _ISO.fullmatch(written):
        return written
    return datetime.fromtimestamp(ex.started, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def _left_out(summary: ScrubSummary, where: str, value: dict[str, Any], known: set[str]) -> None:
    for name in value:
        if name not in known:
            summary.left_out[f"members of {where} that HAR does not have"] += 1


def _plain(value: Any, scrubber: Scrubber) -> Any:
    """Numbers as they are, texts and names as all texts of a copy."""
    if isinstance(value, str):
        return scrubber.message(value)
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if isinstance(item, int | float | str)}
        return {scrubber.message(name): _plain(item, scrubber) for name, item in kept.items()}
    return value if isinstance(value, int | float | None) else None


def _swept(value: Any, scrubber: Scrubber) -> Any:
    """An entry without a known secret in any of its texts, names and long numbers, wherever it stands: the last step,
    so that no member can be forgotten. Names of HAR's own members stay, also where a secret is such a word."""
    if isinstance(value, str):
        return scrubber.replacements.swept(value)
    if isinstance(value, dict):
        sweep = scrubber.replacements.swept
        return {name if name in _NAMES else sweep(name): _swept(item, scrubber) for name, item in value.items()}
    if isinstance(value, list):
        return [_swept(item, scrubber) for item in value]
    if isinstance(value, int) and abs(value) >= _LONG:
        digits = scrubber.replacements.swept(str(value))
        return value if digits == str(value) else int(digits) if digits.lstrip("-").isdecimal() else None
    return value


def _passlens(value: dict[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    """What passlens knows beyond HAR, of a converted recording."""
    known = ("injected", "marked", "id", "recorder", "replay", "started")
    made: dict[str, Any] = {name: _plain(value[name], scrubber) for name in known if name in value}
    if isinstance(value.get("client"), str):
        made["client"] = scrubber.address(value["client"])
    return made


def _bare_url(sent: dict[str, Any], ex: Exchange, scrubber: Scrubber) -> str:
    """What stays of the URL of other traffic."""
    scheme, host, port, path = split_url(sent["url"])
    usual = {"http": 80, "https": 443}.get(scheme)
    kept = shape(scrubber, ex.request.method, path, ex.request.host)
    return f"{scheme}://{host}{'' if port == usual else f':{port}'}{kept}"


def _request(
    sent: dict[str, Any], scrubber: Scrubber, ex: Exchange, whole: bool, summary: ScrubSummary, index: int
) -> dict[str, Any]:
    v1 = not whole and is_v1(ex.request.method, ex.request.path, ex.request.host)
    url = scrubber.url(sent["url"]) if whole else _bare_url(sent, ex, scrubber)
    made: dict[str, Any] = {"method": scrubber.free(sent["method"]), "url": url}
    made |= {name: _plain(sent[name], scrubber) for name in ("httpVersion",) if name in sent}
    made |= {"cookies": [], "headers": [], "queryString": [], "headersSize": -1, "bodySize": -1}
    if not whole:
        kept = tuple(pair for pair in ex.request.headers if pair[0].lower() in V1_HEADERS) if v1 else ()
        return made | {"headers": _headers(kept, scrubber)}
    made["headersSize"] = _plain(sent.get("headersSize", -1), scrubber)
    made["bodySize"] = _plain(sent.get("bodySize", -1), scrubber)
    if "headers" in sent:
        made["headers"] = _headers(header_pairs(sent["headers"]), scrubber)
    made["cookies"] = _cookies(sent.get("cookies"), scrubber)
    made["queryString"] = _named(sent.get("queryString"), scrubber.parameter, scrubber.parameter_name)
    post = post_data(sent)
    if post is not None:
        where = f"entry {index}, body of the request"
        media_type = str(post.get("mimeType") or "").partition(";")[0].strip().lower()
        data: dict[str, Any] = {"mimeType": scrubber.free(str(post.get("mimeType") or ""))}
        data |= _body(post, media_type, header_pairs(sent.get("headers")), scrubber, ex, summary, where)
        if "params" in post:
            data["params"] = _named(
                post["params"], lambda name, value: _param(scrubber, name, value), scrubber.parameter_name
            )
        made["postData"] = data
        made["bodySize"] = _resized(made["bodySize"], post.get("text"), data.get("text"))
    _left_out(summary, "requests", sent, _REQUEST)
    return made


def _param(scrubber: Scrubber, name: str, value: str) -> str:
    if "%" in value:
        return scrubber.pairs(f"{name}={value}").partition("=")[2]
    return scrubber.parameter(name, value)


def _response(
    got: dict[str, Any], scrubber: Scrubber, ex: Exchange, whole: bool, summary: ScrubSummary, index: int
) -> dict[str, Any]:
    status = got.get("status", got.get("statusCode"))
    if isinstance(status, str):  # some recorders write "200 OK"
        status = scrubber.free(status)
    made: dict[str, Any] = {"status": status, "statusText": "", "httpVersion": ""}
    made |= {name: scrubber.free(got[name]) for name in ("statusText", "httpVersion") if isinstance(got.get(name), str)}
    for name in ("comment", *FAILURES):
        if isinstance(got.get(name), str):
            made[name] = scrubber.message(got[name])
    if got.get(CHARLES) in CHARLES_FAILED:
        made[CHARLES] = got[CHARLES]
    made |= {"cookies": [], "headers": [], "content": {"size": 0, "mimeType": ""}, "redirectURL": ""}
    made |= {"headersSize": -1, "bodySize": -1}
    if not whole:
        return made
    made["headersSize"], made["bodySize"] = (
        _plain(got.get(name, -1), scrubber) for name in ("headersSize", "bodySize")
    )
    # Where there is no answer, nobody has read its headers, and they may be anything.
    headers = header_pairs(got.get("headers")) if ex.response is not None else ()
    made["headers"] = _headers(headers, scrubber)
    made["cookies"] = _cookies(got.get("cookies"), scrubber)
    made["redirectURL"] = scrubber.url(str(got.get("redirectURL") or ""))
    content = got.get("content")
    if isinstance(content, str):
        content = {"text": content}
    if isinstance(content, dict):
        media_type = str(content.get("mimeType") or "").partition(";")[0].strip().lower()
        where = f"entry {index}, body of the answer"
        kept = {name: _plain(content[name], scrubber) for name in ("size", "compression") if name in content}
        body = _body(content, media_type, headers, scrubber, ex, summary, where)
        kept["mimeType"] = scrubber.free(str(content.get("mimeType") or ""))
        # HAR demands a size; 0 is read like none.
        kept["size"] = _resized(kept.get("size", 0), content.get("text"), body.get("text"))
        made["content"] = kept | body
        made["bodySize"] = _resized(made["bodySize"], content.get("text"), body.get("text"))
    _left_out(summary, "responses", got, _RESPONSE)
    return made


def _resized(size: Any, old: Any, new: Any) -> Any:
    """A count of bytes after a text has changed its length."""
    if not isinstance(size, int) or size <= 0 or not isinstance(old, str) or not isinstance(new, str):
        return size
    return max(size + len(to_bytes(new)) - len(to_bytes(old)), 0)


def _headers(pairs: Headers, scrubber: Scrubber) -> list[dict[str, str]]:
    return [{"name": scrubber.free(name), "value": header(scrubber, name, value)} for name, value in pairs]


def _cookies(value: Any, scrubber: Scrubber) -> list[dict[str, Any]]:
    return _named(value, lambda _, text: scrubber.secret(text, loose=True), lambda name, _: scrubber.free(name))


def _named(value: Any, change: FieldRewriter, rename: FieldRewriter | None = None) -> list[dict[str, Any]]:
    """The pairs of a member as objects with a name and a value."""
    made = []
    for name, text in named_pairs(value):
        made.append({"name": rename(name, text) if rename is not None else name, "value": change(name, text)})
    return made


def _body(
    holder: dict[str, Any], media_type: str, headers: Headers, scrubber: Scrubber, ex: Exchange,
    summary: ScrubSummary, where: str,
) -> dict[str, Any]:  # fmt: skip
    """The members text and encoding of a body."""
    text, encoding, hidden = text_of(holder), holder.get("encoding"), hidden_members(ex.route)
    if not isinstance(text, str):
        if "text" in holder:
            summary.not_read(f"{where}: the recording does not hold it")
            return {"text": None}
        return {}
    if is_mask(text):
        return {"text": text}
    if not is_plain(text, encoding, headers):
        data = text_body(text, encoding, headers)[0]
        if data is None:
            summary.not_read(f"{where}: it is too long, or not the Base64 that it says it is; it was replaced")
            return {"text": "!" * len(text), "encoding": "base64"}
        new, why = bodies.content(scrubber, data, "", media_type, hidden)
        if why is not None:
            summary.not_read(f"{where}: {why}; it was replaced")
        encoded = base64.b64encode(new).decode("ascii")
        if new == data:  # it was looked into, in all that can be read in it
            scrubber.replacements.note_clean(encoded)
        return {"text": encoded, "encoding": "base64"}
    if len(text) > MAX_BODY or decode_content(to_bytes(text), "", MAX_BODY)[0] is None:
        summary.not_read(f"{where}: it is longer than what is looked into; it was replaced")
        return {"text": "x" * max(len(text), MAX_BODY + 1)}
    made = {"text": bodies.text(scrubber, text, media_type, hidden)}
    return made | ({"encoding": scrubber.free(encoding)} if isinstance(encoding, str) else {})
