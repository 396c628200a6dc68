"""A short story for a newcomer: an app on an Apple TV signs a viewer in and asks what may be watched, with the mistakes
that real clients make.
The first answer's token is used by all that follow; the device stays the same; seconds pass as they would."""

import base64
from dataclasses import replace

import forge
from samples.case import FORM, FULL, JSON_ANSWER, Case, dump, form, request_headers
from samples.errors import throttled
from samples.others import configuration, decision, others, profile
from samples.sessions import SP, row

NEWS, MOVIES = "DemoTV-News", "DemoTV-Movies"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
STATUS = "AP-Partner-Framework-Status"
INFO = "X-Device-Info"


def apple_tv(clock: float) -> list[tuple[float, Case]]:
    """The story as (seconds after its start, case)."""
    token = next(case for case in others(clock) if case.operation == "dcr-token")
    denied, granted = row(clock + 2, "P3"), row(clock + 61, "P3")
    second = forge.code("second")
    granted = granted.with_answer(code=second, url=f"/api/v2/authenticate/{SP}/{second}", sessionId=forge.uuid(second))
    told = [
        (0.0, token),
        (0.6, _get("retrieve-configuration", f"/api/v2/{SP}/configuration", dump(configuration()))),
        (0.9, _poster()),
        # The viewer denied the app access to the TV provider; the device information was copied from a sample.
        (2.0, denied.with_header(INFO, forge.broken_device_info())),
        (9.4, _browser(forge.code("P3"))),
        (14.0, _poll(forge.code("P3"), {})),
        # Access is granted now, but expirationDate is a JSON number.
        (61.0, granted.with_header(STATUS, forge.partner_status(clock + 61, number=True))),
        # Basic authentication instead: redirectUrl is left out, the identifier is encoded for URLs.
        (74.0, _create(clock + 74)),
        (92.0, _resume(clock + 92)),
        (92.7, throttled(_poll(forge.code("C2"), {}))),
        (97.9, _poll(forge.code("C2"), {forge.MVPD: profile(clock + 97)})),
        # The news may be watched; the movies are not in the viewer's package, and are asked for all the same.
        (101.2, _decide("preauthorize", clock + 101, NEWS, MOVIES, denied=(MOVIES,))),
        (109.5, _decide("authorize", clock + 109, NEWS)),
        (131.0, _decide("authorize", clock + 131, MOVIES, denied=(MOVIES,))),
    ]
    return [(at, _same_client(case, clock).named(f"apple-tv-{at:g}", group="story")) for at, case in told]


def _same_client(case: Case, clock: float) -> Case:
    """The case with the story's token and device identifier, where it has any of its own."""
    names = {name for name, _ in case.headers}
    if "Authorization" in names:
        case = case.with_header("Authorization", forge.bearer(clock, age=0))
    if "AP-Device-Identifier" in names:
        url_safe = case.operation == "create-session"
        identifier = forge.device_identifier(hashed=True, url_safe=url_safe, padding=not url_safe)
        case = case.with_header("AP-Device-Identifier", identifier)
    return case


def _get(operation: str, path: str, response: bytes) -> Case:
    return Case(operation, operation, "GET", path, request_headers(0), b"", 200, JSON_ANSWER, response)


def _poll(code: str, profiles: dict[str, object]) -> Case:
    return _get("retrieve-profile-code", f"/api/v2/{SP}/profiles/code/{code}", dump({"profiles": profiles}))


def _decide(operation: str, clock: float, *resources: str, denied: tuple[str, ...] = ()) -> Case:
    """A request for decisions with its answer."""
    made = [decision(clock, resource, token=operation == "authorize") for resource in resources]
    for item in made:
        if item["resource"] in denied:
            item.pop("token", None)
            code = "authorization_denied_by_mvpd" if operation == "authorize" else "preauthorization_denied_by_mvpd"
            words = {"message": "Movies are not in your package.", "trace": forge.uuid((operation, "trace"))}
            item |= {"authorized": False, "error": {"action": "none", "status": 403, "code": code, **words}}
    case = next(case for case in others(clock) if case.operation == operation)
    return replace(case, body=dump({"resources": list(resources)}), response_body=dump({"decisions": made}))


def _browser(code: str) -> Case:
    case = next(case for case in others(0) if case.operation == "authenticate")
    return case.named("browser", path=f"/api/v2/authenticate/{SP}/{code}").with_header("User-Agent", PHONE)


def _create(clock: float) -> Case:
    case = row(clock, "C2").with_form(mvpd=forge.MVPD, domainName=forge.DOMAIN)
    return case.with_answer(missingParameters=["redirectUrl"], mvpd=forge.MVPD)


def _resume(clock: float) -> Case:
    code = forge.code("C2")
    response = {"code": code, "url": f"/api/v2/authenticate/{SP}/{code}", "sessionId": forge.uuid(("session", "C2"))}
    case = row(clock, "R1").named("resume", path=f"/api/v2/{SP}/sessions/{code}", body=form(**FULL))
    assert ("Content-Type", FORM) in case.headers
    return case.with_answer(**response)


def _poster() -> Case:
    headers = (("Accept", "image/*"), ("User-Agent", forge.USER_AGENT))
    response = (("Content-Type", "image/png"), ("Cache-Control", "max-age=86400"))
    host = f"images.{forge.DOMAIN}"
    return Case("poster", "", "GET", "/posters/harbour-lights.png", headers, b"", 200, response, PNG, host=host)
