"""PL110 to PL121: the form of create, resume and partner session, and values nobody filled in.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

import forge
from passlens.exchange.model import Gap
from samples.case import FORM
from support.examples import Example, codes, exchange, parametrize, verify, with_code

SP = forge.SERVICE_PROVIDER
JSON_BODY = b'{"mvpd": "HarbourCable", "redirectUrl": "https://demotv.example/?mvpd=1&domain=2"}'
STREAMED = Gap("streamed", "gone")

LOGOUT = f"/api/v2/{SP}/logout/{forge.MVPD}"
AGAIN = "redirectUrl=https%3A%2F%2Fdemotv.example%2Fdone"

# What holds for every operation, beside the forms of sessions.
EXAMPLES = [
    Example(
        "PL110",
        trigger=exchange("authorize", headers={"Content-Type": FORM}),
        near=exchange("authorize", headers={"Content-Type": "Application/JSON; charset=UTF-8"}),
        at="header:Content-Type",
        severity="error",
        words=f"is {FORM}, expected application/json.",
    ),
    Example(
        "PL110",
        trigger=exchange("dcr-register", headers={"Content-Type": "text/plain"}),
        near=exchange("dcr-register", headers={"Content-Type": None}),
        at="header:Content-Type",
        severity="error",
    ),
    Example(
        "PL110",
        trigger=exchange("dcr-token", body=b'{"client_id": "a"}'),
        near=exchange("partner-profile"),
        at="body",
        severity="error",
    ),
    Example(
        "PL129",
        trigger=exchange("preauthorize", headers={"Content-Type": "application/json"}),
        near=exchange("preauthorize", headers={"Content-Type": 'application/json ; charset="UTF-8"'}),
        at="header:Content-Type",
        severity="note",
        words="is application/json, expected application/json;charset=utf-8.",
    ),
    Example(
        "PL129",
        trigger=exchange("dcr-register", headers={"Content-Type": "application/json;charset=latin1"}),
        near=exchange("C1"),
        at="header:Content-Type",
        severity="error",
    ),
    Example(
        "PL113",
        trigger=exchange("partner-profile", form={"mvpd": forge.MVPD}),
        near=exchange("partner-profile"),
        at="form:mvpd",
        severity="note",
        words="this operation lists SAMLResponse.",
    ),
    Example(
        "PL114",
        trigger=exchange("logout", path=f"{LOGOUT}?{AGAIN}&{AGAIN}"),
        near=exchange("logout", path=f"{LOGOUT}?{AGAIN}&other=1&other=2"),
        at="query:redirectUrl",
        severity="note",
        words="sent 2 times, expected once.",
    ),
    Example(
        "PL114",
        trigger=exchange("dcr-token", form=b"client_id=a&client_id=b&client_secret=c&grant_type=client_credentials"),
        near=exchange("dcr-token"),
        at="form:client_id",
        severity="note",
    ),
    Example(
        "PL115",
        trigger=exchange("retrieve-configuration", path=f"/api/v2/{SP}/configuration?profile="),
        near=exchange("retrieve-configuration", path=f"/api/v2/{SP}/configuration?profile=x"),
        at="query:profile",
        severity="note",
    ),
    Example(
        "PL116",
        trigger=exchange("logout", path=f"{LOGOUT}?{AGAIN}%"),
        near=exchange("logout", path=f"{LOGOUT}?{AGAIN}&other=%"),
        at="query:redirectUrl",
        severity="warning",
    ),
    Example(
        "PL117",
        trigger=exchange("logout", path=f"{LOGOUT}?redirectUrl=https%253A%252F%252Fdemotv.example"),
        near=exchange("logout", path=f"{LOGOUT}?{AGAIN}"),
        at="query:redirectUrl",
        severity="warning",
    ),
    Example(
        "PL118",
        trigger=exchange("logout", path=f"{LOGOUT}?redirectUrl=demotv.example"),
        near=exchange("logout", path=f"{LOGOUT}?{AGAIN}"),
        at="query:redirectUrl",
        severity="note",
    ),
    Example(
        "PL119",
        trigger=exchange("logout", body=b"{}"),
        near=exchange("authorize"),
        at="body",
        severity="note",
    ),
    Example(
        "PL120",
        trigger=exchange("partner-profile", path=f"/api/v2/{SP}/profiles/sso/Appel"),
        near=exchange("partner-profile"),
        at="path:partner",
        severity="note",
    ),
    Example(
        "PL121",
        trigger=exchange("authorize", path=f"/api/v2/{SP}/decisions/authorize/${{degradedMvpd}}"),
        near=exchange("authorize"),
        at="path:mvpd",
        severity="note",
    ),
    # Forms of sessions.
    Example(
        "PL110",
        trigger=exchange("C1", headers={"Content-Type": "application/json"}, body=JSON_BODY),
        near=exchange("C1", headers={"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}),
        at="header:Content-Type",
        severity="error",
        words=f"is application/json, expected {FORM}.",
    ),
    Example(
        "PL110",
        trigger=exchange("P1", body=JSON_BODY),
        near=exchange("P1", headers={"Content-Type": None}),
        at="body",
        severity="error",
        words="The body is application/json",
    ),
    Example(
        "PL110",
        trigger=exchange("R1", headers={"Content-Type": ""}),
        near=exchange("RS-B", headers={"Content-Type": "application/json"}),
        at="header:Content-Type",
        severity="error",
        words="is empty",
    ),
    Example(
        "PL111",
        trigger=exchange("P1", form={"redirectUrl": None}),
        near=exchange("P1"),
        at="form:redirectUrl",
        severity="note",
        words="is missing.",
    ),
    Example(
        "PL111",
        trigger=exchange("R2"),
        near=exchange("R1", form={"redirectUrl": None}),
        at="form:redirectUrl",
        severity="note",
        words="the answer names it as still missing.",
    ),
    Example(
        "PL111",
        trigger=exchange("R2", form={"redirectUrl": ""}),
        near=exchange("C1", form={"redirectUrl": ""}),
        at="form:redirectUrl",
        severity="note",
        words="is empty, and the answer",
    ),
    Example(
        "PL111",
        trigger=exchange("R2", form=b""),
        near=exchange("R1"),
        at="form:redirectUrl",
        severity="warning",
        words="is missing, and the answer names it as still missing.",
    ),
    Example(
        "PL112",
        trigger=exchange("C1", form={"domainName": None, "domain": forge.DOMAIN}),
        near=exchange("C1", form={"domain": forge.DOMAIN}),
        at="form:domain",
        severity="error",
        words="is called domain, expected domainName.",
    ),
    Example(
        "PL113",
        trigger=exchange("C1", form={"device_info": "eyJhIjoxfQ=="}),
        near=exchange("C1", headers={"Content-Type": "text/plain"}, form={"device_info": "eyJhIjoxfQ=="}),
        at="form:device_info",
        severity="note",
        words="belongs to REST API V1",
    ),
    Example(
        "PL113",
        trigger=exchange("P1", form={"mvpd": forge.MVPD}),
        near=exchange("C1"),
        at="form:mvpd",
        severity="note",
        words="this operation lists domainName or redirectUrl.",
    ),
    Example(
        "PL113",
        trigger=exchange("C1", form={"redirectUrl": None, "redirect_url": forge.REDIRECT_URL}),
        near=exchange("C1", form=b"=nameless&mvpd=HarbourCable"),
        at="form:redirect_url",
        severity="note",
        words="did you mean redirectUrl?",
    ),
    Example(
        "PL113",
        trigger=exchange("C1", form=b"mvpd=HarbourCable&redirectUrl=https://demotv.example/back?a=1&token=2"),
        near=exchange("C1", form=b"mvpd=HarbourCable&redirectUrl=https://demotv.example/back?a=1%26token=2"),
        at="form:token",
        severity="note",
        words="each & of the value of redirectUrl escaped as %26",
    ),
    Example(
        "PL113",
        trigger=exchange("C1", form={"domain": forge.DOMAIN}),
        near=exchange("C1", form={"domainName": None, "domain": forge.DOMAIN}),
        at="form:domain",
        severity="note",
    ),
    Example(
        "PL114",
        trigger=exchange("C1", form=b"mvpd=HarbourCable&mvpd=HarbourCable&domainName=demotv.example"),
        near=exchange("C1", form=b"mvpd=HarbourCable&other=1&other=2"),
        at="form:mvpd",
        severity="note",
        words="is sent 2 times, expected once.",
    ),
    Example(
        "PL115",
        trigger=exchange("C1", form={"mvpd": ""}),
        near=exchange("C1", form={"mvpd": None}),
        at="form:mvpd",
        severity="note",
        words="is empty.",
    ),
    Example(
        "PL116",
        trigger=exchange("C1", form=b"mvpd=HarbourCable&redirectUrl=https%3A%2F%2Fdemotv.example%2F100%"),
        near=exchange("C1", form=b"mvpd=HarbourCable&redirectUrl=https%3A%2F%2Fdemotv.example%2F100%25"),
        at="form:redirectUrl",
        severity="warning",
        words="is not well percent-encoded UTF-8.",
    ),
    Example(
        "PL116",
        trigger=exchange("C1", form=b"mvpd=T%E9l%E9"),
        near=exchange("C1", form="mvpd=T%C3%A9l\u00e9".encode()),
        at="form:mvpd",
        severity="warning",
    ),
    Example(
        "PL117",
        trigger=exchange("C1", form={"redirectUrl": "https%3A%2F%2Fdemotv.example%2Fdone"}),
        near=exchange("C1", form={"redirectUrl": "https://demotv.example/?next=https%3A%2F%2Fother.example"}),
        at="form:redirectUrl",
        severity="warning",
        words="is percent-encoded twice, expected once.",
    ),
    Example(
        "PL118",
        trigger=exchange("C1", form={"redirectUrl": "demotv.example/done"}),
        near=exchange("C1", form={"redirectUrl": "demotv://done"}),
        at="form:redirectUrl",
        severity="note",
        words="is not an absolute URL",
    ),
    Example(
        "PL118",
        trigger=exchange("C1", form={"redirectUrl": "http://[demotv"}),
        near=exchange("C1", form={"redirectUrl": "https%3A%2F%2Fdemotv.example%2Fdone"}),
        at="form:redirectUrl",
        severity="note",
    ),
    Example(
        "PL119",
        trigger=exchange("RS-B", body=b"mvpd=HarbourCable"),
        near=exchange("RS-B"),
        at="body",
        severity="note",
        words="has a body of 17 bytes, expected no body.",
    ),
    Example(
        "PL120",
        trigger=exchange("P1", path=f"/api/v2/{SP}/sessions/sso/Appel"),
        near=exchange("P1", path=f"/api/v2/{SP}/sessions/sso/apple"),
        at="path:partner",
        severity="note",
        words="is Appel, the documentation knows Apple.",
    ),
    Example(
        "PL121",
        trigger=exchange("C1", headers={"Authorization": "Bearer ...."}),
        near=exchange("C1"),
        at="header:Authorization",
        severity="note",
        words="is a placeholder of the documentation",
    ),
    Example(
        "PL121",
        trigger=exchange("C1", form={"mvpd": "${mvpd}"}),
        near=exchange("C1", form={"mvpd": "Harbour$Cable.."}),
        at="form:mvpd",
        severity="note",
        words="The value ${mvpd} is",
    ),
    Example(
        "PL121",
        trigger=exchange("C1", headers={"AP-Device-Identifier": "fingerprint ...."}),
        near=exchange("C1", headers={"X-Device-Info": ".."}),
        at="header:AP-Device-Identifier",
        severity="note",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


def test_E27_what_is_left_out_on_create_is_a_note_each() -> None:
    found = with_code(exchange("C2"), "PL111")
    assert [(finding["at"], finding["severity"]) for finding in found] == [
        ("form:mvpd", "note"),
        ("form:domainName", "note"),
        ("form:redirectUrl", "note"),
    ]


def test_E13_resume_takes_domain_in_the_answer_for_domainName_in_the_form() -> None:
    ex = exchange("R2", form={"domainName": None, "redirectUrl": "x:y"}, response={"missingParameters": ["domain", 7]})
    assert [(finding["at"], finding["basis"]) for finding in with_code(ex, "PL111")] == [("form:domainName", "sample")]


def test_E68_the_letter_case_of_the_partner_is_free() -> None:
    assert "PL120" not in codes(exchange("P1", path=f"/api/v2/{SP}/sessions/sso/APPLE"))


def test_E64_template_text_in_the_partner_status_is_found() -> None:
    status = forge.partner_status(provider="${degradedMvpd}")
    ex = exchange("P2", headers={"AP-Partner-Framework-Status": status})
    assert [finding["at"] for finding in with_code(ex, "PL121")] == [
        "header:AP-Partner-Framework-Status#/frameworkProviderInfo/id"
    ]


@pytest.mark.parametrize("changes", [{"headers": {"Content-Type": "application/json"}}, {}])
def test_a_json_body_is_one_finding_and_not_a_form_full_of_mistakes(changes: dict[str, object]) -> None:
    ex = exchange("C2", body=JSON_BODY, **changes)  # type: ignore[arg-type]
    assert [code for code in codes(ex) if code < "PL200"] == ["PL110"]


def test_a_body_that_was_streamed_is_not_called_empty() -> None:
    assert [code for code in codes(exchange("C1", gap=STREAMED)) if code < "PL900"] == []


def test_a_form_without_domainName_has_no_misspelt_one() -> None:
    assert [code for code in codes(exchange("partner-profile", form=b"domain=x&domain=y")) if code < "PL147"] == [
        "PL113"
    ]


def test_the_parameters_of_a_token_that_the_openapi_file_has_are_expected() -> None:
    ex = exchange("dcr-token", form={"refresh_token": "abc"})
    assert "PL113" not in codes(ex)


def test_what_other_checks_say_of_an_empty_parameter_is_said_once() -> None:
    for name, parameter, code in (("partner-profile", "SAMLResponse", "PL147"), ("dcr-token", "grant_type", "PL128")):
        assert [found for found in codes(exchange(name, form={parameter: ""})) if found < "PL200"] == [code]
    assert [found for found in codes(exchange("logout", path=f"{LOGOUT}?redirectUrl=")) if found < "PL200"] == ["PL124"]
