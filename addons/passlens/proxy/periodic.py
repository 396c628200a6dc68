"""Looks every now and then at what no hook tells of, such as whether a rule file has changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from passlens.analysis.analyzer import fault

logger = logging.getLogger(__name__)

EVERY: Final = 0.5
"""Seconds between two looks."""

Look = Callable[[], Awaitable[None] | None]


async def look_on(looks: Sequence[Look], every: float = EVERY) -> None:
    """Look until the task is cancelled. A look that fails ends neither the others nor the next."""
    while True:
        await asyncio.sleep(every)
        for look in looks:
            try:
                if (going := look()) is not None:
                    await going
            except Exception as error:
                words = "passlens: rules, the world, devices or expectations could not be looked at (%s)."
                logger.warning(words, fault(error))
