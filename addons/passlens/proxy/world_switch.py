"""Which world the sandbox plays, read again when its file changes, and whether the provider's page asks."""

import asyncio
import logging
from pathlib import Path

from mitmproxy.log import ALERT

from passlens.proxy.injector import Injector
from passlens.sandbox.world import DEFAULT, World
from passlens.scenarios.world_file import RunningWorld
from passlens.util.text import escape_controls, plural

logger = logging.getLogger(__name__)


class WorldSwitch:
    """Changes the sandbox's world; virtual sessions and profiles stay. Mistakes are ValueErrors with a sentence."""

    def __init__(self, injector: Injector) -> None:
        self._injector = injector
        self._running: RunningWorld | None = None
        self._asks = False

    def play(self, path: str) -> None:
        """Play the world of a file, or the made-up one where no file is named."""
        running = RunningWorld(Path(path).expanduser()) if path else None
        self._running = running
        self._take(running.world if running is not None else DEFAULT)

    def sign_in(self, choice: str) -> None:
        """Let the provider's page ``ask``, or sign in ``at-once`` unless the world says ask."""
        self._asks = choice == "ask"
        self._take(self._injector.api.world)

    def words(self) -> str:
        """What the sandbox plays, for people: the file, and some of its MVPDs."""
        source = self._running.path.name if self._running is not None else "made-up MVPDs"
        return f"{source}: {self._injector.api.world.names()}"

    async def refresh(self) -> None:
        """Take a changed file; to be called every now and then. A large one is read beside the traffic."""
        running = self._running
        if running is None or not running.is_changed:
            return
        problem = await asyncio.to_thread(running.refresh)
        if running is not self._running:
            return  # Another world was named meanwhile.
        if problem is not None:
            for sentence in problem.split("\n"):
                logger.warning("passlens: %s", escape_controls(sentence))
            return
        self._take(running.world)
        name = escape_controls(running.path.name)
        logger.log(ALERT, "passlens: the world %s was read again (%s).", name, plural(len(running.world.mvpds), "MVPD"))

    def _take(self, world: World) -> None:
        self._injector.play(world)
        self._injector.api.interactive = self._asks or world.sign_in == "ask"
