"""Tries the passlens that is installed beside the Python that runs this, as its user would.
python -I .ci/installed.py TESTS: the folder of the tests, for its recordings. Nothing of the checkout is imported."""

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PASSLENS = Path(sys.executable).parent / "passlens"
PATIENCE = 120.0


def run(folder: Path, *arguments: str) -> str:
    """What a command prints; any status but 0 ends the trial."""
    command = [str(PASSLENS), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE)
    if done.returncode:
        sys.exit(f"passlens {' '.join(arguments)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def without_the_extra(folder: Path, recording: Path) -> None:
    """A command that needs an extra says what to install."""
    command = [str(PASSLENS), "archive", str(recording), "-o", "archive"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE)
    if (
        done.returncode != 3
        or "pip install 'passlens[archive]'" not in done.stderr
        or len(done.stderr.splitlines()) != 1
    ):
        sys.exit(f"passlens archive: status {done.returncode}\n{done.stdout}{done.stderr}")


def start_and_stop(folder: Path) -> None:
    """A proxy on a free port, ended by a signal once it listens."""
    command = [str(PASSLENS), "proxy", "--", "--listen-port", "0", "--set", f"confdir={folder / 'confdir'}"]
    output = folder / "proxy.txt"
    with output.open("wb") as stream:
        proxy = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream)
    end = time.monotonic() + PATIENCE
    while b"listening at" not in output.read_bytes() and proxy.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    listening = b"listening at" in output.read_bytes()
    proxy.send_signal(signal.SIGINT)
    status = proxy.wait(PATIENCE)
    text = output.read_text("utf-8")
    if not listening or status not in (0, 128 + signal.SIGINT) or "Traceback" in text:
        sys.exit(f"passlens proxy: status {status}\n{text}")


def main() -> None:
    """Try each of the commands that need everything that passlens depends on."""
    recordings = Path(sys.argv[1]).resolve() / "recordings"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        version = run(folder, "--version").strip()
        assert "partner-session" in run(folder, "demo")
        assert "partner-session" in run(folder, "check", "--fail-on", "never", str(recordings / "apple-tv.mitm"))
        run(folder, "convert", str(recordings / "apple-tv.mitm"), "-o", "apple-tv.har")
        assert "partner-session" in run(folder, "check", "--fail-on", "never", "apple-tv.har")
        run(folder, "archive", "--help")
        without_the_extra(folder, recordings / "apple-tv.mitm")
        start_and_stop(folder)
    print(f"{version} works on Python {sys.version.split()[0]}")


main()
