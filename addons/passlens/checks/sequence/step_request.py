"""Who called what: the request of an exchange as sequence checks see it. Read on demand, once."""

import hashlib
from typing import Any, Final

from passlens.checks.finding import earliest
from passlens.checks.sequence.groups import SESSIONS
from passlens.checks.sequence.items import MAX_RESOURCES
from passlens.checks.sequence.recorded import Recorded
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Request
from passlens.rest_v2.decisions import resources_of
from passlens.rest_v2.forms import parse_form
from passlens.util.cached_property import cached_property

MAX_ID: Final = 200
"""Characters of the id of a registration that tell it from others; a UUID has 36."""

MAX_DEVICE_INFO: Final = 4096
"""Characters of X-Device-Info that tell a device from others; a documented one has some 400."""


def fingerprint(*parts: bytes | str | None) -> str:
    """A short text that is the same for the same parts, and tells nothing of them."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part or b""
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def device_info_of(request: Request) -> str:
    """X-Device-Info as sent, bounded; empty without one."""
    return (request.header("X-Device-Info") or "")[:MAX_DEVICE_INFO]


class StepRequest(Recorded):
    """The request of an exchange with a route."""

    def __init__(self, ex: Decoded) -> None:
        super().__init__(ex)
        sent = ex.sent
        self.operation: Final = ex.operation.id
        self.client: Final = ex.request.client
        self.own_device: Final = sent.identifier_key
        """AP-Device-Identifier, the same for all spellings of one identifier."""
        self.bearer: Final = (sent.bearer.token or None) if sent.bearer is not None else None
        """The access token."""
        self.registration: Final = sent.subject[:MAX_ID] if sent.subject is not None else None
        """The client registration that a readable bearer token names; None for an opaque one."""
        self.opaque: Final = None if self.bearer is None or self.registration is not None else fingerprint(self.bearer)
        """A bearer token that names no registration, as a fingerprint."""
        self.service_provider: Final = self.parameter("serviceProvider")
        self.code: Final = self.parameter("code")
        """The code in the path; None where it is masked."""
        self.mvpd: Final = self._mvpd()
        """The MVPD that the request names."""
        self.sub = self.registration or self.opaque
        """The client registration that the bearer token speaks for; an opaque token that nobody knows stands for
        itself."""
        self.device = self.own_device
        self.told()

    # ---- who

    def told(self, *, owner: str | None = None, device: str | None = None) -> None:
        """Take over what other exchanges told: the registration of an opaque token, the device of a call that names
        none."""
        self.sub = owner or self.sub
        self.device = self.device or device
        self.actor = self.sub or self.device or self.client
        """Whose call it is: the registration, else the device, else the address: two devices are not one."""
        self.who = self.actor, self.service_provider
        """Registration and service provider."""

    @property
    def headers(self) -> dict[str, list[str]]:
        """The headers of the request by lower-case name."""
        return self._ex.request.by_name

    def header(self, name: str) -> str | None:
        """A header of the request."""
        return self._ex.request.header(name)

    @cached_property
    def device_info(self) -> str:
        """X-Device-Info as sent, bounded."""
        return device_info_of(self._ex.request)

    @property
    def apple(self) -> bool:
        """True if the request shows a platform of Apple."""
        info = self._ex.device_info
        name = str(info.shown.get("osName", "")) if info is not None else ""
        return name.lower() in ("tvos", "ios", "ipados")

    @property
    def https(self) -> bool:
        """True unless the request went over plain HTTP."""
        return self._ex.request.scheme != "http"

    def lists(self, header: str) -> bool:
        """True if the operation's page lists a request header."""
        return header in self._ex.operation.headers

    # ---- what

    @cached_property
    def partner(self) -> str | None:
        return self.parameter("partner")

    @cached_property
    def form(self) -> dict[str, str]:
        """The parameters of a form body."""
        return self._ex.form if self._ex.request.body is not None else {}

    def _mvpd(self) -> str | None:
        if self.operation in SESSIONS or self.operation == "resume-session":
            mvpd = self.form.get("mvpd") or None
            return None if self.hides(mvpd) else mvpd
        return self.parameter("mvpd")

    def in_query(self, name: str) -> str | None:
        query = parse_form(self._ex.request.query.encode("utf-8", "surrogatepass"))
        return next((one.value for one in query if one.name == name), None)

    @cached_property
    def call(self) -> str | None:
        """Method, path and body: equal for a call that is made again unchanged. None where they are not known."""
        request = self._ex.request
        return fingerprint(request.method, request.path, request.body) if self.whole else None

    @cached_property
    def headers_key(self) -> str | None:
        """The request's headers that the operation's page lists, to be compared; None where one is not known."""
        if self._ex.masked or self._ex.left_out:
            return None
        sent = self.headers
        names = sorted(map(str.lower, self._ex.operation.headers))
        return fingerprint(*(part for name in names for value in sent.get(name, ()) for part in (name, value)))

    @cached_property
    def form_key(self) -> str | None:
        """The body, to be compared; None where it is not known."""
        return fingerprint(self._ex.request.body) if self.whole else None

    @cached_property
    def saml_key(self) -> str | None:
        """The SAMLResponse, to be compared; None without one, or where it is masked."""
        saml = self.form.get("SAMLResponse")
        return None if not saml or self.hides(saml) else fingerprint(saml)

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """The resources that a decisions request asks about; empty where one is masked."""
        sent = self._ex.request.json
        found = resources_of(sent.value)[:MAX_RESOURCES] if sent is not None else ()
        return () if any(map(self.hides, found)) else found

    @property
    def sent_json(self) -> dict[str, Any]:
        """The JSON object of the request."""
        sent = self._ex.request.json
        return sent.value if sent is not None and isinstance(sent.value, dict) else {}

    @cached_property
    def partner_defect(self) -> bool:
        """True if the partner status is missing or cannot be used; a masked header is no defect."""
        if self.lacks("AP-Partner-Framework-Status"):
            return False
        status = self._ex.partner_status
        return status is None or status.defect(earliest(self._ex.sent_at)) is not None

    @cached_property
    def provider(self) -> str | None:
        """The provider id of the partner status, where the status can be used."""
        return None if self.partner_defect or self._ex.partner_status is None else self._ex.partner_status.provider

    @cached_property
    def partner_status_key(self) -> str | None:
        """The partner status, to be compared; None where it is not known."""
        name = "AP-Partner-Framework-Status"
        return None if self.lacks(name) else fingerprint(self.header(name))
