"""A running proxy as guide and doctor ask it by its control API: what they need of its answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from passlens.control.connection import ControlConnection
from passlens.device.link import LinkedDevice, ProxyStatus
from passlens.errors import ControlError, NoProxyError
from passlens.proxy.link_state import Link

_PAGES: Final = 20
"""Pages of findings that are read."""

_LINKS: Final[tuple[Link, ...]] = get_args(Link)


class RemoteProxy:
    """The proxy behind a connection, which may be of another version. Raises NoProxyError if it does not answer as it
    should."""

    def __init__(self, connection: ControlConnection) -> None:
        self._connection = connection

    def status(self) -> ProxyStatus:
        """What the proxy says of itself."""
        found = self._get("status")
        port = found.get("port")
        if type(port) is not int:
            raise _other_version("names no port of its proxy")
        return ProxyStatus(port, _texts(found.get("hosts")), _texts(found.get("passed")), found.get("sandbox") is True)

    def devices(self) -> Sequence[LinkedDevice]:
        """The devices that used the proxy."""
        members = self._get("devices").get("devices")
        if not isinstance(members, list):
            raise _other_version("names no devices")
        return [device for member in members if (device := read_device(member)) is not None]

    def finding_codes(self) -> frozenset[str]:
        """The codes of the findings so far."""
        codes: set[str] = set()
        since = 0
        for _ in range(_PAGES):
            page = self._get("findings", {"since": since})
            members, following = page.get("findings"), page.get("next")
            if not isinstance(members, list) or type(following) is not int:
                raise _other_version("names no findings")
            codes.update(member["code"] for member in members if isinstance(member, dict) and _text(member.get("code")))
            if not members or following == since:
                break
            since = following
        return frozenset(codes)

    def _get(self, name: str, query: Mapping[str, object] | None = None) -> Mapping[str, Any]:
        try:
            found = self._connection.call("GET", name, query)
        except ControlError as error:
            raise NoProxyError(str(error)) from None
        if not isinstance(found, dict):
            raise _other_version("answers with something that is no object")
        return found


def _other_version(what: str) -> NoProxyError:
    return NoProxyError(f"The control API {what}; let the proxy and this command be of one version of passlens.")


def read_device(member: object) -> LinkedDevice | None:
    """A device from a member of ``GET /api/v1/devices``: ``address``, ``link``, and, where it refused a certificate,
    ``refused`` and ``alert``. None for what names no address; an unknown link state says no more than that it came."""
    if not isinstance(member, dict) or not isinstance(address := member.get("address"), str):
        return None
    link: Link = next((one for one in _LINKS if one == member.get("link")), "seen")
    return LinkedDevice(address, link, _text(member.get("refused")), _text(member.get("alert")))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
