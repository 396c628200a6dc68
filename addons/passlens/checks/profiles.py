"""PL45x: profiles: their kinds, issuers, metadata and times, and what the request asked for."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit, Severity, earliest
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import FAMILIES
from passlens.rest_v2.profiles import EVERY_TYPE, OLD_NAMES, STATES, TYPES, Profile
from passlens.rest_v2.results import text
from passlens.rest_v2.wire import epoch_seconds, listed, moment, pointer_step

_FALLS_BACK: Final = ("degraded", "regular")
"""Types that partner-profile may answer with though its page does not list them: degradation is in a sample of it, and
a failed validation of the partner falls back to the basic flow."""


def _items(ex: Decoded) -> Iterator[tuple[str, Profile]]:
    """The profiles of a success, with their places."""
    if ex.operation.id not in FAMILIES["profiles"] or ex.outcome is None:
        return
    for item in ex.recognition.items:
        if isinstance(item, Profile) and isinstance(item.value, dict):
            yield f"body#/profiles/{pointer_step(item.key)}", item


def _times(item: Profile) -> tuple[float | None, float | None]:
    """notBefore and notAfter in seconds, of integers only."""
    found = (item.value.get(name) for name in ("notBefore", "notAfter"))
    start, end = (epoch_seconds(value) if isinstance(value, int) else None for value in found)
    return start, end


def profile_type(ex: Decoded) -> Iterator[Hit]:
    """The type of a profile is not one that the operation's page lists.

    Why: each page has a list of its own. A type that another page lists is a warning, one that none lists is news.
    Partner profile may answer with degraded or regular: its sample and its flow have that, its list does not.
    Example: temporary in the answer of all profiles
    Do: let the app take every type; go by issuer and times.
    """
    for at, item in _items(ex):
        kind = item.value.get("type")
        known = TYPES[ex.operation.id]
        if not isinstance(kind, str) or kind in known:
            continue
        taken = ex.operation.id == "partner-profile" and kind in _FALLS_BACK
        severity: Severity = "warning" if kind in EVERY_TYPE and not taken else "note"
        message = "The type is {actual}, listed is {expected}."
        yield Hit(f"{at}/type", message, listed(known), text(kind) or "empty", severity)


def profile_issuer(ex: Decoded) -> Iterator[Hit]:
    """The issuer of a profile does not fit its type.

    Why: Adobe issues degraded and temporary profiles, Apple those of its single sign-on, the MVPD itself the others, by
    the pages. One published sample breaks it, and nothing is said of proxied MVPDs.
    Example: a regular profile of Cablevision with the issuer Spectrum
    Do: report it to Adobe with the recording; let the app go by the key of the map.
    """
    for at, item in _items(ex):
        issuer, expected = item.value.get("issuer"), item.expected_issuer
        if isinstance(issuer, str) and expected is not None and issuer != expected:
            kind = item.row.type if item.row else "unknown"
            message = f"The issuer of the {kind} profile is {{actual}}, expected {{expected}}."
            yield Hit(f"{at}/issuer", message, text(expected) or "", text(issuer) or "empty")


def metadata_spelling(ex: Decoded) -> Iterator[Hit]:
    """A piece of user metadata has its spelling of an earlier revision.

    Why: userID and householdID were userId and householdId until doc-2025-03-07; an app that reads the name of today
    finds nothing.
    Example: {"attributes": {"userId": {…}}}
    Do: read both spellings; if a stub answered, bring it up to date.
    """
    for at, item in _items(ex):
        for name in item.old_names:
            yield Hit(
                f"{at}/attributes/{name}", "The metadata is called {actual}, today {expected}.", OLD_NAMES[name], name
            )


def metadata_form(ex: Decoded) -> Iterator[Hit]:
    """The state of a piece of user metadata is unknown, or says that what must be encrypted is not; or used_assets is a
    number.

    Why: samples show the states plain and enc only; the page of the metadata wants zip and encryptedZip encrypted.
    used_assets is a list of names; one sample until doc-2024-10-15 had a number.
    Example: {"zip": {"value": "…", "state": "plain"}}
    Do: check the certificate for user metadata in the TVE Dashboard.
    """
    for at, item in _items(ex):
        for name, piece in item.attributes.items():
            state = piece.get("state") if isinstance(piece, dict) else None
            if isinstance(state, str) and state not in STATES:
                place = f"{at}/attributes/{pointer_step(name)}/state"
                yield Hit(
                    place, "The state is {actual}, samples have {expected}.", listed(STATES), text(state) or "empty"
                )
        used = item.metadata("used_assets")
        if isinstance(used, (int, float)) and not isinstance(used, bool):
            place = f"{at}/attributes/used_assets/value"
            yield Hit(place, "used_assets is {actual}, expected {expected}.", "an array of strings", "a number")
        for name in item.plain_secrets:
            place = f"{at}/attributes/{name}/state"
            yield Hit(
                place, f"The state of {name} is {{actual}}, expected {{expected}}.", "enc", "plain", basis="prose"
            )


def user_id_form(ex: Decoded) -> Iterator[Hit]:
    """The userID of a degraded or temporary profile does not start as those do.

    Why: the pages tell apps to know a degraded profile by this start; samples of TempPass have one as well.
    Example: a degraded profile with the userID of the user
    Do: let the app go by the type.
    """
    for at, item in _items(ex):
        user, start = item.metadata("userID"), item.row.user_id if item.row else ""
        if isinstance(user, str) and start and not user.startswith(start):
            # The id itself is personal and never stands in a message.
            message = f"The userID of the {item.row.type if item.row else ''} profile starts with {{actual}}, "
            yield Hit(
                f"{at}/attributes/userID/value",
                f"{message}expected {{expected}}.",
                start,
                "something else",
                basis="prose" if item.row is not None and item.row.type == "degraded" else "sample",
            )


def other_mvpd(ex: Decoded) -> Iterator[Hit]:
    """The answer about one MVPD has a profile of another.

    Why: in every sample the only key of the map is the mvpd of the path.
    Example: profiles/Cox answered with a profile of Spectrum
    Do: look for a cache on the way that mixes answers up.
    """
    asked = ex.path_parameter("mvpd")
    if ex.operation.id != "retrieve-profile-mvpd" or asked is None:
        return
    for at, item in _items(ex):
        if item.key != asked:
            yield Hit(
                at, "The profile is that of {actual}, asked for was {expected}.", asked, text(item.key) or "empty"
            )


def without_partner_status(ex: Decoded) -> Iterator[Hit]:
    """There is an appleSSO profile though the request carries no partner status that would bring it about.

    Why: FAQ and cookbook say that such profiles need a granted AP-Partner-Framework-Status with a provider that has not
    expired. The server may decide otherwise.
    Example: retrieve profiles without the header, answered with appleSSO
    Do: send the header with every call while the user is signed in by the partner.
    """
    status = ex.partner_status
    defect = status.defect(earliest(ex.sent_at)) if status is not None else "missing"
    if status is None and ex.request.header("AP-Partner-Framework-Status") is not None:
        return  # Too long, or masked.
    for _, item in _items(ex):
        if defect is not None and item.row is not None and item.row.type == "appleSSO":
            words = {"not-granted": "not granted", "no-provider": "without a provider"}.get(defect, defect)
            message = "There is an appleSSO profile though the partner status is {actual}, expected {expected}."
            expected = "granted, with a provider, not expired"
            yield Hit("header:AP-Partner-Framework-Status", message, expected, words.replace("-", " "))
            return


def profile_order(ex: Decoded) -> Iterator[Hit]:
    """A profile ends before it begins.

    Why: nobody is signed in with it at any time.
    Example: notBefore after notAfter
    Do: report it to Adobe with the recording.
    """
    for at, item in _items(ex):
        start, end = _times(item)
        if start is not None and end is not None and start >= end:
            message = "notBefore is {actual}, expected before notAfter, {expected}."
            yield Hit(f"{at}/notBefore", message, moment(end), moment(start))


def profile_over(ex: Decoded) -> Iterator[Hit]:
    """A profile in the answer was over when the answer came.

    Why: the FAQ says that expired profiles drop out of the map. One minute is tolerated for clocks.
    Example: notAfter yesterday
    Do: compare the clocks of the device, the recorder and the server; look for a cache on the way.
    """
    if ex.sent_at is None:
        return
    came = ex.sent_at + (ex.duration_ms or 0) / 1000
    for at, item in _items(ex):
        end = _times(item)[1]
        if end is not None and end < ex.sent_at - CLOCK_TOLERANCE:
            yield Hit(
                f"{at}/notAfter", "notAfter is {actual}, the answer came at {expected}.", moment(came), moment(end)
            )
