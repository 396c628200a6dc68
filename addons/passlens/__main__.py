"""The command line from its first line on, for ``passlens`` and for ``python -m passlens``: nothing but passlens and
Python's own library may be imported from here on. Everything else is in cli/main.py, which takes a moment to load:
whoever presses Ctrl-C in that moment gets no traceback, and whoever lacks a module gets a sentence."""

import os
import sys

# The part of signal that is there before the first search for a module.
from _signal import SIGINT, signal  # type: ignore[import-not-found]

# From here on Ctrl-C ends the process at once: an exception in the middle of an import may get lost there.
signal(SIGINT, lambda *_: os._exit(130))

# The first of all: until then the current folder may be searched.
from passlens.util.safe_path import protect  # noqa: E402


def main() -> None:
    """Run the command and exit."""
    protect()
    from passlens.cli.installation import import_fault

    try:
        from passlens.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
    except ImportError as error:
        fault = import_fault(error)
        print(f"passlens: {fault}", file=sys.stderr)
        sys.exit(fault.exit_status)


if __name__ == "__main__":
    main()
