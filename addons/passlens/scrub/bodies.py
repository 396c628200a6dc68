"""Bodies: told apart by how they begin, scrubbed as JSON, form or text, encoded again the way they came.
A body that cannot be looked into is replaced by one of the same length that cannot be looked into either."""

import re
from typing import Final

from passlens.exchange.content import decode_content, encode_content
from passlens.exchange.model import MAX_BODY
from passlens.recordings.har_text import to_bytes
from passlens.redaction.policy import is_secret_name
from passlens.rest_v2.json_decoding import decode_json
from passlens.rest_v2.operations import FORM
from passlens.scrub.candidates import CHUNK, is_plain_text, texts_in, words
from passlens.scrub.code import is_code
from passlens.scrub.names import keeps_body
from passlens.scrub.values import Scrubber
from passlens.util.text import is_utf8

_PAIRS: Final = re.compile(r"[^\s=&<>{}\"]{1,100}=")
_UNESCAPED: Final = re.compile(r"[\s<>{}\"();]")
_SHORT: Final = 4096
"""Characters of a form that somebody forgot to escape; others have some hundred."""

_NAME: Final = re.compile(r"\bname=\"?([\w.-]{1,100})")
_BLANK_LINE: Final = re.compile(r"\r?\n\r?\n")


def text(scrubber: Scrubber, body: str, media_type: str, hidden: frozenset[str] = frozenset()) -> str:
    """The text of a body for the copy, by its media type: code, JSON, a form, XML, anything else. ``hidden`` are the
    members of the outermost object that its operation never shows."""
    start = body.lstrip("\ufeff \t\r\n")
    if is_code(media_type, start):
        return scrubber.code(body)
    is_json = start[:1] in ("{", "[", '"')
    is_form = not is_json and (media_type == FORM or _looks_like_form(start))
    if not is_form and not hidden and "multipart" not in media_type and scrubber.is_plain(body, json=is_json):
        return scrubber.replacements.swept(body)
    if is_json:
        made = scrubber.json(body, keeps_body, hidden=hidden)
        made = made if decode_json(made).valid else scrubber.evident(made)
    elif "multipart" in media_type:
        made = "\n--".join(_part(scrubber, part) for part in body.split("\n--"))
    elif is_form:
        made = scrubber.pairs(body)
    else:
        return scrubber.free(body)  # which searches for known secrets itself
    return scrubber.replacements.swept(made)


def _looks_like_form(text: str) -> bool:
    """True for pairs of names and values, whatever the media type says. A long text with signs that forms escape is
    none: scripts begin with an assignment, too."""
    if text[:1] == "<" or _PAIRS.match(text) is None:
        return False
    return len(text) <= _SHORT or _UNESCAPED.search(text) is None


def _part(scrubber: Scrubber, part: str) -> str:
    """One part of a multipart body: headers, a blank line, a value."""
    blank = _BLANK_LINE.search(part)
    if blank is None:
        return scrubber.free(part)
    value = part[blank.end() :]
    named = _NAME.search(part, 0, blank.start())
    secret = named is not None and is_secret_name(named[1])
    return scrubber.free(part[: blank.end()]) + (scrubber.secret(value) if secret else scrubber.free(value))


def content(
    scrubber: Scrubber, raw: bytes, encodings: str, media_type: str, hidden: frozenset[str] = frozenset()
) -> tuple[bytes, str | None]:
    """The body of the copy in bytes, with its content-encoding (``encodings``) as before, and None; or filler that
    fails in the same way, and a clause that says why it could not be looked into."""
    body, gap = decode_content(raw, encodings, MAX_BODY)
    if body is None:
        assert gap is not None
        return _filler(raw, encodings, gap.kind), gap.detail
    readable = texts_in(body)
    if readable is not None and _is_plain(scrubber, readable) and scrubber.replacements.swept(readable) == readable:
        return raw, None
    if readable is not None and not is_utf8(body):
        new = _binary(scrubber, body)
    else:
        new = to_bytes(text(scrubber, body.decode("utf-8", "surrogateescape"), media_type, hidden))
    return (raw, None) if new == body else (encode_content(new, encodings), None)


def _binary(scrubber: Scrubber, body: bytes) -> bytes:
    """Pictures, video and the like: what people could read in them is free text, each run by itself."""
    pieces: list[bytes] = []
    kept = 0
    for start, end in words(body):
        pieces += (body[kept:start], to_bytes(scrubber.free(body[start:end].decode("ascii"))))
        kept = end
    return b"".join((*pieces, body[kept:]))


def _is_plain(scrubber: Scrubber, text: str) -> bool:
    return scrubber.is_plain(text) if len(text) >= CHUNK else is_plain_text(text)


def _filler(raw: bytes, encodings: str, kind: str) -> bytes:
    """Bytes that say nothing and fail in the same way."""
    if kind == "expansion":
        return encode_content(bytes(MAX_BODY + 1), encodings)
    made = [sign * len(raw) for sign in (b"x", b"\x00", b"\xff", b"!")]
    alike = (one for one in made if (gap := decode_content(one, encodings, MAX_BODY)[1]) and gap.kind == kind)
    return next(alike, made[0])
