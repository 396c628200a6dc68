"""The documented journeys, as a scripted app walks them: what it calls follows from what it is answered.
Sources: partner flow, basic flows of the first and the second screen, degraded and temporary access."""

from collections.abc import Callable
from typing import Final, NamedTuple

from passlens.demo.app import DOMAIN, REDIRECT_URL, App, JsonBody

FULL: Final = {"domainName": DOMAIN, "redirectUrl": REDIRECT_URL}


class DemoJourney(NamedTuple):
    """One journey: a title, what happens in it, and the walk."""

    title: str
    story: str
    walk: Callable[[App], None]


def _sign_in(app: App, response: JsonBody) -> None:
    """Open the url in a user agent, then ask for the profile."""
    app.authenticate(response)
    app.poll(response)


def start(app: App) -> None:
    """What the app does at its start anyway, and then the providers."""
    app.configuration()


def partner_sign_on(app: App) -> None:
    """The partner framework knows the user: no page, no code."""
    response = app.partner_session("granted", "harbour-cable", **FULL)
    app.partner_profile(response, "harbour-cable")
    app.authorize("HarbourCable", provider="harbour-cable")


def partner_denied(app: App) -> None:
    """The user refused access: fall back, sign in by the user agent."""
    _sign_in(app, app.partner_session("denied", None, **FULL))


def partner_not_configured(app: App) -> None:
    """The provider has no partner sign-on: fall back, sign in by the user agent."""
    _sign_in(app, app.partner_session("granted", "quarry-net", **FULL))


def partner_missing_parameter(app: App) -> None:
    """The request lacks redirectUrl: resume with it, then sign in."""
    response = app.partner_session("granted", "quarry-net", domainName=DOMAIN)
    _sign_in(app, app.resume_session(response, redirectUrl=REDIRECT_URL))


def first_screen(app: App) -> None:
    """Everything on one device."""
    response = app.create_session(mvpd="MeridianFiber", **FULL)
    _sign_in(app, response)
    app.authorize("MeridianFiber")


def second_screen(app: App) -> None:
    """The television shows a code, a telephone does the rest, at its second try."""
    response = app.create_session()
    app.poll(response)
    app.wait_to_poll()
    app.retrieve_session(response["code"])
    again = app.resume_session(response, mvpd="MeridianFiber", domainName=DOMAIN)
    _sign_in(app, app.resume_session(again, redirectUrl=REDIRECT_URL))


def degraded(app: App) -> None:
    """The provider is down, a degradation rule lets everybody in."""
    app.create_session(mvpd="LanternDSL", **FULL)
    app.authorize("LanternDSL")


def impatient(app: App) -> None:
    """An app with a fault: it polls without a pause, and goes on after the profile came."""
    response = app.create_session(mvpd="HarbourCable", **FULL)
    app.authenticate(response)
    for _ in range(POLLS):
        app.poll(response)


POLLS: Final = 4
"""Polls of the app with a fault: the third after success is an error."""

JOURNEYS: Final = (
    DemoJourney("Start", "The app registers, gets an access token, and asks for the TV providers.", start),
    DemoJourney("Partner single sign-on", "Apple's framework knows the user; nobody types anything.", partner_sign_on),
    DemoJourney("Fallback: refused", "The partner status is denied; the app goes on with its code.", partner_denied),
    DemoJourney("Fallback: not configured", "This provider has no partner sign-on.", partner_not_configured),
    DemoJourney("Fallback: incomplete", "redirectUrl was left out; the app resumes.", partner_missing_parameter),
    DemoJourney("First screen", "The user signs in on the same device.", first_screen),
    DemoJourney(
        "Second screen", "The user types the code on a telephone, which forgets redirectUrl once.", second_screen
    ),
    DemoJourney("Degraded access", "The provider is down, and a rule lets everybody in.", degraded),
    DemoJourney(
        "An impatient app", "It polls without a pause, and goes on after the profile came: see PL633.", impatient
    ),
)
