"""Processes that read recordings, each behind an executor of its own: one that is lost takes only its own task with it.
They run no code from the current folder, signals for the group are for the process that started them, and they end
with it, also where it is killed."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from passlens.runner.signals import SIGNALS
from passlens.util.safe_path import environment

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class _Worker:
    executor: ProcessPoolExecutor
    pid: int
    task: Future[Any] | None = None

    @property
    def idle(self) -> bool:
        return self.task is None or self.task.done()

    @property
    def lost(self) -> bool:
        task = self.task
        return task is not None and task.done() and isinstance(task.exception(), BrokenProcessPool)


class Workers:
    """Processes that are started when there is something to do. A task whose process was ended raises
    BrokenProcessPool; the next task gets a new process."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a function in a process that has nothing to do, or in a new one."""
        for worker in [worker for worker in self._workers if worker.lost]:
            worker.executor.shutdown()
            self._workers.remove(worker)
        idle = next((worker for worker in self._workers if worker.idle), None)
        worker = idle if idle is not None else self._hire()
        worker.task = task = worker.executor.submit(function, *args, **kwargs)
        return task

    def pid(self, task: Future[Any]) -> int:
        """The process that runs a task, or ran it last."""
        return next(worker.pid for worker in self._workers if worker.task is task)

    def stop(self) -> None:
        """End all processes; they ignore SIGTERM."""
        for worker in self._workers:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        for worker in self._workers:
            worker.executor.shutdown(cancel_futures=True)
        self._workers.clear()

    def _hire(self) -> _Worker:
        executor = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin)
        with _signals_blocked(), _safe_path():
            pid = executor.submit(os.getpid)  # starts the process
        self._workers.append(_Worker(executor, pid.result()))
        return self._workers[-1]


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Ctrl-C and SIGTERM, which may be sent to the whole group, are for this process; one that is started in here
    never sees them."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _safe_path() -> Iterator[None]:
    """A process that is started in here looks for no module in the current folder; multiprocessing hands on the
    variables of this one."""
    wanted = environment()
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin() -> None:
    """What a new process does first."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    # It holds both ends of the pipe that its tasks come through, and would wait for the next one for ever.
    threading.Thread(target=_end_with_parent, name="end of parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
