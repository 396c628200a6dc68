"""The journeys: every fallback, the first and the second screen are among them, and each goes as its page says."""

from typing import Any

from passlens.demo.journeys import JOURNEYS, second_screen


class Noted:
    """An app that notes what it is told to call; answers are empty, but for a url and a code."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **form: str) -> dict[str, str]:
            self.calls.append(f"{name} {' '.join(form)}".strip())
            return {"url": "/x", "code": "ABC"}

        return call


def test_titles_and_stories_are_whole() -> None:
    assert len({journey.title for journey in JOURNEYS}) == len(JOURNEYS) == 9
    assert all(journey.story.endswith(".") for journey in JOURNEYS)
    assert sum(journey.title.startswith("Fallback") for journey in JOURNEYS) == 3


def test_the_second_screen_forgets_a_parameter_once() -> None:
    noted = Noted()
    second_screen(noted)  # type: ignore[arg-type]
    assert noted.calls == [
        "create_session",
        "poll",
        "wait_to_poll",
        "retrieve_session",
        "resume_session mvpd domainName",
        "resume_session redirectUrl",
        "authenticate",
        "poll",
    ]


def test_every_journey_can_be_walked() -> None:
    for journey in JOURNEYS:
        noted = Noted()
        journey.walk(noted)  # type: ignore[arg-type]
        assert noted.calls
