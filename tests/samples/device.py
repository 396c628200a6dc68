"""The device object of a current retrieve answer, for the Apple TV that the requests describe."""

from typing import Any

import forge


def version(major: int = 0, minor: int = 0, patch: int = 0) -> dict[str, Any]:
    """A version object; unknown is 0/0/0."""
    return {"major": major, "minor": minor, "patch": patch, "profile": ""}


def device_object() -> dict[str, Any]:
    """A complete device object, nulls where the documentation has them."""
    return {
        "type": "SetTopBox",
        "model": "AppleTV",
        "version": version(14, 1),
        "hardware": {"name": None, "vendor": "Apple", "version": version(14, 1), "manufacturer": "Apple"},
        "operatingSystem": {"name": "tvOS", "family": "tvOS", "vendor": "Apple", "version": version(18, 5)},
        "browser": {
            "name": "Safari",
            "vendor": "Apple",
            "version": version(18, 5),
            "userAgent": forge.USER_AGENT,
            "originalUserAgent": forge.USER_AGENT,
        },
        "display": {
            "width": 1920,
            "height": 1080,
            "ppi": 0,
            "name": "DISPLAY",
            "vendor": None,
            "version": None,
            "diagonalSize": None,
        },
        "applicationId": forge.SERVICE_PROVIDER,
        "connection": {"ipAddress": "203.0.113.7", "port": "49207", "secure": False, "type": "WiFi"},
    }
