"""Scrubs entries of a HAR file: known members are scrubbed, members that nobody knows are left out.
What no reader takes for an exchange becomes an empty entry, so that the others keep their places."""

import base64
from collections.abc import Callable
from typing import Any, Final

from passlens.exchange import MAX_BODY
from passlens.reading.content import decode_content
from passlens.reading.har import Unreadable, from_entry, split_url
from passlens.reading.har_bodies import from_base64, to_bytes
from passlens.scrubbing import bodies
from passlens.scrubbing.account import Account
from passlens.scrubbing.headers import header
from passlens.scrubbing.values import Scrubber
from passlens.spec.routing import route

Change = Callable[[str, str], str]

_KEPT: Final = ("startedDateTime", "time", "timings", "cache", "_resourceType", "_fromCache")
_ENTRY: Final = {*_KEPT, "request", "response", "serverIPAddress", "comment", "_error", "connection", "_passlens"}
_REQUEST: Final = {"method", "url", "httpVersion", "headersSize", "bodySize", "headers", "cookies", "queryString",
                   "postData", "comment"}  # fmt: skip
_RESPONSE: Final = {"status", "statusText", "httpVersion", "headersSize", "bodySize", "headers", "cookies", "content",
                    "redirectURL", "comment", "_error", "_transferSize"}  # fmt: skip


def scrub(entry: Any, scrubber: Scrubber, other: str, account: Account, index: int) -> Any:
    """The entry for the copy, or None if it is no exchange."""
    account.flows += 1
    try:
        ex = from_entry(entry, index)
    except Unreadable as error:
        account.trouble(f"entry {index} cannot be read because {error}; the copy has an empty entry in its place")
        return None
    api = ex.route is not None
    account.other += not api
    for value in ex.route.parameters.values() if ex.route is not None else ():
        scrubber.book.public(value)
    whole = api or other == "keep-scrubbed"
    made = {name: _plain(entry[name], scrubber) for name in _KEPT if name in entry and name != "cache"}
    got = entry.get("response")
    made["request"] = _request(entry["request"], scrubber, whole, account, index)
    if isinstance(got, dict):
        made["response"] = _response(got, scrubber, whole, account, index)
    elif "response" in entry:
        made["response"] = None
    made["cache"] = {}
    if isinstance(entry.get("serverIPAddress"), str):
        made["serverIPAddress"] = scrubber.address(entry["serverIPAddress"].strip("[]"))
    for name in ("comment", "_error"):
        if isinstance(entry.get(name), str):
            made[name] = scrubber.addresses(entry[name])
    if isinstance(entry.get("_passlens"), dict):
        made["_passlens"] = _passlens(entry["_passlens"], scrubber)
    if not whole:
        account.left_out["headers and bodies of other traffic"] += 1
    _left_out(account, "entries", entry, _ENTRY)
    return made


def _left_out(account: Account, where: str, value: dict[str, Any], known: set[str]) -> None:
    for name in value:
        if name not in known:
            account.left_out[f"members of {where} that HAR does not have"] += 1


def _plain(value: Any, scrubber: Scrubber) -> Any:
    """Numbers and dates as they are, texts swept."""
    if isinstance(value, str):
        return scrubber.book.swept(value)
    if isinstance(value, dict):
        return {name: _plain(item, scrubber) for name, item in value.items() if isinstance(item, int | float | str)}
    return value if isinstance(value, int | float | None) else None


def _passlens(value: dict[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    """What passlens knows beyond HAR, of a converted recording."""
    known = ("injected", "marked", "id")
    made: dict[str, Any] = {name: _plain(value[name], scrubber) for name in known if name in value}
    if isinstance(value.get("client"), str):
        made["client"] = scrubber.address(value["client"])
    return made


def _url(url: str, scrubber: Scrubber, whole: bool) -> str:
    if whole:
        return scrubber.url(url)
    scheme, host, port, path = split_url(url)
    bare = path.partition("?")[0].partition("#")[0].encode("ascii", "replace").decode("ascii")
    made = "/".join(scrubber.opaque(part) for part in bare.split("/"))
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}{'' if port == usual else f':{port}'}{made if route('GET', made) is None else '/'}"


def _request(sent: dict[str, Any], scrubber: Scrubber, whole: bool, account: Account, index: int) -> dict[str, Any]:
    made: dict[str, Any] = {"method": scrubber.free(sent["method"]), "url": _url(sent["url"], scrubber, whole)}
    made |= {name: _plain(sent[name], scrubber) for name in ("httpVersion",) if name in sent}
    made |= {"cookies": [], "headers": [], "queryString": [], "headersSize": -1, "bodySize": -1}
    if not whole:
        return made
    made["headersSize"] = _plain(sent.get("headersSize", -1), scrubber)
    made["bodySize"] = _plain(sent.get("bodySize", -1), scrubber)
    if "headers" in sent:
        made["headers"] = _headers(sent["headers"], scrubber)
    made["cookies"] = _named(sent.get("cookies"), lambda name, value: scrubber.secret(value))
    made["queryString"] = _named(sent.get("queryString"), scrubber.parameter, scrubber.parameter_name)
    post = sent.get("postData")
    if isinstance(post, str):
        post = {"text": post}
    if isinstance(post, dict):
        where = f"entry {index}, body of the request"
        media_type = str(post.get("mimeType", "")).partition(";")[0].strip().lower()
        data: dict[str, Any] = {"mimeType": scrubber.free(str(post.get("mimeType", "")))}
        data |= _body(post, media_type, scrubber, account, where)
        if "params" in post:
            data["params"] = _named(
                post["params"], lambda name, value: _param(scrubber, name, value), scrubber.parameter_name
            )
        made["postData"] = data
        made["bodySize"] = _resized(made["bodySize"], post.get("text"), data.get("text"))
    _left_out(account, "requests", sent, _REQUEST)
    return made


def _param(scrubber: Scrubber, name: str, value: str) -> str:
    if "%" in value:
        return scrubber.pairs(f"{name}={value}").partition("=")[2]
    return scrubber.parameter(name, value)


def _response(got: dict[str, Any], scrubber: Scrubber, whole: bool, account: Account, index: int) -> dict[str, Any]:
    made: dict[str, Any] = {"status": got.get("status"), "statusText": "", "httpVersion": ""}
    made |= {name: scrubber.free(got[name]) for name in ("statusText", "httpVersion") if isinstance(got.get(name), str)}
    for name in ("_error", "comment"):
        if isinstance(got.get(name), str):
            made[name] = scrubber.addresses(got[name])
    made |= {"cookies": [], "headers": [], "content": {"size": 0, "mimeType": ""}, "redirectURL": ""}
    made |= {"headersSize": -1, "bodySize": -1}
    if not whole:
        return made
    made["headersSize"], made["bodySize"] = (
        _plain(got.get(name, -1), scrubber) for name in ("headersSize", "bodySize")
    )
    if "headers" in got:
        made["headers"] = _headers(got["headers"], scrubber)
    made["cookies"] = _named(got.get("cookies"), lambda name, value: scrubber.secret(value))
    made["redirectURL"] = scrubber.url(str(got.get("redirectURL") or ""))
    content = got.get("content")
    if isinstance(content, dict):
        media_type = str(content.get("mimeType", "")).partition(";")[0].strip().lower()
        where = f"entry {index}, body of the answer"
        kept = {name: _plain(content[name], scrubber) for name in ("size", "compression") if name in content}
        body = _body(content, media_type, scrubber, account, where)
        kept["mimeType"] = scrubber.free(str(content.get("mimeType", "")))
        # HAR demands a size; 0 is read like none.
        kept["size"] = _resized(kept.get("size", 0), content.get("text"), body.get("text"))
        made["content"] = kept | body
        made["bodySize"] = _resized(made["bodySize"], content.get("text"), body.get("text"))
    _left_out(account, "responses", got, _RESPONSE)
    return made


def _resized(size: Any, old: Any, new: Any) -> Any:
    """A count of bytes after a text has changed its length."""
    if not isinstance(size, int) or size <= 0 or not isinstance(old, str) or not isinstance(new, str):
        return size
    return max(size + len(to_bytes(new)) - len(to_bytes(old)), 0)


def _headers(value: Any, scrubber: Scrubber) -> Any:
    """Headers in the dialect they came in, pseudo headers left out."""
    if isinstance(value, dict):
        return {name: _header(scrubber, name, text) for name, text in value.items() if not name.startswith(":")}
    made: list[Any] = []
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            name = str(item.get("name"))
            pair = {"name": name, "value": _header(scrubber, name, item.get("value"))}
            made += [] if name.startswith(":") else [pair]
        else:
            made += [] if item[0].startswith(":") else [[item[0], _header(scrubber, item[0], item[1])]]
    return made


def _header(scrubber: Scrubber, name: str, value: Any) -> str:
    return header(scrubber, name, "" if value is None else str(value))


def _named(value: Any, change: Change, rename: Change | None = None) -> list[dict[str, Any]]:
    """Objects with a name and a value; other members go."""
    made = []
    for item in value if isinstance(value, list) else ():
        if isinstance(item, list) and len(item) >= 2:
            item = {"name": item[0], "value": item[1]}
        if isinstance(item, dict):
            name, text = item.get("name"), item.get("value")
            name, text = "" if name is None else str(name), "" if text is None else str(text)
            made.append({"name": rename(name, text) if rename is not None else name, "value": change(name, text)})
    return made


def _body(holder: dict[str, Any], media_type: str, scrubber: Scrubber, account: Account, where: str) -> dict[str, Any]:
    """The members text and encoding of a body."""
    text, encoding = holder.get("text"), holder.get("encoding")
    if not isinstance(text, str):
        if "text" in holder:
            account.not_read(f"{where}: the recording does not hold it")
            return {"text": None}
        return {}
    if isinstance(encoding, str) and encoding.strip().lower() == "base64":
        data = from_base64(text)
        if data is None:
            account.not_read(f"{where}: it says that it is Base64, which it is not; it was replaced")
            return {"text": "!" * len(text), "encoding": "base64"}
        new, why = bodies.content(scrubber, data, "", media_type)
        if why is not None:
            account.not_read(f"{where}: {why}; it was replaced")
        return {"text": text if new == data else base64.b64encode(new).decode("ascii"), "encoding": "base64"}
    if len(text) > MAX_BODY or decode_content(to_bytes(text), "", MAX_BODY)[0] is None:
        account.not_read(f"{where}: it is longer than what is looked into; it was replaced")
        return {"text": "x" * max(len(text), MAX_BODY + 1)}
    made = {"text": bodies.text(scrubber, text, media_type)}
    return made | ({"encoding": scrubber.free(encoding)} if isinstance(encoding, str) else {})
