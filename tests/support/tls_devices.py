"""Devices before a proxy, by what they do when they see its certificate: trust, refuse, hang up. Each comes from an
address of this machine."""

import socket
import ssl
from contextlib import closing, suppress

from support.clients import trusting
from support.proxy import Proxy

PATIENCE = 60.0
HOST = "sp.auth.adobe.com"
HERE = "127.0.0.1"

CERTIFICATE_EXPIRED = b"\x15\x03\x03\x00\x02\x02\x2d"
"""A record of TLS 1.2 with the fatal alert 45 (RFC 5246, section 7.2)."""


def tunnel(proxy: Proxy, host: str = HOST, device: str = HERE) -> socket.socket:
    """A connection through the proxy."""
    line = socket.create_connection(("127.0.0.1", proxy.port), PATIENCE, (device, 0))
    line.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = line.recv(1)
        assert piece, head
        head += piece
    return line


def trust(proxy: Proxy, host: str = HOST, device: str = HERE) -> None:
    """Agree on TLS, and ask for nothing."""
    with closing(tunnel(proxy, host, device)) as line:
        trusting(proxy.ca).wrap_socket(line, server_hostname=host).close()


def distrust(proxy: Proxy, host: str = HOST, device: str = HERE) -> None:
    """Begin TLS as a client does that knows nothing of the proxy's authority."""
    with closing(tunnel(proxy, host, device)) as line, suppress(ssl.SSLError):
        ssl.create_default_context().wrap_socket(line, server_hostname=host)


def hang_up(proxy: Proxy, host: str = HOST, device: str = HERE, last: bytes = b"") -> None:
    """Send a ClientHello of TLS 1.2, read what comes, send some last bytes, and close."""
    outgoing, context = ssl.MemoryBIO(), ssl.create_default_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    secure = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=host)
    with suppress(ssl.SSLWantReadError):
        secure.do_handshake()
    with closing(tunnel(proxy, host, device)) as line:
        line.sendall(outgoing.read())
        assert line.recv(1 << 16)
        line.sendall(last)
