"""What each row means, and what an app does then, in a sentence each: for ``explain``, reports and generated pages.
Rows of the sessions' truth table are explained by their action and reason; those of earlier revisions by today's."""

from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """What a row says, and what the app should do; ``do`` is empty where nothing is left to do."""

    says: str
    do: str = ""


_DECIDE: Final = "Ask for decisions on what the user wants to watch."
_BY_CODE: Final = "Go by the code; repeat only what it allows."
_TEMPPASS_OVER: Final = "Offer the user a regular sign-in."
_PLAY: Final = "Have the media token verified, and play before it ends."
_PRE: Final = "Show the resource as watchable; ask authorize before playing."
_HIDE: Final = "Show the resource as locked, with the server's message where there is one."

MEANINGS: Final[dict[str, Meaning]] = {
    # answers
    "PA-1": Meaning("the user is signed in with at least one MVPD", _DECIDE),
    "PA-0": Meaning("there is no valid profile: the user is not signed in, or not yet", "Sign in; while polling a code, go on polling every 3 to 5 seconds until it ends."),
    "PM-1": Meaning("the user is signed in with the MVPD asked for", _DECIDE),
    "PC-1": Meaning("the user has signed in with this code", f"Stop polling. {_DECIDE}"),
    "PP-1": Meaning("the partner's sign-in has become a profile", _DECIDE),
    "PP-2": Meaning("the MVPD is degraded, so that a profile is given without its sign-in", _DECIDE),
    "PP-0": Meaning("the partner's answer gave no profile", "Go on with basic authentication: create a session."),
    "PE-1": Meaning("the time of this TempPass is used up", _TEMPPASS_OVER),
    "PE-2": Meaning("the resources of this TempPass are used up", _TEMPPASS_OVER),
    "PE-3": Meaning("this TempPass is not configured as it should be", "Report it to Adobe; offer a regular sign-in."),
    "PE-4": Meaning("a promotional TempPass came without a good AP-TempPass-Identity", "Send the user's identity in Base64."),
    "PE-5": Meaning("the code is unknown, or its session is over", "Stop polling and create a new session."),
    "PE-6": Meaning("AP-Partner-Framework-Status or the SAML response was refused", "Go on with basic authentication: create a session."),
    "PE-8": Meaning("access is refused; the code says why", _BY_CODE),
    "PE-7": Meaning("the call was refused or failed; the code says why", _BY_CODE),
    "DA-1": Meaning("each resource has a decision", "Go by each decision."),
    "DE-1": Meaning("no resource was decided; the code says why", _BY_CODE),
    "DA-0": Meaning("no resource was decided, as older servers did for too many", "Ask for fewer resources."),
    "CA-1": Meaning("these MVPDs have an active integration on this platform", "Let the user choose; keep the answer for some minutes."),
    "CE-1": Meaning("the configuration was refused or failed; the code says why", _BY_CODE),
    "LA-1": Meaning("the profiles are deleted; each entry says what is left to do", "Go by each entry."),
    "LE-1": Meaning("nothing was deleted; the code says why", _BY_CODE),
    "G-1": Meaning("the client is registered", "Keep the credentials for good, and get an access token."),
    "G-E1": Meaning("the registration was refused", "Mend the software statement or the redirect_uri; do not repeat it unchanged."),
    "T-1": Meaning("an access token was given", "Use it until it is about to end."),
    "T-E1": Meaning("no access token was given", "For invalid_client register again; else mend the request."),
    "GT-429": Meaning("too many calls came from this device or address", "Wait at least one second."),
    "U-1": Meaning("the user agent is sent on to sign in", "Leave it to the user agent; poll or wait for the redirectUrl."),
    "U-E1": Meaning("the sign-in page could not be opened", "Create a new session."),
    # profiles
    "PT1": Meaning("signed in with the MVPD", _DECIDE),
    "PT2": Meaning("signed in by single sign-on with a service token", _DECIDE),
    "PT3": Meaning("signed in by single sign-on of the platform", _DECIDE),
    "PT4": Meaning("signed in by single sign-on with Apple", f"{_DECIDE} Send AP-Partner-Framework-Status with them."),
    "PT5": Meaning("a TempPass, for a time", _DECIDE),
    "PT6": Meaning("a promotional TempPass, for a time and a number of resources", _DECIDE),
    "PT7": Meaning("access while the MVPD is degraded", _DECIDE),
    # decisions
    "AD1": Meaning("the MVPD permits it", _PLAY),
    "AD2": Meaning("the MVPD denies it, or could not be asked; the code says which", f"{_HIDE} {_BY_CODE}"),
    "AD3": Meaning("it is permitted because the MVPD is degraded", _PLAY),
    "AD5": Meaning("a degradation rule denies everything", _HIDE),
    "AD6": Meaning("the TempPass permits it", _PLAY),
    "AD7": Meaning("the TempPass is used up, or wrongly set up or asked for; the code says which", _TEMPPASS_OVER),
    "AD8": Meaning("it is permitted without asking an MVPD", _PLAY),
    "ZD1": Meaning("the MVPD would permit it", _PRE),
    "ZD2": Meaning("the MVPD would deny it, or could not be asked; the code says which", f"{_HIDE} {_BY_CODE}"),
    "ZD3": Meaning("it would be permitted because the MVPD is degraded", _PRE),
    "ZD4": Meaning("a degradation rule denies everything", _HIDE),
    "ZD5": Meaning("the TempPass would permit it", _PRE),
    "ZD6": Meaning("it would be permitted without asking an MVPD", _PRE),
    # logouts
    "L1": Meaning("the profile is deleted; the MVPD still has a session of its own", "Open the url in a user agent."),
    "L2": Meaning("the profile is deleted; the partner's account is still signed in", "Tell the user to sign out in the system settings."),
    "L3": Meaning("the profile is deleted, and nothing is left to do"),
    "L4": Meaning("there was no valid profile to delete"),
}  # fmt: skip

TODAY: Final[dict[str, str]] = {
    "H-PP-1": "PP-1",
    "H-PE-1": "PE-1",
    "H-PE-2": "PE-3",
    "H-PE-3": "PE-4",
    "H-PE-4": "PE-2",
    "H-PE-5": "PE-6",
    "H-DE-1": "AD7",
    "H-DE-2": "AD7",
    "H-D1": "AD7",
    "H-D2": "AD5",
    "H-D3": "AD5",
    "H-D4": "ZD2",
    "H-D5": "AD2",
}
"""Rows of earlier revisions, and the row that says the same today."""


def meaning(row: str) -> Meaning | None:
    """What a row beside the truth table means, old ones as the row of today; None for any other word."""
    return MEANINGS.get(TODAY.get(row, row))
