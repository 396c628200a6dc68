"""Who a scenario acted on: which later exchanges are of the same code, or of the same device and registration."""

from dataclasses import dataclass, field
from typing import Final

from passlens.checks.sequence.groups import REGISTRATION
from passlens.checks.sequence.history import KnownSession
from passlens.checks.sequence.step import Step

MAX_NAMES: Final = 50
"""Codes, devices and registrations of one subject that are remembered; an app in a test has one or two."""


@dataclass
class Subject:
    """What is known of whom an exchange was with. A request that names neither is told by its address."""

    service_provider: str | None
    codes: set[str] = field(default_factory=set)
    devices: set[str] = field(default_factory=set)
    subs: set[str] = field(default_factory=set)
    """Client registrations by the ``sub`` of their bearer tokens; an opaque token that nobody knows stands for
    itself."""
    registrations: set[str] = field(default_factory=set)
    """Those that a readable token names."""
    clients: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, step: Step, session: KnownSession | None) -> "Subject":
        """The subject of an exchange; ``session`` is that of its code, whose maker counts too: a second screen may ask
        for what the television has to do."""
        made = cls(step.service_provider)
        made.add(step)
        if session is not None:
            _put(made.devices, session.device)
            _put(made.subs, session.actor)
            _put(made.clients, session.client)
            if made.registrations:
                _put(made.registrations, session.actor)
        return made

    def add(self, step: Step) -> None:
        """One more exchange that was acted on."""
        _put(self.codes, step.code)
        _put(self.codes, step.issued)
        _put(self.devices, step.device)
        _put(self.subs, step.sub)
        _put(self.registrations, step.registration)
        _put(self.clients, step.client)

    @property
    def key(self) -> tuple[str | None, str | None]:
        """What verdicts are kept by: the device, else the registration, else the address; with the service provider."""
        names = self.devices or self.subs or self.clients
        return (min(names) if names else None), self.service_provider

    def follow(self, step: Step) -> None:
        """Take a new registration or token of the same app into account, so that what it sends with it is its own."""
        if step.operation not in REGISTRATION or not step.ok or not self.is_app(step):
            return
        _put(self.subs, step.client_id)
        _put(self.subs, step.access_token)
        if step.operation == "dcr-register":
            _put(self.registrations, step.client_id)

    def has(self, step: Step) -> bool:
        """True if an exchange is one of the same code where its path has one, else of the same app."""
        if step.code is not None and self.codes:
            return step.code in self.codes and step.service_provider == self.service_provider
        return self.is_app(step)

    def is_app(self, step: Step) -> bool:
        """True if an exchange is of the same device and registration, as far as it names them."""
        if step.operation == "dcr-token" and step.client_id in self.subs:
            return True
        elsewhere = self.service_provider is not None and step.service_provider != self.service_provider
        if elsewhere and step.operation not in REGISTRATION:
            return False
        if step.registration is not None and self.registrations and step.registration not in self.registrations:
            return False
        if step.device is not None and self.devices:
            return step.device in self.devices
        if step.sub is not None and self.subs:
            return step.sub in self.subs
        return step.client is not None and step.client in self.clients


def _put(names: set[str], name: str | None) -> None:
    if name is not None and len(names) < MAX_NAMES:
        names.add(name)
