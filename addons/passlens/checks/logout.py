"""PL48x and PL124: logout: where to return to, what is left to do, and for whom."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from passlens.checks.finding import Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.forms import parse_form
from passlens.rest_v2.logouts import ACTION_NAMES, ACTION_TYPES, LOGOUT_ROWS, URL_PATH, Logout
from passlens.rest_v2.results import text
from passlens.rest_v2.wire import listed, pointer_step

_MAX_URL: Final = 1 << 14


def _items(ex: Decoded) -> Iterator[tuple[str, Logout]]:
    if ex.operation.id != "logout" or ex.outcome is None:
        return
    for item in ex.recognition.items:
        if isinstance(item, Logout) and isinstance(item.value, dict):
            yield f"body#/logouts/{pointer_step(item.key)}", item


def redirect_url_missing(ex: Decoded) -> Iterator[Hit]:
    """The redirectUrl is missing from a logout.

    Why: the page demands it in the query: the user agent returns to it from the MVPD's logout. The OpenAPI file has it
    optional.
    Example: GET /api/v2/REF30/logout/Cox
    Do: add redirectUrl to the query, percent-encoded once.
    """
    if ex.operation.id != "logout" or ex.route is None or not ex.route.documented_method:
        return
    given = [
        one for one in parse_form(ex.request.query.encode("utf-8", "surrogateescape")) if one.name == "redirectUrl"
    ]
    if not any(one.value for one in given):
        yield Hit(
            "query:redirectUrl", "The parameter redirectUrl is {actual}.", "present", "empty" if given else "missing"
        )


def logouts_empty(ex: Decoded) -> Iterator[Hit]:
    """The answer of logout has no entry.

    Why: there is one for each deleted profile, and invalid stands for none; nothing says what an empty map means.
    Example: {"logouts": {}}
    Do: take it for a logout that is done.
    """
    if ex.operation.id == "logout" and ex.outcome is not None and not ex.recognition.items:
        yield Hit(
            "body#/logouts", "The map of logouts is {actual}, expected {expected}.", "an entry for the mvpd", "empty"
        )


def logout_action(ex: Decoded) -> Iterator[Hit]:
    """actionName and actionType of a logout are no documented pair.

    Why: the page has closed lists, and they decide what the app does: open the url, send the user to the system
    settings, or nothing.
    Example: complete with interactive
    Do: treat an unknown pair as a logout that is done, and report it.
    """
    for at, item in _items(ex):
        name, kind = item.member("actionName"), item.member("actionType")
        if item.row is not None or not isinstance(name, str) or not isinstance(kind, str):
            continue
        rows = [row for row in LOGOUT_ROWS if row.action == name]
        if not rows:
            yield Hit(
                f"{at}/actionName",
                "actionName is {actual}, expected one of {expected}.",
                listed(ACTION_NAMES),
                text(name) or "empty",
            )
            continue
        message = f"{rows[0].action} comes with actionType {{actual}}, expected {{expected}}."
        known = rows[0].type if kind in ACTION_TYPES else listed(ACTION_TYPES)
        yield Hit(f"{at}/actionType", message, known, text(kind) or "empty")


def logout_url_unexpected(ex: Decoded) -> Iterator[Hit]:
    """A logout has a url though nothing is left to open.

    Why: the page says that there is none with complete and invalid, FAQ and cookbook that there is none with
    partner_logout.
    Example: complete with a url
    Do: let the app go by actionName.
    """
    for at, item in _items(ex):
        if item.row is not None and not item.row.url and item.member("url") is not None:
            severity: Severity = "warning" if item.row.action == "partner_logout" else "error"
            yield Hit(
                f"{at}/url", f"The attribute url is {{actual}} with {item.row.action}.", "absent", "present", severity
            )


def logout_mvpd(ex: Decoded) -> Iterator[Hit]:
    """A logout is about another MVPD than its key or the path.

    Why: in the samples the three are the same, but for one under degradation.
    Example: logout/Cox answered with the key Spectrum
    Do: look for a cache on the way that mixes answers up.
    """
    asked = ex.path_parameter("mvpd")
    items = list(_items(ex))
    for at, item in items:
        inside = item.member("mvpd")
        if isinstance(inside, str) and inside and inside != item.key:
            done = item.row is not None and item.row.id == "L3" and inside == asked
            message = "The mvpd of the logout is {actual}, its key {expected}."
            yield Hit(f"{at}/mvpd", message, text(item.key) or "", text(inside) or "", "note" if done else None)
    there = {name for _, item in items for name in (item.key, item.member("mvpd")) if isinstance(name, str)}
    if items and asked is not None and asked not in there and not ex.recognition.cut:
        yield Hit(
            "body#/logouts",
            "The logout is of {actual}, asked for was {expected}.",
            asked,
            text(items[0][1].key) or "empty",
        )


def logout_url_form(ex: Decoded) -> Iterator[Hit]:
    """The url of a logout has another form than in the samples.

    Why: its path is that of the logout service; its query names the service provider and the MVPD.
    Example: a requestor_id that is not the service provider of the path
    Do: open it as it is; report it to Adobe with the recording if the logout fails.
    """
    for at, item in _items(ex):
        url = item.member("url")
        if item.row is None or not item.row.url or not isinstance(url, str) or not url or len(url) > _MAX_URL:
            continue
        try:
            parts = urlsplit(url)
            query = dict(parse_qsl(parts.query))
        except ValueError:
            yield Hit(f"{at}/url", "The url is {actual}, expected {expected}.", "a URL", "none")
            continue
        if not parts.path.startswith(URL_PATH):
            yield Hit(f"{at}/url", "The url leads {actual}, expected {expected}.", URL_PATH, "elsewhere")
            continue
        for name, expected in (("requestor_id", ex.path_parameter("serviceProvider")), ("mso_id", item.key)):
            if expected is not None and query.get(name) != expected:
                actual = text(query.get(name)) or "missing"
                yield Hit(
                    f"{at}/url",
                    f"{name} of the url is {{actual}}, expected {{expected}}.",
                    text(expected) or "",
                    actual,
                )
