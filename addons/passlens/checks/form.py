"""PL11x and PL12x: the form of create, resume and partner session: its media type, parameters, encoding."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from passlens.checks.finding import Hit
from passlens.exchange import Exchange
from passlens.spec.operations import FORM, JSON, LEFTOVER_PARAMETERS
from passlens.spec.outcomes import parameter_name
from passlens.spec.wire import listed


def request_media_type(ex: Exchange) -> Iterator[Hit]:
    """The body is not the form that the operation takes, by its Content-Type or by its look.

    Why: the page demands application/x-www-form-urlencoded; a JSON body is not read as parameters.
    Example: Content-Type: application/json
    Do: send the parameters as a form with that Content-Type.
    """
    actual = ex.request.media_type
    if ex.operation.media_type != FORM or ex.route is None or not ex.route.documented_method:
        return
    if actual is not None and actual != FORM:
        message = "The Content-Type is {actual}, expected {expected}."
        yield Hit("header:Content-Type", message, FORM, actual or "empty")
    elif ex.request.holds_json:
        yield Hit("body", "The body is {actual}, expected {expected}.", FORM, JSON)


def parameter_missing(ex: Exchange) -> Iterator[Hit]:
    """A form parameter was left out.

    Why: the page marks mvpd, domainName and redirectUrl required, and answers a request without them with 200 and
    the action resume or retry, naming what is missing. On create that is a documented use, on partner a fallback
    waits; on resume it is a fault if the answer names the parameter once more.
    Example: partner session with domainName only
    Do: send all parameters in one call, unless a second device is to bring the rest.
    """
    if not ex.takes_form:
        return
    still_missing = _listed_as_missing(ex)
    for name in ex.operation.parameters:
        if ex.form.get(name):
            continue
        actual = "empty" if name in ex.form else "missing"
        if ex.operation.id == "resume-session":
            if name in still_missing:
                message = f"The parameter {name} is {{actual}}, and the answer names it as still missing."
                yield Hit(f"form:{name}", message, "present", actual, severity="warning", basis="sample")
        elif actual == "missing":
            yield Hit(f"form:{name}", f"The parameter {name} is {{actual}}.", "present", actual)


def _listed_as_missing(ex: Exchange) -> set[str]:
    missing = (ex.body or {}).get("missingParameters")
    if not isinstance(missing, list):
        return set()
    return {parameter_name(name) for name in missing if isinstance(name, str)}


def domain_parameter(ex: Exchange) -> Iterator[Hit]:
    """The form has a parameter domain; its name is domainName.

    Why: answers write domain, requests domainName on every page. The server does not read domain.
    Example: mvpd=Cablevision&domain=example.com
    Do: rename the parameter to domainName.
    """
    if ex.takes_form and _is_misnamed(ex):
        yield Hit("form:domain", "The parameter is called {actual}, expected {expected}.", "domainName", "domain")


def _is_misnamed(ex: Exchange) -> bool:
    return "domain" in ex.form and "domainName" not in ex.form


def unexpected_parameter(ex: Exchange) -> Iterator[Hit]:
    """The form has a parameter that the operation's page does not list.

    Why: the checklist allows expected parameters only and names HTTP 400 as the risk. On partner session the MVPD is
    taken from AP-Partner-Framework-Status, so mvpd in the form is unexpected there.
    Example: device_info in the form, as REST API V1 had it
    Do: leave it out.
    """
    if not ex.takes_form:
        return
    known = {name.lower().replace("_", ""): name for name in ex.operation.parameters}
    for name in list(ex.form)[:20]:
        if not name or name in ex.operation.parameters or (name == "domain" and _is_misnamed(ex)):
            continue
        near = known.get(name.lower().replace("_", ""))
        if near:
            message = "The parameter {actual} is not listed; did you mean {expected}?"
            yield Hit(f"form:{name}", message, near, name)
        elif name in LEFTOVER_PARAMETERS:
            message = "The parameter {actual} belongs to REST API V1; this operation lists {expected}."
            yield Hit(f"form:{name}", message, listed(ex.operation.parameters), name)
        else:
            message = "The parameter {actual} is not listed; this operation lists {expected}."
            yield Hit(f"form:{name}", message, listed(ex.operation.parameters), name)


def repeated_parameter(ex: Exchange) -> Iterator[Hit]:
    """A form parameter is sent more than once.

    Why: which of the values counts is not documented.
    Example: mvpd=Cablevision&mvpd=Spectrum
    Do: send it once.
    """
    if not ex.takes_form:
        return
    counts: dict[str, int] = {}
    for parameter in ex.request.form:
        counts[parameter.name] = counts.get(parameter.name, 0) + 1
    for name in ex.operation.parameters:
        if counts.get(name, 0) > 1:
            yield Hit(
                f"form:{name}",
                f"The parameter {name} is sent {{actual}}, expected {{expected}}.",
                "once",
                f"{counts[name]} times",
            )


def empty_parameter(ex: Exchange) -> Iterator[Hit]:
    """A form parameter is there without a value.

    Why: whether an empty value counts as missing or as invalid is not documented.
    Example: mvpd=&domainName=example.com
    Do: send a value, or leave the parameter out.
    """
    if not ex.takes_form:
        return
    for name in ex.operation.parameters:
        if ex.form.get(name) == "":
            yield Hit(f"form:{name}", f"The parameter {name} is {{actual}}.", "a value", "empty")


def badly_encoded_parameter(ex: Exchange) -> Iterator[Hit]:
    """A form value is not well percent-encoded UTF-8.

    Why: a percent sign that starts no escape, or bytes that are not UTF-8, are read differently by every server.
    Example: redirectUrl=https%3A%2F%2Fexample.com%2F%
    Do: percent-encode the value with the platform's form or URL encoder.
    """
    if not ex.takes_form:
        return
    for parameter in ex.request.form:
        if parameter.name in ex.operation.parameters and not parameter.well_encoded:
            message = f"The value of {parameter.name} is {{actual}}."
            yield Hit(f"form:{parameter.name}", message, "percent-encoded UTF-8", "not well percent-encoded UTF-8")


def redirect_url_encoding(ex: Exchange) -> Iterator[Hit]:
    """The redirectUrl is percent-encoded twice.

    Why: after one decoding the server still sees escapes where it needs an address, and the user agent ends there.
    Example: redirectUrl=https%253A%252F%252Fexample.com
    Do: encode the value once; form encoders do it on their own.
    """
    value = ex.form.get("redirectUrl", "") if ex.takes_form else ""
    if "%3a%2f%2f" in value.lower()[:40] and "://" not in value:
        yield Hit(
            "form:redirectUrl", "The redirectUrl is percent-encoded {actual}, expected {expected}.", "once", "twice"
        )


def redirect_url_form(ex: Exchange) -> Iterator[Hit]:
    """The redirectUrl is not an absolute URL.

    Why: the user agent is sent there at the end; there is an error code for a redirectUrl the server does not take.
    Example: redirectUrl=example.com/done
    Do: send scheme and all, https://example.com/done or a scheme of the app's own.
    """
    value = ex.form.get("redirectUrl", "") if ex.takes_form else ""
    if not value or "%3a" in value.lower()[:40]:
        return
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        scheme = ""
    if not scheme:
        yield Hit(
            "form:redirectUrl",
            "The redirectUrl is {actual}, expected {expected}.",
            "an absolute URL",
            "not an absolute URL",
        )


def unexpected_body(ex: Exchange) -> Iterator[Hit]:
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


def unknown_partner(ex: Exchange) -> Iterator[Hit]:
    """The partner in the path is not Apple.

    Why: Apple is the only partner that the documentation shows; its letter case is not settled, so any is taken.
    Example: POST /api/v2/REF30/sessions/sso/Appel
    Do: check the spelling; an unknown partner is answered with invalid_parameter_partner.
    """
    partner = ex.path_parameter("partner")
    if partner is not None and partner.lower() != "apple":
        yield Hit("path:partner", "The partner is {actual}, the documentation knows {expected}.", "Apple", partner)


def placeholder(ex: Exchange) -> Iterator[Hit]:
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


def _values(ex: Exchange) -> Iterator[tuple[str, str]]:
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
