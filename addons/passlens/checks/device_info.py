"""PL23x: the content of X-Device-Info: keys, vocabularies, types. At most warnings, as the page both requires and
merely recommends the header in one cell."""

from collections.abc import Iterator
from typing import Any

from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded
from passlens.rest_v2 import device_info
from passlens.rest_v2.sources import cite
from passlens.rest_v2.wire import listed, show

_AT = "header:X-Device-Info#"


def _value(ex: Decoded) -> dict[str, Any]:
    return (ex.device_info.encoded.value if ex.device_info else None) or {}


def key_missing(ex: Decoded) -> Iterator[Hit]:
    """A required key of X-Device-Info is missing.

    Why: since doc-2024-09-30 the page requires model, version, osName, osVersion and connectionType. What is missing
    the server takes from other headers, or treats the device as unknown.
    Example: {"model": "AppleTV", "osName": "tvOS"}
    Do: send all five keys.
    """
    if ex.device_info is None or (ex.device_info.encoded.value is None and not ex.device_info.shown):
        return
    shown = ex.device_info.shown
    for name in device_info.REQUIRED:
        if name not in shown:
            yield Hit(f"{_AT}/{name}", f"The required key {name} is {{actual}}.", "present", "missing")


def value_not_listed(ex: Decoded) -> Iterator[Hit]:
    """A key of X-Device-Info has a value outside its closed vocabulary.

    Why: the server sorts platforms by these values. Roku's cookbook hard-codes osName Roku, the vocabulary has
    Roku OS.
    Example: {"osName": "tvos"}
    Do: use a listed value, in its spelling.
    """
    for problem in ex.device_info.problems if ex.device_info else ():
        if problem.kind != "value" or problem.actual == "":
            continue
        key, value = problem.pointer[1:], _value(ex).get(problem.pointer[1:])
        if key in device_info.ALIAS and value in device_info.OPENAPI_HARDWARE_TYPES:
            message = f"{key} is {{actual}}, which only the OpenAPI file lists; the page lists {{expected}}."
            yield Hit(_AT + problem.pointer, message, problem.expected, problem.actual, "note", source=cite("openapi"))
            continue
        near = device_info.NEAR_MISSES.get((key, str(value))) or _near(key, str(value))
        if near:
            yield Hit(_AT + problem.pointer, f"{key} is {{actual}}, expected {{expected}}.", near, problem.actual)
        else:
            message = f"{key} is {{actual}}, expected one of {{expected}}."
            # The vocabulary has true and false in both JSON types; in words they are the same.
            expected = "true or false" if key == "connectionSecure" else problem.expected
            yield Hit(_AT + problem.pointer, message, expected, problem.actual)


def _near(key: str, value: str) -> str | None:
    alias, canonical = device_info.ALIAS
    listed_as = canonical if key == alias else key
    values = next((row.values for row in device_info.KEYS if row.name == listed_as), None) or ()
    return next((item for item in values if isinstance(item, str) and item.lower() == value.strip().lower()), None)


def wrong_type(ex: Decoded) -> Iterator[Hit]:
    """A key of X-Device-Info has another JSON type than samples and platform code give it.

    Why: the page gives no types; a server that reads strings may drop a number.
    Example: {"osVersion": 17.2}
    Do: send versions and names as strings, width and height as numbers.
    """
    for problem in ex.device_info.problems if ex.device_info else ():
        if problem.kind == "type":
            message = f"{problem.pointer[1:]} is {{actual}}, expected {{expected}}."
            yield Hit(_AT + problem.pointer, message, problem.expected, problem.actual)


def empty_value(ex: Decoded) -> Iterator[Hit]:
    """A required key of X-Device-Info, or one with a closed vocabulary, is an empty string.

    Why: an empty value says as little as a missing key.
    Example: {"connectionType": ""}
    Do: send what the platform reports.
    """
    for problem in ex.device_info.problems if ex.device_info else ():
        if problem.kind in ("format", "value") and problem.actual == "":
            yield Hit(_AT + problem.pointer, f"{problem.pointer[1:]} is {{actual}}.", "a value", "empty")


def type_alias(ex: Decoded) -> Iterator[Hit]:
    """X-Device-Info writes type where the key table has primaryHardwareType.

    Why: the Apple snippets of the same page write type, its key table does not know it. passlens reads it as
    primaryHardwareType.
    Example: {"type": "TV"}
    Do: write primaryHardwareType.
    """
    alias, canonical = device_info.ALIAS
    value = _value(ex)
    if alias in value and canonical not in value:
        yield Hit(f"{_AT}/{alias}", "The key is called {actual}, the key table has {expected}.", canonical, alias)


def type_conflict(ex: Decoded) -> Iterator[Hit]:
    """X-Device-Info has both type and primaryHardwareType, and they differ.

    Why: nobody can tell which of them the server takes.
    Example: {"type": "TV", "primaryHardwareType": "SetTopBox"}
    Do: send primaryHardwareType only.
    """
    alias, canonical = device_info.ALIAS
    value = _value(ex)
    if alias in value and canonical in value and value[alias] != value[canonical]:
        message = "type is {actual}, primaryHardwareType is {expected}."
        yield Hit(f"{_AT}/{alias}", message, show(value[canonical]), show(value[alias]))


def unknown_key(ex: Decoded) -> Iterator[Hit]:
    """X-Device-Info has a key that the page does not list.

    Why: it is not read as far as the documentation tells.
    Example: {"appVersion": "4.2"}
    Do: leave it out, unless Adobe asked for it.
    """
    for name in _unknown(ex):
        if _meant(ex, name) is None:
            yield Hit(f"{_AT}/{name}", "The key {actual} is not listed.", "a listed key", name)


def misspelt_key(ex: Decoded) -> Iterator[Hit]:
    """X-Device-Info has a key that is almost a listed one.

    Why: keys are compared letter by letter; a misspelt one is not read.
    Example: {"osname": "tvOS"}
    Do: write the key as the page does.
    """
    for name in _unknown(ex):
        near = _meant(ex, name)
        if near is not None:
            yield Hit(f"{_AT}/{name}", "The key {actual} is not listed, expected {expected}.", near, name)


def _unknown(ex: Decoded) -> Iterator[str]:
    known = (*device_info.NAMES, device_info.ALIAS[0])
    yield from (name for name in list(_value(ex))[:50] if name not in known)


def _meant(ex: Decoded, name: str) -> str | None:
    """The listed key that a key was meant to be; None if that one is there as well."""
    near = _known_spelling(name)
    return None if near is None or near in _value(ex) else near


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


_SPELLINGS = {_plain(name): name for name in device_info.NAMES} | {"operatingsystem": "osName", "os": "osName"}


def _known_spelling(name: str) -> str | None:
    plain = _plain(name)
    if plain in _SPELLINGS:
        return _SPELLINGS[plain]
    near = (known for folded, known in _SPELLINGS.items() if len(plain) > 5 and _one_edit(plain, folded))
    return next(near, None)


def _one_edit(a: str, b: str) -> bool:
    """True if one letter was left out, added or changed, or two neighbours were swapped."""
    if abs(len(a) - len(b)) > 1 or len(a) > 40:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest, other = a[start:], b[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped


_PLATFORMS = {
    "iOS": "Apple",
    "tvOS": "Apple",
    "Mac OS": "Apple",
    "OS X": "Apple",
    "Android": "Android",
    "Chrome OS": "Google",
    "Roku OS": "Roku",
    "Windows": "Microsoft",
    "webOS": "LG",
}


def platform_mismatch(ex: Decoded) -> Iterator[Hit]:
    """The request tells two stories about the platform.

    Why: osName of X-Device-Info and the header of a platform's single sign-on should belong together; partner single
    sign-on with Apple needs an Apple platform. The server treats a device it cannot place as unknown.
    Example: osName Android on a call to sessions/sso/Apple
    Do: check which code builds the header on this platform.
    """
    name = ex.device_info.get("osName") if ex.device_info else None
    platform = _PLATFORMS.get(name) if isinstance(name, str) else None
    if platform is None:
        return
    partner = (ex.path_parameter("partner") or "").lower()
    if partner == "apple" and platform != "Apple":
        yield Hit(
            f"{_AT}/osName",
            "osName is {actual} on a partner call for Apple, expected {expected}.",
            listed(("iOS", "tvOS")),
            str(name),
        )
    roku = ex.request.header("X-Roku-Reserved-Roku-Connect-Token")
    if roku is not None and platform != "Roku":
        message = "osName is {actual} next to a Roku token, expected {expected}."
        yield Hit(f"{_AT}/osName", message, "Roku OS", str(name))
