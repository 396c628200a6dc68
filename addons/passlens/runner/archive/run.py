"""``passlens archive``: recordings in, an archive of Parquet files out, an exit status."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TextIO

from passlens import __version__
from passlens.errors import InputError, UsageError, WriteError
from passlens.runner.archive.dataset import Dataset
from passlens.runner.archive.inputs import ArchiveInput, find, is_local, is_there, path_of
from passlens.runner.archive.manifest import NAME as MANIFEST_NAME
from passlens.runner.archive.manifest import ArchivedRecording, Partition
from passlens.runner.archive.recording import Archived, ArchiveTask
from passlens.runner.archive.schema import TABLES
from passlens.runner.archive.work import Processes, WorkPool, archived
from passlens.runner.progress import Progress
from passlens.runner.signals import Stopping
from passlens.util.text import escape_controls, plural


@dataclass(frozen=True)
class ArchiveSettings:
    """Options of ``passlens archive``: the folder, how many processes, or the address of a Dask scheduler."""

    folder: str
    jobs: int = 1
    scheduler: str | None = None
    partition: Partition = "day"
    compact: bool = False
    prune: bool = False
    allow_empty: bool = False


def archive_recordings(inputs: Sequence[str], settings: ArchiveSettings, out: TextIO, err: TextIO) -> int:
    """Bring an archive up to date; returns the exit status (0, 2, 130 or 143 as ``passlens archive --help`` says).

    Raises UsageError, InputError or InstallationError where it cannot begin, WriteError where it cannot go on.
    """
    if not is_local(settings.folder):
        raise UsageError(f"{settings.folder} is no folder of this machine: archive into one, and copy it there.")
    settings = replace(settings, folder=path_of(settings.folder))
    found, missing = find(inputs, settings.folder)
    engine = _engine(settings)
    try:
        with Dataset(settings.folder, settings.partition) as dataset, Progress(err) as progress:
            update = _Update(dataset, progress)
            for trouble in missing:
                update.say(trouble.file or "input", trouble.sentence)
            tasks = update.tasks(found)
            with Stopping() as stopping:
                for task, made in stopping.until(archived(tasks, engine)):
                    update.take(task, made)
                engine.stop()
                if not stopping.asked:
                    update.finish(found, settings, whole=not missing)
    except OSError as error:
        why = f"{settings.folder} cannot be written ({error.strerror or type(error).__name__})"
        raise WriteError(f"{why}: make room or name another folder; what was finished is archived.") from None
    finally:
        engine.stop()
    out.write(update.words())
    if stopping.asked:
        words = "what was finished is archived, run it again for the rest"
        err.write(f"passlens: the run was stopped ({stopping.name}): {words}.\n")
        return stopping.status
    return InputError.exit_status if update.failed else 0


def _engine(settings: ArchiveSettings) -> WorkPool:
    if settings.scheduler is None:
        return Processes(settings.jobs)
    # Imported here, because it takes longer to load than many recordings take to read.
    from passlens.runner.archive.cluster import Cluster

    return Cluster(settings.scheduler)


class _Update:
    """One run over an archive. ``failed`` is true once something could not be read."""

    def __init__(self, dataset: Dataset, progress: Progress) -> None:
        self._dataset, self._progress = dataset, progress
        self._inputs: dict[str, ArchiveInput] = {}
        self._did: Counter[str] = Counter()
        self._bytes, self._total = 0, 0
        self.failed = False
        progress.exchanges = 0

    def say(self, name: str, sentence: str) -> None:
        """Tell the user of something that could not be read."""
        self.failed = True
        self._progress.say(f"passlens: {escape_controls(name)}: {escape_controls(sentence)}.")

    def tasks(self, found: Sequence[ArchiveInput]) -> list[ArchiveTask]:
        """What is to be done: recordings that are new, or not what they were, the largest first."""
        todo = [one for one in found if not self._is_known(one)]
        self._did["unchanged"] = len(found) - len(todo)
        self._inputs = {one.name: one for one in todo}
        self._total = sum(one.size or 0 for one in todo)
        by_day = self._dataset.by_day
        todo.sort(key=lambda one: -(one.size or 0))
        return [ArchiveTask(one.address, one.name, by_day, self._hash_of_same_size(one)) for one in todo]

    def _is_known(self, one: ArchiveInput) -> bool:
        old = self._dataset.recordings.get(one.name)
        now = (one.size, one.time, __version__)
        return old is not None and old["hash"] is not None and one.time is not None and _was(old) == now

    def _hash_of_same_size(self, one: ArchiveInput) -> str | None:
        old = self._dataset.recordings.get(one.name)
        if old is None or old["passlens"] != __version__ or one.size not in (None, old["size"]):
            return None
        return old["hash"]

    def take(self, task: ArchiveTask, made: Archived) -> None:
        """Archive what came of a task; raises OSError."""
        one, old = self._inputs[task.name], self._dataset.recordings.get(task.name)
        for sentence in made.trouble:
            self.say(one.shown, sentence)
        if made.same and old is not None:
            self._did["unchanged"] += 1
            self._dataset.note({**old, "size": one.size, "time": one.time})
        elif not made.failed:
            self._did["new" if old is None or old["hash"] is None else "changed"] += 1
            self._dataset.put(_recording(one, made), made.parts)
        else:
            self._did["failed"] += 1
            if old is None:
                self._dataset.put(_recording(one, made), ())
        self._progress.exchanges = (self._progress.exchanges or 0) + made.counts.get("exchanges", 0)
        self._bytes += one.size or 0
        self._progress.bytes(self._bytes, self._total)

    def finish(self, found: Sequence[ArchiveInput], settings: ArchiveSettings, *, whole: bool) -> None:
        """Prune and compact as asked for, once all is done; ``whole`` says that all inputs could be looked into:
        what is not found may stand packed among them."""
        recordings = self._dataset.recordings
        nothing = not any(recordings[one.name]["counts"].get("exchanges", 0) for one in found)
        if nothing and not self.failed and not settings.allow_empty:
            words = "look at them, or say --allow-empty where that is fine"
            self.say("nothing to archive", f"no exchange of the API in the inputs; {words}")
        if settings.prune and whole:
            here = {one.name for one in found}
            gone = [name for name in recordings if name not in here and not is_there(name, settings.folder)]
            self._dataset.remove(gone)
            self._did["removed"] = len(gone)
        elif settings.prune:
            self._progress.say("passlens: nothing was pruned, because not all inputs could be looked into.")
        if settings.compact:
            self._did["joined"] = self._dataset.compact()

    def words(self) -> str:
        """What was done, and what the archive holds."""
        did, recordings = self._did, self._dataset.recordings.values()
        done = [f"{did[name]} {name}" for name in ("new", "changed", "unchanged")]
        done += [f"{did[name]} {name}" for name in ("failed", "removed") if did[name]]
        done += [f"{plural(did['joined'], 'file')} fewer"] * bool(did["joined"])
        kept = [one for one in recordings if one["hash"] is not None]
        held = [f"{sum(one['counts'][table] for one in kept):,} {table}" for table in TABLES]
        partly = sum(bool(one["trouble"]) for one in kept)
        held += [f"{plural(partly, 'recording')} read in part ({MANIFEST_NAME} says why)"] * bool(partly)
        return f"recordings  {', '.join(done)}\narchive     {plural(len(kept), 'recording')}: {', '.join(held)}\n"


def _was(recording: ArchivedRecording) -> tuple[int | None, str | None, str]:
    return recording["size"], recording["time"], recording["passlens"]


def _recording(one: ArchiveInput, made: Archived) -> ArchivedRecording:
    return {
        "kind": "recording",
        "input": one.name,
        "size": one.size,
        "time": one.time,
        "hash": made.hash,
        "passlens": made.version,
        "counts": dict(made.counts),
        "files": [],
        "trouble": list(made.trouble),
        "remarks": list(made.remarks),
    }
