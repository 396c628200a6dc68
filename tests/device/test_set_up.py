"""The set-up of a device: a device that is played fetches the profile from the address on the screen, takes certificate
and proxy from it alone, and calls the API through a real proxy."""

import io
import plistlib
import re
import ssl
import threading
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from passlens.device import serve as serving
from passlens.device import set_up
from passlens.device.certificate import authority
from passlens.device.link import LinkedDevice, ProxyStatus
from passlens.device.profile import DeviceKind
from passlens.device.remote import RemoteProxy
from passlens.device.set_up import MadeProfile, ProfileSettings, make, serve, write
from passlens.errors import ProfileError
from passlens.util.local_address import default_address
from support.controlled import controlled_proxy
from support.proxy import Proxy
from support.running import Running

PASSWORD = "correct horse battery"
PATH = "/api/v2/REF30/configuration"


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "_INTERVAL", 0.05)


class Screen(io.StringIO):
    """Somebody who reads what is printed as it comes."""

    encoding = "utf-8"

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()

    def write(self, text: str) -> int:
        with self._news:
            self._news.notify_all()
            return super().write(text)

    def wait_for(self, pattern: str) -> str:
        """The first group of a pattern, as soon as it stands there."""
        with self._news:
            assert self._news.wait_for(lambda: re.search(pattern, self.getvalue()), 20), self.getvalue()
        match = re.search(pattern, self.getvalue())
        assert match is not None
        return match[1]


def settings(confdir: Path, **changes: Any) -> ProfileSettings:
    values: dict[str, Any] = {"kind": "apple-tv", "ssid": "Harbour", "address": None, "port": None, "folder": confdir}
    return ProfileSettings(**(values | changes))


def made(confdir: Path, find: set_up.Find = lambda: None, **changes: Any) -> MadeProfile:
    return make(settings(confdir, **changes), lambda: PASSWORD, find)


class PlayedDevice:
    """It knows nothing but what the profile says."""

    def __init__(self, profile: bytes) -> None:
        payloads = {payload["PayloadType"]: payload for payload in plistlib.loads(profile)["PayloadContent"]}
        self.wifi = payloads["com.apple.wifi.managed"]
        der = payloads["com.apple.security.root"]["PayloadContent"]
        self.trust = ssl.create_default_context(cadata=der)

    def call(self, host: str, path: str, trust: ssl.SSLContext | None = None) -> int:
        """One HTTPS request through the profile's proxy, with nothing trusted but the profile's certificate, or what
        else is given."""
        assert self.wifi["ProxyType"] == "Manual"
        connection = HTTPSConnection(
            self.wifi["ProxyServer"], self.wifi["ProxyServerPort"], timeout=60, context=trust or self.trust
        )
        connection.set_tunnel(host)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.mark.parametrize("kind", ["apple-tv", "iphone"])
def test_a_device_comes_from_the_address_on_the_screen_to_its_first_exchange(
    kind: DeviceKind, confdir: Path, tmp_path: Path
) -> None:
    """With a real proxy, which tells by its control API what the device has really done."""
    with controlled_proxy(confdir, tmp_path, listen_host="") as stage:
        find: set_up.Find = lambda: RemoteProxy(stage.api)  # noqa: E731
        profile = made(confdir, find, kind=kind)
        assert profile.port == stage.proxy.port
        screen, ended = Screen(), []
        thread = threading.Thread(daemon=True, target=lambda: ended.append(serve(profile, find, screen)))
        thread.start()
        url = screen.wait_for(r"(http://\S+/[a-z]{6})\b")
        with urllib.request.urlopen(url, timeout=60) as response:
            assert response.headers["Content-Type"] == "application/x-apple-aspen-config"
            device = PlayedDevice(response.read())
        me = screen.wait_for(r"\[x\] 1  (\S+) fetched the profile")
        assert (device.wifi["SSID_STR"], device.wifi["Password"]) == ("Harbour", PASSWORD)
        with pytest.raises(ssl.SSLCertVerificationError):
            device.call("sp.auth.adobe.com", PATH, ssl.create_default_context())
        assert screen.wait_for(r"\[x\] 2  (\S+) uses the proxy") == me
        screen.wait_for(r"(\[!\] 3  \S+ refuses the certificate for sp\.auth\.adobe\.com: do step 3)")
        assert device.call("sp.auth.adobe.com", PATH) == 401  # the sandbox, which wants a token
        screen.wait_for(r"(\[x\] 3  \S+ trusts the certificate)")
        screen.wait_for(r"(\[x\] 4  \S+ called the API: all set)")
        thread.join(60)
    assert ended == [0]
    assert screen.getvalue().count("[x]") == 4
    assert PASSWORD not in screen.getvalue()


def test_the_certificate_is_mitmproxys(confdir: Path) -> None:
    content = plistlib.loads(made(confdir).profile)["PayloadContent"]
    assert content[0]["PayloadContent"] == authority(confdir)


def test_the_address_is_found_and_the_port_is_the_running_proxys_or_the_usual(confdir: Path) -> None:
    assert made(confdir).address == default_address()
    assert made(confdir).port == 8080
    assert made(confdir, lambda: Running(says=ProxyStatus(9191))).port == 9191
    assert made(confdir, lambda: Running(ended=True)).port == 8080
    chosen = made(confdir, lambda: Running(says=ProxyStatus(9191)), address="10.0.0.7", port=9090)
    assert (chosen.address, chosen.port) == ("10.0.0.7", 9090)


def test_the_certificate_alone_needs_no_password(confdir: Path) -> None:
    def unasked() -> str:
        raise AssertionError("nobody is to be asked")

    profile = make(settings(confdir, ssid=None), unasked, lambda: None)
    assert len(plistlib.loads(profile.profile)["PayloadContent"]) == 1


def test_nobody_types_a_password_for_what_cannot_be_made(confdir: Path) -> None:
    def unasked() -> str:
        raise AssertionError("nobody is to be asked")

    with pytest.raises(ProfileError, match="--ssid"):
        make(settings(confdir, ssid="x" * 33), unasked, lambda: None)


def test_the_removal_date_counts_from_now(confdir: Path) -> None:
    date = plistlib.loads(made(confdir, removal_days=7).profile)["RemovalDate"]
    away = date.replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < away <= timedelta(days=7)


def test_a_machine_without_a_network_is_told(confdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "default_address", lambda: None)
    with pytest.raises(ProfileError, match="no network"):
        made(confdir)


def test_a_file_is_the_users_alone(confdir: Path, tmp_path: Path) -> None:
    path = tmp_path / "tv.mobileconfig"
    path.write_text("older")
    path.chmod(0o644)
    profile = made(confdir)
    write(profile, path)
    assert path.read_bytes() == profile.profile
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["tv.mobileconfig"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing/tv", "tv cannot be written (No such file or directory): make its folder first."),
        ("plain/tv", "tv cannot be written (Not a directory): make its folder first."),
        ("", "cannot be written (Is a directory): name a file, not a folder."),
        ("nul\0", "cannot be written: this is no name of a file."),
    ],
)
def test_a_place_that_takes_no_file_is_one_sentence(confdir: Path, tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "plain").touch()
    with pytest.raises(ProfileError) as caught:
        write(made(confdir), tmp_path / name)
    assert str(caught.value).startswith("the profile ")
    assert str(caught.value).endswith(says)
    assert [one.name for one in tmp_path.iterdir()] == ["plain"]


def test_without_a_proxy_the_screen_says_how_to_start_one_and_sees_it_come(confdir: Path) -> None:
    running: list[Running] = []
    screen, ended = Screen(), []
    profile = made(confdir, port=9090)
    find: set_up.Find = lambda: running[0] if running else None  # noqa: E731
    thread = threading.Thread(daemon=True, target=lambda: ended.append(serve(profile, find, screen)))
    thread.start()
    assert screen.wait_for(r"(not found: start it in another terminal: passlens proxy --port 9090)\n")
    screen.wait_for("(Ctrl-C)")
    running.append(Running([LinkedDevice("192.0.2.50", "api")]))
    screen.wait_for("(the proxy runs now)")
    thread.join(60)
    assert ended == [0]


def test_a_proxy_that_ends_meanwhile_does_no_harm(confdir: Path) -> None:
    screen = Screen()
    assert serve(made(confdir), lambda: Running(ended=True), screen, 0.5) == 1
    assert "Nobody fetched the profile in time" in screen.getvalue()


def test_nobody_comes(confdir: Path) -> None:
    screen = Screen()
    assert serve(made(confdir), lambda: None, screen, 0.5) == 1
    assert screen.getvalue().endswith("start again when the device is at hand.\n")


@pytest.mark.parametrize(("running", "status"), [(None, 0), (Running(), 1)])
def test_a_device_that_only_fetches_is_told_what_is_missing(
    running: Running | None, status: int, confdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "GRACE", 0.1)
    screen, ended = Screen(), []
    profile = made(confdir)
    thread = threading.Thread(daemon=True, target=lambda: ended.append(serve(profile, lambda: running, screen, 2.0)))
    thread.start()
    url = screen.wait_for(r"(http://\S+/[a-z]{6})\b")
    urllib.request.urlopen(url, timeout=60).close()
    thread.join(60)
    assert ended == [status]
    assert "Still to do: step 2 (Install it). passlens doctor" in screen.getvalue()


def test_a_guesser_ends_it(confdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MAX_MISSES", 3)
    screen, ended = Screen(), []
    profile = made(confdir)
    thread = threading.Thread(daemon=True, target=lambda: ended.append(serve(profile, lambda: None, screen)))
    thread.start()
    url = screen.wait_for(r"(http://\S+/[a-z]{6})\b")
    for guess in ("aaaaaa", "bbbbbb", "cccccc"):
        with pytest.raises(urllib.request.HTTPError):
            urllib.request.urlopen(f"{url[:-6]}{guess}", timeout=60)
    thread.join(60)
    assert ended == [1]
    assert "somebody guesses" in screen.getvalue()


def test_a_proxy_elsewhere_is_named_in_the_profile_and_served_from_here(confdir: Path) -> None:
    screen = Screen()
    serve(made(confdir, address="proxy.example"), lambda: None, screen, 0.1)
    assert "proxy proxy.example port 8080" in screen.getvalue()
    assert f"http://{default_address()}:" in screen.getvalue()


def test_a_terminal_shows_the_code_white_on_black(confdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    serve(made(confdir), lambda: None, screen, 0.1)
    assert "\x1b[97;40m█" in screen.getvalue()
    assert re.search(r"\x1b\[1m    http://\S+    \x1b\[0m", screen.getvalue())


def test_a_proxy_that_tells_nothing_of_devices_is_found_all_the_same(
    proxy: Callable[..., Proxy], confdir: Path
) -> None:
    screen = Screen()
    serve(made(confdir, port=proxy(listen_host="").port), lambda: None, screen, 0.1)
    assert "runs, but tells nothing of devices" in screen.getvalue()
