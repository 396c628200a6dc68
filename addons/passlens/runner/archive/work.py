"""Who archives recordings, and what comes of them as it comes: processes of this machine, or a cluster."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Final, Protocol

from passlens import __version__
from passlens.runner.archive.recording import Archived, ArchiveTask, archive_recording
from passlens.runner.workers import Workers

_EVERY: Final = 1.0
"""Seconds between two looks at whether anybody is still at work."""


class WorkPool(Protocol):
    """Who does the work; ``width`` tasks are handed out at a time."""

    width: int

    def submit(self, function: Callable[[ArchiveTask], Archived], task: ArchiveTask, /) -> "Future[Archived]":
        """Have a task done."""

    def fault(self) -> str | None:
        """Why no task will ever be done, as a clause; None while that may be."""

    def stop(self) -> None:
        """Nothing more is wanted."""


class Processes(Workers):
    """So many processes of this machine."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def fault(self) -> str | None:
        """None: in the place of a process that is lost comes another."""
        return None


def archived(tasks: Sequence[ArchiveTask], engine: WorkPool) -> Generator[tuple[ArchiveTask, Archived], None, None]:
    """Each task with what came of it, in the order in which they are done; a worker that is lost costs its task."""
    waiting, running = deque(tasks), dict[Future[Archived], ArchiveTask]()
    idle = True
    while waiting or running:
        if idle and (fault := engine.fault()) is not None:
            for task in (*running.values(), *waiting):
                yield task, failure(f"could not be archived ({fault}): run it again")
            return
        while waiting and len(running) < engine.width:
            task = waiting.popleft()
            running[engine.submit(archive_recording, task)] = task
        done, _ = wait(running, _EVERY, FIRST_COMPLETED)
        idle = not done or any(future.cancelled() for future in done)
        for future in done:
            yield running.pop(future), _result(future)


def failure(sentence: str) -> Archived:
    """What came of a task that nobody has done."""
    return Archived(__version__, None, trouble=(sentence,), failed=True)


def _result(future: "Future[Archived]") -> Archived:
    try:
        found = future.result()
    except BrokenProcessPool:
        return failure("could not be archived (its process was ended): check it alone")
    except CancelledError:
        return failure("could not be archived (its scheduler was lost): run it again")
    except Exception as error:
        # Its text is the cluster's, and may quote anything.
        name = type(error).__name__
        why = "each worker that took it was lost" if name == "KilledWorker" else f"{name} on the cluster"
        return failure(f"could not be archived ({why}): check it alone")
    if found.version != __version__:
        return failure(
            f"was archived by passlens {found.version}, this is {__version__}: install the same on all workers"
        )
    return found
