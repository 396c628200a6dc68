"""A scripted app for the conformance run, which starts it for each scenario: python conforming_app.py [WORD ...]
It reacts as it should; wrongly in the scenarios that are named; ``idle`` does nothing, ``crash`` ends it once the
scenario has acted."""

import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT / "tests")]


def main(words: list[str]) -> None:
    """One scenario."""
    from passlens.demo.client import ProxiedClient
    from support.reactions import REACTIONS, ReactingApp

    name = os.environ["PASSLENS_SCENARIO"]
    port = urlsplit(os.environ["PASSLENS_PROXY"]).port
    assert port is not None
    client = ProxiedClient(port, Path(os.environ["PASSLENS_CA_FILE"]), "sp.auth.adobe.com")
    if "idle" in words:
        return
    app = ReactingApp(client, "a scripted television")
    app.register()
    before = REACTIONS[name].begin(app)
    if "crash" in words:
        os.kill(os.getpid(), signal.SIGKILL)
    reaction = REACTIONS[name].wrong if name in words else REACTIONS[name].right
    reaction(app, before)
    client.close()


if __name__ == "__main__":
    main(sys.argv[1:])
