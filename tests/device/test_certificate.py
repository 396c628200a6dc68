"""mitmproxy's certificate authority."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from passlens.device.certificate import authority, authority_file, stored_authority
from passlens.errors import ProfileError
from support.proxy import Proxy


def test_an_authority_is_made_where_there_is_none(tmp_path: Path) -> None:
    assert stored_authority(tmp_path / "new") is None
    der = authority(tmp_path / "new")
    name = x509.load_der_x509_certificate(der).subject.rfc4514_string()
    assert "mitmproxy" in name
    assert authority(tmp_path / "new") == der
    assert stored_authority(tmp_path / "new") == x509.load_der_x509_certificate(der)
    assert (tmp_path / "new" / "mitmproxy-ca.pem").stat().st_mode & 0o077 == 0


def test_it_is_the_one_of_the_proxy_that_runs(tmp_path: Path) -> None:
    der = authority(tmp_path)
    with Proxy(tmp_path) as proxy:
        assert proxy.ca == authority_file(tmp_path)
        assert ssl.PEM_cert_to_DER_cert(proxy.ca.read_text()) == der


def test_files_that_are_no_authority_are_told(tmp_path: Path) -> None:
    (tmp_path / "mitmproxy-ca.pem").write_text("nothing of the kind")
    with pytest.raises(ProfileError, match=r"no certificate authority of mitmproxy; move mitmproxy-ca\.pem away"):
        authority(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProfileError, match="cannot read or make"):
        authority(tmp_path / "file")
