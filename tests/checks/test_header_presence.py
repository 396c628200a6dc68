"""PL201 to PL207: which headers a request has.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

import forge
from support.examples import Example, codes, exchange, parametrize, verify, with_code

IDENTIFIER = "AP-Device-Identifier"
INFO = "X-Device-Info"
STATUS = "AP-Partner-Framework-Status"
SUBJECT = "Adobe-Subject-Token"
ROKU = "X-Roku-Reserved-Roku-Connect-Token"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"

EXAMPLES = [
    Example(
        "PL201",
        trigger=exchange("C1", headers={IDENTIFIER: None}),
        near=exchange("R1", headers={IDENTIFIER: None}),
        at=f"header:{IDENTIFIER}",
        severity="error",
        words="is missing.",
    ),
    Example(
        "PL201",
        trigger=exchange("logout", headers={"Authorization": None}),
        near=exchange("authenticate"),
        at="header:Authorization",
        severity="error",
    ),
    Example(
        "PL201",
        trigger=exchange("C2", headers={"Content-Type": None}, body=b""),
        near=exchange("RS-B"),
        at="header:Content-Type",
        severity="error",
    ),
    Example(
        "PL201",
        trigger=exchange("dcr-token", headers={"Content-Type": None}),
        near=exchange(
            "dcr-token",
            headers={"Content-Type": None},
            body=b"",
            path="/o/client/token?client_id=made-up&client_secret=made-up-too&grant_type=client_credentials",
        ),
        at="header:Content-Type",
        severity="error",
    ),
    Example(
        "PL202",
        trigger=exchange("C1", headers={INFO: None}),
        near=exchange("R1", headers={INFO: None}),
        at=f"header:{INFO}",
        severity="warning",
        words="is missing.",
    ),
    Example(
        "PL202",
        trigger=exchange("C1", headers={INFO: None, "User-Agent": BROWSER}),
        near=exchange("C1", headers={INFO: "", "User-Agent": BROWSER}),
        at=f"header:{INFO}",
        severity="note",
        words="which browsers may do.",
    ),
    Example(
        "PL203",
        trigger=exchange("R1", headers={INFO: None}),
        near=exchange("C1", headers={INFO: None}),
        at=f"header:{INFO}",
        severity="note",
        words="the checklist wants it on every call.",
    ),
    Example(
        "PL203",
        trigger=exchange("retrieve-profile-code", headers={IDENTIFIER: None}),
        near=exchange("authenticate"),
        at=f"header:{IDENTIFIER}",
        severity="note",
    ),
    Example(
        "PL204",
        trigger=exchange("P3-no-status"),
        near=exchange("C1"),
        at=f"header:{STATUS}",
        severity="warning",
        words="is missing.",
    ),
    Example(
        "PL204",
        trigger=exchange("partner-profile", headers={STATUS: None}),
        near=exchange("authorize", headers={STATUS: None}),
        at=f"header:{STATUS}",
        severity="warning",
    ),
    Example(
        "PL205",
        trigger=exchange("C1", headers={INFO: (forge.device_info(), forge.device_info())}),
        near=exchange("C1", headers={"X-Forwarded-For": ("203.0.113.7", "203.0.113.8"), "Accept": ("a/b", "c/d")}),
        at=f"header:{INFO}",
        severity="warning",
        words="is sent 2 times, expected once.",
    ),
    Example(
        "PL206",
        trigger=exchange("C1", headers={STATUS: forge.partner_status()}),
        near=exchange("retrieve-profiles"),
        at=f"header:{STATUS}",
        severity="note",
        words="is not listed for create-session.",
    ),
    Example(
        "PL206",
        trigger=exchange("dcr-token", headers={SUBJECT: forge.subject_token()}),
        near=exchange("R1", headers={SUBJECT: forge.subject_token()}),
        at=f"header:{SUBJECT}",
        severity="note",
    ),
    Example(
        "PL207",
        trigger=exchange("C1", headers={"ap-sdk-identifier": "made-up"}),
        near=exchange("C1", headers={"X-Requested-With": "com.demotv.example"}),
        at="header:AP-SDK-Identifier",
        severity="note",
        words="is no header of REST API V2.",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


def test_E35_without_the_partner_status_the_finding_is_of_medium_weight() -> None:
    assert [found["severity"] for found in with_code(exchange("P3-no-status"), "PL204")] == ["warning"]


@pytest.mark.parametrize("name", ["R1", "RS-B", "retrieve-profile-code", "retrieve-configuration"])
def test_E36_device_headers_that_the_page_does_not_list_are_noted_when_missing(name: str) -> None:
    ex = exchange(name, headers={INFO: None, IDENTIFIER: None})
    found = [(finding["code"], finding["severity"]) for finding in with_code(ex, "PL203")]
    assert found == [("PL203", "note"), ("PL203", "note")]
    assert not {"PL201", "PL202"} & set(codes(ex))


@pytest.mark.parametrize("name", ["authenticate", "dcr-register", "RS-B"])
def test_E36_E75_device_headers_are_taken_anywhere(name: str) -> None:
    assert "PL206" not in codes(exchange(name, headers={IDENTIFIER: forge.device_identifier()}))


@pytest.mark.parametrize("name", ["RS-B", "P1", "dcr-token"])
def test_what_roku_adds_to_every_request_is_not_held_against_the_app(name: str) -> None:
    assert "PL206" not in codes(exchange(name, headers={ROKU: forge.subject_token()}))


def test_E39_header_names_may_have_any_letter_case() -> None:
    headers = {"authorization": forge.bearer(), "Ap-Temppass-Identity": forge.temppass_identity()}
    ex = exchange("retrieve-profile-mvpd", headers=headers | {"AP-DEVICE-IDENTIFIER": forge.device_identifier()})
    assert codes(ex) == []


def test_E73_a_temppass_identity_is_noted_where_no_page_lists_it() -> None:
    ex = exchange("C4", headers={"AP-TempPass-Identity": forge.temppass_identity()})
    assert [(finding["code"], finding["severity"]) for finding in with_code(ex, "PL206")] == [("PL206", "note")]


def test_E72_a_tv_that_does_not_look_like_a_browser_is_asked_for_its_device_info() -> None:
    agent = "Mozilla/5.0 (Apple TV; U; CPU AppleTV14,1 OS 18.5 like Mac OS X; en_US)"
    ex = exchange("C1", headers={INFO: None, "User-Agent": agent})
    assert [finding["severity"] for finding in with_code(ex, "PL202")] == ["warning"]


def test_a_header_with_bytes_that_are_not_utf8_is_not_missing() -> None:
    ex = exchange("C1", headers={"User-Agent": "T\udce9l\udce9/1.0", IDENTIFIER: "fingerprint \udce9"})
    assert "PL201" not in codes(ex)


@pytest.mark.parametrize(
    ("agent", "severity"),
    [
        ("X Chrome/130.0", "note"),
        ("X rv:130.0 Firefox/130.0", "note"),
        ("X Version/18.1 Safari/605.1.15", "note"),
        ("X Windows Edg/130.0", "note"),
        ("X Gecko/20100101", "note"),
        ("DemoTV/1.0 CFNetwork/1568", "warning"),
    ],
)
def test_every_browser_may_leave_the_device_out(agent: str, severity: str) -> None:
    found = with_code(exchange("C1", headers={INFO: None, "User-Agent": agent}), "PL202")
    assert [finding["severity"] for finding in found] == [severity]
