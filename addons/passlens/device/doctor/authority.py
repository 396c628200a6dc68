"""Whether the certificate authority that profiles are made of is there, valid, and the running proxy's."""

from datetime import UTC, datetime

from cryptography import x509

from passlens.device.certificate import authority_file, stored_authority
from passlens.device.doctor.diagnosis import DoctorResult, Examined, ok, unknown, wrong
from passlens.device.doctor.probe import ask
from passlens.device.doctor.through import own_authority, visit

SUBJECT = "certificate"


def authority(given: Examined) -> DoctorResult:
    """The certificate in mitmproxy's folder exists, is valid now, and signs what the running proxy shows."""
    path = authority_file(given.folder)
    anew = "make the profile anew: passlens device apple-tv, and trust it on the device again."
    try:
        stored = stored_authority(given.folder)
    except (OSError, ValueError):
        todo = "move mitmproxy-ca.pem away; the next start makes a new one, which devices have to trust anew."
        return wrong(SUBJECT, f"{path.parent} holds no certificate that can be read", "read it", todo)
    if stored is None:
        todo = "start passlens proxy once, or make a profile: passlens device apple-tv; both make it."
        return wrong(SUBJECT, f"there is no certificate authority in {path.parent}", "looked there", todo)
    if not stored.not_valid_before_utc <= datetime.now(UTC) <= stored.not_valid_after_utc:
        until = f"{stored.not_valid_before_utc:%Y-%m-%d} to {stored.not_valid_after_utc:%Y-%m-%d}"
        todo = f"set this machine's clock, or move mitmproxy-ca.pem away, start passlens proxy, and {anew}"
        return wrong(SUBJECT, f"{path} is valid from {until}, which is not now", "read it", todo)
    return _compare(given, stored, anew)


def _compare(given: Examined, stored: x509.Certificate, anew: str) -> DoctorResult:
    path = authority_file(given.folder)
    at = next((one for one in (given.address, "127.0.0.1") if ask(one, given.port).kind == "mitmproxy"), None)
    if at is None:
        return unknown(SUBJECT, f"{path} is there", "read it", "start passlens proxy, to compare it with the proxy's.")
    todo = f"start the proxy with the folder {path.parent} (--set confdir), or {anew}"
    pem = own_authority(at, given.port)
    if pem is not None:
        how = "asked the proxy for it (mitm.it)"
        same = any(one == stored for one in x509.load_pem_x509_certificates(pem))
    else:
        leaf = visit(at, given.port, given.host).leaf
        if leaf is None:
            todo = f"let the proxy reach {given.host}, or switch its onboarding on, and ask again."
            return unknown(SUBJECT, "the proxy shows no certificate", "asked it twice", todo)
        how = f"looked at its certificate for {given.host}"
        same = _signed(x509.load_der_x509_certificate(leaf), stored)
    if not same:
        return wrong(SUBJECT, f"the running proxy has another certificate authority than {path}", how, todo)
    return ok(SUBJECT, f"{path} is the running proxy's", how)


def _signed(leaf: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(by)
    except Exception:  # a signature that is none raises one of several
        return False
    return True
