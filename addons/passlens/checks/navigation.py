"""PL495, PL496 and PL127: authenticate, the navigation of a user agent."""

from collections.abc import Iterator

from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.navigation import read_location
from passlens.rest_v2.operations import is_api_host
from passlens.rest_v2.results import text


def not_a_user_agent(ex: Decoded) -> Iterator[Hit]:
    """The page for the user's login is asked for by the app itself and not by a user agent.

    Why: the page says that the url is opened in a user agent, which the redirects and the provider's page need; it
    lists no Authorization.
    Example: GET /api/v2/authenticate/REF30/… with Authorization
    Do: open the url in a web view or show the code for a second screen; send no access token with it.
    """
    if ex.operation.id != "authenticate":
        return
    if ex.request.header("Authorization") is not None:
        message = "The header Authorization is {actual}, expected {expected}: the page is for a user agent."
        yield Hit("header:Authorization", message, "absent", "present")
        return
    agent, accept = ex.request.header("User-Agent") or "", ex.request.header("Accept")
    if "CFNetwork/" in agent and accept is not None and "html" not in accept and "*/*" not in accept:
        yield Hit(
            "header:Accept",
            "The request takes {actual}, expected {expected}, as a user agent does.",
            "text/html",
            text(accept) or "nothing",
        )


def location_missing(ex: Decoded) -> Iterator[Hit]:
    """A redirect has no Location.

    Why: the user agent does not know where to go; the sample has it.
    Example: 302 without Location
    Do: look for something on the way that takes headers off.
    """
    if ex.operation.id != "authenticate" or ex.response is None or ex.response.status != 302:
        return
    if not ex.response.header("Location"):
        yield Hit("header:Location", "The header Location is {actual}.", "present", "missing")


def location_query(ex: Decoded) -> Iterator[Hit]:
    """A redirect on a host of the API names another service provider than the path.

    Why: in the sample requestor_id is the service provider.
    Example: authenticate/REF30 redirected with requestor_id=REF40
    Do: look for a cache on the way that mixes answers up.
    """
    if ex.operation.id != "authenticate" or ex.response is None or not 300 <= ex.response.status < 400:
        return
    found, asked = read_location(ex.response.header("Location")), ex.path_parameter("serviceProvider")
    if found is None or not is_api_host(found.host) or asked is None:
        return
    named = found.query.get("requestor_id")
    if named is not None and named != asked:
        message = "requestor_id of the Location is {actual}, the path has {expected}."
        yield Hit("header:Location", message, asked, text(named) or "empty")
