"""The API as a state machine: the sandbox answers all operations, a virtual session what belongs to it.
Which answer a sessions request gets is chosen by its content, and made by the truth table like one on demand."""

import random

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.errors import BY_CODE as ERRORS
from passlens.sandbox import choose_outcome, pages, registration
from passlens.sandbox.access import Access
from passlens.sandbox.build_outcome import build_outcome, retrieve_body
from passlens.sandbox.configuration import configuration
from passlens.sandbox.errors import throttled
from passlens.sandbox.logout import sign_out_of
from passlens.sandbox.ownership import is_owned
from passlens.sandbox.profiles import LISTED, profiles_body
from passlens.sandbox.refusals import refusal
from passlens.sandbox.request_facts import SandboxRequest, read
from passlens.sandbox.response import SyntheticResponse, html_note, json_response, redirect
from passlens.sandbox.session import CODE_LENGTH, CODE_SIGNS, SessionStore, VirtualSession
from passlens.sandbox.single_sign_on import identity_of
from passlens.sandbox.throttle import Throttling
from passlens.sandbox.world import DEFAULT, World

_OVER = "invalid_authentication_session"


class Api(Access):
    """The state machine. ``sessions`` may be shared with ``build_outcome``; ``interactive`` asks the user agent for yes
    or no instead of signing in at once; ``world`` says what there is. Without a ``seed`` codes cannot be guessed."""

    def __init__(
        self,
        *,
        seed: int | str | None = None,
        sessions: SessionStore | None = None,
        interactive: bool = False,
        world: World = DEFAULT,
    ) -> None:
        rng: random.Random = random.SystemRandom() if seed is None else random.Random(seed)
        super().__init__(world, SessionStore() if sessions is None else sessions, rng)
        self.interactive = interactive
        self._throttling = Throttling()

    def respond(self, ex: Decoded, now: float) -> SyntheticResponse:
        """The sandbox's answer to any request at ``now`` (epoch seconds); never raises for what the request holds."""
        if ex.route is None:
            return self.signed_out(ex) or html_note(
                "Not found", "The sandbox answers the operations of REST API V2 and nothing else.", 404
            )
        if self.world.throttle is not None and self._throttling.refuses(self.world.throttle, ex, now):
            return throttled()
        if not ex.route.documented_method and not self._presses(ex):
            return self.error("method_not_allowed", ex)
        match ex.operation.id:
            case "dcr-register":
                return registration.register(ex, now=now, rng=self.rng)
            case "dcr-token":
                return registration.token(ex, now=now, rng=self.rng)
            case "authenticate":
                return self._authenticate(ex, read(ex), now, strict=True)
        name = refusal(ex, now, strict=True, service_providers=self.world.service_providers)
        if name is not None:
            return self.error(name, ex)
        facts, identity = read(ex), identity_of(ex, now)
        if identity is not None:
            self.sessions.sign_on(identity, facts.device, facts.service_provider, now)
        return self._response(ex, facts, now, strict=True)

    def belongs_to(self, ex: Decoded, now: float) -> SyntheticResponse | None:
        """The answer to a request that belongs to a virtual session or a virtual profile; None for every other one,
        which is the real server's to answer."""
        if ex.route is None or not is_owned(read(ex), self.sessions, now):
            return None
        if not ex.route.documented_method and not self._presses(ex):
            return self.error("method_not_allowed", ex)
        if ex.operation.id == "authenticate":
            return self._authenticate(ex, read(ex), now, strict=False)
        name = refusal(ex, now, strict=False)
        return self.error(name, ex) if name is not None else self._response(ex, read(ex), now, strict=False)

    def signed_out(self, ex: Decoded) -> SyntheticResponse | None:
        """From the address of a sign-out that a logout answer handed out, on to the app; None for any other request."""
        sign_out = sign_out_of(ex.request.path) if ex.request.method == "GET" else None
        address = self.sessions.sent_out(sign_out) if sign_out is not None else None
        return redirect(address) if address is not None else None

    def _presses(self, ex: Decoded) -> bool:
        """True for the POST of a button on the page."""
        own = self.interactive and ex.operation.id == "authenticate" and ex.request.method == "POST"
        return own and pages.pressed(ex) is not None

    def _build_outcome(self, choice: choose_outcome.Choice, ex: Decoded, now: float) -> SyntheticResponse:
        if choice.name in ERRORS:
            return self.error(choice.name, ex)
        return build_outcome(
            choice.name, ex, now=now, rng=self.rng, sessions=self.sessions, mvpd=choice.mvpd, world=self.world
        )

    def _response(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> SyntheticResponse:
        match ex.operation.id:
            case "create-session":
                return self._build_outcome(choose_outcome.create(facts, ex, self.sessions, now, self.world), ex, now)
            case "partner-session":
                return self._build_outcome(choose_outcome.partner(facts, ex, self.sessions, now, self.world), ex, now)
            case "resume-session" | "retrieve-session" | "retrieve-profile-code":
                return self._by_code(ex, facts, now, strict=strict)
            case "partner-profile":
                return self.partner_profile(ex, facts, now, strict=strict)
            case "retrieve-profiles":
                seen = self.visible(ex, facts, now, strict=strict)
                return json_response(profiles_body(profile for profile in seen if profile.kind in LISTED))
            case "retrieve-profile-mvpd":
                return self.profile(ex, facts, now, strict=strict)
            case "authorize" | "preauthorize":
                return self.decide(ex, facts, now, strict=strict)
            case "logout":
                return self.logout(ex, facts, now, strict=strict)
            case "retrieve-configuration":
                return json_response(configuration(facts.service_provider, self.world))
        raise NotImplementedError(f"The sandbox has no answer for {ex.operation.id}.")

    # ---- sessions by code

    def _live(self, facts: SandboxRequest, now: float) -> VirtualSession | str:
        """The session of the path's code, else the error: one for a code of an impossible form, one for all others."""
        session = self.sessions.by_code(facts.code, facts.service_provider)
        if session is not None:
            return _OVER if session.over(now) else session
        code = facts.code or ""
        possible = len(code) == CODE_LENGTH and all(sign in CODE_SIGNS for sign in code)
        return _OVER if possible else "invalid_parameter_code"

    def _by_code(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> SyntheticResponse:
        session = self._live(facts, now)
        if isinstance(session, str):
            return self.error(session, ex)
        if ex.operation.id == "resume-session":
            choice = choose_outcome.resume(facts, session, self.sessions, now, self.world)
            return self._build_outcome(choice, ex, now)
        if ex.operation.id == "retrieve-session":
            return json_response(retrieve_body(session))
        if session.adopted and ex.device_identifier is not None:
            self.sessions.move(session, facts.device)
        spent = self.spent(session.mvpd, facts, ex, now, strict=strict)
        if spent is not None:
            return self.error(spent, ex)
        # What this session gave, and nothing else that its device holds.
        gave = session.profile
        return json_response(profiles_body([gave] if gave is not None and gave.holds(now) else []))

    def _authenticate(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> SyntheticResponse:
        session = self._live(facts, now)
        if isinstance(session, str):
            return self.error(session, ex)
        lacks = session.missing if strict else tuple(name for name in session.missing if name == "mvpd")
        if lacks:
            what = ", ".join(lacks)
            return html_note("This sign-in cannot go on", f"The session lacks {what}; the app has to resume it.", 400)
        press = pages.pressed(ex) if self.interactive else None
        if press is None and self.interactive and session.state != "authenticated":
            return pages.page(session, ex.route.canonical if ex.route is not None else "")
        if press is not None and not pages.is_own(press, session):
            return html_note("Nothing was done", "This button belongs to another page. Open the address again.", 400)
        if press is not None and press.response == "no":
            session.state, session.profile = "denied", None
        elif session.state != "authenticated":
            # Whom no request named, the user chooses on the provider's pages.
            session.mvpd = session.mvpd or self.world.mvpd_of_kind("regular")
            self.sign_in(session, now)
        return pages.back(session)
