"""Which world the sandbox plays, who asks, and what an edited file does while it runs."""

import asyncio
import logging
from pathlib import Path

import pytest

import forge
from passlens.errors import RuleFileError
from passlens.proxy.injector import Injector
from passlens.proxy.world_switch import WorldSwitch
from passlens.sandbox.world import DEFAULT

COX, BOTH = "mvpds: [{id: Cox}]\n", "mvpds: [{id: Cox}, {id: Sling}]\n"


@pytest.fixture
def injector() -> Injector:
    return Injector()


def ids(injector: Injector) -> list[str]:
    return [mvpd.id for mvpd in injector.api.world.mvpds]


def test_a_world_is_played_until_none_is_named(injector: Injector, tmp_path: Path) -> None:
    path, switch = tmp_path / "world.yaml", WorldSwitch(injector)
    path.write_text(COX)
    switch.play(str(path))
    assert ids(injector) == ["Cox"]
    switch.play("")
    assert injector.api.world is DEFAULT
    asyncio.run(switch.refresh())


def test_a_world_with_mistakes_is_refused_and_changes_nothing(injector: Injector, tmp_path: Path) -> None:
    path, switch = tmp_path / "world.yaml", WorldSwitch(injector)
    path.write_text("mvpd: []")
    with pytest.raises(RuleFileError, match="did you mean mvpds"):
        switch.play(str(path))
    assert injector.api.world is DEFAULT


@pytest.mark.parametrize(("world", "option"), [("ask", ""), ("ask", "at-once"), ("at-once", "ask"), ("at-once", "")])
def test_the_page_asks_if_the_world_or_the_option_says_so(
    injector: Injector, tmp_path: Path, world: str, option: str
) -> None:
    path, switch = tmp_path / "world.yaml", WorldSwitch(injector)
    path.write_text(f"sign_in: {world}\n")
    switch.play(str(path))
    switch.sign_in(option)
    assert injector.api.interactive is ("ask" in (world, option))


def test_what_is_played_is_told_in_a_line(injector: Injector, tmp_path: Path) -> None:
    path, switch = tmp_path / "world.yaml", WorldSwitch(injector)
    switch.play("")
    assert switch.words() == "made-up MVPDs: HarbourCable, MeridianFiber, LanternDSL, QuarryNet and 2 more"
    path.write_text(BOTH)
    switch.play(str(path))
    assert switch.words() == "world.yaml: Cox, Sling"


def test_an_edit_is_taken_and_a_broken_one_is_told_once(
    injector: Injector, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, switch = tmp_path / "world.yaml", WorldSwitch(injector)
    path.write_text(COX)
    switch.play(str(path))
    session = injector.api.sessions.open("SP", "tv", now=forge.CLOCK, rng=injector.api.rng)
    with caplog.at_level(logging.INFO):
        path.write_text(f"{BOTH}sign_in: ask\n")
        asyncio.run(switch.refresh())
        assert (ids(injector), injector.api.interactive) == (["Cox", "Sling"], True)
        assert "the world world.yaml was read again (2 MVPDs)" in caplog.text
        path.write_text("mvpds: [{id: Cox, knd: regular}]\n")
        for _ in range(3):
            asyncio.run(switch.refresh())
    assert ids(injector) == ["Cox", "Sling"]
    assert caplog.text.count("did you mean kind? The last good world stays.") == 1
    # Sessions outlive the world.
    assert injector.api.sessions.by_code(session.code, "SP") is session


def test_an_edit_of_a_world_that_was_left_meanwhile_is_not_taken(
    injector: Injector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, switch = tmp_path / "world.yaml", WorldSwitch(injector)
    path.write_text(COX)
    switch.play(str(path))
    path.write_text(BOTH)

    async def left(work: object) -> None:
        switch.play("")

    monkeypatch.setattr(asyncio, "to_thread", left)
    asyncio.run(switch.refresh())
    assert injector.api.world is DEFAULT
