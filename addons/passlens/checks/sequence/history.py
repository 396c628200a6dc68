"""What sequence checks know of the past together: sessions by code, clients by registration, devices by token.
A check reads it as it was before the step at hand; it is brought up to date afterwards."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from passlens.checks.finding import CLOCK_TOLERANCE
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.groups import PROFILES, SESSION_RESPONSES, SESSIONS
from passlens.checks.sequence.items import MAX_RESOURCES, StepProfile
from passlens.checks.sequence.step import Step
from passlens.checks.sequence.step_request import fingerprint
from passlens.rest_v2.configuration import Configuration
from passlens.rest_v2.navigation import MAX_LOCATION

MAX_DEVICES: Final = 6
"""Device identifiers that are remembered of one registration; a server that calls for many devices has more."""


@dataclass(slots=True)
class KnownSession:
    """What is known of a code. Times are seconds since the epoch."""

    code: str
    created: int
    """Index of the exchange that brought the code."""
    created_end: float
    by: str
    """Operation that brought it."""
    actor: str | None
    device: str | None
    client: str | None
    mvpd: str | None
    redirect_url: str | None = None
    """As the app sent it; never shown."""
    not_after: float | None = None
    action: str | None = None
    action_by: str = ""
    action_index: int = 0
    action_end: float = 0.0
    missing: tuple[str, ...] = ()
    validated: bool = False
    """Somebody asked for the session before opening its address."""

    def is_open(self, now: float) -> bool:
        """True if the code has not run out at ``now``, by anything that is known and whichever clock is right."""
        return self.not_after is None or now + CLOCK_TOLERANCE <= self.not_after


class Offered(NamedTuple):
    """What a configuration offers: the index of its exchange, mvpd ids, and mvpd id by platformMappingId."""

    read: int
    ids: frozenset[str]
    by_mapping: dict[str, str]


@dataclass(slots=True)
class Registration:
    """A registration, by its statement, device information and address."""

    registered: int
    client_id: str | None
    token: int | None = None
    token_ends: float | None = None
    refused: int | None = None
    """Index of the 401 that no new token has followed."""
    excused: bool = False
    """An error said that it must register again."""


@dataclass
class History:
    """The past of one recording, or of a proxy since it was reset."""

    sessions: Bounded[tuple[str | None, str], KnownSession] = field(default_factory=Bounded)
    newest: Bounded[tuple[str | None, str | None], KnownSession] = field(default_factory=Bounded)
    """The session that registration and service provider got last."""
    providers: Bounded[str, tuple[str, ...]] = field(default_factory=Bounded)
    """Service providers a code was issued for."""
    profiles: Bounded[tuple[str | None, str | None], dict[str, tuple[int, StepProfile]]] = field(
        default_factory=Bounded
    )
    """The profiles of registration and service provider, by MVPD, with the index that showed them."""
    clients: Bounded[tuple[str, str, str | None], Registration] = field(default_factory=Bounded)
    by_client_id: Bounded[str, Registration] = field(default_factory=Bounded)
    tokens: Bounded[str, str] = field(default_factory=Bounded)
    """The clients that tokens were given to, by the fingerprint of the token."""
    seen: Bounded[str, int] = field(default_factory=Bounded)
    """The first exchange of a registration."""
    started: Bounded[str, int] = field(default_factory=Bounded)
    """Registrations whose first exchange is their registration or token call: the recording shows the app from its
    start."""
    strangers: Bounded[str, int] = field(default_factory=Bounded)
    """Devices that were seen with an opaque token of a client that is not known."""
    configurations: Bounded[tuple[str | None, str | None, str], Offered] = field(default_factory=Bounded)
    """The newest configuration of registration, service provider and platform, where it is known whole."""
    devices: Bounded[str, dict[str, int]] = field(default_factory=Bounded)
    """Device identifiers of a registration, with the index that showed each first."""

    @property
    def dropped(self) -> int:
        """How many devices, codes and tokens were forgotten because there were too many."""
        return sum(value.dropped for value in vars(self).values() if isinstance(value, Bounded))

    def session(self, step: Step) -> KnownSession | None:
        """The session of the code in the path."""
        return self.sessions.get((step.service_provider, step.code), step.end) if step.code is not None else None

    def offered(self, step: Step) -> Offered | None:
        """What the newest configuration offers to who sent the step."""
        return self.configurations.get((*step.who, step.device_info), step.end)

    def valid_profile(self, step: Step) -> int | None:
        """Index of the exchange that showed a profile which still holds, or None."""
        profiles = self.profiles.get(step.who, step.end) or {}
        return next((index for index, profile in profiles.values() if holds(profile, step)), None)

    def start(self, step: Step) -> int | None:
        """Index of the call that shows the app from its start; None for one that was there before."""
        began = self.started.get(step.sub or "", step.end)
        before = self.strangers.get(step.own_device or "", step.end)
        return None if began is None or (before is not None and before < began) else began

    def identify(self, step: Step) -> None:
        """Tell the registration of an opaque token, by the response that brought it, and the device of a step that
        names none: by the code, or by the token if it belongs to one device."""
        if step.opaque is not None:
            step.told(owner=self.tokens.get(step.opaque, step.end))
        if step.own_device is not None:
            return
        session = self.session(step)
        if session is not None and session.device is not None and (step.sub is None or step.sub == session.actor):
            step.told(device=session.device)
        elif step.sub is not None:
            known = self.devices.get(step.sub, step.end)
            if known is not None and len(known) == 1:
                step.told(device=next(iter(known)))

    def observe(self, step: Step) -> None:
        """Take a step into account."""
        now = step.end
        if step.sub is not None:
            if self.seen.get(step.sub, now) is None:
                self.seen.set(step.sub, step.index, now)
            if step.own_device is not None:
                known = self.devices.get(step.sub, now) or {}
                if len(known) < MAX_DEVICES:
                    known.setdefault(step.own_device, step.index)
                self.devices.set(step.sub, known, now)
                if step.sub == step.opaque:
                    self.strangers.set(step.own_device, step.index, now)
        if step.operation == "dcr-register":
            self._registered(step)
        elif step.operation == "dcr-token":
            self._token(step)
        elif step.status == 401:
            self._refused(step)
        elif step.operation in SESSION_RESPONSES and step.ok:
            self._session(step)
        elif step.configuration is not None and step.ok:
            self._configuration(step, step.configuration)
        if step.operation in ("resume-session", "retrieve-session") and (session := self.session(step)) is not None:
            session.validated = True
        if step.profiles is not None:
            self._profiles(step)
        elif step.operation == "logout" and step.ok:
            self.profiles.pop(step.who)

    def _session(self, step: Step) -> None:
        code = step.issued or step.code
        if code is None:
            return
        key = (step.service_provider, code)
        session = self.sessions.get(key, step.end)
        if session is None or step.operation in SESSIONS:
            who = (step.actor, step.device, step.client) if step.operation in SESSIONS else (None, None, None)
            session = KnownSession(code, step.index, step.end, step.operation, *who, step.response_mvpd)
            known = self.providers.get(code, step.end) or ()
            self.providers.set(code, (*known, step.service_provider or "")[-MAX_DEVICES:], step.end)
        session.not_after = step.not_after if step.not_after is not None else session.not_after
        session.mvpd = step.response_mvpd or session.mvpd
        session.redirect_url = (step.form.get("redirectUrl") or "")[:MAX_LOCATION] or session.redirect_url
        if step.action is not None or step.unread:
            session.action, session.action_by, session.missing = step.action, step.operation, step.missing
            session.action_index, session.action_end = step.index, step.end
        self.sessions.set(key, session, step.end)
        if step.operation in SESSIONS:
            self.newest.set(step.who, session, step.end)

    def _configuration(self, step: Step, found: Configuration) -> None:
        ids = frozenset(mvpd.id for mvpd in found.mvpds if mvpd.id is not None)
        if ids and found.total == len(found.mvpds):
            offered = Offered(step.index, ids, found.by_mapping())
            self.configurations.set((*step.who, step.device_info), offered, step.end)

    def _profiles(self, step: Step) -> None:
        profiles = step.profiles or {}
        known = self.profiles.get(step.who, step.end) or {}
        if step.operation in PROFILES:
            # The whole list, or all there is of one MVPD, replaces what was known.
            known = {} if step.mvpd is None else {mvpd: one for mvpd, one in known.items() if mvpd != step.mvpd}
        found = {mvpd: (step.index, profile) for mvpd, profile in profiles.items()}
        # Answers to polls add to what was known: what was shown longest ago goes.
        merged = {**{mvpd: one for mvpd, one in known.items() if mvpd not in found}, **found}
        self.profiles.set(step.who, dict(list(merged.items())[-MAX_RESOURCES:]), step.end)

    # ---- registration

    def registered(self, step: Step) -> Registration | None:
        """The registration that came before a registration of the same app and device."""
        key = self.register_key(step)
        return None if key is None else self.clients.get(key, step.end)

    @staticmethod
    def register_key(step: Step) -> tuple[str, str, str | None] | None:
        """Statement, device information and device of a registration: two televisions of one model are two. None
        where they were not recorded."""
        statement = step.sent_json.get("software_statement")
        if step.form_key is None or step.lacks("X-Device-Info"):
            return None
        return fingerprint(statement if isinstance(statement, str) else ""), step.device_info, History.registering(step)

    @staticmethod
    def registering(step: Step) -> str | None:
        """The device of a registration: by its identifier, where it sends one, else by its address; None where neither
        is known."""
        return step.own_device or step.client

    def _registered(self, step: Step) -> None:
        if not step.ok:
            return
        client = Registration(step.index, step.client_id)
        if (key := self.register_key(step)) is not None:
            self.clients.set(key, client, step.end)
        if client.client_id is not None:
            self.by_client_id.set(client.client_id, client, step.end)
            self.started.set(client.client_id, step.index, step.end)

    def _token(self, step: Step) -> None:
        client_id = step.client_id
        if client_id is None:
            return
        client = self.by_client_id.get(client_id, step.end)
        if self.seen.get(client_id, step.end) is None:
            self.started.set(client_id, step.index, step.end)
        if step.access_token is not None:
            self.tokens.set(step.access_token, client_id, step.end)
        if client is not None and step.ok:
            client.token, client.token_ends, client.refused = step.index, token_end(step), None
        elif client is not None and (step.unread or step.error in ("invalid_client", "unauthorized_client")):
            client.excused = True

    def _refused(self, step: Step) -> None:
        client = self.by_client_id.get(step.sub or "", step.end)
        if client is None:
            return
        client.refused = step.index
        if step.unread or step.error_action == "application-registration":
            client.excused = True


def holds(profile: StepProfile, step: Step) -> bool:
    """True if the profile is not over when the exchange begins, whichever clock is right."""
    return profile.not_after is not None and profile.not_after > step.start + CLOCK_TOLERANCE


def token_end(step: Step) -> float | None:
    """The end of the access token that a response brought, by the clock that recorded: by its own times, else, and
    where these show that the server's clock is another, from when it came."""
    lifetime = token_life(step)
    if lifetime is None:
        return None
    created = step.body.get("created_at")
    start = created / 1000 if isinstance(created, int) else step.end
    return (start if abs(start - step.end) <= CLOCK_TOLERANCE else step.end) + lifetime


def token_life(step: Step) -> float | None:
    """expires_in of a token response, in seconds."""
    lifetime = step.body.get("expires_in")
    return float(lifetime) if isinstance(lifetime, int) and 0 < lifetime < 10**8 else None
