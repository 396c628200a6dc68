"""A device that a test holds in its hands: the calls an app makes, over any client, with the headers it always sends.
What an answer says to do next is followed by its url, as an app does."""

import json
import time
from typing import Any, Protocol
from urllib.parse import urlencode

import forge
from samples.case import ACCEPT, FORM
from support.clients import Got, Headers

SP = forge.SERVICE_PROVIDER
FULL = {"domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}
JSON = "application/json;charset=utf-8"
MARK = "X-Passlens"


class Client(Protocol):
    """What a device sends with."""

    def request(self, method: str, path: str, headers: Headers = ..., body: bytes = ...) -> Got:
        """Send a request and read the answer."""


def value(got: Got) -> dict[str, Any]:
    """The JSON object of a good answer."""
    assert got.status in (200, 201), got
    found = json.loads(got.body)
    assert isinstance(found, dict)
    return found


def code_of(got: Got) -> str:
    """The error code of an answer."""
    return str(json.loads(got.body)["code"])


class Device:
    """``client`` may be exchanged; a name makes the device another one."""

    def __init__(self, client: Client, name: str = "living room", token: str | None = None) -> None:
        self.client, self.name = client, name
        self.token = token or forge.bearer(time.time())

    def headers(self, *extra: tuple[str, str], media_type: str | None = None) -> Headers:
        """What every call carries."""
        made = [
            ("Authorization", self.token),
            ("AP-Device-Identifier", forge.device_identifier(self.name)),
            ("X-Device-Info", forge.device_info()),
            *extra,
        ]
        if media_type is not None:
            made.append(("Content-Type", media_type))
        return (*made, ("Accept", ACCEPT), ("User-Agent", forge.USER_AGENT))

    def get(self, path: str, *extra: tuple[str, str]) -> Got:
        """GET with the device's headers."""
        return self.client.request("GET", path, self.headers(*extra))

    def form(self, path: str, *extra: tuple[str, str], **parameters: str) -> Got:
        """POST a form."""
        return self.client.request("POST", path, self.headers(*extra, media_type=FORM), urlencode(parameters).encode())

    def json(self, path: str, body: object, *extra: tuple[str, str]) -> Got:
        """POST a JSON body."""
        return self.client.request("POST", path, self.headers(*extra, media_type=JSON), json.dumps(body).encode())

    # ---- sessions

    def partner_session(self, status: str | None = "granted", **parameters: str) -> Got:
        """Partner single sign-on, with the framework's status."""
        return self.form(f"/api/v2/{SP}/sessions/sso/Apple", *_status(status), **(parameters or FULL))

    def create_session(self, **parameters: str) -> Got:
        """Basic authentication."""
        return self.form(f"/api/v2/{SP}/sessions", **(parameters or FULL | {"mvpd": forge.MVPD}))

    def resume(self, url: str, **parameters: str) -> Got:
        """Send what was missing."""
        return self.form(url, **parameters)

    def retrieve(self, code: str) -> Got:
        """What a second screen asks about a code."""
        return self.get(f"/api/v2/{SP}/sessions/{code}")

    def open(self, url: str) -> Got:
        """A user agent opens an address; it knows nothing of the app's headers."""
        return self.client.request("GET", url, (("User-Agent", "Mozilla/5.0"), ("Accept", "text/html")))

    # ---- profiles and decisions

    def poll(self, code: str) -> Got:
        """Is somebody signed in?"""
        return self.get(f"/api/v2/{SP}/profiles/code/{code}")

    def profiles(self) -> Got:
        """All profiles of the device."""
        return self.get(f"/api/v2/{SP}/profiles")

    def partner_profile(self, url: str, status: str | None = "granted") -> Got:
        """Hand the framework's answer over."""
        return self.form(url, *_status(status), SAMLResponse=forge.saml_response(time.time()))

    def decide(self, url: str) -> Got:
        """May a resource be played?"""
        return self.json(url, {"resources": ["DemoTV-Sports"]}, *_status("granted"))

    def authorize(self, mvpd: str = forge.MVPD) -> Got:
        """The last question before playing."""
        return self.decide(f"/api/v2/{SP}/decisions/authorize/{mvpd}")

    def preauthorize(self, mvpd: str = forge.MVPD) -> Got:
        """Which resources to show as open."""
        return self.decide(f"/api/v2/{SP}/decisions/preauthorize/{mvpd}")


def _status(name: str | None) -> tuple[tuple[str, str], ...]:
    if name is None:
        return ()
    made = forge.partner_status(time.time()) if name == "granted" else forge.denied_status(name)
    return (("AP-Partner-Framework-Status", made),)
