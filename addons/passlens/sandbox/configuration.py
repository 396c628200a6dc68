"""The configuration answer: the MVPDs of the world, with the members of the page's sample and table.
Flags are left out where they do not apply, as in the sample (CF7)."""

from typing import Any, Final
from urllib.parse import quote

from passlens.sandbox.world import World, WorldMvpd

LOGO: Final = "https://logos.passlens.example/"
"""Where logoUrl points to; a made-up address."""


def configuration(service_provider: str, world: World) -> dict[str, Any]:
    """The body for a service provider. device, clientType and os are the values of the sample, for whichever device."""
    return {
        "device": "unknown",
        "clientType": "html5",
        "os": "Unknown",
        "requestor": {
            "id": service_provider,
            "name": service_provider,
            "domains": [{"name": "tv.example", "mvpdInitiated": False}],
            "mvpds": [_mvpd(mvpd) for mvpd in world.mvpds],
        },
    }


def _mvpd(mvpd: WorldMvpd) -> dict[str, Any]:
    made: dict[str, Any] = {"id": mvpd.id, "displayName": mvpd.name, "logoUrl": f"{LOGO}{quote(mvpd.id, safe='')}.png"}
    if mvpd.is_temporary:
        made["isTempPass"] = True
    if mvpd.boarding is not None:
        made |= {
            "enablePlatformServices": mvpd.partner,
            "displayInPlatformPicker": True,
            "boardingStatus": mvpd.boarding,
            "platformMappingId": mvpd.mapping,
        }
    return made
