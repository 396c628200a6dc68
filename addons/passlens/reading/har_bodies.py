"""The bodies of a HAR entry as bytes: recorders keep text, Base64 or form parameters, cut them short or leave them out.
Bodies are already free of their content-encoding. Nothing here raises."""

import base64
import json
import re
from typing import Any, Final
from urllib.parse import quote_plus

from passlens.exchange import MAX_BODY, Gap
from passlens.reading.content import too_large

Headers = tuple[tuple[str, str], ...]
Body = tuple[bytes | None, Gap | None]


def request_body(sent: dict[str, Any], headers: Headers) -> Body:
    """The body of ``entry.request``: the text, else the parameters as a form, else empty or a gap."""
    post = sent.get("postData")
    if isinstance(post, str):
        post = {"text": post}
    if not isinstance(post, dict):
        post = {}
    text, params = post.get("text"), post.get("params")
    if isinstance(text, str) and text:
        return _bytes(text, post.get("encoding"), headers)
    if isinstance(params, list) and params:
        if "multipart" in str(post.get("mimeType")).lower():
            return _absent("it was sent in several parts, of which only the names and values were kept")
        return _within_limit(_form(params))
    # mitmproxy writes null for a body that was streamed past it.
    if ("text" in post and text is None) or _count(sent.get("bodySize")) > 0 or _content_length(headers) > 0:
        return _absent()
    return b"", None


def answer_body(got: dict[str, Any], headers: Headers, method: str, status: int) -> Body:
    """The body of ``entry.response``."""
    content = got.get("content")
    if not isinstance(content, dict):
        content = {}
    text = content.get("text")
    size, saved = _count(content.get("size")), _count(content.get("compression"))
    if isinstance(text, str) and text:
        body, gap = _bytes(text, content.get("encoding"), headers)
        # mitmproxy counts in size what came over the wire; with compression added it is the decoded size.
        if body is not None and len(body) < size and len(body) != size + saved and not _is_json(body):
            return _absent(f"only the first {len(body)} of {size} bytes were kept")
        return body, gap
    if method == "HEAD" or status in (204, 304) or status < 200:
        return b"", None
    if (size > 0 and size + saved != 0) or (size <= 0 and _content_length(headers) > 0):
        return _absent()
    return b"", None


def _absent(why: str | None = None) -> Body:
    return None, Gap("not-recorded", "the recording does not hold the body" + (f": {why}" if why else ""))


def _within_limit(body: bytes) -> Body:
    return (None, too_large(MAX_BODY)) if len(body) > MAX_BODY else (body, None)


def _bytes(text: str, encoding: Any, headers: Headers) -> Body:
    if isinstance(encoding, str) and encoding.strip().lower() == "base64":
        if len(text) > MAX_BODY * 2:
            return None, too_large(MAX_BODY)
        data = from_base64(text)
        if data is None:
            return None, Gap("encoding", "the recording says that it holds the body as Base64, which it is not")
        return _within_limit(data)
    if len(text) > MAX_BODY:
        return None, too_large(MAX_BODY)
    return _within_limit(_as_sent(text, headers))


def from_base64(text: str) -> bytes | None:
    """What a recorder wrote as Base64, in lines or without its padding; None if it is none.

    >>> from_base64("YWJ\\njZA")
    b'abcd'
    """
    symbols = re.sub(r"[\s=]+", "", text)
    try:
        return base64.b64decode(symbols + "=" * (-len(symbols) % 4), validate=True)
    except ValueError:
        return None


def _as_sent(text: str, headers: Headers) -> bytes:
    """The bytes that a recorder showed as text.

    mitmproxy and others read bodies without a charset as Latin-1, except JSON. Where the text is Latin-1 and its bytes
    are UTF-8, that is what happened, and is undone.
    """
    if not text.isascii():
        kind = ",".join(value for name, value in headers if name.lower() == "content-type").lower()
        if "json" not in kind and "utf-8" not in kind:
            try:
                data = text.encode("latin-1")
                data.decode("utf-8")
            except UnicodeError:
                pass
            else:
                return data
    return to_bytes(text)


def to_bytes(text: str) -> bytes:
    """UTF-8 for any text: lone surrogates that stand for single bytes become these bytes, others are passed on.

    >>> to_bytes("a\\udcff")
    b'a\\xff'
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


_ENCODED: Final = re.compile(r"(?:[A-Za-z0-9*\-._+~!'()]|%[0-9A-Fa-f]{2})*")


def _form(params: list[Any]) -> bytes:
    """Parameters as a form body. Some recorders keep them percent-encoded, some decoded: if every name and value is
    well encoded and one holds an escape, they are taken as they stand."""
    pairs = []
    for param in params:
        if isinstance(param, dict):
            name, value = param.get("name"), param.get("value")
        elif isinstance(param, list) and len(param) >= 2:
            name, value = param[0], param[1]
        else:
            continue
        pairs.append(("" if name is None else str(name), "" if value is None else str(value)))
    texts = [text for pair in pairs for text in pair]
    if any("%" in text for text in texts) and all(_ENCODED.fullmatch(text) for text in texts):
        return to_bytes("&".join(f"{name}={value}" for name, value in pairs))
    return "&".join(f"{quote_plus(to_bytes(name))}={quote_plus(to_bytes(value))}" for name, value in pairs).encode()


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _count(value: Any) -> int:
    """A number of bytes; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _content_length(headers: Headers) -> int:
    for name, value in headers:
        if name.lower() == "content-length" and re.fullmatch(r"[0-9]{1,15}", value.strip()):
            return int(value)
    return 0
