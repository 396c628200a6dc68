"""What the page shows of headers and bodies: documented values only, nothing planted, never more than is readable."""

import json
from typing import Any

import pytest

import forge
from cases import as_exchange, case, cases
from fuzz.limits import within
from passlens.analysis import messages as module
from passlens.analysis.messages import messages
from passlens.exchange.model import Exchange, Gap, Request, Response
from passlens.redaction.pseudonym import pseudonym
from redaction.test_redactor import (
    DEVICE,
    EMAIL,
    NAME_ID,
    OPAQUE,
    SECRET,
    TOKEN,
    UNKNOWN,
    assert_clean,
    everywhere,
    malformed,
)
from samples.case import Case, dump


def shown(made: Case, **options: bool) -> dict[str, Any]:
    return messages(as_exchange(made), **options)


def body_of(response: Any, **options: bool) -> Any:
    """The answer's body as it is shown, read back."""
    got = shown(case("C1").named("x", response_body=dump(response)), **options)["response"]["body"]
    return json.loads(got["text"])


def test_a_session_is_shown_as_it_went_over_the_wire() -> None:
    got = shown(case("P3"))
    headers = {name: (value, decoded) for name, value, decoded in got["request"]["headers"]}
    assert headers["X-Device-Info"][0] == "decoded"
    assert headers["X-Device-Info"][1]["model"] == "AppleTV"
    assert headers["AP-Partner-Framework-Status"][1]["frameworkPermissionInfo"] == {"accessStatus": "denied"}
    assert headers["Authorization"][0].startswith("Bearer sha256:")
    assert headers["Authorization"][1]["claims"]["iss"] == "auth.adobe.com"
    assert headers["Authorization"][1]["claims"]["sub"].startswith("sha256:")
    assert headers["Accept"][0].startswith("application/json")
    rows = dict(got["request"]["body"]["rows"])
    assert rows["domainName"] == "demotv.example"
    assert rows["redirectUrl"].startswith("https://demotv.example/signed-in?from=sha256:")
    response = json.loads(got["response"]["body"]["text"])
    assert response == json.loads(case("P3").response_body)
    assert got["failure"] is None


def test_every_documented_answer_is_shown_but_for_its_secrets() -> None:
    for made in cases():
        body = shown(made)["response"]["body"]
        if body["kind"] != "text" or body["problem"]:
            continue
        before, after = json.loads(made.response_body), json.loads(body["text"])
        assert before.keys() == after.keys(), made.name
        hidden = [
            name for name, value in before.items() if after[name] != value and not isinstance(value, (dict, list))
        ]
        assert set(hidden) <= {"client_id", "client_secret", "access_token", "id", "url"}, made.name


def test_nothing_planted_is_shown_in_any_place() -> None:
    for made in (everywhere(), *malformed()):
        assert_clean(json.dumps(shown(made)), made.name)


@pytest.mark.parametrize(
    "response",
    [
        {"name": UNKNOWN, "zip": "94103", "deep": {"message": UNKNOWN, "list": [{"state": SECRET}]}},
        {"profiles": {"HarbourCable": {"attributes": {"zip": {"value": UNKNOWN, "name": SECRET}, "city": UNKNOWN}}}},
        {"profiles": {"HarbourCable": {"attributes": {"maxRating": {"value": {"TV": SECRET}, "state": "plain"}}}}},
        {"decisions": [{"token": {"serializedToken": OPAQUE, "other": UNKNOWN}}], "userName": SECRET},
        {"existingParameters": {"free": UNKNOWN, "SAMLResponse": SECRET}, "device": {"applicationId": SECRET}},
        {"device": {"connection": {"ipAddress": {"address": SECRET}}}, "id": SECRET, "trace": {"secret": SECRET}},
        [{"unknown": SECRET}, [SECRET, {"code": "x", "client_secret": SECRET}]],
        {"authenticationRequest": {"request": OPAQUE, "type": "saml"}, "access_token": OPAQUE, "mvpd": EMAIL},
        {"url": f"https://a.example/?t={OPAQUE}", "code": {"inner": SECRET}, "logouts": {"x": {"token": SECRET}}},
        {"authenticationRequest": UNKNOWN, "attributes": UNKNOWN, "profiles": [UNKNOWN], "device": UNKNOWN},
        {"users": {SECRET: True, "list": [{OPAQUE: None}]}, "device": {"owners": {UNKNOWN: 1}}},
        {"message": f"cannot take {TOKEN}", "details": EMAIL, "error_description": forge.b64(f'{{"a": "{SECRET}"}}')},
    ],
)  # fmt: skip
def test_what_nobody_lists_is_hidden(response: Any) -> None:
    made = case("C1").named("x", response_body=dump(response))
    text = json.dumps(shown(made))
    assert_clean(text)
    assert "94103" not in text
    revealed = json.dumps(shown(made, reveal=True))
    assert any(planted in revealed for planted in (UNKNOWN, SECRET, OPAQUE, EMAIL))


def test_short_values_of_members_that_nobody_lists_are_hidden_too() -> None:
    attributes = {"zip": {"value": "94103", "state": "plain"}, "name": {"value": ["Ada", 7], "state": "enc"}}
    got = body_of({"profiles": {"HarbourCable": {"notBefore": 1, "attributes": attributes}}, "sex": "f", "age": 41})
    profile = got["profiles"]["HarbourCable"]
    assert profile["notBefore"] == 1
    assert profile["attributes"]["zip"] == {"value": pseudonym("94103"), "state": "plain"}
    assert profile["attributes"]["name"]["value"] == [pseudonym("Ada"), pseudonym("7")]
    assert (got["sex"], got["age"]) == (pseudonym("f"), pseudonym("41"))


def test_one_value_has_one_pseudonym_in_findings_headers_and_bodies() -> None:
    made = case("P3").with_form(SAMLResponse=TOKEN).with_header("Authorization", f"Bearer {TOKEN}")
    got = shown(made.named("x", response_body=dump({"message": f"not {TOKEN}", "access_token": TOKEN})))
    headers = {name: value for name, value, _ in got["request"]["headers"]}
    assert headers["Authorization"] == f"Bearer {pseudonym(TOKEN)}"
    assert dict(got["request"]["body"]["rows"])["SAMLResponse"] == pseudonym(TOKEN)
    assert json.loads(got["response"]["body"]["text"]) == {
        "message": f"not {pseudonym(TOKEN)}", "access_token": pseudonym(TOKEN)
    }  # fmt: skip


@pytest.mark.parametrize("name", ["X-Own-Header", "Cookie", "X-Forwarded-For", "AP-Visitor-Identifier", "ETag"])
def test_headers_that_nobody_lists_are_hidden(name: str) -> None:
    headers = shown(case("C1").with_header(name, "plain words"))["request"]["headers"]
    assert [name, pseudonym("plain words"), None] in headers


def test_a_repeated_header_is_not_taken_for_the_first() -> None:
    ex = as_exchange(case("C1"))
    doubled = tuple(pair for pair in ex.request.headers if pair[0] in ("X-Device-Info", "AP-Device-Identifier"))
    again = Request((*ex.request.headers, *((name, f"{value}A") for name, value in doubled)), b"", path=ex.request.path)
    headers = messages(Exchange(again))["request"]["headers"]
    for name, value in doubled:
        first, second = (value for shown, value, _ in headers if shown == name)
        assert first != second
        assert second.endswith(pseudonym(f"{value}A".rpartition(" ")[2]))


def body(content: bytes, media_type: str = "text/html", **options: bool) -> dict[str, Any]:
    """What is shown of the body of an answer."""
    ex = Exchange(
        Request(method="POST", path="/api/v2/DEMOTV/sessions"), Response((("Content-Type", media_type),), content)
    )
    return dict(messages(ex, **options)["response"]["body"])


def test_what_cannot_be_taken_apart_is_not_shown() -> None:
    assert body(f"<p>{NAME_ID}</p>".encode())["why"] == "text/html, 25 bytes; only JSON and forms can be redacted"
    assert body(b"a=1&b=2", "application/x-www-form-urlencoded")["kind"] == "none"
    assert body(b"<p>x</p>", reveal=True)["text"] == "<p>x</p>"
    assert body(b" ")["why"] == "empty"


def test_broken_json_shows_what_could_be_salvaged() -> None:
    got = body(b'{"mvpd": "HarbourCable", "userName": "planted" "x": ', "application/json")
    assert json.loads(got["text"]) == {"mvpd": "HarbourCable", "userName": pseudonym("planted")}
    assert got["problem"] == "a comma is missing"


def test_a_body_that_is_not_there_says_why() -> None:
    gap = Gap("streamed", "the body was streamed past the proxy without being kept")
    ex = Exchange(Request((), None, gap, method="POST", path="/api/v2/DEMOTV/sessions"), failure="no route to host")
    got = messages(ex)
    assert got["request"]["body"] == {"kind": "none", "why": gap.detail}
    assert (got["response"], got["failure"]) == (None, "no route to host")


def test_a_bare_word_in_a_form_is_no_name() -> None:
    made = case("P3").named("x", body=OPAQUE.encode() + b"&mvpd=A&free=x")
    assert shown(made)["request"]["body"]["rows"] == [[pseudonym(OPAQUE), ""], ["mvpd", "A"], ["free", pseudonym("x")]]


def test_long_messages_are_cut_and_say_so() -> None:
    got = body(dump({"missingParameters": [f"parameter {number:05}" for number in range(390)]}), "application/json")
    assert len(got["text"]) == 6_000
    assert got["more"] > 0
    many = body(dump({"missingParameters": ["a"] * 50_000}), "application/json")
    assert many["text"].count('"a"') < 500
    assert "…" in many["text"]
    made = case("C1").named("x", body=b"&".join(b"mvpd=%d" % number for number in range(200)))
    assert len(shown(made)["request"]["body"]["rows"]) == 60
    assert shown(made)["request"]["body"]["more"] == 200 - 60
    ex = Exchange(Request(tuple(("Accept", "x") for _ in range(100)), path="/api/v2/DEMOTV/sessions"))
    assert messages(ex)["request"]["more_headers"] == 100 - 60


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"profiles":' * 50 + b"{}" + b"}" * 50,
        b"[" + b"[]," * 300_000 + b"[]]",
        b'{"status": ' + b"9" * 4_000 + b', "notBefore": NaN, "notAfter": -1e999, "code": "\\ud800"}',
        json.dumps({f"k{number}": number for number in range(70_000)}).encode(),
        b'{"message": "' + b"a." * 500_000 + b'"}',
    ],
)
def test_hostile_bodies_cost_little(content: bytes) -> None:
    got = within(4, lambda: body(content, "application/json"))
    assert len(json.dumps(got, allow_nan=False)) < 12 * 6_000
    assert "fault" not in got


@pytest.mark.parametrize("count", [397, 398, 399, 400, 450])
def test_so_many_values_of_a_body_are_shown(count: int) -> None:
    made = body(dump({"missingParameters": ["a"] * count}), "application/json")
    assert made["text"].count('"a"') == min(count, 398)
    assert ("…" in made["text"]) == (count > 398)


def test_nesting_ends_somewhere() -> None:
    deep: Any = "x"
    for _ in range(40):
        deep = {"profiles": {"m": deep}}
    # Below the depth to which secrets are looked for there may be some, so no free text is shown, names included.
    assert json.dumps(body_of(deep)).count('"m"') == 8 // 2


def test_a_fault_of_passlens_costs_the_messages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_secret_name", lambda name: 1 // 0)
    assert shown(case("C1"))["fault"].startswith("ZeroDivisionError in test_messages.py, line ")


def test_revealing_shows_what_was_sent() -> None:
    text = json.dumps(shown(everywhere(), reveal=True))
    assert all(planted in text for planted in (TOKEN, SECRET, EMAIL, DEVICE, UNKNOWN))
