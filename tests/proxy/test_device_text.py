"""The lines about devices: the words a person needs, safe and folded."""

import re

import pytest

from passlens.proxy.device_text import MAX_NAMED, event_text
from passlens.proxy.link_state import DeviceEvent
from passlens.util.text import COLOURS

TV, HOST = "192.168.1.50", "sp.auth.adobe.com"


def told(width: int | None = None, **members: object) -> str:
    given = {"at": 0.0, "address": TV, **members}
    text = event_text(DeviceEvent(**given), lambda address: address, width=width)  # type: ignore[arg-type]
    return re.sub(r"^\S+  ", "", text)


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({"kind": "seen"}, f"{TV}  uses the proxy"),
        ({"kind": "trusts", "link": "trusts"}, f"{TV}  trusts the certificate"),
        ({"kind": "api", "link": "api"}, f"{TV}  calls the API"),
        ({"kind": "api", "link": "api", "before": "192.168.1.9"}, f"{TV}  calls the API; it was 192.168.1.9 before"),
    ],
)
def test_each_step_is_a_line(members: dict[str, object], line: str) -> None:
    assert told(**members) == line


def test_a_refusal_names_the_host_and_what_to_do() -> None:
    off = told(kind="refuses", link="refuses", host=HOST, alert="unknown ca")
    assert off.startswith(f"{TV}  refuses the certificate for {HOST}: trust is off")
    assert "Certificate Trust Settings" in off
    assert "this app pins" in told(kind="refuses", link="trusts", host=HOST, alert="unknown ca")
    assert "breaks off at the certificate" in told(kind="refuses", link="refuses", host=HOST)
    assert "clocks" in told(kind="refuses", link="refuses", host=HOST, alert="certificate expired")


def test_what_is_missing_names_hosts_that_passed_with_the_option_to_type() -> None:
    hosts = tuple(f"h{number}.example" for number in range(MAX_NAMED))
    said = told(kind="waiting", link="seen", passed=hosts)
    assert "has not asked for a host of the API yet" in said
    assert f"passed unread: {', '.join(hosts)};" in said
    assert f"--host {hosts[-1]}" in said
    assert "h0.example" not in told(kind="waiting", link="seen", passed=(*hosts, "more.example"))
    assert "and 1 more" in told(kind="waiting", link="seen", passed=(*hosts, "more.example"))
    assert "no operation of the API" in told(kind="waiting", link="trusts")
    assert HOST in told(kind="waiting", link="refuses", host=HOST)
    assert "no device has come" in told(kind="nobody", address="")


def test_names_from_traffic_cannot_move_the_cursor() -> None:
    assert "\x1b" not in told(kind="refuses", link="refuses", host="a\x1b[2J", alert="unknown ca")
    assert "\x1b" not in told(kind="waiting", link="seen", passed=("a\x1b[2J",))


@pytest.mark.parametrize("width", [80, 200])
def test_lines_keep_to_the_width(width: int) -> None:
    said = told(width, kind="refuses", link="refuses", host=HOST, alert="unknown ca")
    assert max(map(len, said.split("\n"))) <= width


def test_colours_change_no_word_and_mark_what_is_to_be_done() -> None:
    for kind, warns in (("seen", False), ("trusts", False), ("refuses", True), ("waiting", True), ("nobody", True)):
        event = DeviceEvent(kind, 0.0, TV, host=HOST)  # type: ignore[arg-type]
        plain, painted = (event_text(event, str, width=60, colour=colour) for colour in (False, True))
        assert re.sub(r"\x1b\[\d*m", "", painted) == plain
        assert (f"\x1b[{COLOURS['warning']}m" in painted) is warns
