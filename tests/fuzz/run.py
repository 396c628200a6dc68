"""``python tests/fuzz/run.py TARGET --minutes N``: fuzzes one target (``all``: each in turn), by atheris where it is
installed (``uv sync --group fuzz``), else by hypothesis. What is found goes to corpus/TARGET and ends the run."""

import argparse
import multiprocessing
import sys
import tempfile
import time
import zlib
from hashlib import sha256
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "addons")]

EVERY = 16
"""One of so many inputs is stretched and measured as well."""

SLACK = 6.0
"""How much slower code is while atheris looks on."""


def attempt(name: str, data: bytes, slack: float = 1.0) -> None:
    """One input: what must hold of it, its time, and now and then that of a long one made of it, and the memory."""
    from fuzz import limits
    from fuzz.targets import TARGETS

    target = TARGETS[name]
    number = zlib.crc32(data)
    for tried in (data, limits.stretched(data, number)) if number % EVERY == 0 else (data,):
        limits.within_time(target.run, tried, target.seconds * slack)
    if number % (EVERY * 64) == 1:
        limits.within_memory(target.run, data, target.bytes)


def keep(name: str, data: bytes) -> Path:
    """Keep an input that failed."""
    from fuzz.targets import CORPUS

    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / sha256(data).hexdigest()[:16]
    path.write_bytes(data)
    print(f"\nfuzz: {name} failed; the input is kept in {path}", file=sys.stderr)
    return path


def by_atheris(name: str, seconds: int) -> None:
    """Coverage-guided; ends the process."""
    import atheris

    with atheris.instrument_imports(include=["passlens"]):
        from fuzz import inputs, targets

    def one(data: bytes) -> None:
        try:
            attempt(name, data, SLACK)
        except BaseException:
            keep(name, data)
            raise

    with tempfile.TemporaryDirectory(prefix="passlens-fuzz-") as folder:
        seeds, found, words = Path(folder) / "seeds", Path(folder) / "found", Path(folder) / "words"
        seeds.mkdir()
        found.mkdir()
        for number, seed in enumerate(targets.TARGETS[name].seeds()):
            (seeds / str(number)).write_bytes(seed)
        lines = ("".join(f"\\x{byte:02x}" for byte in word) for word in inputs.WORDS)
        words.write_text("".join(f'"{line}"\n' for line in lines))
        options = [f"-max_total_time={seconds}", "-max_len=8192", f"-dict={words}", "-rss_limit_mb=3000", "-timeout=60"]
        options += [f"-artifact_prefix={folder}/", "-print_final_stats=1", "-verbosity=0"]
        atheris.Setup([sys.argv[0], str(found), str(seeds), *options], one)
        atheris.Fuzz()


def by_hypothesis(name: str, seconds: int) -> None:
    """Without coverage; what fails is made smaller before it is kept."""
    from hypothesis import HealthCheck, given, seed, settings

    from fuzz.inputs import inputs
    from fuzz.targets import TARGETS

    failing = b""

    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(inputs(TARGETS[name].seeds()))
    def one(data: bytes) -> None:
        nonlocal failing
        try:
            attempt(name, data)
        except BaseException:
            failing = data
            raise

    end, turn = time.monotonic() + seconds, time.time_ns()
    while time.monotonic() < end:
        try:
            seed(turn)(one)()
        except BaseException:
            keep(name, failing)
            raise
        turn += 1


def main() -> int:
    """Take the words of the command line; the status is 1 if anything was found."""
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--engine", choices=["atheris", "hypothesis"], help="default: atheris where it is installed")
    chosen = parser.parse_args()
    engine = chosen.engine or ("atheris" if _has_atheris() else "hypothesis")
    run = by_atheris if engine == "atheris" else by_hypothesis
    bad = []
    for name in TARGETS if chosen.target == "all" else [chosen.target]:
        print(f"fuzz: {name} by {engine}, {chosen.minutes:g} minutes", file=sys.stderr, flush=True)
        # A process of its own: atheris ends it, and has to see the modules as they are imported.
        process = multiprocessing.get_context("spawn").Process(target=run, args=(name, round(chosen.minutes * 60)))
        process.start()
        process.join()
        bad += [name] if process.exitcode else []
    print(f"fuzz: {', '.join(bad) or 'nothing'} failed", file=sys.stderr)
    return 1 if bad else 0


def _has_atheris() -> bool:
    import importlib.util

    return importlib.util.find_spec("atheris") is not None


if __name__ == "__main__":
    sys.exit(main())
