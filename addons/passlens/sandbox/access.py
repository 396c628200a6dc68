"""Who may watch what: the sandbox's answers that rest on what a device holds, profiles, decisions and logouts."""

import random

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.base64_decoding import decode_base64
from passlens.sandbox import choose_outcome, decisions
from passlens.sandbox.errors import error_response
from passlens.sandbox.logout import ROWS, entry, redirect_of, sign_out_url
from passlens.sandbox.profile_store import ProfileKind, VirtualProfile
from passlens.sandbox.profiles import may_see, profiles_body
from passlens.sandbox.refusals import has_identity
from passlens.sandbox.request_facts import SandboxRequest, is_address
from passlens.sandbox.response import SyntheticResponse, json_response
from passlens.sandbox.session import SessionStore, VirtualSession
from passlens.sandbox.single_sign_on import identity_of
from passlens.sandbox.world import World


class Access:
    """What devices hold in a world. ``strict`` is the sandbox; without it a request is beside a real server, which is
    the authority on all that passlens did not hand out."""

    def __init__(self, world: World, sessions: SessionStore, rng: random.Random) -> None:
        self.world, self.sessions, self.rng = world, sessions, rng

    def error(self, name: str, ex: Decoded) -> SyntheticResponse:
        """The answer to a request that is refused, by the name of the error."""
        return error_response(name, ex, self.rng, self.world.hint(name))

    def grant(self, facts: SandboxRequest, mvpd: str, kind: ProfileKind, now: float) -> VirtualProfile:
        """Let the asking device hold a profile, for as long as the world says."""
        validity = self.world.validity(mvpd, kind)
        device, service_provider = facts.device, facts.service_provider
        return self.sessions.grant(device, service_provider, mvpd, kind, now=now, rng=self.rng, validity=validity)

    def sign_in(self, session: VirtualSession, now: float) -> VirtualProfile:
        """End a session with a profile for its device, for as long as the world says."""
        validity = self.world.validity(session.mvpd, session.kind)
        return self.sessions.sign_in(session, now=now, rng=self.rng, validity=validity)

    def held(self, facts: SandboxRequest, now: float, *, strict: bool) -> VirtualProfile | None:
        """The profile of the device for the mvpd asked for. Degraded and temporary access need no sign-in."""
        mvpd = facts.mvpd or ""
        held = self.sessions.profile(facts.device, facts.service_provider, mvpd, now)
        found = self.world.find(mvpd) if strict else None
        if held is None and found is not None and found.needs_no_sign_in:
            given = self.grant(facts, mvpd, found.profile_kind, now)
            return given if given.holds(now) else None
        return held

    def spent(self, mvpd: str | None, facts: SandboxRequest, ex: Decoded, now: float, *, strict: bool) -> str | None:
        """Why a TempPass gives nothing (any more), as an error; None if it does, or for any other mvpd."""
        found = self.world.find(mvpd) if strict else None
        if found is not None and found.kind == "promotional" and not has_identity(ex):
            return "invalid_header_identity_for_temporary_access"
        device, service_provider = facts.device, facts.service_provider
        ended = self.sessions.ended(device, service_provider, mvpd or "", now)
        if ended is not None and ended.is_temporary:
            return "temporary_access_duration_limit_exceeded"
        held = self.sessions.profile(device, service_provider, mvpd or "", now)
        return "temporary_access_resources_limit_exceeded" if held is not None and held.remaining == 0 else None

    def visible(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> list[VirtualProfile]:
        """The profiles of the device that the request may see."""
        held = self.sessions.profiles(facts.device, facts.service_provider, now)
        return [profile for profile in held if not strict or may_see(profile, ex, now)]

    def profile(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> SyntheticResponse:
        """The answer of retrieve-profile-mvpd."""
        if self.world.find(facts.mvpd) is None:
            return self.error("invalid_parameter_mvpd", ex)
        spent = self.spent(facts.mvpd, facts, ex, now, strict=strict)
        if spent is not None:
            return self.error(spent, ex)
        held = self.held(facts, now, strict=strict)
        seen = held is not None and (not strict or may_see(held, ex, now))
        return json_response(profiles_body([held] if held is not None and seen else []))

    def partner_profile(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> SyntheticResponse:
        """The answer of partner-profile."""
        session = self.sessions.awaiting(facts.device, facts.service_provider, facts.partner or "")
        wrong = choose_outcome.partner_error(facts, ex, session, now, strict=strict, world=self.world)
        if wrong is not None:
            return self.error(wrong, ex)
        provider = self.world.by_provider_id(facts.provider)
        if not _is_saml(ex.form.get("SAMLResponse", "")):
            return self.error("invalid_parameter_saml_response", ex)
        if strict and provider is not None and provider.profile_kind == "degraded":
            # No login was asked for; the page's sample of this case has 200.
            return json_response(profiles_body([self.grant(facts, provider.id, "degraded", now)]))
        if session is None or session.over(now):
            # The response belongs to no request that is still open.
            return self.error("invalid_parameter_saml_response", ex)
        return json_response(profiles_body([self.sign_in(session, now)]), 201)

    def decide(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> SyntheticResponse:
        """The answer of authorize and preauthorize."""
        wanted = decisions.resources(ex)
        if self.world.find(facts.mvpd) is None:
            return self.error("invalid_parameter_mvpd", ex)
        if not wanted:
            return self.error("invalid_parameter_resources", ex)
        mvpd = facts.mvpd or ""
        asked = decisions.Asked(ex.operation.id, facts.service_provider, mvpd, now)
        held = self.held(facts, now, strict=strict)
        ended = self.sessions.ended(facts.device, facts.service_provider, mvpd, now)
        if held is None and asked.operation == "preauthorize" and ended is not None and ended.is_temporary:
            held = ended  # TempPass preauthorizes all there is: its page knows no denial.
        spent = self.spent(mvpd, facts, ex, now, strict=strict) if asked.operation == "authorize" else None
        if spent is not None and spent != "temporary_access_resources_limit_exceeded":
            return json_response(decisions.denied(asked, wanted, spent, self.rng))
        if held is None or (strict and not may_see(held, ex, now)):
            reason = "authenticated_profile_expired" if ended is not None else "authenticated_profile_missing"
            return json_response(decisions.denied(asked, wanted, reason, self.rng))
        made = []
        for resource in wanted:
            # One by one: each resource that a TempPass lets the user watch leaves one less.
            made += decisions.decided(asked, held, wanted, (resource,), world=self.world, rng=self.rng)["decisions"]
            if asked.operation == "authorize" and held.is_temporary and made[-1]["authorized"]:
                held = self.sessions.use(held, resource)
        return json_response({"decisions": made})

    def logout(self, ex: Decoded, facts: SandboxRequest, now: float, *, strict: bool) -> SyntheticResponse:
        """The answer of logout. With a token of single sign-on the user is signed out wherever it had signed in."""
        address = redirect_of(ex)
        if not is_address(address) if address is not None else strict:
            return self.error("invalid_parameter_redirect_url", ex)
        held, identity = self.sessions.profiles(facts.device, facts.service_provider, now), identity_of(ex, now)
        gone = [profile for profile in held if facts.mvpd is None or profile.mvpd == facts.mvpd]
        gone = [profile for profile in gone if profile.identity in (None, identity)]
        entries = {}
        for profile in gone:
            # A TempPass is not signed out of: it would be given again.
            if not profile.is_temporary:
                self.sessions.sign_out(profile)
            if identity is not None:
                self.sessions.end_sign_on(identity, profile.mvpd)
            entries[profile.mvpd] = entry(
                self._logout_row(profile), profile.mvpd, self._sign_out(profile, facts, address)
            )
        if facts.mvpd is not None and not entries:
            entries[facts.mvpd] = entry("L4", facts.mvpd)
        return json_response({"logouts": entries})

    def _logout_row(self, profile: VirtualProfile) -> str:
        """The row of a logout: what the kind of profile asks for, and complete where the MVPD has no logout."""
        found = self.world.find(profile.mvpd)
        row = ROWS[profile.kind]
        return "L3" if row == "L1" and found is not None and not found.logout else row

    def _sign_out(self, profile: VirtualProfile, facts: SandboxRequest, address: str | None) -> str | None:
        """Where the user agent signs out of the MVPD and goes on to the app; None where the app names no address."""
        if address is None or self._logout_row(profile) != "L1":
            return None
        sign_out = self.sessions.send_out(address, self.rng)
        return sign_out_url(facts.host, facts.service_provider, profile.mvpd, sign_out, address)


def _is_saml(value: str) -> bool:
    """True for Base64 over XML, encoded once (Apple cookbook)."""
    decoded = decode_base64(value)
    twice = any(deviation.kind == "percent-encoding" for deviation in decoded.deviations)
    return decoded.data is not None and not twice and decoded.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
