"""The headers of a message, each scrubbed by a rule of its own (redaction.policy tells which)."""

import re
from collections.abc import Callable
from typing import Final

from passlens.exchange.model import MAX_HEADER
from passlens.exchange.recorders import is_header_mask
from passlens.redaction.policy import SET_COOKIES, ValueForm, header_form
from passlens.redaction.vocabulary import SCHEMES
from passlens.rest_v2.base64_decoding import QUOTES
from passlens.rest_v2.wire import says_no_value
from passlens.scrub import base64_text, jwt
from passlens.scrub.names import keeps_device_info, keeps_nothing, keeps_partner_status
from passlens.scrub.replacement import PLACEHOLDER
from passlens.scrub.values import Keeps, Scrubber

_BETWEEN: Final = (";", ",", "\r", "\n")
_HOPS: Final = re.compile(r"[^\s;,\"]+")
_BEARER: Final = re.compile(r"\s*Bearer:?\s+[^\s,;=\"]+=*\s*", re.IGNORECASE)
"""Credentials in a header of any name; a challenge has parameters."""

_PADDED: Final = re.compile(r"[^=%]*(?:=|%3[Dd])+")
"""Base64 with its padding."""

_PORT: Final = re.compile(r"^(\[[^\]]*\]|[^:]*)(:\d+)?$")


def header(scrubber: Scrubber, name: str, value: str) -> str:
    """The value of a header for the copy: replaced, looked into, or as it is, by its form (``header_form``). A masked
    value stays, one that is too long to be looked into is replaced as a whole.
    """
    if len(value) > MAX_HEADER:
        return scrubber.opaque(value)
    if is_header_mask(value):
        return value
    form = header_form(name)
    if form == "text" and _BEARER.fullmatch(value) is not None:
        form = "credentials"

    def rule() -> str:
        return scrubber.replacements.swept(_RULES[form](scrubber, value))

    return scrubber.once(form, value, rule)


def _credentials(scrubber: Scrubber, value: str) -> str:
    """A scheme and a token, or what clients take for that; a word for no value is none."""
    if says_no_value(value.partition(" ")[2]):
        return value
    parts = re.split(r"([\s,]+)", value)
    for place in range(0, len(parts), 2):
        quoted = parts[place].strip(QUOTES)
        if quoted and quoted.lower() not in SCHEMES:
            parts[place] = parts[place].replace(quoted, scrubber.secret(quoted))
    return "".join(parts)


def _identifier(scrubber: Scrubber, value: str) -> str:
    """A type, a blank, and an identifier that may hold white space."""
    match = re.match(r"([\s\"'\u201c\u201d]*)([\w:]+)(\s+)(.*)", value, re.DOTALL)
    if match is None or match[2].lower().rstrip(":") not in SCHEMES:
        return _credentials(scrubber, value)
    lead, kind, blank, rest = match.groups()
    bare = rest.strip(QUOTES + " \t")
    if not bare or PLACEHOLDER.fullmatch(bare) or says_no_value(rest):
        return value
    made = rest.replace(bare, _joined(scrubber, bare))
    scrubber.replacements.counts["device identifier"] += 1
    return lead + kind + blank + made


def _joined(scrubber: Scrubber, value: str) -> str:
    """An identifier in Base64 with white space in it, or anything else."""
    if re.search(r"\s", value) is None:
        return _after_padding(value, scrubber.secret)
    made = base64_text.rewrite(value, lambda data: _text_changed(data, scrubber))
    if made is not None:
        return made
    return "".join(scrubber.secret(part) if part.strip() else part for part in re.split(r"(\s+)", value))


def _text_changed(data: bytes, scrubber: Scrubber) -> bytes | None:
    try:
        return scrubber.secret(data.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return None


def _after_padding(value: str, change: Callable[[str], str]) -> str:
    """Base64 that something follows: each part changed on its own. Quotes around all of it stay."""
    before, after = [], []
    at, end = 0, len(value)
    while True:
        while end - at > 2 and value[at] in QUOTES and value[end - 1] in QUOTES:
            before.append(value[at])
            after.append(value[end - 1])
            at, end = at + 1, end - 1
        padded = _PADDED.match(value, at, end)
        if padded is None or padded.end() == end:
            break
        before.append(change(padded[0]))
        at = padded.end()
    return "".join((*before, change(value[at:end]), *reversed(after)))


def _encoded_json(keeps: Keeps, *, loose: bool) -> Callable[[Scrubber, str], str]:
    """Base64 over JSON, or JSON as it is, or something that cannot be read."""

    def rule(scrubber: Scrubber, value: str) -> str:
        if PLACEHOLDER.fullmatch(value.strip()):
            return value
        if value.lstrip().startswith(("{", "\ufeff{")):
            return scrubber.json(value, keeps, loose=loose, note=True)
        return _after_padding(value, lambda part: _decoded(scrubber, part, keeps, loose))

    return rule


def _decoded(scrubber: Scrubber, value: str, keeps: Keeps, loose: bool) -> str:
    def change(data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape")
        if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
            return scrubber.secret(text, loose=loose).encode("utf-8", "surrogateescape")
        new = scrubber.json(text, keeps, loose=loose, note=True).encode("utf-8", "surrogateescape")
        return new + b" " * ((len(data) - len(new)) % 3)

    made = base64_text.rewrite(value, change)
    if made is not None:
        return made
    if "@" in value or jwt.looks_like(value):
        return scrubber.secret(value)
    new = scrubber.opaque(value)
    scrubber.replacements.add(value, new, loose=loose)
    return new


def _cookies(scrubber: Scrubber, value: str) -> str:
    return "".join(
        part if part in _BETWEEN else _cookie(scrubber, part) for part in re.split("([;,\r\n])", value) if part
    )


def _cookie(scrubber: Scrubber, pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return scrubber.secret(pair, loose=True)
    name = scrubber.free(name)
    bare = value.strip().strip('"')
    scrubber.replacements.counts["cookie"] += bool(bare)
    # A cookie may hold anything, also what is shown elsewhere, such as the service provider.
    return name + equals + (value.replace(bare, scrubber.secret(bare, loose=True)) if bare else value)


def _set_cookie(scrubber: Scrubber, value: str) -> str:
    """One cookie, or several that a recorder joined."""
    parts = SET_COOKIES.split(value)
    for place in range(0, len(parts), 2):
        pair, semicolon, attributes = parts[place].partition(";")
        parts[place] = _cookie(scrubber, pair) + semicolon + scrubber.free(attributes)
    return "".join(parts)


def _addresses(scrubber: Scrubber, value: str) -> str:
    return _HOPS.sub(lambda match: _hop(scrubber, match[0]), value)


def _hop(scrubber: Scrubber, word: str) -> str:
    name, equals, address = word.rpartition("=")
    if name.lower() in ("proto", "host"):
        return word
    port = _PORT.match(address) if address.count(":") == 1 or address.startswith("[") else None
    bare = port[1].strip("[]") if port is not None else address
    return name + equals + (address.replace(bare, scrubber.address(bare)) if bare else address)


_RULES: Final[dict[ValueForm, Callable[[Scrubber, str], str]]] = {
    "credentials": _credentials,
    "identifier": _identifier,
    "device info": _encoded_json(keeps_device_info, loose=True),
    "partner status": _encoded_json(keeps_partner_status, loose=True),
    "identity": _encoded_json(keeps_nothing, loose=False),
    "cookie": _cookies,
    "set-cookie": _set_cookie,
    "addresses": _addresses,
    "secret": lambda scrubber, value: scrubber.secret(value),
    "url": lambda scrubber, value: scrubber.free(scrubber.url(value)),
    "product": lambda scrubber, value: scrubber.free(value, versions=True),
    "text": lambda scrubber, value: scrubber.free(value),
}
