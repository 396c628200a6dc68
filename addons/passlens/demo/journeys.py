"""The documented journeys, as a scripted app walks them: what it calls follows from what it is answered.
Sources: partner flow, basic flows of the first and the second screen, degraded and temporary access."""

from collections.abc import Callable
from typing import Final, NamedTuple

from passlens.demo.app import DOMAIN, REDIRECT_URL, App, Body

FULL: Final = {"domainName": DOMAIN, "redirectUrl": REDIRECT_URL}


class Journey(NamedTuple):
    """One journey: a title, what happens in it, and the walk."""

    title: str
    story: str
    walk: Callable[[App], None]


def _sign_in(app: App, answer: Body) -> None:
    """Open the url in a user agent, then ask for the profile."""
    app.authenticate(answer)
    app.poll(answer)


def start(app: App) -> None:
    """Registration, token, providers."""
    app.register()
    app.configuration()


def partner_sign_on(app: App) -> None:
    """The partner framework knows the user: no page, no code."""
    answer = app.partner_session("granted", "harbour-cable", **FULL)
    app.partner_profile(answer, "harbour-cable")
    app.authorize("HarbourCable")


def partner_denied(app: App) -> None:
    """The user refused access: fall back, sign in by the user agent."""
    _sign_in(app, app.partner_session("denied", None, **FULL))


def partner_not_configured(app: App) -> None:
    """The provider has no partner sign-on: fall back, sign in by the user agent."""
    _sign_in(app, app.partner_session("granted", "quarry-net", **FULL))


def partner_missing_parameter(app: App) -> None:
    """The request lacks redirectUrl: resume with it, then sign in."""
    answer = app.partner_session("granted", "quarry-net", domainName=DOMAIN)
    _sign_in(app, app.resume_session(answer, redirectUrl=REDIRECT_URL))


def first_screen(app: App) -> None:
    """Everything on one device."""
    answer = app.create_session(mvpd="MeridianFiber", **FULL)
    _sign_in(app, answer)
    app.authorize("MeridianFiber")


def second_screen(app: App) -> None:
    """The television shows a code, a telephone does the rest, at its second try."""
    answer = app.create_session()
    app.poll(answer)
    app.retrieve_session(answer["code"])
    again = app.resume_session(answer, mvpd="MeridianFiber", domainName=DOMAIN)
    _sign_in(app, app.resume_session(again, redirectUrl=REDIRECT_URL))


def degraded(app: App) -> None:
    """The provider is down, a degradation rule lets everybody in."""
    app.create_session(mvpd="LanternDSL", **FULL)
    app.authorize("LanternDSL")


JOURNEYS: Final = (
    Journey("Start", "The app registers, gets an access token, and asks for the TV providers.", start),
    Journey("Partner single sign-on", "Apple's framework knows the user; nobody types anything.", partner_sign_on),
    Journey("Fallback: refused", "The partner status is denied; the app goes on with its code.", partner_denied),
    Journey("Fallback: not configured", "This provider has no partner sign-on.", partner_not_configured),
    Journey("Fallback: incomplete", "redirectUrl was left out; the app resumes.", partner_missing_parameter),
    Journey("First screen", "The user signs in on the same device.", first_screen),
    Journey("Second screen", "The user types the code on a telephone, which forgets redirectUrl once.", second_screen),
    Journey("Degraded access", "The provider is down, and a rule lets everybody in.", degraded),
)
