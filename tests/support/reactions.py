"""For every shipped scenario what an app does so that it acts, and then a right reaction, a wrong one, or nothing.
An app over a real proxy with the sandbox; standard library and the demo's headers only, so that it starts quickly."""

import time
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from passlens.demo.client import ProxiedClient, Reply
from passlens.demo.device import device_headers, partner_status, saml_response, software_statement

SP = "REF30"
MVPD = "Cablevision"
FULL = {"domainName": "example.com", "redirectUrl": "https://example.com/done"}
TOGETHER = 0.4
"""Seconds after which calls were not sent together."""
NEVER = 2500
"""Milliseconds for what must not come: a wrong reaction comes within them also on a busy machine."""
PAUSE = NEVER / 1000 + 0.2
"""Seconds after which it may."""


class ReactingApp:
    """A device with an app. Calls give the answer, whatever it is."""

    def __init__(self, client: ProxiedClient, device: str) -> None:
        self._client, self._device = client, device
        self._plain = device_headers(device)
        self._client_id = self._secret = ""
        self._token = ""

    @property
    def _headers(self) -> dict[str, str]:
        return self._plain | {"Authorization": f"Bearer {self._token}"}

    # ---- registration

    def register(self) -> None:
        """New client credentials, and a token."""
        statement = software_statement(f"{self._device} {uuid.uuid4()}")
        made = self._client.post_json("/o/client/register", self._plain, {"software_statement": statement}).json
        self._client_id, self._secret = made["client_id"], made["client_secret"]
        self.token()

    def token(self) -> None:
        """A new access token."""
        got = self._client.form(
            "/o/client/token", self._plain, client_id=self._client_id, client_secret=self._secret,
            grant_type="client_credentials",
        )  # fmt: skip
        self._token = got.json["access_token"]

    # ---- the API

    def session(self, mvpd: str = MVPD) -> Reply:
        """A new session."""
        return self._client.form(f"/api/v2/{SP}/sessions", self._headers, mvpd=mvpd, **FULL)

    def partner(self) -> Reply:
        """A partner session, with a good partner status."""
        headers = self._headers | partner_status("granted", "harbour-cable", time.time() + 86_400)
        return self._client.form(f"/api/v2/{SP}/sessions/sso/Apple", headers, **FULL)

    def partner_profile(self) -> Reply:
        """What the framework answered."""
        headers = self._headers | partner_status("granted", "harbour-cable", time.time() + 86_400)
        return self._client.form(f"/api/v2/{SP}/profiles/sso/Apple", headers, SAMLResponse=saml_response())

    def resume(self, code: str) -> Reply:
        """What was missing."""
        return self._client.form(f"/api/v2/{SP}/sessions/{quote(code)}", self._headers, mvpd=MVPD, **FULL)

    def poll(self, code: str) -> Reply:
        """The profile of a code."""
        return self._client.call("GET", f"/api/v2/{SP}/profiles/code/{quote(code)}", self._headers)

    def open(self, code: str) -> Reply:
        """The url of a session, in a user agent."""
        return self._client.call("GET", f"/api/v2/authenticate/{SP}/{quote(code)}", {"User-Agent": "Demo/1.0"})

    def profiles(self) -> Reply:
        """All profiles; also a sign of life."""
        return self._client.call("GET", f"/api/v2/{SP}/profiles", self._headers)

    def configuration(self) -> Reply:
        """The TV providers."""
        return self._client.call("GET", f"/api/v2/{SP}/configuration", self._headers)

    def authorize(self, mvpd: str = MVPD) -> Reply:
        """May it play."""
        path = f"/api/v2/{SP}/decisions/authorize/{mvpd}"
        return self._client.post_json(path, self._headers, {"resources": ["news"]})

    def preauthorize(self, count: int = 2) -> Reply:
        """What of the catalogue may play."""
        path = f"/api/v2/{SP}/decisions/preauthorize/{MVPD}"
        return self._client.post_json(path, self._headers, {"resources": [f"channel {n}" for n in range(count)]})

    def logout(self) -> Reply:
        """Sign out."""
        return self._client.call(
            "GET", f"/api/v2/{SP}/logout/{MVPD}?redirectUrl=https%3A%2F%2Fexample.com", self._headers
        )

    def signed_in(self) -> None:
        """Sign in, to a sandbox that does it at once."""
        code = self.session().json["code"]
        self.open(code)
        self.poll(code)


Walk = Callable[[ReactingApp], Any]


class Reactions(NamedTuple):
    """What makes a scenario act (``begin``), and what an app does then; each is given what came before."""

    begin: Walk
    right: Callable[[ReactingApp, Any], Any]
    wrong: Callable[[ReactingApp, Any], Any]


def later(walk: Walk, seconds: float = TOGETHER) -> Callable[[ReactingApp, Any], Any]:
    """A call after a pause."""

    def run(app: ReactingApp, before: Any) -> None:
        time.sleep(seconds)
        walk(app)

    return run


def code_of(reply: Reply) -> str:
    return str(reply.json["code"])


def polls_until_over(app: ReactingApp) -> str:
    code = code_of(app.session())
    for _ in range(3):
        app.poll(code)
    return code


def four_calls(app: ReactingApp) -> None:
    for _ in range(2):  # registration and token were the first two
        app.profiles()


def begins_again(app: ReactingApp, before: Any) -> None:
    time.sleep(TOGETHER)
    app.session()


def goes_on(app: ReactingApp, before: Reply) -> None:
    app.poll(code_of(before))


def same_again(walk: Walk) -> Callable[[ReactingApp, Any], Any]:
    return lambda app, before: walk(app)


def reads_profiles(app: ReactingApp, before: Any) -> None:
    """A sign of life once the time is over."""
    time.sleep(TOGETHER)
    app.profiles()


def registers(app: ReactingApp, before: Any) -> None:
    app.register()
    app.profiles()


def renews(app: ReactingApp, before: Any) -> None:
    app.token()
    app.session()


def fails_twice(app: ReactingApp, before: Any) -> None:
    for _ in range(2):
        time.sleep(PAUSE)
        app.session()


def signed_in_preauthorize(app: ReactingApp) -> Reply:
    app.signed_in()
    return app.preauthorize()


SESSION: Walk = ReactingApp.session
PARTNER: Walk = ReactingApp.partner
PLAYS = Reactions(SESSION, same_again(ReactingApp.authorize), begins_again)
FALLS_BACK = Reactions(PARTNER, goes_on, same_again(PARTNER))
IS_REFUSED = Reactions(PARTNER, goes_on, reads_profiles)
DENIED = Reactions(ReactingApp.authorize, reads_profiles, same_again(ReactingApp.authorize))
RESUMES = Reactions(SESSION, lambda app, before: app.resume(code_of(before)), begins_again)
RENEWS = Reactions(SESSION, renews, same_again(SESSION))
OVER = Reactions(polls_until_over, begins_again, lambda app, code: app.poll(code))

REACTIONS: dict[str, Reactions] = {
    "authenticated": PLAYS,
    "authenticated-sso": PLAYS,
    "code-expired": OVER,
    "code-expired.provoke": OVER,
    "configuration-fallback": FALLS_BACK,
    "degraded": PLAYS,
    "degraded-denied": Reactions(ReactingApp.authorize, reads_profiles, begins_again),
    "denied": DENIED,
    "expired-provider": IS_REFUSED,
    "expired-provider.provoke": IS_REFUSED,
    "logout-partner": Reactions(ReactingApp.logout, reads_profiles, same_again(ReactingApp.logout)),
    "missing-parameters": RESUMES,
    "missing-parameters.provoke": RESUMES,
    "no-profile": Reactions(ReactingApp.profiles, begins_again, same_again(ReactingApp.authorize)),
    "not-entitled": Reactions(signed_in_preauthorize, reads_profiles, same_again(ReactingApp.preauthorize)),
    "partner-profile": Reactions(PARTNER, same_again(ReactingApp.partner_profile), same_again(PARTNER)),
    "permission-denied": Reactions(
        ReactingApp.partner_profile, reads_profiles, same_again(ReactingApp.partner_profile)
    ),
    "permission-denied.provoke": FALLS_BACK,
    "pfs-fallback": FALLS_BACK,
    "pfs-fallback.provoke": FALLS_BACK,
    "profile-expired": Reactions(ReactingApp.authorize, begins_again, reads_profiles),
    "server-error": Reactions(SESSION, fails_twice, same_again(SESSION)),
    "slow-network": Reactions(SESSION, goes_on, begins_again),
    "temp-pass-spent": DENIED,
    "temporary": PLAYS,
    "throttled": Reactions(four_calls, later(ReactingApp.profiles, PAUSE), same_again(ReactingApp.profiles)),
    "token-revoked": Reactions(ReactingApp.profiles, registers, same_again(ReactingApp.configuration)),
    "too-many-resources": Reactions(
        lambda app: app.preauthorize(9), lambda app, before: app.preauthorize(5), later(ReactingApp.logout)
    ),
    "unauthorized": RENEWS,
    "unauthorized.provoke": RENEWS,
}
"""By scenario. A wrong reaction does what must not come, or leaves out what must."""
