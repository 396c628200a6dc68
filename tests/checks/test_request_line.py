"""PL101 to PL103: the request line.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

from dataclasses import replace

import pytest

import forge
from passlens.exchange.injection import Action, Injection
from support.examples import Example, codes, exchange, parametrize, verify, with_code

SP = forge.SERVICE_PROVIDER
CODE = forge.code("RS-B")

EXAMPLES = [
    Example(
        "PL101",
        trigger=exchange("RS-B", path=f"/api/v2/sessions/{SP}/{CODE}"),
        near=exchange("RS-B", path=f"/api/v2/{SP}/sessions/{CODE}"),
        at="path",
        severity="note",
        words=f"is another spelling of /api/v2/{SP}/sessions/{CODE}",
    ),
    Example(
        "PL101",
        trigger=exchange("C1", path=f"/api/v2/{SP}/sessions/"),
        near=exchange("C1", path=f"/api/v2/{SP}/sessions?from=tv"),
        at="path",
        severity="note",
    ),
    Example(
        "PL102",
        trigger=exchange("C1", method="GET", body=b""),
        near=exchange("C1"),
        at="method",
        severity="error",
        words="is GET, this path takes POST.",
    ),
    Example(
        "PL102",
        trigger=exchange("R1", method="PUT"),
        near=exchange("RS-B"),
        at="method",
        severity="error",
        words="this path takes GET or POST.",
    ),
    Example(
        "PL103",
        trigger=exchange("C2", path=f"/api/v2/{SP}/sessions?mvpd={forge.MVPD}"),
        near=exchange("C1", path=f"/api/v2/{SP}/sessions?debug=1&flag"),
        at="query:mvpd",
        severity="note",
        words="stands in the query string, not in the body.",
    ),
    Example(
        "PL103",
        trigger=exchange("RS-B", path=f"/api/v2/{SP}/sessions/{CODE}?device_info=eyJhIjoxfQ%3D%3D"),
        near=exchange("RS-B", path=f"/api/v2/{SP}/sessions/{CODE}?mvpd={forge.MVPD}"),
        at="query:device_info",
        severity="note",
        words="it belongs to REST API V1.",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("RS-B", f"/v2/{SP}/sessions/{CODE}"),
        ("C1", f"/restv2/api/v2/{SP}/sessions"),
        ("retrieve-configuration", f"/api/v2/configuration/{SP}"),
        ("retrieve-configuration", f"/api/v2/{SP}/configuration/"),
        ("authorize", f"/api/v2/{SP}/decision/authorize/{forge.MVPD}"),
        ("logout", f"/api/v2/logout/{SP}/{forge.MVPD}"),
        ("logout", f"/api/v2/{SP}/logout"),
        ("retrieve-profile-code", f"/api/v2/{SP}/profiles/{forge.MVPD}/{CODE}"),
    ],
)
def test_E16_further_spellings_are_recognised_with_a_note(name: str, path: str) -> None:
    found = with_code(exchange(name, path=path), "PL101")
    assert [finding["severity"] for finding in found] == ["note"]


def test_E60_GET_on_sessions_is_flagged_and_nothing_else_follows_from_it() -> None:
    ex = exchange("C1", method="GET", body=b"", headers={"Content-Type": None}, status=405, response_body=b"")
    assert [code for code in codes(ex) if code < "PL300"] == ["PL102"]


def test_a_query_string_that_is_not_utf8_does_no_harm() -> None:
    ex = exchange("C1", path=f"/api/v2/{SP}/sessions?%ff=1&\udcff=2&mvpd=%ff")
    assert [finding["at"] for finding in with_code(ex, "PL103")] == ["query:mvpd"]


def test_the_buttons_of_the_page_that_stands_in_for_a_provider_are_no_wrong_method() -> None:
    ex = exchange("authenticate", method="POST")
    assert "PL102" in codes(ex)
    ex.injection = Injection("sandbox", "authenticate", (Action("sandbox"),))
    assert "PL102" not in codes(replace(ex))
