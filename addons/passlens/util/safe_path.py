"""No code from the current folder: a file there may be called logging.py, and comes from whoever gave it.
Imports nothing that such a file could stand in for: sys and os are there before the first search."""

import os
import sys

PACKAGES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The folder that holds passlens: who stands in it runs what is in it anyway."""


def protect() -> None:
    """Let neither this process nor those that it starts find modules in the current folder.

    Only what stands before Python's own library can take the place of a module; where the current folder is the one
    that holds passlens, it comes last.
    """
    library = os.path.dirname(os.__file__)
    own = sys.path.index(library) if library in sys.path else len(sys.path)
    front = [part for part in sys.path[:own] if not _is_current(part)]
    last = [PACKAGES] if len(front) < own and _is_current(PACKAGES) else []
    sys.path[:] = [*front, *sys.path[own:], *last]
    os.environ.update(environment())


def environment(given: dict[str, str] | None = None) -> dict[str, str]:
    """The variables for a Python that passlens starts; without ``given`` they are made from this process's own.

    An empty part of PYTHONPATH (``PYTHONPATH=$PYTHONPATH:/x`` in many a profile) is the current folder.
    """
    variables = dict(os.environ if given is None else given) | {"PYTHONSAFEPATH": "1"}
    parts = [part for part in variables.get("PYTHONPATH", "").split(os.pathsep) if not _is_current(part)]
    parts += [PACKAGES] if _is_current(PACKAGES) else []
    if parts or "PYTHONPATH" in variables:
        variables["PYTHONPATH"] = os.pathsep.join(parts)  # Python takes an empty text for none
    return variables


def _is_current(part: str) -> bool:
    try:
        return os.path.samefile(part or os.curdir, os.curdir)
    except OSError:
        return False
