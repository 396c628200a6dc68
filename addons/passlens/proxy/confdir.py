"""mitmproxy's folder, where its certificate authority is kept: whether it can be used."""

import os
import tempfile
from pathlib import Path


def confdir_fault(confdir: str) -> str | None:
    """A sentence where mitmproxy could not keep its certificate authority in the folder, as where HOME is a folder of
    others; None where it can. mitmproxy itself ends with a traceback."""
    folder = Path(os.path.expanduser(confdir))
    if (folder / "mitmproxy-ca.pem").exists():
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        words = f"mitmproxy's certificate authority cannot be kept in {folder} ({error.strerror or error})"
        return f"{words}; name a folder that can be written: passlens proxy -- --set confdir=FOLDER."
