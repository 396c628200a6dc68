"""What is said of a broken installation. It imports nothing that an installation could lack."""

from passlens import __version__
from passlens.errors import InstallationError

EXTRAS = {"dask": "archive", "distributed": "archive", "fsspec": "archive", "pyarrow": "archive"}
"""Modules that come with an extra."""


def import_fault(error: ImportError) -> InstallationError:
    """An error whose text is one sentence with the cause and the next step.

    >>> str(import_fault(ModuleNotFoundError("No module named 'brotli'", name="brotli"))).partition(";")[0]
    'the module brotli is missing from this installation'
    """
    top = (error.name or "").partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and top in EXTRAS:
        return InstallationError(
            f"this needs the module {top}, which is not installed: pip install 'passlens[{EXTRAS[top]}]'"
        )
    if isinstance(error, ModuleNotFoundError) and error.name:
        cause = f"the module {error.name} is missing from this installation"
    else:
        cause = f"this installation does not fit together ({' '.join(str(error).split())[:300]})"
    return InstallationError(f"{cause}; install passlens {__version__} anew, in an environment of its own.")
