"""The made-up providers of the sandbox, and the configuration answer that lists them.
One provider for each way a session can go; which one a client picks decides what it is answered."""

from typing import Any, Final, NamedTuple

from passlens.sandbox.session import Kind


class Provider(NamedTuple):
    """One MVPD. ``mapping`` is its id at the partner (platformMappingId), ``boarding`` its boardingStatus, ``partner``
    whether the integration has partner single sign-on switched on, ``kind`` the kind of profile it gives."""

    id: str
    name: str
    kind: Kind
    mapping: str | None = None
    boarding: str | None = None
    partner: bool = False


PROVIDERS: Final[tuple[Provider, ...]] = (
    # id, displayName, profile kind, platformMappingId, boardingStatus, partner sign-on
    Provider("HarbourCable", "Harbour Cable", "regular", "harbour-cable", "SUPPORTED", partner=True),
    Provider("MeridianFiber", "Meridian Fiber", "regular"),
    Provider("LanternDSL", "Lantern DSL (degraded)", "degraded", "lantern-dsl", "SUPPORTED", partner=True),
    Provider("QuarryNet", "Quarry Net (no partner sign-on)", "regular", "quarry-net", "PICKER"),
    Provider("TempPass_Sandbox", "Temporary access", "temporary"),
)

BY_ID: Final = {provider.id: provider for provider in PROVIDERS}
_BY_MAPPING: Final = {provider.mapping: provider for provider in PROVIDERS if provider.mapping is not None}


def by_provider_id(provider_id: str | None) -> Provider | None:
    """The provider that a partner status names: by its mapping id, or by its MVPD id as samples have it (E34)."""
    if provider_id is None:
        return None
    return _BY_MAPPING.get(provider_id) or BY_ID.get(provider_id)


def mvpd_of_kind(kind: Kind) -> str:
    """The made-up mvpd that stands in where a request names none; an appleSSO profile is that of a regular one."""
    wanted = "regular" if kind == "appleSSO" else kind
    return next(provider.id for provider in PROVIDERS if provider.kind == wanted)


def configuration(service_provider: str) -> dict[str, Any]:
    """The body of a configuration answer for any service provider."""
    return {
        "requestor": {
            "id": service_provider,
            "displayName": service_provider,
            "mvpds": [_mvpd(provider) for provider in PROVIDERS],
        }
    }


def _mvpd(provider: Provider) -> dict[str, Any]:
    made: dict[str, Any] = {"id": provider.id, "displayName": provider.name}
    if provider.kind == "temporary":
        made["isTempPass"] = True
    if provider.boarding is not None:
        made |= {
            "enablePlatformServices": provider.partner,
            "displayInPlatformPicker": True,
            "boardingStatus": provider.boarding,
            "platformMappingId": provider.mapping,
        }
    return made
