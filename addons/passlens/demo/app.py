"""The scripted app: one device that registers, signs in and plays, following what the answers say."""

import time
from typing import Any, Final
from urllib.parse import quote

from passlens.demo.client import Client, Reply
from passlens.demo.device import USER_AGENT, device_headers, partner_status, saml_response, software_statement

SERVICE_PROVIDER: Final = "REF30"
DOMAIN: Final = "example.com"
REDIRECT_URL: Final = "https://example.com/signed-in"
DAY: Final = 86_400

Body = dict[str, Any]


class DemoFailed(Exception):
    """An answer was not the one that the journey needs; the message says which."""


class App:
    """One device with the app on it. Methods are named after the operations they call."""

    def __init__(self, client: Client, device: str, token: str | None = None) -> None:
        self._client = client
        self._plain = device_headers(device)
        self.token = token
        self._base = f"/api/v2/{SERVICE_PROVIDER}"

    # ---- registration

    def register(self) -> None:
        """Get client credentials and an access token."""
        made = _expect(
            self._client.post_json("/o/client/register", self._plain, {"software_statement": software_statement()}), 201
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

    def configuration(self) -> Body:
        """Ask for the TV providers."""
        return _expect(self._client.call("GET", f"{self._base}/configuration", self._headers))

    # ---- sessions

    def partner_session(self, access: str, provider: str | None, **form: str) -> Body:
        """Ask for partner single sign-on with the status of the partner framework."""
        headers = self._headers | partner_status(access, provider, time.time() + DAY)
        return _expect(self._client.form(f"{self._base}/sessions/sso/Apple", headers, **form))

    def create_session(self, **form: str) -> Body:
        """Create a session for basic authentication."""
        return _expect(self._client.form(f"{self._base}/sessions", self._headers, **form))

    def resume_session(self, answer: Body, **form: str) -> Body:
        """Send what is missing to the url of an answer."""
        return _expect(self._client.form(answer["url"], self._headers, **form))

    def retrieve_session(self, code: str) -> Body:
        """Check a code that somebody typed."""
        return _expect(self._client.call("GET", f"{self._base}/sessions/{quote(code)}", self._headers))

    def authenticate(self, answer: Body) -> None:
        """Open the url in a user agent; it carries no token."""
        _expect(self._client.call("GET", answer["url"], {"User-Agent": USER_AGENT}), 302)

    # ---- profiles and decisions

    def poll(self, answer: Body) -> Body:
        """Ask once for the profile of a code."""
        return _expect(self._client.call("GET", f"{self._base}/profiles/code/{answer['code']}", self._headers))

    def partner_profile(self, answer: Body, provider: str) -> Body:
        """Hand the partner framework's answer over."""
        headers = self._headers | partner_status("granted", provider, time.time() + DAY)
        return _expect(self._client.form(answer["url"], headers, SAMLResponse=saml_response()), 201)

    def authorize(self, mvpd: str) -> Body:
        """Ask whether a resource may be played."""
        path = f"{self._base}/decisions/authorize/{quote(mvpd)}"
        return _expect(self._client.post_json(path, self._headers, {"resources": ["demo-channel"]}))


def _expect(reply: Reply, status: int = 200) -> Body:
    if reply.status != status:
        raise DemoFailed(f"an answer has status {reply.status} where {status} was expected")
    return reply.json
