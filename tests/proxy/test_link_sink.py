"""Real clients in front of a running ``passlens proxy``: one that never trusts, one that pins a host, one that never
calls the API, one that closes without a word, and one that does all right. Each is told so once."""

import re
from collections.abc import Callable
from pathlib import Path

from cases import case
from passlens.device.doctor.probe import ask
from passlens.device.doctor.through import own_authority, visit
from passlens.proxy.link_state import CLOSINGS
from support import remote
from support.clients import Http1Client
from support.proxy import Proxy, becomes
from support.tls_devices import HOST, distrust, hang_up, trust
from support.upstream import Upstream


def test_one_that_does_all_right(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    running = proxy(command=becomes(), scripts=[])
    running.wait_for(r"looks into   \*\.auth\.adobe\.com")
    for _ in range(3):
        upstream.play(case("P1"))
        with Http1Client(running.port, running.ca) as client:
            client.case(case("P1"))
    running.stop()
    for words in ("uses the proxy", "trusts the certificate", "calls the API"):
        assert running.stdout.count(f"127.0.0.1  {words}") == 1, words
    assert "3 exchanges" in running.stdout
    assert f"port {running.port}, this machine only" in running.stdout


def test_one_that_never_trusts(proxy: Callable[..., Proxy]) -> None:
    running = proxy(command=becomes(), scripts=[])
    for _ in range(3):
        distrust(running)
    running.wait_for("refuses the certificate")
    running.stop()
    assert running.stdout.count(f"refuses the certificate for {HOST}: trust is off") == 1
    assert "TLS handshake failed" not in running.stdout + running.stderr
    assert "0 exchanges" in running.stdout


def test_one_that_pins_a_host_after_it_trusted_another(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    running = proxy(command=becomes(), scripts=[])
    upstream.play(case("P1"))
    with Http1Client(running.port, running.ca) as client:
        client.case(case("P1"))
    distrust(running, "api.auth.adobe.com")
    distrust(running, "api.auth.adobe.com")
    assert running.wait_for(r"refuses the certificate for api\.auth\.adobe\.com: the device trusts it elsewhere, so")
    running.stop()
    assert running.stdout.count("so this app pins") == 1


def test_one_that_closes_without_an_alert(proxy: Callable[..., Proxy]) -> None:
    running = proxy(command=becomes(), scripts=[])
    for _ in range(CLOSINGS + 1):
        hang_up(running)
    assert running.wait_for(rf"breaks off at the certificate for {HOST}")
    running.stop()
    assert running.stdout.count("breaks off") == 1


def test_plain_mitmdump_tells_of_its_clients_itself(proxy: Callable[..., Proxy]) -> None:
    running = proxy()
    distrust(running)
    assert running.wait_for("Client TLS handshake failed")
    running.stop()
    assert "refuses the certificate" not in running.stdout
    assert "looks into" not in running.stdout


def test_a_status_tells_how_far_each_device_is(proxy: Callable[..., Proxy]) -> None:
    running = proxy(command=becomes(), scripts=[Path(remote.__file__)])
    distrust(running)
    running.wait_for("refuses the certificate")
    # Its own certificate is the origin's, and nobody looks into it.
    distrust(running, "video.elsewhere.example")
    with Http1Client(running.port, host=remote.HOST) as client:
        said = client.request("POST", "/run", (), b"passlens.status").body.decode()
    line = f"device 127.0.0.1 does not trust the certificate, refused the certificate for {HOST}, 1 host passed unread"
    assert line in said.split("\n")


def test_after_a_while_each_is_told_what_is_missing_once(proxy: Callable[..., Proxy]) -> None:
    running = proxy(command=becomes(), scripts=[Path(remote.__file__).with_name("impatient.py")])
    running.wait_for("no device has come so far: type address and port, as above")
    distrust(running, "video.elsewhere.example", "127.0.0.2")
    distrust(running, HOST, "127.0.0.3")
    trust(running, HOST, "127.0.0.4")
    passed = r"passed unread: video\.elsewhere\.example; if one of them serves the API, start with --host video"
    hints = (
        rf"127\.0\.0\.2  has not asked for a host of the API yet: open the app; {passed}",
        rf"127\.0\.0\.3  still does not take the certificate for {HOST}: install it, switch its trust on",
        r"127\.0\.0\.4  trusts the certificate, but has called no operation of the API yet: sign in or play",
    )
    for hint in hints:
        running.wait_for(hint)
    for device in ("127.0.0.2", "127.0.0.3", "127.0.0.4"):
        distrust(running, "video.elsewhere.example", device)
    running.stop()
    for hint in ("no device has come so far", *hints):
        assert len(re.findall(hint, running.stdout)) == 1, running.stdout


def test_whoever_only_connects_and_the_doctor_are_no_devices(proxy: Callable[..., Proxy]) -> None:
    running = proxy(command=becomes(), scripts=[])
    assert ask("127.0.0.1", running.port).kind == "mitmproxy"
    assert own_authority("127.0.0.1", running.port)
    assert visit("127.0.0.1", running.port, HOST).leaf
    running.stop()
    assert "  no device has used the proxy\n" in running.stdout
    assert "127.0.0.1  " not in running.stdout
