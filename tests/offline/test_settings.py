"""The options of a check: which codes count, and that they can be handed to another process."""

import pickle

import pytest

from passlens.offline.settings import Settings


@pytest.mark.parametrize(
    ("select", "ignore", "code", "wanted"),
    [
        ((), (), "PL204", True),
        (("PL2",), (), "PL204", True),
        (("PL2",), (), "PL301", False),
        ((), ("PL2",), "PL204", False),
        (("PL204",), ("PL2",), "PL204", True),
        (("PL2",), ("PL204",), "PL204", False),
        (("PL2",), ("PL2",), "PL204", False),
    ],
)
def test_the_longer_prefix_wins(select: tuple[str, ...], ignore: tuple[str, ...], code: str, wanted: bool) -> None:
    assert Settings(select=select, ignore=ignore).wants(code) is wanted


def test_settings_travel_to_a_worker() -> None:
    settings = Settings("json", ("PL2",), outputs=(("junit", "report.xml"),), jobs=3)
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize(
    ("form", "outputs", "shown"), [("html", (), True), ("json", (), False), ("text", ("json", "html"), True)]
)
def test_headers_and_bodies_are_made_only_for_a_report_that_shows_them(
    form: str, outputs: tuple[str, ...], shown: bool
) -> None:
    assert Settings(form, outputs=tuple((name, f"report.{name}") for name in outputs)).shows_messages is shown
