"""The scripted app: one device that registers, signs in and plays, following what the answers say."""

import time
from typing import Any, Final
from urllib.parse import quote

from passlens.demo.client import ProxiedClient, Reply
from passlens.demo.device import USER_AGENT, device_headers, partner_status, saml_response, software_statement
from passlens.errors import DemoError

SERVICE_PROVIDER: Final = "REF30"
DOMAIN: Final = "example.com"
REDIRECT_URL: Final = "https://example.com/signed-in"
DAY: Final = 86_400
POLL_EVERY: Final = 3.0
"""Seconds between two polls (checklist)."""

JsonBody = dict[str, Any]


class App:
    """One device with the app on it. Methods are named after the operations they call."""

    def __init__(self, client: ProxiedClient, device: str, token: str | None = None) -> None:
        self._client = client
        self._device = device
        self._plain = device_headers(device)
        self.token = token
        self._base = f"/api/v2/{SERVICE_PROVIDER}"

    # ---- registration

    def register(self) -> None:
        """Get client credentials and an access token."""
        made = _expect(
            self._client.post_json(
                "/o/client/register", self._plain, {"software_statement": software_statement(self._device)}
            ),
            201,
        )
        token = _expect(
            self._client.form(
                "/o/client/token",
                self._plain,
                client_id=made["client_id"],
                client_secret=made["client_secret"],
                grant_type="client_credentials",
            ),
            201,
        )
        self.token = token["access_token"]

    @property
    def _headers(self) -> dict[str, str]:
        return self._plain | {"Authorization": f"Bearer {self.token}"}

    def configuration(self) -> JsonBody:
        """Ask for the TV providers."""
        return _expect(self._client.call("GET", f"{self._base}/configuration", self._headers))

    # ---- sessions

    def partner_session(self, access: str, provider: str | None, **form: str) -> JsonBody:
        """Ask for partner single sign-on with the status of the partner framework."""
        headers = self._headers | partner_status(access, provider, time.time() + DAY)
        return _expect(self._client.form(f"{self._base}/sessions/sso/Apple", headers, **form))

    def create_session(self, **form: str) -> JsonBody:
        """Create a session for basic authentication."""
        return _expect(self._client.form(f"{self._base}/sessions", self._headers, **form))

    def resume_session(self, response: JsonBody, **form: str) -> JsonBody:
        """Send what is missing to the url of an answer."""
        return _expect(self._client.form(response["url"], self._headers, **form))

    def retrieve_session(self, code: str) -> JsonBody:
        """Check a code that somebody typed."""
        return _expect(self._client.call("GET", f"{self._base}/sessions/{quote(code)}", self._headers))

    def authenticate(self, response: JsonBody) -> None:
        """Open the url in a user agent; it carries no token."""
        _expect(self._client.call("GET", response["url"], {"User-Agent": USER_AGENT}), 302)

    # ---- profiles and decisions

    def profiles(self) -> JsonBody:
        """Ask for the profiles that there are, as at a start."""
        return _expect(self._client.call("GET", f"{self._base}/profiles", self._headers))

    def wait_to_poll(self) -> None:
        """Let as much time pass as there has to be between two polls."""
        time.sleep(POLL_EVERY)

    def poll(self, response: JsonBody) -> JsonBody:
        """Ask once for the profile of a code."""
        return _expect(self._client.call("GET", f"{self._base}/profiles/code/{response['code']}", self._headers))

    def partner_profile(self, response: JsonBody, provider: str) -> JsonBody:
        """Hand the partner framework's answer over."""
        headers = self._headers | partner_status("granted", provider, time.time() + DAY)
        return _expect(self._client.form(response["url"], headers, SAMLResponse=saml_response()), 201)

    def authorize(self, mvpd: str, provider: str | None = None) -> JsonBody:
        """Ask whether a resource may be played; with a partner's profile, whose ``provider`` the status names."""
        path = f"{self._base}/decisions/authorize/{quote(mvpd)}"
        headers = self._headers
        if provider is not None:
            headers |= partner_status("granted", provider, time.time() + DAY)
        return _expect(self._client.post_json(path, headers, {"resources": ["demo-channel"]}))


def _expect(reply: Reply, status: int = 200) -> JsonBody:
    if reply.status != status:
        raise DemoError(f"an answer has status {reply.status} where {status} was expected")
    return reply.json
