"""What the end of a TLS handshake says of the certificate, and which lines of mitmproxy's log that replaces."""

import pytest

from passlens.proxy.tls_alert import Refusal, is_replaced, refusal


def openssl(words: str) -> str:
    return f"OpenSSL Error([('SSL routines', '', '{words}')])"


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (openssl("sslv3 alert certificate unknown"), Refusal("certificate unknown")),
        (openssl("tlsv1 alert unknown ca"), Refusal("unknown ca")),
        (openssl("ssl/tls alert bad certificate"), Refusal("bad certificate")),
        (openssl("tls alert certificate unknown"), Refusal("certificate unknown")),
        (openssl("sslv3 alert certificate expired"), Refusal("certificate expired")),
        ("The client disconnected during the handshake. If", Refusal(None)),
        ("connection closed early", None),
        (openssl("tlsv1 alert protocol version"), None),
        (openssl("tlsv1 alert user cancelled"), None),
        (openssl("unsupported protocol"), None),
        ("Cannot parse ClientHello: 1603", None),
        (None, None),
    ],
)
def test_only_what_is_about_the_certificate_is_a_refusal(error: str | None, found: Refusal | None) -> None:
    assert refusal(error) == found


@pytest.mark.parametrize(
    ("line", "replaced"),
    [
        ("Client TLS handshake failed. The client does not trust the proxy's certificate for a (x)", True),
        ("Client TLS handshake failed. The client disconnected during the handshake. If this", True),
        (
            f"Client TLS handshake failed. The client may not ({openssl('sslv3 alert handshake failure')})",
            True,
        ),
        ("Client TLS handshake failed. Client and mitmproxy cannot agree on a TLS version to use.", False),
        ("Client TLS handshake failed. Cannot parse ClientHello: 00", False),
        ("Server TLS handshake failed. Certificate verify failed", False),
    ],
)
def test_lines_about_other_things_stay(line: str, replaced: bool) -> None:
    assert is_replaced(line) is replaced
