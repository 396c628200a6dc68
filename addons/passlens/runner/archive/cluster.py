"""The workers of a Dask cluster, in place of processes of this machine. Dask gives a task whose worker was lost to
another one; a task that has cost several workers is given up."""

import logging
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, ParamSpec, TypeVar

from distributed import Client
from distributed.comm import get_address_host

from passlens import __version__
from passlens.errors import UsageError
from passlens.runner.archive.recording import passlens_version

PATIENCE: Final = 60.0
"""Seconds without a worker after which nobody is expected any more."""

_TIMEOUT: Final = 10.0
"""Seconds in which a scheduler answers."""

P = ParamSpec("P")
T = TypeVar("T")


class Cluster:
    """A cluster by the address of its scheduler. Raises UsageError where none answers, or its workers are not fit."""

    def __init__(self, address: str) -> None:
        _silence()
        try:
            get_address_host(address)  # a client of none leaves a traceback behind
        except ValueError:
            raise UsageError(
                f"{address!r} is no address of a Dask scheduler; expected one such as tcp://lab:8786."
            ) from None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # other releases of other modules; passlens' own is looked at below
                self.client = Client(address, timeout=_TIMEOUT, set_as_default=False)
        except (OSError, ValueError) as error:
            words = f"no Dask scheduler answers at {address} ({type(error).__name__}): start one with dask scheduler"
            raise UsageError(f"{words}, and workers with dask worker {address}.") from None
        try:
            threads = self.client.nthreads()
            look_at(address, self.client.run(passlens_version, on_error="return"))
        except BaseException:
            self.client.close()
            raise
        self.width = 2 * sum(threads.values())
        """Tasks that keep all workers busy while this process writes."""
        self._executor = self.client.get_executor(pure=False)
        self._seen = time.monotonic()

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a function on some worker."""
        task: Future[T] = self._executor.submit(function, *args, **kwargs)
        return task

    def fault(self) -> str | None:
        """Why nobody will ever do what is asked for, as a clause; None while somebody may."""
        try:
            if self.client.nthreads():
                self._seen = time.monotonic()
        except Exception:  # in many kinds
            return "its scheduler was lost"
        return "it has no workers any more" if time.monotonic() - self._seen > PATIENCE else None

    def stop(self) -> None:
        """Want nothing more of it; the cluster itself goes on."""
        self.client.close()


def _silence() -> None:
    """Let the library say nothing by itself, with tracebacks: what fails is told by whoever asked for it. Each of its
    loggers has a level of its own."""
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def look_at(address: str, found: dict[str, object]) -> None:
    """Raise UsageError unless there are workers and all have this passlens."""
    if not found:
        raise UsageError(f"the cluster at {address} has no workers: start some with dask worker {address}.")
    for worker, has in found.items():
        if has != __version__:
            what = f"passlens {has}" if isinstance(has, str) and has else "no passlens that runs"
            words = f"the worker {worker} has {what}: install passlens[archive] {__version__} on all workers"
            raise UsageError(f"{words}, and start them anew.")
