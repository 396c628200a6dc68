"""PL11x and PL12x: what a request brings beside its headers: media type, form and query parameters, their encoding."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from passlens.checks.finding import Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.forms import Parameter, parse_form
from passlens.rest_v2.operations import FAMILIES, FORM, JSON, LEFTOVER_PARAMETERS
from passlens.rest_v2.outcomes import parameter_name
from passlens.rest_v2.wire import listed


def _sent(ex: Decoded) -> Iterator[tuple[str, Parameter]]:
    """Parameters that the operation lists, with their places: those of its form, and those that it has in the query."""
    for one in ex.request.form if ex.takes_form else ():
        if one.name in ex.operation.parameters:
            yield f"form:{one.name}", one
    if ex.operation.query and ex.request.query:
        for one in parse_form(ex.request.query.encode("utf-8", "surrogateescape")):
            if one.name in ex.operation.query:
                yield f"query:{one.name}", one


def request_media_type(ex: Decoded) -> Iterator[Hit]:
    """The body is not what the operation takes, by its Content-Type or by its look.

    Why: the pages demand application/x-www-form-urlencoded for sessions, partner profiles and tokens, and
    application/json for decisions and registration; the other one is not read.
    Example: create session with Content-Type: application/json
    Do: send the parameters in the form that the operation's page has, with that Content-Type.
    """
    expected, actual = ex.operation.media_type, ex.request.media_type
    if expected is None or ex.route is None or not ex.route.documented_method:
        return
    if actual is not None and actual != expected:
        message = "The Content-Type is {actual}, expected {expected}."
        yield Hit("header:Content-Type", message, expected, actual or "empty")
    elif expected == FORM and ex.request.holds_json:
        yield Hit("body", "The body is {actual}, expected {expected}.", FORM, JSON)


def json_charset(ex: Decoded) -> Iterator[Hit]:
    """The Content-Type of a JSON body has no charset, or another one than UTF-8.

    Why: the pages demand application/json;charset=utf-8 since doc-2025-10-30; samples and OpenAPI leave the charset
    out, so that is a note. Another charset stands nowhere: that is an error.
    Example: authorize with Content-Type: application/json
    Do: add the charset when you touch the code; nothing is known to break without.
    """
    value = ex.request.header("Content-Type") or ""
    if ex.operation.media_type != JSON or ex.request.media_type != JSON:
        return
    parameters = re.sub(r'[\s"]', "", value.lower()).split(";")[1:]
    if "charset=utf-8" not in parameters:
        other = any(parameter.startswith("charset=") for parameter in parameters)
        message = "The Content-Type is {actual}, expected {expected}."
        severity: Severity | None = "error" if other else None
        yield Hit("header:Content-Type", message, f"{JSON};charset=utf-8", value, severity=severity)


def parameter_missing(ex: Decoded) -> Iterator[Hit]:
    """A form parameter was left out.

    Why: the page marks mvpd, domainName and redirectUrl required, and answers a request without them with 200 and
    the action resume or retry, naming what is missing. On create that is a documented use, on partner a fallback
    waits; on resume parameters may come in several steps, so it is worth a warning only if the request had none.
    Example: partner session with domainName only
    Do: send all parameters in one call, unless a second device is to bring the rest.
    """
    if not ex.takes_form or ex.operation.id not in FAMILIES["sessions"]:
        return
    still_missing = _listed_as_missing(ex)
    for name in ex.operation.parameters:
        if ex.form.get(name):
            continue
        actual = "empty" if name in ex.form else "missing"
        if ex.operation.id == "resume-session":
            if name in still_missing:
                message = f"The parameter {name} is {{actual}}, and the answer names it as still missing."
                # Bringing some now and the rest later is documented (row R2); bringing nothing is not.
                severity: Severity = "note" if any(ex.form.get(sent) for sent in ex.operation.parameters) else "warning"
                yield Hit(f"form:{name}", message, "present", actual, severity=severity, basis="sample")
        elif actual == "missing":
            yield Hit(f"form:{name}", f"The parameter {name} is {{actual}}.", "present", actual)


def _listed_as_missing(ex: Decoded) -> set[str]:
    missing = (ex.body or {}).get("missingParameters")
    if not isinstance(missing, list):
        return set()
    return {parameter_name(name) for name in missing if isinstance(name, str)}


def domain_parameter(ex: Decoded) -> Iterator[Hit]:
    """The form has a parameter domain; its name is domainName.

    Why: answers write domain, requests domainName on every page. The server does not read domain.
    Example: mvpd=Cablevision&domain=example.com
    Do: rename the parameter to domainName.
    """
    if ex.takes_form and _is_misnamed(ex):
        yield Hit("form:domain", "The parameter is called {actual}, expected {expected}.", "domainName", "domain")


def _is_misnamed(ex: Decoded) -> bool:
    return "domainName" in ex.operation.parameters and "domain" in ex.form and "domainName" not in ex.form


def unexpected_parameter(ex: Decoded) -> Iterator[Hit]:
    """The form has a parameter that the operation's page does not list.

    Why: the checklist allows expected parameters only and names HTTP 400 as the risk. On partner session the MVPD is
    taken from AP-Partner-Framework-Status, so mvpd in the form is unexpected there.
    A parameter after a redirectUrl with a query of its own is mostly the rest of that query, cut off by an unescaped &.
    Example: device_info in the form, as REST API V1 had it
    Do: leave it out; escape the value of redirectUrl as a whole, & as %26.
    """
    if not ex.takes_form:
        return
    listed_ones = (*ex.operation.parameters, *ex.operation.query_openapi)
    known = {name.lower().replace("_", ""): name for name in ex.operation.parameters}
    holder = None  # the last parameter whose value is an address with a query, and not escaped
    sent = {item.name: item.raw for item in reversed(ex.request.form)}
    for name in list(ex.form)[:20]:
        if name in ex.operation.parameters and "://" in sent[name] and "?" in sent[name]:
            holder = name
        if not name or name in listed_ones or (name == "domain" and _is_misnamed(ex)):
            continue
        near = known.get(name.lower().replace("_", ""))
        if near:
            message = "The parameter {actual} is not listed; did you mean {expected}?"
            yield Hit(f"form:{name}", message, near, name)
        elif name in LEFTOVER_PARAMETERS:
            message = "The parameter {actual} belongs to REST API V1; this operation lists {expected}."
            yield Hit(f"form:{name}", message, listed(ex.operation.parameters), name)
        elif holder is not None:
            message = f"The parameter {{actual}} is not listed; it seems to belong to {holder}, expected {{expected}}."
            yield Hit(f"form:{name}", message, f"each & of the value of {holder} escaped as %26", name)
        else:
            message = "The parameter {actual} is not listed; this operation lists {expected}."
            yield Hit(f"form:{name}", message, listed(ex.operation.parameters), name)


def repeated_parameter(ex: Decoded) -> Iterator[Hit]:
    """A parameter is sent more than once.

    Why: which of the values counts is not documented.
    Example: mvpd=Cablevision&mvpd=Spectrum
    Do: send it once.
    """
    counts: dict[str, int] = {}
    for at, _ in _sent(ex):
        counts[at] = counts.get(at, 0) + 1
    for at, count in counts.items():
        if count > 1:
            name = at.partition(":")[2]
            yield Hit(at, f"The parameter {name} is sent {{actual}}, expected {{expected}}.", "once", f"{count} times")


_EMPTY_ELSEWHERE: Final = ("partner-profile", "dcr-token", "logout")
"""Operations whose required parameters have checks of their own: PL147, PL128 and PL124."""


def empty_parameter(ex: Decoded) -> Iterator[Hit]:
    """A parameter is there without a value.

    Why: whether an empty value counts as missing or as invalid is not documented.
    Example: mvpd=&domainName=example.com
    Do: send a value, or leave the parameter out.
    """
    seen: set[str] = set()
    for at, one in _sent(ex) if ex.operation.id not in _EMPTY_ELSEWHERE else ():
        # Of a repeated one the first counts.
        if at not in seen and one.value == "":
            yield Hit(at, f"The parameter {one.name} is {{actual}}.", "a value", "empty")
        seen.add(at)


def badly_encoded_parameter(ex: Decoded) -> Iterator[Hit]:
    """A value is not well percent-encoded UTF-8.

    Why: a percent sign that starts no escape, or bytes that are not UTF-8, are read differently by every server.
    Example: redirectUrl=https%3A%2F%2Fexample.com%2F%
    Do: percent-encode the value with the platform's form or URL encoder.
    """
    for at, one in _sent(ex):
        if not one.well_encoded:
            message = f"The value of {one.name} is {{actual}}."
            yield Hit(at, message, "percent-encoded UTF-8", "not well percent-encoded UTF-8")


def _redirect_url(ex: Decoded) -> tuple[str, str]:
    """The place and the value of the redirectUrl, the first of repeats; empty where there is none."""
    found = ((at, one.value) for at, one in _sent(ex) if one.name == "redirectUrl")
    return next(found, ("", ""))


def redirect_url_encoding(ex: Decoded) -> Iterator[Hit]:
    """The redirectUrl is percent-encoded twice.

    Why: after one decoding the server still sees escapes where it needs an address, and the user agent ends there.
    Example: redirectUrl=https%253A%252F%252Fexample.com
    Do: encode the value once; form encoders do it on their own.
    """
    at, value = _redirect_url(ex)
    if "%3a%2f%2f" in value.lower()[:40] and "://" not in value:
        yield Hit(at, "The redirectUrl is percent-encoded {actual}, expected {expected}.", "once", "twice")


def redirect_url_form(ex: Decoded) -> Iterator[Hit]:
    """The redirectUrl is not an absolute URL.

    Why: the user agent is sent there at the end; there is an error code for a redirectUrl the server does not take.
    Example: redirectUrl=example.com/done
    Do: send scheme and all, https://example.com/done or a scheme of the app's own.
    """
    at, value = _redirect_url(ex)
    if not value or "%3a" in value.lower()[:40]:
        return
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        scheme = ""
    if not scheme:
        message = "The redirectUrl is {actual}, expected {expected}."
        yield Hit(at, message, "an absolute URL", "not an absolute URL")


def unexpected_body(ex: Decoded) -> Iterator[Hit]:
    """A GET request carries a body.

    Why: the operation takes none; some servers and proxies refuse such a request.
    Example: GET /api/v2/REF30/sessions/8BLW4RW with mvpd=Cablevision in the body
    Do: send no body; to bring missing parameters use POST on the same path (resume).
    """
    if ex.operation.media_type is None and ex.request.method == "GET" and ex.request.body:
        yield Hit(
            "body",
            "The request has {actual}, expected {expected}.",
            "no body",
            f"a body of {len(ex.request.body)} bytes",
        )


def unknown_partner(ex: Decoded) -> Iterator[Hit]:
    """The partner in the path is not Apple.

    Why: Apple is the only partner that the documentation shows; its letter case is not settled, so any is taken.
    Example: POST /api/v2/REF30/sessions/sso/Appel
    Do: check the spelling; an unknown partner is answered with invalid_parameter_partner.
    """
    partner = ex.path_parameter("partner")
    if partner is not None and partner.lower() != "apple":
        yield Hit("path:partner", "The partner is {actual}, the documentation knows {expected}.", "Apple", partner)


def placeholder(ex: Decoded) -> Iterator[Hit]:
    """A value is a placeholder of the documentation.

    Why: samples hold texts like ${degradedMvpd} or rows of dots in place of values; they were copied, or a template of
    the app was not filled in.
    Example: Authorization: Bearer ....
    Do: send the real value.
    """
    for at, value in _values(ex):
        if (value[:2] == "${" and value[-1] == "}") or (value[:3] == "..." and not value.strip(".")):
            yield Hit(
                at,
                "The value {actual} is a placeholder of the documentation, expected {expected}.",
                "a real value",
                value,
            )


def _values(ex: Decoded) -> Iterator[tuple[str, str]]:
    """The values that stand where samples have placeholders, with their places."""
    for name, value in ex.route.parameters.items() if ex.route else ():
        yield f"path:{name}", value
    for name in ex.operation.parameters if ex.takes_form else ():
        yield f"form:{name}", ex.form.get(name, "")
    for name in ex.operation.headers:
        sent = ex.request.header(name)
        if sent is not None and ("${" in sent or "..." in sent):
            yield f"header:{name}", sent.removeprefix("Bearer ").removeprefix("fingerprint ").strip()
    if ex.partner_status is not None:
        yield "header:AP-Partner-Framework-Status#/frameworkProviderInfo/id", ex.partner_status.provider or ""
