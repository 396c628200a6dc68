"""The API as a state machine: the sandbox answers all operations, a virtual session what belongs to it.
Which answer a sessions request gets is chosen by its content, and made by the truth table like one on demand."""

import random
from collections.abc import Collection

from passlens.exchange import Exchange
from passlens.sandbox import choose, configuration, decisions, pages, registration
from passlens.sandbox.errors import error_answer
from passlens.sandbox.facts import Facts, is_address, read
from passlens.sandbox.logout import logout_body
from passlens.sandbox.made import Made, html_note, json_answer, plain
from passlens.sandbox.owned import is_owned
from passlens.sandbox.produce import produce, retrieve_body
from passlens.sandbox.profiles import may_see, profiles_body
from passlens.sandbox.refusals import refusal
from passlens.sandbox.session import CODE_LENGTH, CODE_SIGNS, Profile, Session, Sessions
from passlens.spec.decoding import decode_base64
from passlens.spec.forms import parse_form

_OVER = "invalid_authentication_session"


class Api:
    """The state machine. ``sessions`` may be shared with ``produce``; ``interactive`` asks the user agent for yes or no
    instead of signing in at once; ``service_providers`` None takes any. Without a ``seed`` codes cannot be guessed."""

    def __init__(
        self,
        *,
        seed: int | str | None = None,
        sessions: Sessions | None = None,
        interactive: bool = False,
        service_providers: Collection[str] | None = None,
    ) -> None:
        self.rng: random.Random = random.SystemRandom() if seed is None else random.Random(seed)
        self.sessions = Sessions() if sessions is None else sessions
        self.interactive = interactive
        self.service_providers = service_providers

    def answer(self, ex: Exchange, now: float) -> Made:
        """The sandbox's answer to any request at ``now`` (epoch seconds); never raises for what the request holds."""
        if ex.route is None:
            return html_note("Not found", "The sandbox answers the operations of REST API V2 and nothing else.", 404)
        if not ex.route.documented_method and not self._presses(ex):
            return self._error("method_not_allowed", ex)
        match ex.operation.id:
            case "dcr-register":
                return registration.register(ex, now=now, rng=self.rng)
            case "dcr-token":
                return registration.token(ex, now=now, rng=self.rng)
            case "authenticate":
                return self._authenticate(ex, read(ex), now, strict=True)
        name = refusal(ex, now, strict=True, service_providers=self.service_providers)
        return self._error(name, ex) if name is not None else self._answer(ex, read(ex), now, strict=True)

    def owned(self, ex: Exchange, now: float) -> Made | None:
        """The answer to a request that belongs to a virtual session or a virtual profile; None for every other one,
        which is the real server's to answer."""
        if ex.route is None or not is_owned(read(ex), self.sessions, now):
            return None
        if not ex.route.documented_method and not self._presses(ex):
            return self._error("method_not_allowed", ex)
        if ex.operation.id == "authenticate":
            return self._authenticate(ex, read(ex), now, strict=False)
        name = refusal(ex, now, strict=False)
        return self._error(name, ex) if name is not None else self._answer(ex, read(ex), now, strict=False)

    def _presses(self, ex: Exchange) -> bool:
        """True for the POST of a button on the page."""
        own = self.interactive and ex.operation.id == "authenticate" and ex.request.method == "POST"
        return own and pages.pressed(ex) is not None

    def _error(self, name: str, ex: Exchange) -> Made:
        return error_answer(name, ex, self.rng)

    def _produce(self, choice: choose.Choice, ex: Exchange, now: float) -> Made:
        return produce(choice.name, ex, now=now, rng=self.rng, sessions=self.sessions, mvpd=choice.mvpd)

    def _answer(self, ex: Exchange, facts: Facts, now: float, *, strict: bool) -> Made:
        match ex.operation.id:
            case "create-session":
                return self._produce(choose.create(facts, self.sessions, now), ex, now)
            case "partner-session":
                return self._produce(choose.partner(facts, ex, self.sessions, now), ex, now)
            case "resume-session" | "retrieve-session" | "retrieve-profile-code":
                return self._by_code(ex, facts, now, strict=strict)
            case "partner-profile":
                return self._partner_profile(ex, facts, now, strict=strict)
            case "retrieve-profiles":
                return json_answer(profiles_body(self._visible(ex, facts, now, strict=strict)))
            case "retrieve-profile-mvpd":
                return self._profile(ex, facts, now, strict=strict)
            case "authorize" | "preauthorize":
                return self._decide(ex, facts, now, strict=strict)
            case "logout":
                return self._logout(ex, facts, now)
        return json_answer(configuration.configuration(facts.service_provider))

    # ---- sessions by code

    def _live(self, facts: Facts, now: float) -> Session | str:
        """The session of the path's code, else the error: one for a code of an impossible form, one for all others."""
        session = self.sessions.by_code(facts.code, facts.service_provider)
        if session is not None:
            return _OVER if session.over(now) else session
        code = facts.code or ""
        possible = len(code) == CODE_LENGTH and all(sign in CODE_SIGNS for sign in code)
        return _OVER if possible else "invalid_parameter_code"

    def _by_code(self, ex: Exchange, facts: Facts, now: float, *, strict: bool) -> Made:
        session = self._live(facts, now)
        if isinstance(session, str):
            return self._error(session, ex)
        if ex.operation.id == "resume-session":
            choice = choose.resume(facts, session, self.sessions, now, strict=strict)
            return self._produce(choice, ex, now)
        if ex.operation.id == "retrieve-session":
            return json_answer(retrieve_body(session))
        if session.adopted and ex.device_identifier is not None:
            self.sessions.move(session, facts.device)
        # What this session gave, and nothing else that its device holds.
        gave = session.profile
        return json_answer(profiles_body([gave] if gave is not None and gave.holds(now) else []))

    def _authenticate(self, ex: Exchange, facts: Facts, now: float, *, strict: bool) -> Made:
        session = self._live(facts, now)
        if isinstance(session, str):
            return self._error(session, ex)
        lacks = session.missing if strict else tuple(name for name in session.missing if name == "mvpd")
        if lacks:
            what = ", ".join(lacks)
            return html_note("This sign-in cannot go on", f"The session lacks {what}; the app has to resume it.", 400)
        press = pages.pressed(ex) if self.interactive else None
        if press is None and self.interactive and session.state != "authenticated":
            return pages.page(session, ex.route.canonical if ex.route is not None else "")
        if press is not None and not pages.is_own(press, session):
            return html_note("Nothing was done", "This button belongs to another page. Open the address again.", 400)
        if press is not None and press.answer == "no":
            session.state, session.profile = "denied", None
        elif session.state != "authenticated":
            self.sessions.sign_in(session, now=now, rng=self.rng)
        return pages.back(session)

    # ---- profiles and what rests on them

    def _held(self, facts: Facts, now: float, *, strict: bool) -> Profile | None:
        """The profile of the device for the mvpd asked for. Degraded and temporary access need no sign-in."""
        mvpd = facts.mvpd or ""
        held = self.sessions.profile(facts.device, facts.service_provider, mvpd, now)
        provider = configuration.BY_ID.get(mvpd) if strict else None
        if held is None and provider is not None and provider.kind in ("degraded", "temporary"):
            return self.sessions.grant(facts.device, facts.service_provider, mvpd, provider.kind, now=now, rng=self.rng)
        return held

    def _visible(self, ex: Exchange, facts: Facts, now: float, *, strict: bool) -> list[Profile]:
        held = self.sessions.profiles(facts.device, facts.service_provider, now)
        return [profile for profile in held if not strict or may_see(profile, ex, now)]

    def _profile(self, ex: Exchange, facts: Facts, now: float, *, strict: bool) -> Made:
        held = self._held(facts, now, strict=strict)
        if held is None and facts.mvpd not in configuration.BY_ID:
            return self._error("invalid_parameter_mvpd", ex)
        seen = held is not None and (not strict or may_see(held, ex, now))
        return json_answer(profiles_body([held] if held is not None and seen else []))

    def _partner_profile(self, ex: Exchange, facts: Facts, now: float, *, strict: bool) -> Made:
        session = self.sessions.awaiting(facts.device, facts.service_provider, facts.partner or "")
        wrong = choose.partner_error(facts, ex, session, now, strict=strict)
        if wrong is not None:
            return self._error(wrong, ex)
        provider = configuration.by_provider_id(facts.provider)
        if not _is_saml(ex.form.get("SAMLResponse", "")):
            return self._error("invalid_parameter_saml_response", ex)
        if strict and provider is not None and provider.kind == "degraded":
            # No login was asked for; the page's sample of this case has 200.
            profile = self.sessions.grant(
                facts.device, facts.service_provider, provider.id, "degraded", now=now, rng=self.rng
            )
            return json_answer(profiles_body([profile]))
        if session is None or session.over(now):
            # The response belongs to no request that is still open.
            return self._error("invalid_parameter_saml_response", ex)
        return json_answer(profiles_body([self.sessions.sign_in(session, now=now, rng=self.rng)]), 201)

    def _decide(self, ex: Exchange, facts: Facts, now: float, *, strict: bool) -> Made:
        wanted = decisions.resources(ex)
        held = self._held(facts, now, strict=strict)
        if held is None and facts.mvpd not in configuration.BY_ID:
            return self._error("invalid_parameter_mvpd", ex)
        if not wanted:
            return self._error("invalid_parameter_resources", ex)
        if held is None or (strict and not may_see(held, ex, now)):
            reason, mvpd = "authenticated_profile_missing", facts.mvpd or ""
            return json_answer(decisions.denied(facts.service_provider, mvpd, wanted, reason, self.rng))
        return json_answer(decisions.decided(ex.operation.id, held, wanted, now=now, rng=self.rng))

    def _logout(self, ex: Exchange, facts: Facts, now: float) -> Made:
        query = parse_form(plain(ex.request.query).encode())
        address = next((plain(parameter.value) for parameter in query if parameter.name == "redirectUrl"), None)
        if address is not None and not is_address(address):
            return self._error("invalid_parameter_redirect_url", ex)
        held = self.sessions.profiles(facts.device, facts.service_provider, now)
        gone = [profile for profile in held if facts.mvpd is None or profile.mvpd == facts.mvpd]
        for profile in gone:
            self.sessions.sign_out(profile)
        return json_answer(logout_body(gone, facts.mvpd, address))


def _is_saml(value: str) -> bool:
    """True for Base64 over XML, encoded once (Apple cookbook)."""
    decoded = decode_base64(value)
    twice = any(liberty.kind == "percent-encoding" for liberty in decoded.liberties)
    return decoded.data is not None and not twice and decoded.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
