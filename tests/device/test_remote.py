"""The control API as guide and doctor ask it."""

import pytest

from passlens.control.connection import ControlConnection
from passlens.control.runtime_file import Address
from passlens.device.link import LinkedDevice, ProxyStatus
from passlens.device.remote import RemoteProxy, read_device
from passlens.errors import NoProxyError
from support.control_api import TOKEN, ControlApi
from support.upstream import Upstream

TV = "192.168.1.50"


def remote_of(port: int, token: str = TOKEN) -> RemoteProxy:
    return RemoteProxy(ControlConnection(Address("127.0.0.1", port, token)))


def test_status_and_devices_are_read() -> None:
    with ControlApi() as api:
        remote = remote_of(api.port)
        assert remote.status() == ProxyStatus(8080, ("*.auth.adobe.com",), (), False)
        assert remote.devices() == []
        api.answers["/api/v1/status"] = {"port": 9090, "passed": ["a.example"], "sandbox": True, "more": 1}
        api.answers["/api/v1/devices"] = {"devices": [{"address": TV, "link": "api", "more": 1}]}
        assert remote.status() == ProxyStatus(9090, (), ("a.example",), True)
        assert remote.devices() == [LinkedDevice(TV, "api")]


def test_codes_of_findings_are_read_page_by_page() -> None:
    with ControlApi() as api:
        one, two = "/api/v1/findings?since=0", "/api/v1/findings?since=7"
        api.answers[one] = {"findings": [{"code": "PL251"}, {"code": 5}, "x"], "next": 7}
        api.answers[two] = {"findings": [], "next": 7}
        assert remote_of(api.port).finding_codes() == {"PL251"}
        api.answers[one] = {"findings": {}}
        with pytest.raises(NoProxyError, match="names no findings; let the proxy and this command be of one version"):
            remote_of(api.port).finding_codes()


@pytest.mark.parametrize(
    ("member", "device"),
    [
        ({"address": TV, "link": "seen"}, LinkedDevice(TV, "seen")),
        ({"address": TV, "link": "trusts", "refused": None}, LinkedDevice(TV, "trusts")),
        (
            {"address": TV, "link": "refuses", "refused": "a.example", "alert": "unknown ca"},
            LinkedDevice(TV, "refuses", "a.example", "unknown ca"),
        ),
        ({"address": TV, "link": "a later one"}, LinkedDevice(TV, "seen")),
        ({"address": TV, "link": ["api"], "refused": 7}, LinkedDevice(TV, "seen")),
        ({"link": "api"}, None),
        ("text", None),
    ],
)
def test_a_member_is_a_device(member: object, device: LinkedDevice | None) -> None:
    assert read_device(member) == device


@pytest.mark.parametrize("answer", [b"no JSON", b"[" * 100_000, [], {}, {"port": "8080"}, {"port": True}])
def test_what_is_no_answer_is_an_error(answer: object) -> None:
    with ControlApi() as api:
        api.answers["/api/v1/status"] = answer
        with pytest.raises(NoProxyError, match="control API"):
            remote_of(api.port).status()


def test_a_wrong_token_another_server_and_none_are_errors(upstream: Upstream) -> None:
    with ControlApi() as api, pytest.raises(NoProxyError, match="401"):
        remote_of(api.port, "wrong").devices()
    with pytest.raises(NoProxyError, match="is no control API of passlens"):
        remote_of(upstream.plain_port).devices()
    with pytest.raises(NoProxyError, match="is gone"):
        remote_of(api.port).devices()
