"""The bodies of a HAR entry as bytes: recorders keep text, Base64 or form parameters, cut them short or leave them out.
Most take the content-encoding off; what still has it is unpacked. Nothing here raises."""

import base64
import json
import re
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote_plus

from passlens.exchange.content import decode_content, too_large
from passlens.exchange.headers import Headers
from passlens.exchange.model import MAX_BODY, Gap
from passlens.exchange.recorders import is_mask
from passlens.util.text import is_utf8

BodyOrGap = tuple[bytes | None, Gap | None]


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
            return _absent("it was sent in several parts, of which only the names and values were kept")
        return _within_limit(form_of(params))
    size, length = _count(sent.get("bodySize")), _content_length(headers)
    # mitmproxy writes null for a body that was streamed past it.
    if ("text" in post and text is None) or size > 0 or (length or 0) > 0:
        return _absent()
    # Without a size, a media type tells that something was sent; without any header nobody knows.
    typed = not headers or any(name.lower() == "content-type" for name, _ in headers)
    if size < 0 and length is None and typed and "text" not in post and method in ("POST", "PUT", "PATCH"):
        return _absent()
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
        if body is not None and len(body) < size and len(body) != size + saved and not _is_json(body):
            return _absent(f"only the first {len(body)} of {size} bytes were kept")
        return body, gap
    if method == "HEAD" or status in (204, 304) or status < 200:
        return b"", None
    length, sent = _content_length(headers), _count(got.get("bodySize"))
    if size > 0:
        return (b"", None) if size + saved == 0 else _absent()  # an empty body that was compressed, by mitmproxy
    if sent > 0 or (length or 0) > 0:
        return _absent()
    if length == 0 or 300 <= status < 400:
        return b"", None
    # A tool that kept the body of an answer says so with a text, be it an empty one, or with two sizes of 0.
    kept = isinstance(text, str) if size == 0 or "size" not in content else False
    return (b"", None) if kept or ("size" in content and size == sent == 0 and "bodySize" in got) else _absent()


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
    named = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    return decode_content(data, named, MAX_BODY)


def _absent(why: str | None = None) -> BodyOrGap:
    return None, Gap("not-recorded", "the recording does not hold the body" + (f": {why}" if why else ""))


def _within_limit(body: bytes) -> BodyOrGap:
    return (None, too_large(MAX_BODY)) if len(body) > MAX_BODY else (body, None)


def text_body(text: str, encoding: Any, headers: Headers) -> BodyOrGap:
    """The bytes of a text that a recorder kept: Base64 where ``encoding`` says so, or where it can be nothing else,
    UTF-8 otherwise; a gap where it is a placeholder."""
    if is_mask(text):
        return _absent("a mask stands in its place")
    flagged = is_base64(encoding)
    if len(text) > MAX_BODY * (2 if flagged else 1):
        return None, too_large(MAX_BODY)
    if not flagged:
        body = _as_sent(text, headers)
        if (data := _unflagged(text, body)) is not None:
            body = data
        elif text.startswith(_BROKEN_GZIP):
            return _absent("it is compressed, and the recorder took it for text, which cannot be undone")
        if text[:1] in ("{", "[") and _CUT.search(text[-_CUT_REACH:]) and not _is_json(body):
            return _absent("it was cut short, as its end says")
        return _unpacked(body, headers)
    data = from_base64(text)
    if data is None:
        plain = to_bytes(text)
        if _tells(plain):  # text with the flag
            return _within_limit(plain)
        return _absent("it says that it is Base64, which it is not")
    return _unpacked(data, headers)


def is_base64(encoding: Any) -> bool:
    """True if the member ``encoding`` of a body says Base64."""
    return isinstance(encoding, str) and encoding.strip().lower() == "base64"


def is_plain(text: str, encoding: Any) -> bool:
    """True for a body that stands in the recording as the text that it is."""
    return not is_base64(encoding) and _unflagged(text, to_bytes(text)) is None


_BROKEN_GZIP: Final = ("\x1f\ufffd\b", "\x1f\ufffd\ufffd")
"""How a body in gzip begins after it was read as UTF-8."""

_CUT_REACH: Final = 100
_CUT: Final = re.compile(
    r"(?:\.{3}|\u2026|[\[(<*-]{1,4}\s?(?:[\w,:]+ ){0,4}(?:truncated|omitted|cut off|more)(?: [\w,:]+){0,4}"
    r"\s?[\])>*-]{1,4})\s*$"
)
"""What tools put where they cut a text."""

_MAGIC: Final = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}

_FORM: Final = re.compile(rb"[A-Za-z][\w.%+-]{0,99}=[^\s=]*(?:&[\w.%+-]{1,100}=[^\s=]*)*")


def _tells(data: bytes) -> bool:
    """True for a body that is read as what it is: JSON, a form or a page."""
    start = data.lstrip()[:1]
    if start in (b"{", b"["):
        return _is_json(data)
    return start == b"<" or _FORM.fullmatch(data) is not None


def _unflagged(text: str, body: bytes) -> bytes | None:
    """What a text is that is Base64 though nobody says so, or bytes that were read as Latin-1; None for other text."""
    symbols = text.strip(" \t\r\n")
    if symbols.startswith("data:") and ";base64," in symbols[:200]:
        return from_base64(symbols.partition(";base64,")[2])
    if symbols[:1] in ("{", "[", "<") or len(symbols) < 8:
        return None
    if symbols.startswith("\x1f\x8b"):
        with suppress(UnicodeEncodeError):
            return symbols.encode("latin-1")
    if _SYMBOLS.fullmatch(symbols) is None or _FORM.fullmatch(body) is not None:
        return None
    data = from_base64(symbols)
    return data if data is not None and (data[:2] in _MAGIC or data[:4] in _MAGIC or _tells(data)) else None


_SYMBOLS: Final = re.compile(r"[A-Za-z0-9+/_\r\n-]+={0,2}")


def _unpacked(body: bytes, headers: Headers) -> BodyOrGap:
    """A body without the content-encoding that a recorder left on it; most take it off."""
    packed = _MAGIC.get(body[:2]) or _MAGIC.get(body[:4])
    encoding = packed
    if encoding is None:
        named = [value for name, value in headers if name.lower() == "content-encoding"]
        # Brotli and deflate have no magic bytes: what is readable as it is has been decoded.
        if not named or not body or body.isascii() or is_utf8(body):
            return _within_limit(body)
        encoding = ", ".join(named)
    opened, gap = decode_content(body, encoding, MAX_BODY)
    if gap is None or (packed and gap.kind != "encoding"):
        return opened, gap
    return _absent("it is compressed, and not all of it was kept") if packed else _within_limit(body)


def from_base64(text: str) -> bytes | None:
    """What a recorder wrote as Base64, in lines or without its padding; None if it is none.

    >>> from_base64("YWJ\\njZA")
    b'abcd'
    """
    symbols = re.sub(r"[\s=]+", "", text).replace("-", "+").replace("_", "/")
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


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


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
