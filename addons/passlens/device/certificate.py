"""mitmproxy's certificate authority, as mitmproxy keeps it."""

from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from mitmproxy.certs import CertStore
from mitmproxy.options import CONF_BASENAME, CONF_DIR, KEY_SIZE

from passlens.errors import ProfileError

DEFAULT_FOLDER: Final = CONF_DIR


def authority_file(folder: str | Path = DEFAULT_FOLDER) -> Path:
    """Where the certificate of the authority stands, without its key."""
    return Path(folder).expanduser() / f"{CONF_BASENAME}-ca-cert.pem"


def authority(folder: str | Path = DEFAULT_FOLDER) -> bytes:
    """The certificate of mitmproxy's authority in DER. An authority is made, by mitmproxy's own code, if there is
    none. Raises ProfileError if the folder's files cannot be read, made or understood."""
    place = Path(folder).expanduser()
    try:
        CertStore.from_store(place, CONF_BASENAME, KEY_SIZE)
        made = stored_authority(place)
    except OSError as error:
        raise ProfileError(f"cannot read or make mitmproxy's certificate in {place}: {error.strerror}.") from None
    except (ValueError, TypeError, IndexError):
        raise ProfileError(
            f"the files in {place} are no certificate authority of mitmproxy; move {CONF_BASENAME}-ca.pem away and "
            "start again: a new one is made, which devices have to trust anew."
        ) from None
    if made is None:
        raise ProfileError(f"cannot read mitmproxy's certificate in {place}: it is gone again.")
    return made.public_bytes(Encoding.DER)


def stored_authority(folder: str | Path = DEFAULT_FOLDER) -> x509.Certificate | None:
    """The certificate that stands in the folder; None if there is none. Makes nothing; raises OSError, ValueError."""
    place = Path(folder).expanduser() / f"{CONF_BASENAME}-ca.pem"
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        return None
    return x509.load_pem_x509_certificates(data)[0]
