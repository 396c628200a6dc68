"""What is looked at every now and then: one look that fails spoils nothing."""

import asyncio

import pytest

from passlens.proxy.periodic import look_on


def test_a_look_that_fails_ends_neither_the_others_nor_the_next(caplog: pytest.LogCaptureFixture) -> None:
    looks: list[str] = []

    def fails() -> None:
        looks.append("fails")
        raise RuntimeError("made up")

    async def waits() -> None:
        looks.append("waits")
        if len(looks) == 4:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(look_on([fails, waits], every=0.0))
    assert looks == ["fails", "waits"] * 2
    told = "passlens: rules, the world, devices or expectations could not be looked at (RuntimeError"
    assert [message.startswith(told) for message in caplog.messages] == [True, True]
