"""Body of logout: what is left to do for each mvpd, by the kind of profile that was held.
Pairs of actionName and actionType as on the logout page; a url stands only with ``logout``."""

from collections.abc import Iterable
from typing import Any, Final

from passlens.sandbox.session import Kind, Profile

_ACTIONS: Final[dict[Kind, tuple[str, str]]] = {
    "regular": ("logout", "interactive"),
    "degraded": ("complete", "none"),
    "temporary": ("complete", "none"),
    "appleSSO": ("partner_logout", "partner_interactive"),
}


def logout_body(profiles: Iterable[Profile], mvpd: str | None, redirect_url: str | None) -> dict[str, Any]:
    """The JSON object for profiles that were just taken away; ``invalid`` for an mvpd that had none.

    The user agent is sent straight to ``redirect_url``: behind a made-up mvpd there is no sign-out of its own.
    """
    made = {profile.mvpd: _logout(profile, redirect_url) for profile in profiles}
    if mvpd is not None and mvpd not in made:
        made[mvpd] = {"actionName": "invalid", "actionType": "none", "mvpd": mvpd}
    return {"logouts": made}


def _logout(profile: Profile, redirect_url: str | None) -> dict[str, Any]:
    name, kind = _ACTIONS[profile.kind]
    if name == "logout" and redirect_url is None:
        name, kind = "complete", "none"
    made = {"actionName": name, "actionType": kind, "mvpd": profile.mvpd}
    return made | {"url": redirect_url} if name == "logout" and redirect_url is not None else made
