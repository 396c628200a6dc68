"""From method and path to an operation: the canonical templates, every other spelling the documentation shows, and the
path behind a reverse proxy. Whatever is not one of the operations is told apart by two substring searches."""

import re
from collections.abc import Callable
from operator import itemgetter
from typing import Final, NamedTuple
from urllib.parse import unquote

from passlens.rest_v2.operations import API, BY_ID, DCR, FOREIGN_HOSTS, OPERATIONS, Operation, is_api_host

# Below /v2 the answers of doc-2024-08-05 wrote profiles/{code} where profiles/{mvpd} stands today.
_PATHS_BELOW_V2: Final[dict[str, tuple[str, ...]]] = {
    "retrieve-profile-mvpd": (),
    "retrieve-profile-code": ("/{serviceProvider}/profiles/{code}", *BY_ID["retrieve-profile-code"].paths),
}


class Route(NamedTuple):
    """Where a request went. ``parameters`` are percent-decoded path parameters, ``canonical`` the path as the template
    of the operation's page spells it, ``documented_method`` whether the method is the operation's own."""

    operation: Operation
    parameters: dict[str, str]
    canonical: str
    is_canonical: bool
    documented_method: bool


class _Template(NamedTuple):
    """A path: its fixed segments, what takes them out of a path's segments, and its parameters with their places."""

    operation: Operation
    words: tuple[str, ...]
    fixed: Callable[[list[str]], tuple[str, ...]]
    names: tuple[tuple[int, str], ...]


def _templates(prefix: str, instead: dict[str, tuple[str, ...]] | None = None) -> dict[int, list[_Template]]:
    """Templates by segment count, those with more literal segments first, canonical before other spellings."""
    found: dict[int, list[_Template]] = {}
    for operation in OPERATIONS:
        if operation.prefix != prefix:
            continue
        for path in (instead or {}).get(operation.id, operation.paths + operation.analogous):
            segments = tuple(enumerate(path.split("/")[1:]))
            fixed = [place for place, segment in segments if not segment.startswith("{")]
            names = tuple((place, segment[1:-1]) for place, segment in segments if segment.startswith("{"))
            words = tuple(segments[place][1] for place in fixed)
            found.setdefault(len(segments), []).append(_Template(operation, words, _taking(fixed), names))
    for rows in found.values():
        rows.sort(key=lambda row: -len(row.words))
    return found


def _taking(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """What takes the segments at these places, as a tuple."""
    if len(places) == 1:  # itemgetter would give the segment itself
        return lambda segments: (segments[places[0]],)
    return itemgetter(*places)


_API_TEMPLATES: Final = _templates(API)
_BY_PREFIX: Final = (
    (API + "/", _API_TEMPLATES),
    ("/restv2/api/v2/", _API_TEMPLATES),  # the OpenAPI file in summer 2024
    ("/v2/", _templates(API, _PATHS_BELOW_V2)),  # the url of answers until doc-2024-10-15
    (DCR + "/", _templates(DCR)),
)

_DOUBLED: Final = re.compile(r"/+(?:(?:restv2/+)?api/+v2|v2|o/client)/")
"""The start of a path of the API, whatever the number of slashes."""

_BARE: Final = re.compile(r"/+v2/")
"""What paths of many APIs begin with: it is the API's on its own hosts, and where no host is known."""

_PREFIXED: Final = re.compile(r"(?<=[^/])/+(?:api/+v2|o/client)(?=/)")
"""The same behind something else, as a reverse proxy puts it there: /pass/api/v2/."""


def may_be_operation(path: bytes) -> bool:
    """False if a raw request target is none of an operation for certain: other traffic costs this one look."""
    return b"/v2/" in path or b"/o/client/" in path


def route(method: str, path: str, host: str = "") -> Route | None:
    """Find the operation of a request, or None for other traffic.

    ``path`` is the request target: the path, with or without a query string. ``OPTIONS`` (a browser asking for
    permission) is never an operation.
    """
    if "/v2/" not in path and "/o/client/" not in path:
        return None
    if host in FOREIGN_HOSTS or method == "OPTIONS":
        return None
    bare = path.partition("?")[0].partition("#")[0]
    if _BARE.match(bare) and host and not is_api_host(host):
        return None
    for place, (prefix, _) in enumerate(_BY_PREFIX):
        if bare.startswith(prefix):
            return _match(method, bare, place)
    return _behind(method, bare, host)


def _behind(method: str, bare: str, host: str) -> Route | None:
    """The operation of a path with doubled slashes, or with something of a reverse proxy in front.

    On a host of the API neither is how its page spells the path. On any other a prefix is the proxy's own and stays in
    the canonical path; there the method has to fit too, since other APIs have paths like /app/api/v2/x/profiles.
    """
    start = _DOUBLED.match(bare)
    starts = [start] if start is not None else [*_PREFIXED.finditer(bare)]
    # What a gateway puts in front may look like the API itself: /gateway/api/v2/api/v2/.
    return next(
        (found for start in (*starts[:1], *starts[1:][-1:]) if (found := _from(method, bare, host, start))), None
    )


def _from(method: str, bare: str, host: str, start: re.Match[str]) -> Route | None:
    """The operation of what begins at ``start``."""
    # The prefix of a proxy that takes a whole address has slashes of its own: /https://sp.auth.adobe.com/api/v2/.
    kept = bare[: start.start()]
    path = re.sub(r"/+", "/", start[0]) + bare[start.end() :]
    place = next(place for place, (prefix, _) in enumerate(_BY_PREFIX) if path.startswith(prefix))
    found = _match(method, path, place)
    if found is None or not kept or is_api_host(host):
        return found._replace(is_canonical=False) if found is not None else None
    if not found.documented_method:
        return None
    canonical = kept + found.canonical
    return found._replace(canonical=canonical, is_canonical=bare == canonical)


def _match(method: str, bare: str, prefix: int) -> Route | None:
    start, templates = _BY_PREFIX[prefix]
    raw = bare[len(start) :].rstrip("/").split("/")
    candidates = templates.get(len(raw))
    if candidates is None or "" in raw:
        return None
    segments = [unquote(segment, errors="surrogateescape") for segment in raw] if "%" in bare else raw
    closest = None
    for template in candidates:
        if template.fixed(segments) != template.words:
            continue
        if closest is not None and len(template.words) < len(closest.words):
            break  # GET .../profiles/sso/Apple is a wrong method, and no code Apple of the MVPD sso
        if template.operation.method == method:
            return _route(template, raw, segments, bare, documented_method=True)
        closest = closest or template
    if closest is None:
        return None
    return _route(closest, raw, segments, bare, documented_method=False)


class _Named(dict[str, str]):
    """Path parameters by name; one that another spelling of a path lacks keeps its place in the template."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _route(template: _Template, raw: list[str], segments: list[str], bare: str, *, documented_method: bool) -> Route:
    operation = template.operation
    as_sent = _Named((name, raw[place]) for place, name in template.names)
    canonical = operation.prefix + operation.paths[0].format_map(as_sent)
    parameters = {name: segments[place] for place, name in template.names}
    return Route(operation, parameters, canonical, bare == canonical, documented_method)
