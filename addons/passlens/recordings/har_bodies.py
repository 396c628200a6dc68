"""The bodies of a HAR entry as bytes: recorders keep text, Base64 or form parameters, cut them short or leave them out.
What a text stands for is asked of har_text. Nothing here raises."""

import json
import re
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote_plus

from passlens.exchange.content import decode_content
from passlens.exchange.headers import Headers
from passlens.exchange.model import MAX_BODY
from passlens.recordings.har_text import (
    BodyOrGap,
    absent,
    encodings,
    from_base64,
    is_json,
    text_body,
    to_bytes,
    within_limit,
)


def request_body(sent: dict[str, Any], headers: Headers, method: str = "GET") -> BodyOrGap:
    """The body of ``entry.request``, in bytes: the text, else the parameters as a form, else empty or a gap. ``sent``
    is the member ``request``. Raises nothing."""
    post = post_data(sent) or {}
    text, params = text_of(post), named_pairs(post.get("params"))
    if (as_came := _as_came(post, headers)) is not None:
        return as_came
    if isinstance(text, str) and text:
        return text_body(text, post.get("encoding"), headers)
    if params:
        if "multipart" in str(post.get("mimeType")).lower():
            return absent("it was sent in several parts, of which only the names and values were kept")
        return within_limit(form_of(params))
    size, length = _count(sent.get("bodySize")), _content_length(headers)
    # mitmproxy writes null for a body that was streamed past it.
    if ("text" in post and text is None) or size > 0 or (length or 0) > 0:
        return absent()
    # Without a size, a media type tells that something was sent; without any header nobody knows.
    typed = not headers or any(name.lower() == "content-type" for name, _ in headers)
    if size < 0 and length is None and typed and "text" not in post and method in ("POST", "PUT", "PATCH"):
        return absent()
    return b"", None


def response_body(got: dict[str, Any], headers: Headers, method: str, status: int) -> BodyOrGap:
    """The body of ``entry.response`` (``got``), in bytes, or the gap where the recorder left it out. Raises nothing."""
    content = got.get("content")
    if isinstance(content, str):
        content = {"text": content}
    if not isinstance(content, dict):
        content = {}
    text = text_of(content)
    if (as_came := _as_came(content, headers)) is not None:
        return as_came
    size, saved = _count(content.get("size")), _count(content.get("compression", 0))
    if isinstance(text, str) and text:
        body, gap = text_body(text, content.get("encoding"), headers)
        # mitmproxy counts in size what came over the wire; with compression added it is the decoded size.
        if body and size > 0 and len(body) not in (size, size + saved) and not is_json(body):
            if len(body) < size:
                return absent(f"only the first {len(body)} of {size} bytes were kept")
            if body.lstrip()[:1] not in (b"{", b"[", b"<", b'"') and "json" in str(content.get("mimeType")).lower():
                return absent("other words stand in its place")
        return (body, gap) if body is None or not _broke_off(got, content) or is_json(body) else absent("it broke off")
    if method == "HEAD" or status in (204, 304) or status < 200:
        return b"", None
    length, sent = _content_length(headers), _count(got.get("bodySize"))
    if _broke_off(got, content):
        return absent("it broke off")
    if size > 0:
        return (b"", None) if size + saved == 0 else absent()  # an empty body that was compressed, by mitmproxy
    if sent > 0 or (length or 0) > 0:
        return absent()
    if length == 0 or 300 <= status < 400:
        return b"", None
    # A tool that kept the body of an answer says so with a text, be it an empty one, or with two sizes of 0.
    kept = isinstance(text, str) if size == 0 or "size" not in content else False
    return (b"", None) if kept or ("size" in content and size == sent == 0 and "bodySize" in got) else absent()


FAILURES: Final = ("_error", "_errorMessage", "_failureText")
"""Where Chrome, BrowserMob Proxy and Playwright write why there was no answer, or not all of it."""

CHARLES: Final = "_charlesStatus"
CHARLES_FAILED: Final = ("EXCEPTION", "FAILED")
"""Where Charles writes what became of a call, and what it writes of one that is not COMPLETE."""


def _broke_off(got: dict[str, Any], content: dict[str, Any]) -> bool:
    """True for a JSON answer of which the recorder says that it failed after its status had come."""
    failed = any(isinstance(word := got.get(name), str) and word for name in FAILURES)
    json_told = "json" in str(content.get("mimeType") or "json").lower()
    return json_told and (failed or got.get(CHARLES) in CHARLES_FAILED)


def post_data(sent: dict[str, Any]) -> dict[str, Any] | None:
    """The member postData as an object, None where there is none: also of a bare text, in the place where HTTP Toolkit
    keeps bytes, and without the headers of the upload that Firefox puts before a form."""
    post = sent.get("postData")
    if isinstance(post, str):
        post = {"text": post}
    if not isinstance(post, dict):
        post = sent.get("_content")
    if not isinstance(post, dict):
        return None
    text = post.get("text")
    if isinstance(text, str) and (upload := _UPLOAD.match(text)) is not None:
        return post | {"text": text[upload.end() :]}
    return post


_UPLOAD: Final = re.compile(r"(?:Content-(?:Type|Length): [^\r\n]{0,200}\r\n){1,2}\r\n", re.IGNORECASE)


def text_of(holder: dict[str, Any]) -> Any:
    """The member ``text`` of a body: JSON that a tool kept as it was parsed is a text again. A form is not, for nobody
    knows how it was escaped.

    >>> text_of({"text": {"code": "AAAA1A1"}, "mimeType": "application/json"})
    '{"code": "AAAA1A1"}'
    """
    text = holder.get("text")
    if not isinstance(text, dict | list) or "form" in str(holder.get("mimeType")).lower():
        return text
    with suppress(RecursionError):
        return json.dumps(text, ensure_ascii=False)
    return None


def _as_came(holder: dict[str, Any], headers: Headers) -> BodyOrGap | None:
    """A body that could not be decoded when passlens converted it, and was kept beside as it came."""
    raw = holder.get("_raw")
    data = from_base64(raw) if isinstance(raw, str) else None
    if data is None:
        return None
    return decode_content(data, encodings(headers), MAX_BODY)


_ENCODED: Final = re.compile(r"(?:[A-Za-z0-9*\-._+~!'()]|%[0-9A-Fa-f]{2})*")


def form_of(pairs: list[tuple[str, str]]) -> bytes:
    """Parameters as a form body. Some recorders keep them percent-encoded, some decoded: if every name and value is
    well encoded and one holds an escape, they are taken as they stand."""
    texts = [text for pair in pairs for text in pair]
    if any("%" in text for text in texts) and all(_ENCODED.fullmatch(text) for text in texts):
        return to_bytes("&".join(f"{name}={value}" for name, value in pairs))
    return "&".join(f"{quote_plus(to_bytes(name))}={quote_plus(to_bytes(value))}" for name, value in pairs).encode()


def named_pairs(value: Any) -> list[tuple[str, str]]:
    """The members params and queryString: objects with a name (or key) and a value, pairs, or one object of them all;
    what is none of these is left out.

    >>> named_pairs([{"name": "a", "value": 1}, ["b", None]]), named_pairs({"c": "d"})
    ([('a', '1'), ('b', '')], [('c', 'd')])
    """
    pairs: list[tuple[Any, Any]] = []
    for item in value.items() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(item, dict):
            pairs.append((item.get("name", item.get("key")), item.get("value")))
        elif isinstance(item, list | tuple) and len(item) >= 2:
            pairs.append((item[0], item[1]))
    return [("" if name is None else str(name), "" if text is None else str(text)) for name, text in pairs]


def _count(value: Any) -> int:
    """A number of bytes; -1 for one that is not known."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 16:
        return int(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 else -1


def _content_length(headers: Headers) -> int | None:
    """What Content-Length says; None without one."""
    for name, value in headers:
        if name.lower() == "content-length" and re.fullmatch(r"[0-9]{1,15}", value.strip()):
            return int(value)
    return None
