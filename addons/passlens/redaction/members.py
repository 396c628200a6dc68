"""Secrets in the members of JSON: of bodies, of a profile's attributes, of decoded headers. Members and depths are
bounded; where there are more, MORE stands among what is found."""

import re
from collections.abc import Iterator
from typing import Any, Final

from passlens.redaction.nested import DEEPEST, MORE, strings
from passlens.redaction.policy import MEMBERS, PUBLIC_METADATA, STATUS_NAMES, is_secret_name, public
from passlens.rest_v2.json_decoding import JsonText, decode_json

MAX_MEMBERS: Final = 50_000
"""Members and elements of a body that are looked at; the longest configuration has some thousand."""

_TOKEN_TIMES: Final = public(MEMBERS["token"])

_MEMBER: Final = re.compile(r'"([^"\\]{1,64})"\s{0,64}:\s{0,64}"([^"\\]{6,})')


def secrets_of_body(text: JsonText | None, hidden: frozenset[str]) -> Iterator[str]:
    """Values of secret members of a body, whole or broken; ``hidden`` are those of the outermost object that are never
    shown."""
    if text is None:
        return
    if text.valid:
        yield from secret_members(text.value)
        if isinstance(text.value, dict):
            yield from strings([item for name, item in text.value.items() if name in hidden])
        return
    for count, match in enumerate(_MEMBER.finditer(text.text)):
        if count == MAX_MEMBERS:
            yield MORE
            return
        if is_secret_name(match[1]) or match[1] in hidden:
            yield match[2]


def secret_members(value: Any) -> Iterator[str]:
    """Values of members with a secret name, and the request of a SAML login."""
    left = MAX_MEMBERS
    holders = [(value, 0)] if isinstance(value, (dict, list)) else []
    while holders:
        holder, depth = holders.pop()
        left -= len(holder)
        if depth > DEEPEST or left < 0:
            yield MORE
            return
        if isinstance(holder, dict):
            for name, item in holder.items():
                if is_secret_name(name):
                    yield from strings(_without_times(item), depth)
                elif name == "authenticationRequest" and isinstance(item, dict):
                    yield from strings(item.get("request"), depth)
        for item in holder.values() if isinstance(holder, dict) else holder:
            held = _held(item) if isinstance(item, str) else item
            if isinstance(held, (dict, list)):
                holders.append((held, depth + 1))


def _held(text: str) -> Any:
    """What a text holds that is JSON itself; None for any other."""
    if not text.lstrip().startswith(("{", "[")) or not text.rstrip().endswith(("}", "]")):
        return None
    found = decode_json(text)
    return found.value if found.valid else None


def _without_times(token: Any) -> Any:
    """A media token without the numbers that say how long it lives."""
    if not isinstance(token, dict):
        return token
    return {key: item for key, item in token.items() if key not in _TOKEN_TIMES or not isinstance(item, int)}


def attribute_values(value: Any, depth: int = 0) -> Iterator[str]:
    """The values of a profile's attributes: what the MVPD tells about the user."""
    if not isinstance(value, dict):
        return
    if depth > DEEPEST:
        yield MORE
        return
    for name, item in value.items():
        if not isinstance(item, dict):
            continue
        if name == "attributes":
            told = {key: one for key, one in item.items() if key not in PUBLIC_METADATA}
            yield from strings([one.get("value") if isinstance(one, dict) else one for one in told.values()], depth)
        else:
            yield from attribute_values(item, depth + 1)


def unknown_members(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts of members that AP-Partner-Framework-Status does not have."""
    if isinstance(value, dict) and depth > DEEPEST:
        yield MORE
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from unknown_members(item, depth + 1) if name in STATUS_NAMES else strings(item)
