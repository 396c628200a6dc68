"""PL10x: the request line: how the path is spelled, the method, parameters in the wrong place."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

from passlens.checks.finding import Hit
from passlens.exchange import Exchange
from passlens.spec.operations import LEFTOVER_PARAMETERS


def path_spelling(ex: Exchange) -> Iterator[Hit]:
    """The path is recognised, but it is not how the operation's page spells it.

    Why: samples, flows and older revisions write some paths in other ways: the resource before the service provider,
    a trailing slash, /v2 without /api, the singular decision. The server may answer them today and not tomorrow.
    Example: GET /api/v2/sessions/REF30/8BLW4RW
    Do: use the template of the operation's page, GET /api/v2/REF30/sessions/8BLW4RW.
    """
    route = ex.route
    if route is not None and not route.is_canonical:
        path = ex.request.path.partition("?")[0]
        yield Hit("path", "The path {actual} is another spelling of {expected}.", route.canonical, path)


def method(ex: Exchange) -> Iterator[Hit]:
    """The path belongs to an operation, the method does not.

    Why: every operation has one method; the documented answer to any other is 405.
    Example: GET /api/v2/REF30/sessions
    Do: use the method of the operation's page.
    """
    route = ex.route
    if route is not None and not route.documented_method:
        expected = route.operation.method
        yield Hit("method", "The method is {actual}, this path takes {expected}.", expected, ex.request.method)


def parameter_in_query(ex: Exchange) -> Iterator[Hit]:
    """A parameter of the form stands in the query string.

    Why: the page lists these parameters for the body; in the query string they are read by nobody, and proxies and
    servers log them.
    Example: POST /api/v2/REF30/sessions?mvpd=Cablevision
    Do: send it in the body, as application/x-www-form-urlencoded.
    """
    if not ex.request.query:
        return
    taken = (*ex.operation.parameters, *LEFTOVER_PARAMETERS)
    for name, _ in parse_qsl(ex.request.query, keep_blank_values=True, errors="replace", max_num_fields=None):
        if name in taken:
            yield Hit(
                f"query:{name}",
                f"The parameter {name} stands in the {{actual}}, not in the {{expected}}.",
                "body",
                "query string",
            )
