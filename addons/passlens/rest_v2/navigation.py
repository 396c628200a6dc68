"""The answer of authenticate: a redirect towards the MVPD's login page, or back to the app, or a page that goes on by
itself. Nothing in it is JSON."""

from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from passlens.rest_v2.results import NavigationResult

MAX_LOCATION: Final = 1 << 14
"""Characters of a Location that are looked into (16 KiB)."""

QUERY: Final = ("mso_id", "requestor_id", "domain_name", "redirect_url", "noflash", "no_iframe")
"""Parameters of the sample's Location: mvpd, service provider, domain, redirectUrl, and two fixed ones."""


class Location(NamedTuple):
    """A Location as it was read: host in lower case, path, and the first value of each parameter of QUERY."""

    host: str
    path: str
    query: dict[str, str]


def read_location(value: str | None) -> Location | None:
    """Read a Location; None where there is none or it is no URL."""
    if not value or len(value) > MAX_LOCATION:
        return None
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").lower()
        pairs = parse_qsl(parts.query, keep_blank_values=True, errors="replace")
    except ValueError:
        return None
    query: dict[str, str] = {}
    for name, text in pairs:
        if name in QUERY:
            query.setdefault(name, text)
    return Location(host, parts.path, query)


def navigation_result(status: int, location: str | None, redirect_url: str | None = None) -> NavigationResult:
    """Where the user agent goes. ``redirect_url`` is the session's, None where it is not known; it is compared by
    scheme, host and path, because the server may add a query."""
    if not 300 <= status < 400:
        return {"kind": "navigation", "to": "page"}
    if location and redirect_url and _place(location) == _place(redirect_url) is not None:
        return {"kind": "navigation", "to": "redirect_url"}
    return {"kind": "navigation", "to": "provider"}


def _place(url: str) -> tuple[str, str, str] | None:
    if len(url) > MAX_LOCATION:
        return None
    try:
        parts = urlsplit(url)
        return parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/")
    except ValueError:
        return None
