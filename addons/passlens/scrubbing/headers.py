"""The headers of a message, each scrubbed by a rule of its own (passlens.scrubbing.names tells which)."""

import re
from collections.abc import Callable
from typing import Final

from passlens.exchange import MAX_HEADER
from passlens.scrubbing import base64_text
from passlens.scrubbing.names import (
    SCHEMES,
    header_kind,
    keeps_device_info,
    keeps_nothing,
    keeps_partner_status,
)
from passlens.scrubbing.stand_in import PLACEHOLDER
from passlens.scrubbing.values import Keeps, Scrubber
from passlens.spec.decoding import QUOTES

_HOPS: Final = re.compile(r"[^\s;,\"]+")
_PORT: Final = re.compile(r"^(\[[^\]]*\]|[^:]*)(:\d+)?$")


def header(scrubber: Scrubber, name: str, value: str) -> str:
    """The value of a header for the copy."""
    if len(value) > MAX_HEADER:
        return scrubber.opaque(value)
    kind = header_kind(name)

    def rule() -> str:
        return scrubber.book.swept(_RULES[kind](scrubber, value))

    return scrubber.once(kind, value, rule)


def _credentials(scrubber: Scrubber, value: str) -> str:
    """A scheme and a token, or what clients take for that."""
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
    if not bare or PLACEHOLDER.fullmatch(bare):
        return value
    made = rest.replace(bare, _joined(scrubber, bare))
    scrubber.book.counts["device identifier"] += 1
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
    """Base64 that something follows: both parts changed on their own."""
    match = re.match(r"([^=%]*(?:=|%3[Dd])+)(.+)", value, re.DOTALL)
    if match is None:
        return change(value)
    return change(match[1]) + _after_padding(match[2], change)


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
    if "@" in value:
        return scrubber.secret(value)
    return scrubber.opaque(value)


def _cookies(scrubber: Scrubber, value: str) -> str:
    return ";".join(_cookie(scrubber, pair) for pair in value.split(";"))


def _cookie(scrubber: Scrubber, pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return scrubber.secret(pair)
    bare = value.strip().strip('"')
    scrubber.book.counts["cookie"] += bool(bare)
    return name + equals + (value.replace(bare, scrubber.secret(bare)) if bare else value)


def _set_cookie(scrubber: Scrubber, value: str) -> str:
    pair, semicolon, attributes = value.partition(";")
    return _cookie(scrubber, pair) + semicolon + scrubber.free(attributes)


def _addresses(scrubber: Scrubber, value: str) -> str:
    return _HOPS.sub(lambda match: _hop(scrubber, match[0]), value)


def _hop(scrubber: Scrubber, word: str) -> str:
    name, equals, address = word.rpartition("=")
    if name.lower() in ("proto", "host"):
        return word
    port = _PORT.match(address) if address.count(":") == 1 or address.startswith("[") else None
    bare = port[1].strip("[]") if port is not None else address
    return name + equals + (address.replace(bare, scrubber.address(bare)) if bare else address)


_RULES: Final[dict[str, Callable[[Scrubber, str], str]]] = {
    "credentials": _credentials,
    "identifier": _identifier,
    "device-info": _encoded_json(keeps_device_info, loose=True),
    "partner-status": _encoded_json(keeps_partner_status, loose=True),
    "identity": _encoded_json(keeps_nothing, loose=False),
    "cookie": _cookies,
    "set-cookie": _set_cookie,
    "addresses": _addresses,
    "secret": lambda scrubber, value: scrubber.secret(value),
    "url": lambda scrubber, value: scrubber.free(scrubber.url(value)),
    "free": lambda scrubber, value: scrubber.free(value),
}
