"""Body of logout: what is left to do for each mvpd, by the kind of profile that was held.
Pairs of actionName and actionType as on the logout page; a url stands only with ``logout``."""

from typing import Any, Final
from urllib.parse import urlencode

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.forms import parse_form
from passlens.rest_v2.logouts import BY_ID, URL_PATH
from passlens.sandbox.profile_store import ProfileKind
from passlens.sandbox.response import plain

ID: Final = "pt_device_id"
"""The parameter of that address that tells one sign-out from another."""

ROWS: Final[dict[ProfileKind, str]] = {
    "regular": "L1",
    "degraded": "L3",
    "temporary": "L3",
    "promotional": "L3",
    "appleSSO": "L2",
    "platformSSO": "L1",
    "serviceTokenSSO": "L1",
}
"""The row of the entry for a profile of each kind, of an MVPD that has a logout of its own."""


def entry(row_id: str, mvpd: str, url: str | None = None) -> dict[str, Any]:
    """One entry of a row; L1 becomes L3 without a ``url``."""
    row = BY_ID["L3" if row_id == "L1" and url is None else row_id]
    made = {"actionName": row.action, "actionType": row.type, "mvpd": mvpd}
    return made | ({"url": url} if row.url else {})


def sign_out_url(host: str, service_provider: str, mvpd: str, sign_out: str, redirect_url: str) -> str:
    """The address of row L1 as the samples have it. ``sign_out`` is the id it is known by."""
    query = {
        "noflash": "true",
        "mso_id": mvpd,
        "requestor_id": service_provider,
        ID: sign_out,
        "redirect_url": redirect_url,
    }
    return f"https://{host}{URL_PATH}?{urlencode(query)}"


def redirect_of(ex: Decoded) -> str | None:
    """The redirectUrl in the query of a request."""
    query = parse_form(plain(ex.request.query).encode())
    return next((plain(parameter.value) for parameter in query if parameter.name == "redirectUrl"), None)


def sign_out_of(path: str) -> str | None:
    """The id of a sign-out that a user agent opens, by the request's path; None for any other address."""
    before, _, query = path.partition("?")
    if before != URL_PATH:
        return None
    return next((sent.value for sent in parse_form(plain(query).encode()) if sent.name == ID), None)
