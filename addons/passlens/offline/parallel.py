"""Several recordings at a time, each judged by a process of its own; what comes out is in file order all the same.
Workers write what they find to temporary files, so a long recording waits on disk and not in memory."""

import multiprocessing
import pickle
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, BinaryIO, Final

from passlens.offline.judging import Judged, judged, worded
from passlens.offline.settings import Settings
from passlens.offline.stopping import SIGNALS
from passlens.reading.splitting import Part, split
from passlens.recording import Progress, Trouble, total_size
from passlens.reports.formats import Words

_BATCH: Final = 200
"""Items a worker writes at once."""

_EVERY: Final = 0.1
"""Seconds between two looks at what the workers have written."""

_EACH: Final = 4
"""Parts of a file for each process."""

_SIZE: Final = 8
"""Bytes of the length before each batch."""


def divided(names: Sequence[str | Trouble], jobs: int) -> list[str | Part | Trouble]:
    """What so many processes read at a time: files, and large ones in more parts than processes, so that none is left
    alone with a slow one."""
    work: list[str | Part | Trouble] = []
    for name in names:
        parts = split(name, _EACH * jobs) if isinstance(name, str) and name != "-" else []
        work += parts if len(parts) > 1 else [name]
    return work


def judged_in_parallel(
    names: Sequence[str | Part | Trouble],
    settings: Settings,
    progress: Progress | None = None,
    words: Words | None = None,
) -> Generator[Judged, None, None]:
    """Like ``judged``, with up to ``settings.jobs`` files read at a time. After KeyboardInterrupt it yields what the
    workers have written by then, and raises it again. Standard input is read by this process.

    With ``words`` the workers put entries into the words of the report, which spares this process most of its work.
    """
    with tempfile.TemporaryDirectory(prefix="passlens-") as folder:
        crew = _Crew(names, settings, Path(folder), progress, words)
        try:
            try:
                yield from crew.results()
            except KeyboardInterrupt:
                crew.stop()
                yield from crew.rest()
                raise
        finally:
            crew.stop()


@dataclass
class _Worker:
    """A process and the file it has been given."""

    process: BaseProcess
    pipe: "Connection[Any, Any]"
    place: int | None = None


@dataclass
class _Spool:
    """What a worker has written about one file."""

    path: Path
    ended: bool = False
    failure: str | None = None
    bytes: int = 0
    stream: BinaryIO | None = None
    batch: deque[Judged] = field(default_factory=deque)

    def read(self) -> Iterator[Judged]:
        """The items that have been written since the last call; half a batch waits."""
        if self.stream is None:
            if not self.path.exists():
                return
            self.stream = open(self.path, "rb")  # noqa: SIM115  closed by close
        while True:
            while self.batch:
                yield self.batch.popleft()
            at = self.stream.tell()
            head = self.stream.read(_SIZE)
            size = int.from_bytes(head, "big")
            body = self.stream.read(size) if len(head) == _SIZE else b""
            if len(head) < _SIZE or len(body) < size:
                self.stream.seek(at)
                return
            self.batch.extend(pickle.loads(body))

    def close(self) -> None:
        """The file is done with."""
        if self.stream is not None:
            self.stream.close()
        self.path.unlink(missing_ok=True)


class _Crew:
    """Hands out files to workers, the first ones first, and gives their results in file order."""

    def __init__(
        self,
        names: Sequence[str | Part | Trouble],
        settings: Settings,
        folder: Path,
        progress: Progress | None,
        words: Words | None,
    ) -> None:
        self._names, self._settings, self._progress, self._words = names, settings, progress, words
        whole = [name.name if isinstance(name, Part) else name for name in names]
        self._total = total_size(list(dict.fromkeys(whole)))
        self._spools = [_Spool(folder / f"{place}.spool") for place in range(len(names))]
        self._waiting = [place for place, name in enumerate(names) if name != "-" and not isinstance(name, Trouble)]
        self._next = 0
        self._workers: list[_Worker] = []

    def results(self) -> Iterator[Judged]:
        """Everything, in file order, as it comes."""
        for place, name in enumerate(self._names):
            yield from self._results(place, name)

    def _results(self, place: int, name: str | Part | Trouble) -> Iterator[Judged]:
        self._next = place
        if isinstance(name, Trouble):
            yield name
        elif name == "-":
            yield from judged([name], self._settings)
        else:
            spool = self._spools[place]
            while not spool.ended:
                self._turn()
                yield from spool.read()
            yield from spool.read()
            if spool.failure is not None:
                yield Trouble(name.name if isinstance(name, Part) else name, spool.failure, None, True)
            spool.close()
        self._next = place + 1

    def rest(self) -> Iterator[Judged]:
        """What stands written of the file in hand and of those behind it; the workers have been stopped."""
        for place in range(self._next, len(self._names)):
            yield from self._spools[place].read()
            self._spools[place].close()

    def stop(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.process.kill()  # it is deaf to SIGTERM
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()

    def _turn(self) -> None:
        """Give work to whoever has none, and hear what the workers say for a moment."""
        idle = [worker for worker in self._workers if worker.place is None]
        while self._waiting and (idle or len(self._workers) < self._settings.jobs):
            worker = idle.pop() if idle else self._hire()
            worker.place = self._waiting.pop(0)
            with suppress(OSError):  # it has ended, which is heard below
                worker.pipe.send((self._names[worker.place], str(self._spools[worker.place].path)))
        for ready in wait([worker.pipe for worker in self._workers], _EVERY):
            self._hear(next(worker for worker in self._workers if worker.pipe is ready))

    def _hire(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_work, args=(theirs, self._settings, self._words), daemon=True)
        with _deaf():
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _hear(self, worker: _Worker) -> None:
        spool = self._spools[worker.place] if worker.place is not None else None
        try:
            done, ended, failure = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            worker.pipe.close()
            self._workers.remove(worker)
            if spool is not None:
                code = worker.process.exitcode
                spool.ended = True
                spool.failure = f"could not be read to its end (its process ended with status {code}): check it alone"
            return
        if spool is not None:
            spool.bytes, spool.ended, spool.failure = done, ended, failure
        if ended:
            worker.place = None
        if self._progress is not None:
            self._progress(sum(one.bytes for one in self._spools), self._total)


@contextmanager
def _deaf() -> Iterator[None]:
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


def _work(pipe: "Connection[Any, Any]", settings: Settings, words: Words | None) -> None:
    """A worker: takes names of files until the pipe is closed, and writes what it finds in batches."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError):
        while True:
            name, path = pipe.recv()
            failure = None
            done = 0
            try:
                with open(path, "wb") as spool:
                    for done in _spooled(name, settings, spool, words):
                        pipe.send((done, False, None))
            except BrokenPipeError:
                raise
            except OSError as error:
                why = error.strerror or type(error).__name__
                failure = f"could not be read to its end ({why} in the folder for temporary files): make room there"
            pipe.send((done, True, failure))


def _spooled(name: str | Part, settings: Settings, spool: BinaryIO, words: Words | None) -> Iterator[int]:
    """Write everything about a file; yields the bytes read so far from time to time."""
    batch: list[Judged] = []
    done = 0
    last = time.monotonic()

    def count(read: int, total: int | None) -> None:
        nonlocal done
        done = read

    def flush() -> None:
        data = pickle.dumps(batch if words is None else worded(batch, words))
        spool.write(len(data).to_bytes(_SIZE, "big") + data)
        spool.flush()
        batch.clear()

    for item in judged([name], settings, count):
        batch.append(item)
        if len(batch) >= _BATCH or time.monotonic() - last > _EVERY:
            flush()
            yield done
            last = time.monotonic()
    flush()
    yield done
