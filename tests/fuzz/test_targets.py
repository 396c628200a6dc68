"""Every fuzz target in short: its seeds, what was found for it, and some changed inputs; and that the limits bite."""

import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fuzz import limits, run
from fuzz.inputs import inputs
from fuzz.targets import CORPUS, TARGETS, kept
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Request
from passlens.rest_v2.device_info import DeviceInfo

FOUND = [(name, path) for name in TARGETS for path in kept(name)]


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_what_grows_out_of_them(name: str) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    for seed in seeds[:: max(2 * len(seeds) // target.examples, 1)]:
        limits.within_time(target.run, seed, target.seconds)
    one = max(seeds, key=len)
    long = limits.stretched(one, zlib.crc32(name.encode()), limits.SIZE // 4)
    limits.within_time(target.run, long, target.seconds)
    limits.within_memory(target.run, long, target.bytes)


@pytest.mark.parametrize(("name", "path"), FOUND, ids=[f"{name}-{path.name}" for name, path in FOUND])
def test_what_was_found_stays_mended(name: str, path: Path) -> None:
    data, target = path.read_bytes(), TARGETS[name]
    limits.within_time(target.run, data, target.seconds)
    if len(data) < 5_000:
        limits.within_time(target.run, limits.stretched(data, zlib.crc32(data)), target.seconds)
        limits.within_memory(target.run, data, target.bytes)


@pytest.mark.parametrize("name", TARGETS)
def test_changed_inputs(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=target.examples, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(inputs(target.seeds()))
    def any_of_them(data: bytes) -> None:
        target.run(data)

    any_of_them()


def test_the_corpus_is_small_and_belongs_to_targets() -> None:
    for path in CORPUS.rglob("*"):
        assert path.is_dir() or path.stat().st_size <= 20_000, path
    assert {path.name for path in CORPUS.iterdir() if path.is_dir()} <= set(TARGETS)


# ---- the harness itself


def test_slow_code_is_told() -> None:
    def quadratic(data: bytes) -> None:
        sum(data.count(b"ab", at) for at in range(len(data)))

    # A tenth of what is allowed: the yardstick of a busy machine may be several times too long.
    seconds = limits.SECONDS / 10
    limits.within_time(quadratic, b"ab" * 50, seconds)
    with pytest.raises(limits.TooSlow):
        limits.within_time(quadratic, b"ab" * 10_000, seconds)


def test_what_is_remembered_does_not_count_as_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(limits, "forget", lambda: calls.append(1))
    with pytest.raises(limits.TooSlow):
        limits.within_time(lambda data: sum(range(100_000)), b"", 0.0)
    assert len(calls) == limits.TRIES


def test_the_caches_are_emptied() -> None:
    def device_info() -> DeviceInfo | None:
        return Decoded(Exchange(Request((("X-Device-Info", "e30="),)))).device_info

    before = device_info()
    assert before is not None
    assert device_info() is before
    limits.forget()
    assert device_info() is not before


def test_memory_is_told() -> None:
    limits.within_memory(lambda data: bytes(1 << 20), b"x")
    with pytest.raises(limits.TooLarge):
        limits.within_memory(lambda data: bytes(64 << 20), b"x")


@given(st.binary(max_size=300), st.integers(0, 1 << 32))
def test_a_stretched_input_has_the_size_and_the_ends_of_the_short_one(data: bytes, seed: int) -> None:
    long = limits.stretched(data, seed, 5_000)
    assert not data or 4_900 < len(long) <= 5_000
    assert long.startswith(data[: seed % len(data)] if data else b"")


def test_what_fails_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(data: bytes) -> None:
        assert b"\x1e" not in data

    monkeypatch.setitem(TARGETS, "forms", TARGETS["forms"]._replace(run=fails))
    monkeypatch.setattr("fuzz.targets.CORPUS", tmp_path)
    with pytest.raises(AssertionError):
        run.by_hypothesis("forms", 5)
    (path,) = kept("forms")
    assert b"\x1e" in path.read_bytes()
    assert len(path.read_bytes()) < 10
