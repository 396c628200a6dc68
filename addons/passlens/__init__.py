"""passlens: see, check and explain Adobe Pass Authentication REST API V2 traffic.

From Python: ``check`` judges recordings, ``Client`` asks and steers a running proxy, ``Entry``, ``Finding`` and
``Journey`` are the types of what they give. Each is imported when it is first used, so that this import stays cheap.
"""

# Nothing is imported here: python -m passlens comes through this file while the current folder is still searched.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from passlens.analysis.entry import Entry, Journey
    from passlens.analysis.entry import FindingEntry as Finding
    from passlens.runner.result import Result, check
    from passlens.testing.client import Client

__version__ = "0.1.0"

__all__ = ["Client", "Entry", "Finding", "Journey", "Result", "__version__", "check"]

_PLACES = {
    "Client": ("passlens.testing.client", "Client"),
    "Entry": ("passlens.analysis.entry", "Entry"),
    "Finding": ("passlens.analysis.entry", "FindingEntry"),
    "Journey": ("passlens.analysis.entry", "Journey"),
    "Result": ("passlens.runner.result", "Result"),
    "check": ("passlens.runner.result", "check"),
}
"""Where each name is, and what it is called there."""


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'passlens' has no attribute {name!r}")
    module, inner = _PLACES[name]
    found = globals()[name] = getattr(__import__(module, fromlist=(inner,)), inner)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
