"""What a recording has to hold before anything can be said of a line of the checklist (checklist.py), by name.
analysis/coverage.py looks for it."""

from typing import Final, NamedTuple


class Sight(NamedTuple):
    """Something that a recording may hold. ``then`` is how many seconds of recording have to follow it."""

    words: str
    then: float = 0.0


SIGHTS: Final[dict[str, Sight]] = {
    "registered": Sight("a registration"),
    "readable token": Sight("a call with an access token that can be read"),
    "two tokens": Sight("two access tokens that were asked for"),
    "token and calls": Sight("an access token and two calls with it"),
    "provider picker": Sight("a configuration, and a session after it"),
    "signed in from the start": Sight("a profile, and a decision after it"),
    "temporary access": Sight("access by TempPass"),
    "remembered provider": Sight("no profile any more, and a session for the provider of an earlier one"),
    "provider used again": Sight("a configuration, a session for one of its providers, and another call for that one"),
    "sign-in that succeeds": Sight("a poll that brings the profile", 30.0),
    "code that runs out": Sight("a code that was polled and was over without a profile", 60.0),
    "new code": Sight("a second code while the first one was polled"),
    "three polls": Sight("three polls of one code"),
    "ten minutes with a profile": Sight("a profile", 600.0),
    "preauthorize with an error": Sight("a preauthorization with an error", 60.0),
    "catalogue opened again": Sight("two preauthorizations, the first one with a permit"),
    "authorize with an error": Sight("an authorization with an error", 60.0),
    "logout in a browser": Sight("a logout that goes on at a url"),
    "logout at the partner": Sight("a logout that goes on in the system's settings"),
    "logout that is complete": Sight("a logout with nothing more to do"),
    "calls": Sight("calls of the app"),
    "device seen twice": Sight("one device before and after a new start, or in two recordings"),
    "error code": Sight("an Enhanced Error Code", 10.0),
    "failed status": Sight("a response with a failed status", 60.0),
    "error in a success": Sight("a denial with an error in a response that succeeded"),
    "token that ran out": Sight("calls before and after the end of an access token"),
    "refused token": Sight("a 401, and a call after it"),
    "picker used again": Sight("a configuration, and two sessions within two minutes"),
    "code with a provider": Sight("a code with a provider, resumed by another device and then opened"),
    "code without a provider": Sight("a code without a provider, read by another device and then opened"),
    "wrong code": Sight("a code that was refused when it was checked"),
    "degraded access": Sight("degraded access"),
    "single sign-on": Sight("single sign-on"),
    "denial": Sight("a denial", 60.0),
}
"""Seconds are the fact base's."""
