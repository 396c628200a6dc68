"""Encoding a header again the way it came: alphabet, padding, quotes, percent-encoding, broken lines, blanks.
The counterpart of rest_v2/encoded_json.py: what that one tolerates and names, this one puts back."""

import base64
import re
from dataclasses import dataclass
from typing import Final

from passlens.errors import EditError
from passlens.rest_v2.encoded_json import decode_encoded_json

_QUOTES: Final = "\"'\u201c\u201d"
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_BREAK: Final = re.compile(r"(?:\r\n|\r|\n)[ \t]*|[ \t]+")
_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class HeaderForm:
    """How a value was encoded. ``wrap`` is the length of a line and what breaks it; ``escaped`` the signs that are
    percent-encoded, ``lower`` the case of the escapes; ``tail`` stands after the padding."""

    before: str = ""
    after: str = ""
    escaped: str = ""
    lower: bool = False
    wrap: tuple[int, str] | None = None
    url_safe: bool = False
    padded: bool = True
    tail: str = ""
    plain: bool = False
    mark: bool = False


def take_apart(raw: str) -> tuple[str, HeaderForm]:
    """The JSON text in a header value, and how it is encoded; raises EditError if there is no JSON object."""
    decoded = decode_encoded_json(raw)
    if decoded.value is None or decoded.json is None:
        why = decoded.deviations[-1].detail if decoded.deviations else "it is no object"
        raise EditError(f"it holds no JSON object ({why})")
    if any(deviation.kind == "invalid-utf8" for deviation in decoded.deviations):
        raise EditError("its JSON is not UTF-8")
    mark = any(deviation.kind == "utf8-mark" for deviation in decoded.deviations)
    text = raw.strip()
    if text.startswith("{"):
        start = raw.index(text[0])
        return decoded.json.text, HeaderForm(raw[:start], raw[start + len(text) :], plain=True, mark=mark)
    return decoded.json.text, _form(raw, mark)


def _form(raw: str, mark: bool) -> HeaderForm:
    text = raw.strip(" \t")
    start = raw.index(text)
    before, after = raw[:start], raw[start + len(text) :]
    if len(text) >= 2 and text[0] in _QUOTES and text[-1] in _QUOTES:
        before, text, after = before + text[0], text[1:-1], text[-1] + after
    escapes = _ESCAPE.findall(text)
    escaped = ""
    if escapes:
        # Whoever escapes one of the signs escapes all, unless one stands in the value as it is.
        named = {chr(int(escape, 16)) for escape in escapes}
        escaped = "".join(sorted(named | {sign for sign in "+/=" if sign not in text}))
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    wrap = None
    if broken := _BREAK.search(text):
        wrap = (broken.start(), broken[0])
        text = _BREAK.sub("", text)
    symbols = text.rstrip("=") if "=" not in text.rstrip("=") else text[: text.index("=")]
    needed = -len(symbols) % 4
    rest = text[len(symbols) :]
    padding = len(rest) - len(rest.lstrip("="))
    return HeaderForm(
        before,
        after,
        escaped,
        any(escape != escape.upper() for escape in escapes),
        wrap,
        "-" in symbols or "_" in symbols,
        padding >= needed,
        rest[needed:] if padding >= needed else rest[padding:],
        mark=mark,
    )


def put_together(text: str, form: HeaderForm) -> str:
    """A header value that holds a JSON text, encoded by a form."""
    if form.plain:
        return form.before + _MARK * form.mark + text + form.after
    data = (_MARK * form.mark + text).encode("utf-8", "surrogatepass")
    encoded = (base64.urlsafe_b64encode(data) if form.url_safe else base64.b64encode(data)).decode("ascii")
    encoded = (encoded if form.padded else encoded.rstrip("=")) + form.tail
    if form.wrap is not None and form.wrap[0] > 0:
        width, line_end = form.wrap
        encoded = line_end.join(encoded[at : at + width] for at in range(0, len(encoded), width))
    for sign in form.escaped:
        escape = f"%{ord(sign):02X}"
        encoded = encoded.replace(sign, escape.lower() if form.lower else escape)
    return form.before + encoded + form.after
