"""PL47x: the configuration: where its MVPDs stand, whose it is, and whether its entries agree."""

from collections.abc import Iterator

from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.configuration import SUPPORTED
from passlens.rest_v2.results import text


def mvpds_at_the_top(ex: Decoded) -> Iterator[Hit]:
    """The MVPDs stand at the top of the configuration and not in requestor.

    Why: the page's table has them at the top, its only sample and the OpenAPI file in requestor.
    Example: {"requestor": {…}, "mvpds": […]}
    Do: let the app read both.
    """
    found = ex.recognition.configuration
    if found is not None and not found.pointer.endswith("/requestor/mvpds"):
        yield Hit(
            f"body#{found.pointer}", "The MVPDs stand {actual}, expected {expected}.", "in requestor", "at the top"
        )


def configuration_of_other(ex: Decoded) -> Iterator[Hit]:
    """The configuration is that of another service provider than the path.

    Why: in the sample they are the same.
    Example: the configuration of REF30 answered with that of REF40
    Do: look for a cache on the way that mixes answers up.
    """
    found, asked = ex.recognition.configuration, ex.path_parameter("serviceProvider")
    answered = found.requestor.get("id") if found is not None else None
    if isinstance(answered, str) and asked is not None and answered != asked:
        message = "The configuration is that of {actual}, asked for was {expected}."
        yield Hit("body#/requestor/id", message, asked, text(answered) or "empty")


def mvpd_repeated(ex: Decoded) -> Iterator[Hit]:
    """An MVPD stands in the configuration more than once.

    Why: no page says that ids are unique, but apps keep MVPDs by id, and one of the two is lost.
    Example: two entries with the id Cox
    Do: have the integration looked at in the TVE Dashboard.
    """
    found = ex.recognition.configuration
    seen: set[str] = set()
    for mvpd in found.mvpds if found is not None else ():
        if mvpd.id is not None and mvpd.id in seen and found is not None:
            at = f"body#{found.pointer}/{mvpd.place}/id"
            yield Hit(at, "The mvpd {actual} stands there again, expected {expected}.", "once", text(mvpd.id) or "")
        seen |= {mvpd.id} if mvpd.id is not None else set()


def partner_members(ex: Decoded) -> Iterator[Hit]:
    """What the configuration says of an MVPD's partner single sign-on does not go together.

    Why: an MVPD that is boarded has a platformMappingId, by which the partner's provider id is told; one with platform
    services has a boardingStatus. Both are inferred: no page says so.
    Example: boardingStatus SUPPORTED without platformMappingId
    Do: have the platform settings of the MVPD looked at in the TVE Dashboard.
    """
    found = ex.recognition.configuration
    for mvpd in found.mvpds if found is not None else ():
        at = f"body#{found.pointer if found else ''}/{mvpd.place}"
        boarded = mvpd.member("boardingStatus")
        # Those in the picker alone sign in with basic authentication, and need no mapping.
        if boarded == SUPPORTED and mvpd.mapping is None:
            message = "The platformMappingId of an MVPD with boardingStatus SUPPORTED is {actual}, expected {expected}."
            yield Hit(f"{at}/platformMappingId", message, "present", "missing")
        if mvpd.member("enablePlatformServices") is True and boarded is None:
            message = "The boardingStatus of an MVPD with platform services is {actual}, expected {expected}."
            yield Hit(f"{at}/boardingStatus", message, "present", "missing")


def no_mvpds(ex: Decoded) -> Iterator[Hit]:
    """The configuration has no MVPDs.

    Why: only those with an active integration are listed, for this platform; the user of the app has no choice at all.
    Example: {"requestor": {"mvpds": []}}
    Do: check the integrations in the TVE Dashboard, and the X-Device-Info that was sent.
    """
    found = ex.recognition.configuration
    if found is not None and not found.total:
        yield Hit(
            f"body#{found.pointer}", "The list of MVPDs is {actual}, expected {expected}.", "at least one", "empty"
        )
