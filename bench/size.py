"""How much is measured: enough for figures, all of it, or just enough to see that the benchmark works."""

from typing import NamedTuple


class Size(NamedTuple):
    """Requests a burst, pairs of bursts, exchanges of a recording, pairs of commands, and after how many exchanges
    the proxy's memory is read."""

    burst: int
    pairs: int
    recording: int
    commands: int
    memory: tuple[int, int]


DEFAULT = Size(burst=200, pairs=11, recording=12_000, commands=5, memory=(1_000, 6_000))
FULL = Size(burst=1_000, pairs=15, recording=100_000, commands=5, memory=(10_000, 100_000))
SMALL = Size(burst=16, pairs=1, recording=60, commands=1, memory=(16, 32))
