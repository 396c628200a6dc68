"""The pseudonym of a secret: stable, so that two lines about one device can still be linked, and one-way."""

import hashlib


def pseudonym(value: str) -> str:
    """The stable stand-in of a secret: the first 12 hexadecimal digits of its SHA-256.

    >>> pseudonym("fingerprint YWJj")
    'sha256:572b6000fede'
    """
    return f"sha256:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
