"""The certificate authority, with each cause made."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from passlens.device import certificate
from passlens.device.doctor.authority import authority
from passlens.device.doctor.diagnosis import Examined
from support.proxy import Proxy
from support.upstream import Upstream


def given(folder: Path, port: int = 1) -> Examined:
    return Examined("127.0.0.1", port, folder, "sp.auth.adobe.com")


def test_the_running_proxys_own_is_well(proxy: Callable[..., Proxy], confdir: Path) -> None:
    diagnosis = authority(given(confdir, proxy().port))
    assert (diagnosis.state, diagnosis.how) == ("ok", "asked the proxy for it (mitm.it)")


def test_where_there_is_none_it_is_told_and_none_is_made(tmp_path: Path) -> None:
    diagnosis = authority(given(tmp_path / "new"))
    assert diagnosis.state == "wrong"
    assert "there is no certificate authority" in diagnosis.what
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("onboarding", [True, False])
def test_another_one_than_the_running_proxys(proxy: Callable[..., Proxy], tmp_path: Path, onboarding: bool) -> None:
    certificate.authority(tmp_path)
    diagnosis = authority(given(tmp_path, proxy(onboarding=onboarding).port))
    assert diagnosis.state == "wrong"
    assert "another certificate authority" in diagnosis.what
    assert "make the profile anew" in diagnosis.todo


def test_without_onboarding_the_leaf_tells_it(proxy: Callable[..., Proxy], confdir: Path) -> None:
    diagnosis = authority(given(confdir, proxy(onboarding=False).port))
    assert (diagnosis.state, diagnosis.how) == ("ok", "looked at its certificate for sp.auth.adobe.com")


def test_a_proxy_that_shows_no_certificate_cannot_be_judged(confdir: Path) -> None:
    with Upstream() as gone:
        pass
    with Proxy(confdir, upstream=gone, onboarding=False) as running:
        assert authority(given(confdir, running.port)).state == "unknown"


def test_without_a_proxy_there_is_nothing_to_compare(confdir: Path, tmp_path: Path) -> None:
    shutil.copytree(confdir, tmp_path / "copy")
    assert authority(given(tmp_path / "copy")).state == "unknown"


def test_its_line_is_named_like_what_it_is_about(tmp_path: Path) -> None:
    assert authority(given(tmp_path)).subject == "certificate"


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "mitmproxy-ca.pem").write_text("nothing of the kind")
    diagnosis = authority(given(tmp_path))
    assert diagnosis.state == "wrong"
    assert "no certificate that can be read" in diagnosis.what


@pytest.mark.parametrize("days", [-20, 10])
def test_one_that_is_not_valid_now(tmp_path: Path, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mitmproxy")])
    begins = datetime.now(UTC) + timedelta(days=days)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, begins, begins + timedelta(days=10))
    pem = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (tmp_path / "mitmproxy-ca.pem").write_bytes(pem)
    diagnosis = authority(given(tmp_path))
    assert diagnosis.state == "wrong"
    assert "which is not now" in diagnosis.what
