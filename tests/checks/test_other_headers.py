"""PL260 to PL276: Accept, visitors, service and platform tokens, forwarded addresses.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

import forge
from passlens.exchange.model import Exchange
from support.examples import CLOCK, Example, codes, exchange, findings, parametrize, verify, with_code

SERVICE = "AD-Service-Token"
SUBJECT = "Adobe-Subject-Token"
ROKU = "X-Roku-Reserved-Roku-Connect-Token"
VISITOR = "AP-Visitor-Identifier"
FORWARDED = "X-Forwarded-For"


def having(case: str = "C1", **headers: str | None) -> Exchange:
    """A case with these headers; underscores stand for hyphens."""
    return exchange(case, headers={name.replace("_", "-"): value for name, value in headers.items()})


def serving(**claims: object) -> Exchange:
    """C6 with a service token that has these claims."""
    return exchange("C6", headers={SERVICE: forge.service_token(**claims)})


EXAMPLES = [
    Example(
        "PL260",
        trigger=having(Accept="text/html"),
        near=having(Accept=None),
        at="header:Accept",
        severity="error",
        words="is text/html, expected application/json;charset=utf-8.",
    ),
    Example(
        "PL260",
        trigger=having(Accept="application/json, text/plain, */*"),
        near=having(Accept="Application/JSON"),
        at="header:Accept",
        severity="note",
    ),
    Example(
        "PL260",
        trigger=having(Accept=""),
        near=having("authenticate", Accept="text/html"),
        at="header:Accept",
        severity="error",
        words="is empty,",
    ),
    Example(
        "PL260",
        trigger=having("logout", Accept="text/html"),
        near=having("dcr-token", Accept="application/json"),
        at="header:Accept",
        severity="error",
    ),
    Example(
        "PL261",
        trigger=having(Accept="application/json"),
        near=having(Accept='application/json; charset="UTF-8"'),
        at="header:Accept",
        severity="note",
        words="is application/json, expected application/json;charset=utf-8.",
    ),
    Example(
        "PL261",
        trigger=having(Accept="application/json;charset=iso-8859-1"),
        near=having(Accept="*/*"),
        at="header:Accept",
        severity="error",
    ),
    Example(
        "PL270",
        trigger=having(AP_Visitor_Identifier=f'"{forge.visitor_id()}"'),
        near=having(AP_Visitor_Identifier=forge.visitor_id()),
        at=f"header:{VISITOR}",
        severity="note",
        words="stands in quotes, expected without quotes.",
    ),
    Example(
        "PL271",
        trigger=having("C6", AD_Service_Token="viewer-4711"),
        near=having("C6"),
        at=f"header:{SERVICE}",
        severity="warning",
        words="The token is no JWT; expected a JWS.",
    ),
    Example(
        "PL271",
        trigger=having("C6", AD_Service_Token="YWJj.YWJj.YWJj"),
        near=having("C6", AD_Service_Token=None),
        at=f"header:{SERVICE}",
        severity="warning",
        words="a JWT that cannot be read: its header holds no JSON object;",
    ),
    Example(
        "PL272",
        trigger=serving(exp=int(CLOCK - forge.HOUR)),
        near=serving(exp=None),
        at=f"header:{SERVICE}",
        severity="warning",
        words="The service token expired at 2026-01-02T02:04:05Z,",
    ),
    # Clocks may differ by a minute.
    Example(
        "PL272",
        trigger=serving(exp=int(CLOCK - 61)),
        near=serving(exp=int(CLOCK - 60)),
        at=f"header:{SERVICE}",
        severity="warning",
    ),
    Example(
        "PL273",
        trigger=serving(aud=None),
        near=serving(aud="adobe"),
        at=f"header:{SERVICE}",
        severity="note",
        words="The claim aud is missing, expected Adobe.",
    ),
    Example(
        "PL273",
        trigger=serving(aud="harbour"),
        near=serving(aud=["harbour", "Adobe"]),
        at=f"header:{SERVICE}",
        severity="warning",
        words="is another audience,",
    ),
    Example(
        "PL274",
        trigger=having(Adobe_Subject_Token="platform-user-1"),
        near=having(Adobe_Subject_Token=forge.subject_token()),
        at=f"header:{SUBJECT}",
        severity="note",
        words="The token is no JWT; expected a JWS or JWE.",
    ),
    Example(
        "PL274",
        trigger=having(X_Roku_Reserved_Roku_Connect_Token="a.b.c"),
        near=having(X_Roku_Reserved_Roku_Connect_Token=f"{forge.b64('{}')}.a.b.c.d"),
        at=f"header:{ROKU}",
        severity="note",
        words="a JWT that cannot be read",
    ),
    Example(
        "PL275",
        trigger=exchange("C1", headers={SUBJECT: forge.subject_token(), ROKU: forge.subject_token()}),
        near=exchange("C1", headers={SUBJECT: forge.subject_token(), SERVICE: forge.service_token()}),
        at=f"header:{ROKU}",
        severity="note",
        words="has two platform tokens, expected one platform token.",
    ),
    Example(
        "PL276",
        trigger=having(X_Forwarded_For="203.0.113.7, 198.51.100.2"),
        near=having(X_Forwarded_For=" 203.0.113.7 "),
        at=f"header:{FORWARDED}",
        severity="note",
        words="holds 2 entries, expected one address.",
    ),
    Example(
        "PL276",
        trigger=having(X_Forwarded_For="unknown"),
        near=having(X_Forwarded_For="2001:db8::7"),
        at=f"header:{FORWARDED}",
        severity="note",
        words="holds no address,",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("value", ["application/json;charset=utf-8", "Application/Json ; Charset=UTF-8"])
def test_E37_letter_case_and_spacing_of_accept_do_not_count(value: str) -> None:
    assert codes(having(Accept=value)) == []


def test_E37_a_missing_charset_is_a_note() -> None:
    assert [found["severity"] for found in with_code(having(Accept="application/json"), "PL261")] == ["note"]


def test_E40_quotes_around_a_visitor_are_noted_and_nothing_else() -> None:
    assert codes(having(AP_Visitor_Identifier=f'"{forge.visitor_id()}"')) == ["PL270"]


@pytest.mark.parametrize(
    "value",
    [
        "*/*",
        "application/*",
        "application/json, text/plain, */*",
        "application/json, text/plain",
        "application/json;charset=utf-8, text/plain",
        "text/javascript, application/json;q=0.9, */*;q=0.01",
        "text/html;q=0, */*",
    ],
)
def test_what_takes_json_among_others_is_a_note(value: str) -> None:
    found = [finding for finding in findings(having(Accept=value)) if finding["at"] == "header:Accept"]
    assert [(finding["code"], finding["severity"]) for finding in found] == [("PL260", "note")]


@pytest.mark.parametrize(
    "value", ["text/html", "", "*/*;q=0", "application/json;q=0.0, */*", "application/xml, text/*"]
)
def test_what_does_not_take_json_is_an_error(value: str) -> None:
    assert [found["severity"] for found in with_code(having(Accept=value), "PL260")] == ["error"]


@pytest.mark.parametrize(("audience", "severities"), [("Adobe", []), ("ADOBE", []), (None, ["note"])])
def test_E61_the_audience_is_compared_in_any_letter_case_and_may_be_missing(
    audience: str | None, severities: list[str]
) -> None:
    assert [found["severity"] for found in with_code(serving(aud=audience), "PL273")] == severities


def test_E61_the_number_of_a_service_token_is_not_looked_at() -> None:
    assert codes(serving(jti="3b2fb040-30a9-43d7-b647-000000000bab0")) == []


def test_a_service_token_of_the_premium_service_gets_one_note() -> None:
    assert codes(serving(iss="ssoservicetoken", aud=None, nbf=int(CLOCK - 60))) == ["PL273"]


def test_values_of_tokens_and_addresses_are_not_shown() -> None:
    shown = repr(with_code(having("C6", AD_Service_Token="viewer-4711"), "PL271"))
    assert "4711" not in shown + repr(with_code(having(X_Forwarded_For="host-4711"), "PL276"))
