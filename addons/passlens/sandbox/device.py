"""The device object of a retrieve answer, made from X-Device-Info of the request.
Members and types as in the current samples; what the request does not say is empty, 0 or an unknown version, and null
only where a sample has null."""

import re
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.device_info import HARDWARE_TYPES, OPENAPI_HARDWARE_TYPES
from passlens.sandbox.response import plain

_NUMBERS: Final = re.compile(r"\d{1,9}")
_MAX_CHARS: Final = 500


def device_object(ex: Decoded) -> dict[str, Any]:
    """What the server would know of the device that sent a request; never raises, whatever the header holds."""
    info, user_agent, client = ex.device_info, ex.request.header("User-Agent"), ex.request.client
    sent = (info.encoded.value if info is not None else None) or {}
    kind = info.get("primaryHardwareType") if info is not None else None
    agent = _string(sent.get("userAgent")) or _string(user_agent)
    secure = sent.get("connectionSecure")
    return {
        "type": kind if kind in (*HARDWARE_TYPES, *OPENAPI_HARDWARE_TYPES) else "Unknown",
        "model": _text(sent.get("model")),
        "version": _version(sent.get("version")),
        "hardware": {
            "name": None,
            "vendor": _string(sent.get("vendor")),
            "version": _version(None),
            "manufacturer": _string(sent.get("manufacturer")),
        },
        "operatingSystem": {
            "name": _string(sent.get("osName")),
            "family": _string(sent.get("osFamily")) or _string(sent.get("osName")),
            "vendor": _string(sent.get("osVendor")),
            "version": _version(sent.get("osVersion")),
        },
        "browser": {
            "name": _string(sent.get("browserName")),
            "vendor": _string(sent.get("browserVendor")),
            "version": _version(sent.get("browserVersion")),
            "userAgent": agent,
            "originalUserAgent": agent,
        },
        "display": {
            "width": _whole(sent.get("displayWidth")),
            "height": _whole(sent.get("displayHeight")),
            "ppi": _whole(sent.get("displayPpi")),
            "name": "DISPLAY",
            "vendor": None,
            "version": None,
            "diagonalSize": _text(sent.get("diagonalScreenSize")),
        },
        "applicationId": _text(sent.get("applicationId")),
        "connection": {
            "ipAddress": _string(sent.get("connectionIp")) or _string(client),
            "port": _string(sent.get("connectionPort")),
            "secure": secure is True or secure == "true",
            "type": _text(sent.get("connectionType")),
        },
    }


def _text(value: Any) -> str | None:
    """A string or number as a text that is not too long, anything else as null."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value == "":
        return None
    if isinstance(value, int) and abs(value) >= 10**20:
        return None
    return plain(str(value))[:_MAX_CHARS]


def _string(value: Any) -> str:
    """The same for members that the documentation has as a string: empty where there is none."""
    return _text(value) or ""


def _whole(value: Any) -> int:
    """A number, or digits in a string, as a whole number; 0 where there is none."""
    match = _NUMBERS.match(_text(value) or "")
    return int(match[0]) if match else 0


def _version(value: Any) -> dict[str, Any]:
    """A version object out of ``18.5`` or ``14,1``; an unknown version is 0, 0, 0."""
    numbers = [int(number) for number in _NUMBERS.findall((_text(value) or "")[:60])[:3]]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return {"major": major, "minor": minor, "patch": patch, "profile": ""}
