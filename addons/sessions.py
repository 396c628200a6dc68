"""The script for ``mitmdump -s``: loads the passlens addon, from a checkout or from an installed package.
Everything else is in the package beside it."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if (HERE / "passlens" / "addon.py").is_file():
    sys.path.insert(0, str(HERE))

from passlens.addon import Sessions  # noqa: E402

addons = [Sessions()]
