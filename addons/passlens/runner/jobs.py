"""Several recordings at a time, each judged as a whole by a process of its own; the results come in file order.
Workers write what they find to temporary files, so a long recording waits on disk and not in memory."""

import pickle
import tempfile
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from passlens.errors import ReadError
from passlens.recordings.reader import ReportProgress, total_size
from passlens.reports.formats import Words
from passlens.runner.analyze import Analyzed, analyzed, worded
from passlens.runner.settings import CheckSettings
from passlens.runner.workers import Workers

_BATCH: Final = 200
"""Items a worker writes at once."""

_EVERY: Final = 0.1
"""Seconds between two looks at what the workers have written."""

_SIZE: Final = 8
"""Bytes of the length before each batch."""


def analyzed_in_parallel(
    names: Sequence[str | ReadError],
    settings: CheckSettings,
    progress: ReportProgress | None = None,
    words: Words | None = None,
) -> Generator[Analyzed, None, None]:
    """Like ``analyzed``, with up to ``settings.jobs`` files read at a time. After KeyboardInterrupt it yields what the
    workers have written by then, and raises it again. Standard input is read by this process.

    With ``words`` the workers put entries into the words of the report, which spares this process most of its work.
    """
    with tempfile.TemporaryDirectory(prefix="passlens-") as folder:
        pool = _Pool(names, settings, Path(folder), progress, words)
        try:
            try:
                yield from pool.results()
            except KeyboardInterrupt:
                pool.stop()
                yield from pool.rest()
                raise
        finally:
            pool.stop()


@dataclass
class _Spool:
    """What a worker has written about one file."""

    path: Path
    ended: bool = False
    failure: str | None = None
    bytes: int = 0
    stream: BinaryIO | None = None
    batch: deque[Analyzed] = field(default_factory=deque)

    def read(self) -> Iterator[Analyzed]:
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
            self.bytes, items = pickle.loads(body)
            self.batch.extend(items)

    def close(self) -> None:
        """The file is done with."""
        if self.stream is not None:
            self.stream.close()
        self.path.unlink(missing_ok=True)


class _Pool:
    """Hands out files to workers, the first ones first, and gives their results in file order."""

    def __init__(
        self,
        names: Sequence[str | ReadError],
        settings: CheckSettings,
        folder: Path,
        progress: ReportProgress | None,
        words: Words | None,
    ) -> None:
        self._names, self._settings, self._progress, self._words = names, settings, progress, words
        self._total = total_size(names)
        self._spools = [_Spool(folder / f"{place}.spool") for place in range(len(names))]
        self._waiting = deque(place for place, name in enumerate(names) if name != "-" and isinstance(name, str))
        self._next = 0
        self._workers = Workers()
        self._running: dict[Future[str | None], int] = {}

    def results(self) -> Iterator[Analyzed]:
        """Everything, in file order, as it comes."""
        for place, name in enumerate(self._names):
            self._next = place
            if isinstance(name, ReadError):
                yield name
            elif name == "-":
                yield from analyzed([name], self._settings)
            else:
                spool = self._spools[place]
                while not spool.ended:
                    self._turn()
                    yield from spool.read()
                yield from spool.read()
                if spool.failure is not None:
                    yield ReadError(name, spool.failure, None, True)
                spool.close()
            if self._progress is not None:
                self._progress(sum(one.bytes for one in self._spools), self._total)
        self._next = len(self._names)

    def rest(self) -> Iterator[Analyzed]:
        """What stands written of the file in hand and of those behind it; the workers have been stopped."""
        for spool in self._spools[self._next :]:
            yield from spool.read()
            spool.close()

    def stop(self) -> None:
        """End all workers."""
        self._workers.stop()

    def _turn(self) -> None:
        """Give work to whoever has none, and wait a moment for somebody to be done."""
        while self._waiting and len(self._running) < self._settings.jobs:
            place = self._waiting.popleft()
            name, path = self._names[place], str(self._spools[place].path)
            self._running[self._workers.submit(_write, str(name), self._settings, path, self._words)] = place
        done, _ = wait(self._running, _EVERY, FIRST_COMPLETED)
        for task in done:
            spool = self._spools[self._running.pop(task)]
            spool.ended = True
            try:
                spool.failure = task.result()
            except BrokenProcessPool:
                spool.failure = "could not be read to its end (its process was ended): check it alone"


def _write(name: str, settings: CheckSettings, path: str, words: Words | None) -> str | None:
    """In a worker: write everything about a file in batches; a sentence if that failed."""
    batch: list[Analyzed] = []
    done = 0
    last = time.monotonic()

    def count(read: int, total: int | None) -> None:
        nonlocal done
        done = read

    def flush(*, end: bool = False) -> None:
        nonlocal last
        data = pickle.dumps((done, batch if words is None else worded(batch, words, last=end)))
        spool.write(len(data).to_bytes(_SIZE, "big") + data)
        spool.flush()
        batch.clear()
        last = time.monotonic()

    try:
        with open(path, "wb") as spool:
            for item in analyzed([name], settings, count):
                batch.append(item)
                if len(batch) >= _BATCH or time.monotonic() - last > _EVERY:
                    flush()
            flush(end=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return f"could not be read to its end ({why} in the folder for temporary files): make room there"
    return None
