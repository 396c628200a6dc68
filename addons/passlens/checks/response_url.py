"""PL41x: the url of a sessions answer: its form by the truth table, and its segments against the other attributes."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from passlens.checks.finding import Basis, Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.outcomes import match_url


def _url(ex: Decoded) -> str | None:
    value = (ex.body or {}).get("url") if ex.session is not None else None
    return value if isinstance(value, str) and value else None


def url_form(ex: Decoded) -> Iterator[Hit]:
    """The url has not the form that belongs to the action.

    Why: the app calls this url next; the samples show one form for each action.
    Example: actionName authenticate with url /api/v2/REF30/sessions/8ER640M
    Do: compare with the template of the next operation; report it to Adobe with the recording.
    """
    url = _url(ex)
    if url is None or ex.session is None or match_url(ex.session.row, url) is not None:
        return
    row = ex.session.row
    basis: Basis = "inferred" if row.rests == "inferred" else "sample"
    severity: Severity | None = "note" if basis == "inferred" else None
    yield Hit(
        "body#/url",
        f"The url of {row.id} is {{actual}}, expected {{expected}}.",
        row.urls[0],
        url.partition("?")[0],
        severity,
        basis,
    )


def url_segment(ex: Decoded) -> Iterator[Hit]:
    """A segment of the url contradicts the answer's own attributes or the request.

    Why: serviceProvider, code and mvpd of the url are those of the body, the partner is that of the request. An app
    that follows the url would act on another session or provider than it shows.
    Example: code 8ER640M with url /api/v2/authenticate/REF30/8BLW4RW
    Do: report it to Adobe with the recording.
    """
    url = _url(ex)
    match = match_url(ex.session.row, url) if url is not None and ex.session is not None else None
    for name, actual in match.segments.items() if match is not None else ():
        expected = ex.path_parameter("partner") if name == "partner" else (ex.body or {}).get(name)
        if not isinstance(expected, str) or actual in (expected, unquote(expected)):
            continue
        if name == "partner" and actual.lower() == expected.lower():
            continue
        where = "the request" if name == "partner" else "the body"
        yield Hit("body#/url", f"The {name} in the url is {{actual}}, in {where} {{expected}}.", expected, actual)


def url_absolute(ex: Decoded) -> Iterator[Hit]:
    """The url is absolute.

    Why: every sample has a reference that starts with /api/v2/; no page says whether it may be absolute.
    Example: https://sp.auth.adobe.com/api/v2/authenticate/REF30/8ER640M
    Do: resolve the url against the API's host, which takes both.
    """
    url = _url(ex)
    if url is None or "://" not in url:
        return
    try:
        host = urlsplit(url).hostname or "no host"
    except ValueError:
        host = "no host"
    yield Hit("body#/url", "The url is {actual}, expected {expected}.", "relative", f"absolute ({host})")
