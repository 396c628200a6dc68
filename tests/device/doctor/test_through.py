"""What comes through a real proxy."""

import ssl
from collections.abc import Callable
from pathlib import Path

from passlens.device.certificate import authority
from passlens.device.doctor.through import own_authority, visit
from support.proxy import Proxy
from support.reply import Reply
from support.upstream import Upstream

HOST = "sp.auth.adobe.com"


def test_a_mitmproxy_hands_out_its_certificate(proxy: Callable[..., Proxy], confdir: Path) -> None:
    pem = own_authority("127.0.0.1", proxy().port)
    assert pem is not None
    assert ssl.PEM_cert_to_DER_cert(pem.decode()) == authority(confdir)


def test_without_onboarding_it_hands_out_none(proxy: Callable[..., Proxy]) -> None:
    assert own_authority("127.0.0.1", proxy(onboarding=False).port) is None
    assert own_authority("127.0.0.1", 1) is None


def test_a_visit_brings_the_leaf_and_the_date(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    upstream.on("HEAD", "/", Reply(200, (("Date", "Sat, 02 Jan 2027 03:04:05 GMT"),)))
    seen = visit("127.0.0.1", proxy().port, HOST)
    assert (seen.date, seen.problem) == (1798859045.0, None)
    assert seen.leaf is not None


def test_a_date_that_is_none_is_left_out(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    upstream.play(Reply(200, (("Date", "yesterday"),)), Reply(200))
    port = proxy().port
    assert visit("127.0.0.1", port, HOST).date is None
    assert visit("127.0.0.1", port, HOST).date is None


def test_a_server_that_is_not_reached_is_a_problem(confdir: Path) -> None:
    with Upstream() as gone:
        pass
    with Proxy(confdir, upstream=gone) as running:
        assert visit("127.0.0.1", running.port, HOST).problem
    assert visit("127.0.0.1", running.port, HOST).problem is not None
