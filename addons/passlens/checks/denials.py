"""Why there is no profile or no permit, and what a client calls next: by the codes of errors, at the top and inside
decisions, and by what profiles and logouts say. Words for an app developer, no findings."""

from collections.abc import Callable
from typing import Final, NamedTuple

from passlens.checks.finding import CLOCK_TOLERANCE
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.decisions import TYPICAL_RESOURCES, Decision, resources_of
from passlens.rest_v2.errors import OLD_BY_CODE
from passlens.rest_v2.logouts import Logout
from passlens.rest_v2.meanings import TODAY
from passlens.rest_v2.operations import FAMILIES
from passlens.rest_v2.profiles import Profile
from passlens.rest_v2.response_rows import BY_ID as RESPONSE_ROWS
from passlens.rest_v2.results import text
from passlens.rest_v2.wire import epoch_seconds, listed, moment

_NAMED: Final = 3
"""Resources, and codes of denials, that are told."""

SAME: Final = "same operation"
"""As a next operation: the one that was answered."""


class Cause(NamedTuple):
    """What a code means to the app, as sentences, and what it calls next."""

    words: str
    next: tuple[str, ...] = ()


_AGAIN: Final = ("create-session",)
RETRY: Final = "Send the request again, 2 or 3 times at most or with growing pauses."

CAUSES: Final[dict[str, Cause]] = {
    "temporary_access_duration_limit_exceeded": Cause("The time of this TempPass is used up: let the user sign in with a provider.", _AGAIN),
    "temporary_access_resources_limit_exceeded": Cause("The resources of this TempPass are used up: let the user sign in with a provider.", _AGAIN),
    "invalid_configuration_temporary_access": Cause("This TempPass is not set up as it should be in the TVE Dashboard; do not repeat the call unchanged."),
    "invalid_header_identity_for_temporary_access": Cause("A promotional TempPass needs AP-TempPass-Identity: the user's identity as JSON in Base64.", (SAME,)),
    "authenticated_profile_missing": Cause("There is no valid profile of this MVPD on the device: the user has to sign in.", _AGAIN),
    "authenticated_profile_expired": Cause("The profile has expired: the user has to sign in again.", _AGAIN),
    "authenticated_profile_invalidated": Cause("The profile was taken back: the user has to sign in again.", _AGAIN),
    "too_many_resources": Cause("More resources were asked for than the MVPD allows in one call: ask for them in several calls, or have the limit raised.", (SAME,)),
    "preauthorization_denied_by_mvpd": Cause("The MVPD denies it to this user: show it as locked. Asking again will not help."),
    "authorization_denied_by_mvpd": Cause("The MVPD denies it to this user, whose package does not hold it: offer something else. Asking again will not help."),
    "authorization_denied_by_parental_controls": Cause("Parental controls of the user's account deny it."),
    "authorization_denied_by_degradation_rule": Cause("A degradation rule is active that denies everything of this MVPD; it is set in the TVE Dashboard."),
    "authorization_denied_by_hba_policies": Cause("The MVPD takes no home-based sign-in for it: the user has to sign in with a password.", _AGAIN),
    "authorization_denied_by_session_invalidated": Cause("The MVPD has ended the user's session: the user has to sign in again.", _AGAIN),
    "identity_not_recognized_by_mvpd": Cause("The MVPD does not know the user any more: the user has to sign in again.", _AGAIN),
    "internal_server_error": Cause(f"A fault inside the server. {RETRY}", (SAME,)),
    "network_received_error": Cause(f"The MVPD answered with an error. {RETRY}", (SAME,)),
    "network_connection_timeout": Cause(f"The MVPD did not answer in time. {RETRY}", (SAME,)),
    "maximum_execution_time_exceeded": Cause(f"The answer took too long. {RETRY}", (SAME,)),
}  # fmt: skip
"""By the code, whether it stands at the top or inside a decision; codes about parameters and headers are not here."""


_OF_EARLIER_DAYS: Final[dict[str, Cause]] = {
    "authorization_denied_by_degradation_configuration_change": Cause(
        "A degradation rule ended while it was asked for: ask again.", (SAME,)
    ),
}
"""Codes of earlier revisions that no code says today."""

WORDS: Final[dict[str, Cause]] = {
    "invalid_request": Cause("A parameter is missing, repeated or malformed: mend the request."),
    "invalid_redirect_uri": Cause("The redirect_uri is not one of the registered application."),
    "invalid_software_statement": Cause("The software statement is not valid: download it from the TVE Dashboard again."),
    "unapproved_software_statement": Cause("The software statement is not approved: look at the registered application in the TVE Dashboard."),
    "invalid_client": Cause("The client is not known: register again.", ("dcr-register",)),
    "unauthorized_client": Cause("The client is not allowed this grant type: send client_credentials."),
    "unsupported_grant_type": Cause("The server does not take this grant type: send client_credentials."),
}  # fmt: skip
"""The words by which registration and the request for a token tell an error."""


def cause_of(code: str | None) -> Cause | None:
    """What a code means, old ones as the code of today; None for one that the table does not have."""
    today = todays_code(code) or ""
    return CAUSES.get(today) or _OF_EARLIER_DAYS.get(today)


def todays_code(code: str | None) -> str | None:
    """The code that says today what an old one said; any other code as it is."""
    old = OLD_BY_CODE.get(code or "")
    return old.today if old is not None and old.today is not None else code


def _followed(ex: Decoded, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(ex.operation.id if name == SAME else name for name in names)


def of_code(ex: Decoded, code: str | None) -> Cause | None:
    """What a code of the answer means, with what the request shows, and the operations that come next."""
    found = cause_of(code)
    if found is None:
        return None
    words = found.words
    if code == "too_many_resources":
        count = len(resources_of(ex.request.json.value if ex.request.json is not None else None))
        usual = TYPICAL_RESOURCES.get(ex.operation.id)
        words = f"too_many_resources: {count} in one call, usual is {usual}. {words}" if count else words
    if code == "invalid_header_identity_for_temporary_access" and ex.request.header("AP-TempPass-Identity") is None:
        words = f"The request has no AP-TempPass-Identity. {words}"
    return Cause(words, _followed(ex, found.next))


def of_decisions(ex: Decoded) -> Cause:
    """Why resources are denied, each code once with the resources it is about, and what comes next."""
    denied: dict[str, list[str]] = {}
    permits = False
    for item in ex.recognition.items:
        if isinstance(item, Decision):
            permits |= item.member("authorized") is True
            if item.is_denial:
                denied.setdefault(item.code or "", []).append(text(item.member("resource")) or "")
    words: list[str] = []
    following: list[str] = list(ex.recognition.next if permits else ())
    for code, resources in list(denied.items())[:_NAMED]:
        found = of_code(ex, code)
        if found is None:
            continue
        names = tuple(name for name in resources if name)
        if len(names) > _NAMED:
            words.append(f"Denied {len(names)} resources. {found.words}")
        elif names:
            words.append(f"Denied {listed(names, 'and')}. {found.words}")
        else:
            words.append(found.words)
        following += found.next
    degraded = any(
        isinstance(item, Decision) and item.member("source") == "degradation" for item in ex.recognition.items
    )
    if degraded and permits:
        words.append("A degradation rule is active for this MVPD: it permits without asking the MVPD.")
    return Cause(" ".join(words), tuple(dict.fromkeys(following)))


def of_profiles(ex: Decoded) -> Cause:
    """Why there is no profile, or none that holds, and what comes next."""
    found = ex.recognition
    if not found.items:
        if ex.operation.id == "retrieve-profile-code":
            return Cause("", found.next)  # The poll that comes too early, again and again.
        if ex.operation.id == "partner-profile":
            words = "The partner's answer gave no profile: go on with basic authentication."
        else:
            words = "There is no valid profile on this device: the user is not signed in, or the profile has expired."
        return Cause(words, found.next)
    words, over = "", False
    for item in found.items:
        if not isinstance(item, Profile) or not isinstance(item.value, dict):
            continue
        ends = item.value.get("notAfter")
        end = epoch_seconds(ends) if isinstance(ends, int) else None
        if end is not None and ex.sent_at is not None and end < ex.sent_at - CLOCK_TOLERANCE:
            over = True
            words = f"The profile of {text(item.key)} expired at {moment(end)}: the user has to sign in again."
        elif item.row is not None and item.row.type == "degraded":
            words = "A degradation rule is active for this MVPD: the user counts as signed in without a login."
    # Rows of earlier revisions are followed by what follows their row of today.
    following = found.next or RESPONSE_ROWS[TODAY.get(found.row or "", "PA-1")].followed_by(ex.operation.id)
    return Cause(words, _AGAIN if over and len(found.items) == 1 else following)


def of_logout(ex: Decoded) -> Cause:
    """What is left to do after a logout."""
    told = {
        "L1": "The profile is deleted; open the url in a user agent, so that the MVPD's own session ends as well.",
        "L2": "The profile is deleted; the user has to sign out of the TV provider in the system settings as well.",
        "L4": "There was no valid profile of this MVPD to delete.",
    }
    rows = [item.row.id for item in ex.recognition.items if isinstance(item, Logout) and item.row is not None]
    return Cause(" ".join(told[row] for row in dict.fromkeys(rows) if row in told), ex.recognition.next)


def _navigation(ex: Decoded) -> Cause:
    return Cause("", ("retrieve-profile-code",))


_BY_FAMILY: Final[tuple[tuple[tuple[str, ...], Callable[[Decoded], Cause]], ...]] = (
    (FAMILIES["profiles"], of_profiles),
    (FAMILIES["decisions"], of_decisions),
    (FAMILIES["logout"], of_logout),
    (FAMILIES["authenticate"], _navigation),
)


def of_success(ex: Decoded) -> Cause:
    """What a recognised answer outside the sessions means beyond its results, and what comes next."""
    found = next((look for operations, look in _BY_FAMILY if ex.operation.id in operations), None)
    return found(ex) if found is not None else Cause("", ex.recognition.next)


def partner_member(ex: Decoded, code: str) -> str | None:
    """The member of the partner status that an error code is about, with its value."""
    status = ex.partner_status
    if status is None or status.encoded.value is None or not code.startswith("invalid_header_pfs_"):
        return None
    if "provider_id" in code:
        shown = text(status.provider) or "missing"
        return (
            f"frameworkProviderInfo.id of AP-Partner-Framework-Status is {shown}: the server looks for it among the "
            "platformMappingIds of the configuration, which are not the mvpd ids."
        )
    if "expired" in code and status.expires is not None:
        return f"frameworkProviderInfo.expirationDate of AP-Partner-Framework-Status is {moment(status.expires)}."
    if "permission_access" in code:
        access = text(status.access) or "missing"
        return f"frameworkPermissionInfo.accessStatus of AP-Partner-Framework-Status is {access}."
    return None
