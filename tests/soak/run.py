"""The script that runs a soak from a checkout: ``uv run python tests/soak/run.py --minutes 30 --output docs/soak.md``.
Everything else is in soak.py beside it."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
# The folder of this file would give its modules a second name.
sys.path[:1] = [str(TESTS), str(TESTS.parent / "addons")]

from soak.soak import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
