"""``passlens check`` that judges each exchange alone: for comparison with sequence checks, journeys, expectations.

The same code and the same output otherwise; arguments are those of ``passlens check``."""

import sys

from passlens.analysis.tracker import Tracker
from passlens.cli.main import main

Tracker.feed = lambda self, ex, entry: []  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.argv[1:1] = ["check"]
    main()
