"""PL42x: the answer against the request, and the answer's lists of parameters against each other."""

from collections.abc import Iterator
from typing import Any

from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.outcomes import MISSING_PARAMETERS, parameter_name


def _attribute(ex: Decoded, name: str) -> str | None:
    value = (ex.body or {}).get(name) if ex.succeeded else None
    return value if isinstance(value, str) and value else None


def _missing(ex: Decoded) -> list[Any] | None:
    """missingParameters of an answer that asks to resume; elsewhere the attribute is out of place as a whole."""
    if ex.session is None or ex.session.row.action not in ("resume", "retry"):
        return None
    value = (ex.body or {}).get("missingParameters")
    return value if isinstance(value, list) else None


def service_provider(ex: Decoded) -> Iterator[Hit]:
    """The service provider of the answer is not that of the path.

    Why: the attribute repeats the path parameter; another value means that the session belongs to somebody else.
    Example: POST /api/v2/REF30/sessions answered with serviceProvider apasstest1
    Do: report it to Adobe with the recording; look for a cache that mixes answers.
    """
    expected = ex.path_parameter("serviceProvider")
    actual = _attribute(ex, "serviceProvider")
    if actual is not None and expected is not None and actual != expected:
        yield Hit(
            "body#/serviceProvider", "The serviceProvider is {actual}, the path has {expected}.", expected, actual
        )
    inside = ex.shape.existing.get("serviceProvider") if ex.shape is not None else None
    if isinstance(inside, str) and inside != expected and ex.shape is not None:
        at = f"body#{ex.shape.existing_at}/serviceProvider"
        yield Hit(
            at, "The serviceProvider is {actual}, the path has {expected}.", str(expected), inside, "warning", "sample"
        )


def code_changed(ex: Decoded) -> Iterator[Hit]:
    """A resumed session answers with another code.

    Why: the page resumes the session of the code, so the code stays; one of its own samples breaks this. The device
    that shows the old code would wait in vain.
    Example: POST /api/v2/REF30/sessions/8BLW4RW answered with code 8ER640M
    Do: poll for the new code; report it to Adobe with the recording.
    """
    expected = ex.path_parameter("code")
    actual = _attribute(ex, "code")
    if ex.operation.id == "resume-session" and actual is not None and expected is not None and actual != expected:
        yield Hit("body#/code", "The code is {actual}, the path has {expected}.", expected, actual)


def mvpd(ex: Decoded) -> Iterator[Hit]:
    """The mvpd of the answer is not the one that was sent.

    Why: samples repeat the form's value.
    Example: mvpd=Cablevision answered with mvpd Spectrum
    Do: check whether the integration maps one to the other; otherwise report it.
    """
    if ex.operation.id not in ("create-session", "resume-session"):
        return
    expected, actual = ex.form.get("mvpd"), _attribute(ex, "mvpd")
    if expected and actual is not None and actual != expected:
        yield Hit("body#/mvpd", "The mvpd is {actual}, the form has {expected}.", expected, actual)


def listed_though_sent(ex: Decoded) -> Iterator[Hit]:
    """missingParameters names a parameter that the form had.

    Why: the parameter may have been refused as invalid; the pages speak of missing or invalid ones.
    Example: redirectUrl sent, and named as missing
    Do: check the value's form and whether it is on the list of the service provider.
    """
    for index, name in enumerate((_missing(ex) or [])[:10]):
        if isinstance(name, str) and ex.form.get(parameter_name(name)):
            at = f"body#/missingParameters/{index}"
            yield Hit(at, "The parameter {actual} is named as missing, but {expected}.", "the form has it", name)


def missing_not_listed(ex: Decoded) -> Iterator[Hit]:
    """The form lacks a parameter that missingParameters does not name.

    Why: in samples the list is exactly what the form left out. An app that sends what is listed will be asked again.
    Example: a form without mvpd and redirectUrl, answered with ["mvpd"]
    Do: send every parameter you have when you resume.
    """
    missing = _missing(ex)
    if missing is None or ex.operation.id == "resume-session" or ex.request.body is None:
        return
    named = {parameter_name(name) for name in missing if isinstance(name, str)}
    for name in ex.operation.parameters:
        if not ex.form.get(name) and name not in named:
            yield Hit(
                "body#/missingParameters", "The form lacks {actual}, {expected}.", "the list does not name it", name
            )


def missing_empty(ex: Decoded) -> Iterator[Hit]:
    """The answer asks to resume and names nothing that is missing.

    Why: the app cannot know what to send.
    Example: {"actionName": "resume", "missingParameters": []}
    Do: resume with every parameter.
    """
    if _missing(ex) == []:
        yield Hit(
            "body#/missingParameters", "The list is {actual}, expected {expected}.", "at least one parameter", "empty"
        )


def mvpd_and_missing(ex: Decoded) -> Iterator[Hit]:
    """A create answer has an mvpd and names mvpd as missing, or has neither.

    Why: the only sample without mvpd is the one that lists it as missing.
    Example: {"mvpd": "Cablevision", "missingParameters": ["mvpd"]}
    Do: go by missingParameters.
    """
    missing = _missing(ex)
    if ex.operation.id != "create-session" or missing is None:
        return
    named, present = "mvpd" in missing, "mvpd" in (ex.body or {})
    if named and present:
        yield Hit(
            "body#/mvpd", "The mvpd is {actual}, though named as missing; expected {expected}.", "absent", "present"
        )
    elif not named and not present:
        yield Hit(
            "body#/mvpd", "The mvpd is {actual}, though not named as missing; expected {expected}.", "present", "absent"
        )


def domain_spelling(ex: Decoded) -> Iterator[Hit]:
    """The answer calls domainName domain.

    Why: the request's parameter is domainName on every page; answers of most samples write domain. They are one.
    Example: {"missingParameters": ["domain"]}
    Do: read domain as domainName, and send domainName.
    """
    if ex.injection is not None and ex.injection.by_passlens:
        return  # passlens made the answer, in the word of the samples
    places: list[str] = []
    if "domain" in (_missing(ex) or []):
        places.append("/missingParameters")
    if ex.shape is not None:
        places += [ex.shape.existing_at] if "domain" in ex.shape.existing else []
        places += [ex.shape.missing_at] if "domain" in ex.shape.missing else []
    for place in places:
        yield Hit(f"body#{place}", "The parameter is called {actual}, in requests {expected}.", "domainName", "domain")


def existing_and_missing(ex: Decoded) -> Iterator[Hit]:
    """A retrieve answer names a parameter both as existing and as missing.

    Why: one excludes the other; domain and domainName count as one.
    Example: {"existingParameters": {"mvpd": "Cablevision"}, "missingParameters": ["mvpd"]}
    Do: resume with the parameter once more.
    """
    if ex.shape is None:
        return
    existing = {parameter_name(name) for name in ex.shape.existing}
    missing = {parameter_name(name) for name in ex.shape.missing if isinstance(name, str)}
    for name in MISSING_PARAMETERS:
        if name in existing & missing:
            yield Hit(
                f"body#{ex.shape.missing_at}",
                "The parameter {actual} is missing and existing, expected {expected}.",
                "one of them",
                name,
            )
