"""PL690: what a scenario expects of the app did not come, or what it must not do came (scenarios/expectations.py)."""

from passlens.checks.finding import Hit


def expectation_not_met(scenario: str, name: str, seen: str, acted: int | None) -> Hit:
    """The app did not do what the scenario expects of it.

    Why: A scenario makes a documented answer happen; what the app should do then stands under expect in its rule file.
    Example: code-expired answers that the code is over, and the app polls on.
    Do: Read the scenario's header, and mend what the app does after this answer.
    """
    words = "Not as the scenario expects ({expected}): {actual}."
    related = () if acted is None else (acted,)
    return Hit("status", words, f"{scenario}: {name}", seen, related=related)
