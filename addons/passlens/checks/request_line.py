"""PL10x: the request line: how the path is spelled, the method, parameters in the wrong place."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

from passlens.checks.finding import Hit
from passlens.checks.registration import SECRETS
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import LEFTOVER_PARAMETERS, OPERATIONS
from passlens.rest_v2.routing import route as find_route
from passlens.rest_v2.wire import listed

_METHODS = tuple(sorted({operation.method for operation in OPERATIONS}))


def path_spelling(ex: Decoded) -> Iterator[Hit]:
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


def method(ex: Decoded) -> Iterator[Hit]:
    """The path belongs to an operation, the method does not.

    Why: every operation has one method; the documented answer to any other is 405.
    Example: GET /api/v2/REF30/sessions
    Do: use the method of the operation's page.
    """
    route = ex.route
    # The buttons of the page that passlens puts in the place of a provider's send a form.
    own_page = ex.injection is not None and ex.operation.id == "authenticate" and ex.request.method == "POST"
    if route is not None and not route.documented_method and not own_page:
        expected = listed(_methods(ex) or (route.operation.method,))
        yield Hit("method", "The method is {actual}, this path takes {expected}.", expected, ex.request.method)


def _methods(ex: Decoded) -> tuple[str, ...]:
    """The methods that the path takes: resume and retrieve share one."""
    routes = {name: find_route(name, ex.request.path, ex.request.host) for name in _METHODS}
    return tuple(name for name, found in routes.items() if found is not None and found.documented_method)


def parameter_in_query(ex: Decoded) -> Iterator[Hit]:
    """A parameter of the body, or one that REST API V1 had, stands in the query string.

    Why: the page lists these parameters for the body; in the query string they are read by nobody, and proxies and
    servers log them. Those of a token, which the OpenAPI file has there, are left out.
    Example: POST /api/v2/REF30/sessions?mvpd=Cablevision
    Do: send it in the body.
    """
    if not ex.request.query:
        return
    told = (*SECRETS.get(ex.operation.id, ()), *ex.operation.query_openapi)
    for name, _ in parse_qsl(ex.request.query, keep_blank_values=True, errors="replace", max_num_fields=None):
        if name in ex.operation.parameters and name not in told:
            message = f"The parameter {name} stands in the {{actual}}, not in the {{expected}}."
            yield Hit(f"query:{name}", message, "body", "query string")
        elif name in LEFTOVER_PARAMETERS:
            message = f"The parameter {name} stands in the {{actual}}; it belongs to REST API V1."
            yield Hit(f"query:{name}", message, "absent", "query string")
