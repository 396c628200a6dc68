"""What comes through the proxy: its own certificate, and the clock of the server behind it."""

import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final

from passlens.proxy.link_sink import DOCTOR
from passlens.util.http_date import http_date

_NAMED: Final = {"User-Agent": DOCTOR}
_PATIENCE: Final = 10.0

_ONBOARDING: Final = "http://mitm.it/cert/pem"
"""Where every mitmproxy hands out its own certificate, unless its option onboarding is off."""

_MAX_BYTES: Final = 65536
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True)
class Visit:
    """One HEAD request to the API's host through the proxy: the leaf certificate in DER, the ``Date`` of the response
    as seconds since 1970, and what went wrong."""

    leaf: bytes | None = None
    date: float | None = None
    problem: str | None = None


def own_authority(address: str, port: int) -> bytes | None:
    """The certificate that a running mitmproxy hands out as its authority's, in PEM; None if it hands out none."""
    connection = HTTPConnection(address, port, timeout=_PATIENCE)
    try:
        connection.request("GET", _ONBOARDING, headers=_NAMED)
        response = connection.getresponse()
        data = response.read(_MAX_BYTES)
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
    return data if response.status == 200 and _BEGIN in data else None


def visit(address: str, port: int, host: str) -> Visit:
    """Ask ``host`` for its headers by TLS through the proxy, trusting anybody: it is the proxy that is looked at."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = HTTPSConnection(address, port, timeout=_PATIENCE, context=context)
    connection.set_tunnel(host, 443, dict(_NAMED))
    leaf = None
    try:
        connection.connect()
        leaf = connection.sock.getpeercert(binary_form=True)
        connection.request("HEAD", "/", headers=_NAMED)
        response = connection.getresponse()
        response.read()
    except (OSError, HTTPException) as error:
        return Visit(leaf, problem=str(error) or type(error).__name__)
    finally:
        connection.close()
    server = response.getheader("Server", "")
    problem = f"status {response.status}" if server.startswith("mitmproxy ") and response.status >= 500 else None
    return Visit(leaf, http_date(response.getheader("Date") or ""), problem)
