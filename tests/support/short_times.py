"""The shipped rule files with short times, so that a test waits for a second and not for a minute."""

import re
from pathlib import Path

from passlens.scenarios.library import shipped

NEXT, NEVER = 8000, 700
"""Milliseconds for what must come, also on a busy machine, and for what must not."""


def shortened(folder: Path, never: int = NEVER) -> Path:
    """Write them to a folder; delays are short, too, and chance draws nothing. ``never`` are milliseconds for what must
    not come."""
    for path in shipped().glob("*.yaml"):
        text = re.sub(r"within: \d+(?=\n\s+next)", f"within: {NEXT}", path.read_text())
        text = re.sub(r"within: \d+(?=\n\s+never)", f"within: {never}", text)
        text = text.replace("median: 2000", "median: 50").replace("chance: 0.1", "chance: 0.0001")
        (folder / path.name).write_text(text)
    return folder
