"""``passlens device`` as a process: where the password comes from and that it goes nowhere else, mistakes, and a device
that is set up from the screen."""

import os
import plistlib
import pty
import re
import subprocess
import sys
import termios
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from passlens.util.local_address import default_address
from support import warm
from support.proxy import PATIENCE

PASSWORD = "correct horse battery"
START = (sys.executable, "-m", "passlens", "device")
URL = re.compile(r"http://\S+/[a-z]{6}\b")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables of a user with a home of his own."""
    return {**warm.ENVIRONMENT, "HOME": str(tmp_path)}


def run(environment: dict[str, str], *words: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[str]":
    return warm.run([*START, *words], env=environment, stdin=stdin)


def test_a_file_gets_the_password_from_a_file_the_environment_or_standard_input(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    output = tmp_path / "tv.mobileconfig"
    words = ("apple-tv", "--ssid", "Harbour", "--address", "192.168.1.20", "--output", str(output))
    for more, variables, stdin in (
        (("--password-file", str(tmp_path / "password")), {}, b""),
        ((), {"PASSLENS_WIFI_PASSWORD": PASSWORD}, b""),
        (("--password-file", "-"), {}, PASSWORD.encode()),
    ):
        done = run({**environment, **variables}, *words, *more, stdin=stdin)
        assert done.returncode == 0, done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        wifi = plistlib.loads(output.read_bytes())["PayloadContent"][1]
        assert (wifi["SSID_STR"], wifi["Password"]) == ("Harbour", PASSWORD)
        assert output.stat().st_mode & 0o777 == 0o600
        output.unlink()
    assert (tmp_path / ".mitmproxy" / "mitmproxy-ca-cert.pem").exists()


def test_the_password_is_asked_for_without_being_shown(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "tv.mobileconfig"
    words = [*START, "apple-tv", "--ssid", "Harbour", "--address", "192.168.1.20", "--output", str(output)]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(words[0], words, environment)
    shown = b""
    while b"Wi-Fi password" not in shown:
        shown += os.read(terminal, 1000)
    while termios.tcgetattr(terminal)[3] & termios.ECHO:  # getpass switches the echo off just after it asks
        time.sleep(0.01)
    os.write(terminal, f"{PASSWORD}\n".encode())
    try:
        while chunk := os.read(terminal, 1000):
            shown += chunk
    except OSError:  # the other end is gone
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, shown
    os.close(terminal)
    assert PASSWORD.encode() not in shown
    assert plistlib.loads(output.read_bytes())["PayloadContent"][1]["Password"] == PASSWORD


def test_a_device_fetches_the_profile_and_the_password_is_nowhere(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    words = [*START, "iphone", "--ssid", "Harbour", "--password-file", str(tmp_path / "password"), "--port", "9090"]
    out = tmp_path / "out"
    with out.open("wb") as stream:
        process = subprocess.Popen(words, env=environment, stdout=stream, stderr=subprocess.STDOUT)
    try:
        url = wait_for(out, URL)
        listed = process_list()
        assert "--ssid Harbour" in listed
        assert PASSWORD not in listed
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            wifi = plistlib.loads(response.read())["PayloadContent"][1]
        assert (wifi["Password"], wifi["ProxyServer"], wifi["ProxyServerPort"]) == (PASSWORD, default_address(), 9090)
        wait_for(out, re.compile(r"\[x\] 1  \S+ fetched the profile"))
        assert "passlens proxy --port 9090" in out.read_text("utf-8")
        process.send_signal(subprocess.signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    finally:
        process.kill()
        process.wait()
    text = out.read_text("utf-8")
    assert PASSWORD not in text
    assert "Traceback" not in text
    kept = [path for path in (tmp_path / ".mitmproxy").iterdir() if PASSWORD.encode() in path.read_bytes()]
    assert kept == []


def process_list() -> str:
    """The arguments of all processes, as every user of the machine can read them."""
    if not Path("/proc/self/cmdline").exists():
        return subprocess.run(["ps", "-axww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # one that has just ended
            lines.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return "\n".join(lines)


def wait_for(path: Path, pattern: re.Pattern[str]) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := pattern.search(path.read_text("utf-8")):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(path.read_text("utf-8"))


def test_the_certificate_alone_asks_for_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "tv.mobileconfig"
    done = run(environment, "apple-tv", "--certificate-only", "--remove-after", "7", "--output", str(output))
    assert done.returncode == 0, done.stderr
    document = plistlib.loads(output.read_bytes())
    assert [one["PayloadType"] for one in document["PayloadContent"]] == ["com.apple.security.root"]
    assert "RemovalDate" in document


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "apple-tv|iphone"),
        (("appletv", "--certificate-only"), "did you mean apple-tv?"),
        (("xyz", "--certificate-only"), "known are apple-tv, iphone, android"),
        (("roku", "--certificate-only"), "docs/roku.md"),
        (("apple-tv",), "--certificate-only"),
        (("apple-tv", "--ssid", "A", "--certificate-only"), "leave --ssid out"),
        (("apple-tv", "--ssid", "A"), "PASSLENS_WIFI_PASSWORD"),
        (("apple-tv", "--ssid", "x" * 33), "--ssid"),
        (("apple-tv", "--ssid", "A", "--address", "127.0.0.1"), "--address"),
        (("apple-tv", "--ssid", "A", "--address", "192.168.1.20", "--port", "0"), "--port"),
        (("apple-tv", "--ssid", "A", "--ssid", "B"), "given twice"),
        (("apple-tv", "--ssid", "A", "--password", "x"), "there is no option --password"),
        (("apple-tv", "--certificate-only", "--remove-after", "0"), "--remove-after"),
        (("apple-tv", "--certificate-only", "--output", "missing/tv"), "the profile missing/tv cannot be written"),
    ],
)
def test_a_mistake_is_one_sentence(environment: dict[str, str], words: tuple[str, ...], says: str) -> None:
    done = run(environment, *words)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("page", ["apple-tv", "iphone", "android", "fire-tv", "roku", "simulator"])
def test_each_device_has_a_page(page: str) -> None:
    text = (warm.ROOT / "docs" / f"{page}.md").read_text("utf-8")
    assert "passlens proxy" in text
