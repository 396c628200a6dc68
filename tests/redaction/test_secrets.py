"""Finding the secrets of an exchange: what stands inside them, how else they are spelt, and what is none."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
import support.sequence as s
from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER, Exchange, Request
from passlens.redaction.members import MAX_MEMBERS
from passlens.redaction.nested import MORE, PREFIX, SHORTEST
from passlens.redaction.pseudonym import pseudonym
from passlens.redaction.secrets import MAX_COUNT, MAX_HEADERS, find_secrets, own_secrets
from samples.case import Case, dump


def found(made: Case) -> dict[str, str]:
    return find_secrets(Decoded(as_exchange(made)))


def holds(made: Case, secret: str) -> bool:
    return secret[:PREFIX].lower() in found(made)


def test_a_token_is_found_with_its_claims() -> None:
    made = case("C1").with_header("Authorization", forge.bearer(sub="planted-subject", email="a@b.example"))
    assert holds(made, "planted-subject")
    assert holds(made, "a@b.example")
    assert not holds(made, "auth.adobe.com")
    assert not holds(made, "api:client:v2")


def test_an_identifier_is_found_decoded_and_in_hexadecimal_digits() -> None:
    text = forge.uuid(("device", "living room"))
    assert holds(case("C1"), text)
    assert holds(case("C1"), text.encode().hex())
    hashed = case("C1").with_header("AP-Device-Identifier", forge.device_identifier(hashed=True))
    raw = base64.b64decode(forge.device_identifier(hashed=True).partition(" ")[2])
    assert holds(hashed, raw.hex())
    assert set(found(case("C1")).values()) >= {forge.device_identifier()}


def test_saml_is_found_with_the_name_of_the_user() -> None:
    saml = forge.b64('<a:NameID x="1">planted-name</a:NameID><AttributeValue>planted-value</AttributeValue>')
    made = case("partner-profile").named("x", body=b"SAMLResponse=" + saml.replace("=", "%3D").encode())
    assert holds(made, "planted-name")
    assert holds(made, "planted-value")
    assert holds(made, saml)


def test_the_request_of_a_saml_login_is_a_secret() -> None:
    assert holds(case("P1"), forge.saml_request(forge.CLOCK))


def test_attributes_of_a_profile_are_secrets() -> None:
    assert holds(case("retrieve-profiles"), forge.uuid("user"))


def test_broken_json_is_searched_for_secret_names() -> None:
    made = case("C1").named("x", response_body=b'{"a": {"access_token": "planted-' + b"x" * 2000)
    assert holds(made, "planted-" + "x" * 60)


@pytest.mark.parametrize("value", ["sp=DEMOTV", "sp=DEMOTV; id=planted-cookie"])
def test_a_cookie_may_repeat_what_is_shown(value: str) -> None:
    for made in (case("C1").with_header("Cookie", value), case("C1").with_answer_header("Set-Cookie", value)):
        assert not holds(made, "DEMOTV")
    assert holds(case("C1").with_header("Cookie", value), value)


def test_only_the_value_of_a_set_cookie_is_a_secret() -> None:
    made = case("C1").with_answer_header("Set-Cookie", "A=planted-cookie; Path=/sessions; Domain=.adobe.com")
    assert holds(made, "planted-cookie")
    assert not holds(made, ".adobe.com")
    assert not holds(made, "/sessions")


def test_addresses_are_found_with_and_without_port_and_brackets() -> None:
    made = case("C1").with_header("X-Forwarded-For", "198.51.100.7:4711, [2001:db8::7]:443, 2001:db8::8")
    for address in ("198.51.100.7", "2001:db8::7", "2001:db8::8"):
        assert holds(made, address)
    made = case("C1").with_header("Forwarded", 'for="198.51.100.9:1";proto=https;host=sp.auth.adobe.com')
    assert holds(made, "198.51.100.9")
    assert not holds(made, "sp.auth.adobe.com")


def test_what_repeats_a_public_value_is_none() -> None:
    made = case("C1").with_header("X-Device-Info", forge.device_info(brand=forge.MVPD, other="planted-other"))
    assert holds(made, "planted-other")
    assert not holds(made, forge.MVPD)


@pytest.mark.parametrize("marks", ["?a=", "#a=", "?b=1#a=", "#/b?c=1&a="])
def test_parameters_of_an_address_may_be_anything_before_and_in_the_fragment(marks: str) -> None:
    address = f"https://demotv.example/cb{marks}planted-1"
    assert holds(case("C1").with_form(mvpd=forge.MVPD, redirectUrl=address), "planted-1")
    assert holds(case("C1").named("x", response_body=dump({"url": address})), "planted-1")


@pytest.mark.parametrize("body", [b'{"id": "planted-id"}', b'{"id": "planted-id'])
def test_the_id_of_a_token_is_a_secret(body: bytes) -> None:
    assert holds(case("dcr-token").named("x", response_body=body), "planted-id")
    assert not holds(case("C1").named("x", response_body=body), "planted-id")


def test_json_in_a_text_of_a_body_is_looked_into() -> None:
    inner = json.dumps([{"user": {"userId": "planted-1"}}])
    for text in (inner, json.dumps({"more": inner})):
        assert holds(case("C1").named("x", response_body=dump({"message": text})), "planted-1")
    deep: Any = {"userId": "planted-1"}
    for _ in range(10):
        deep = json.dumps({"a": deep})
    assert holds(case("C1").named("x", response_body=dump({"message": deep})), MORE)


def test_a_large_body_does_not_push_out_the_headers() -> None:
    body = {f"n{number}_token": f"secret-{number:06}" for number in range(10 * MAX_COUNT)}
    made = case("C1").named("x", response_body=dump([body, *[body] * 20]))
    assert holds(made, forge.uuid("application"))
    assert len(found(made)) < MAX_COUNT * 16


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5)


@given(st.text(), st.text(max_size=30), JSON, st.binary(max_size=60))
def test_arbitrary_values_never_raise(value: str, name: str, body: object, raw: bytes) -> None:
    made = case("P3").named("x", response_body=json.dumps({"token": body, name: body}).encode(), body=raw)
    for header in ("Authorization", "AP-Device-Identifier", "Cookie", "Set-Cookie", "X-Forwarded-For", "X-Device-Info"):
        made = made.with_header(header, value)
    assert all(spelling == MORE or SHORTEST <= len(spelling) <= PREFIX * 4 for spelling in found(made))


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ({f"n{number}_token": f"secret-{number:06}" for number in range(MAX_COUNT)}, False),
        ({f"n{number}_token": f"secret-{number:06}" for number in range(MAX_COUNT + 1)}, True),
        ([0] * (MAX_MEMBERS - 1) + [{}], False),
        ([0] * (MAX_MEMBERS - 1) + [{"token": "planted-late"}], True),
        ({"token": [[[[[[[["planted"]]]]]]]]}, False),
        ({"token": [[[[[[[[["planted"]]]]]]]]]}, True),
        ([{"no": 1}] * 101 + [{"token": "planted-late"}], False),
    ],
)
def test_secrets_that_are_not_looked_for_are_told(body: object, more: bool) -> None:
    made = case("C1").named("x", response_body=dump(body))
    assert any(MORE in secrets for secrets in own_secrets(Decoded(as_exchange(made)))) == more


def test_long_lists_and_forms_are_looked_through() -> None:
    late = [{"a": 1}] * 300 + [{"token": ["planted"] * 200 + ["planted-late"]}]
    assert holds(case("C1").named("x", response_body=dump(late)), "planted-late")
    form = "&".join(f"n{number}=v{number:06}" for number in range(MAX_COUNT))
    for last, more in (("", False), ("&x=planted", True)):
        made = case("C1").named("x", body=(form + last).encode())
        assert (MORE in found(made)) == more


@pytest.mark.parametrize(("size", "more"), [(MAX_HEADER, False), (MAX_HEADER + 1, True)])
def test_a_header_that_is_too_long_to_be_looked_into_is_told(size: int, more: bool) -> None:
    assert (MORE in found(case("C1").with_header("Cookie", "x" * size))) == more


@pytest.mark.parametrize(("count", "more"), [(MAX_HEADERS, False), (MAX_HEADERS + 1, True)])
def test_more_headers_than_are_looked_into_are_told(count: int, more: bool) -> None:
    headers = tuple(("Cookie", f"c=cookie-value-{number}") for number in range(count))
    ex = Exchange(Request(headers, b"", method="POST", path="/api/v2/REF30/sessions"))
    assert (MORE in find_secrets(Decoded(ex))) == more


def test_what_repeats_the_device_identifier_has_its_pseudonym() -> None:
    made = case("C1").with_header("Cookie", f"id={forge.uuid(('device', 'living room'))}")
    assert found(made)[forge.uuid(("device", "living room"))] == forge.device_identifier()


# ---- secrets that are words: hidden in their place, and no black holes in sentences


def refused(form: dict[str, str], words: str) -> str:
    """The diagnosis of a refused request for a token, which says the server's words."""
    body = {"error": "invalid_client", "error_description": words}
    return analyze(s.call("token", 0, body, status=400, form=form))["diagnosis"] or ""


def test_a_statement_is_a_word() -> None:
    body = {"error": "invalid_software_statement", "error_description": "The software statement is not valid."}
    entry = analyze(s.call("register", 0, body, status=400, statement="statement"))
    assert "sha256" not in str(entry["diagnosis"])


def test_documented_words_are_no_secrets() -> None:
    form = {"client_id": "client", "client_secret": "Secret", "grant_type": "client_credentials"}
    assert refused(form, "The client secret is wrong.").endswith('The server says: "The client secret is wrong".')


@pytest.mark.parametrize("words", ["Ask hunters of {} about it.", "Ask hunters of {} about it…"])
def test_another_word_is_hidden_as_a_whole_and_not_inside_a_longer_one(words: str) -> None:
    found = refused({"client_id": "a1b2c3d4", "client_secret": "hunter"}, words.format("hunter"))
    assert f"hunters of {pseudonym('hunter')} about" in found


def test_what_is_longer_than_a_word_is_hidden_wherever_it_stands() -> None:
    found = refused({"client_id": "a1b2c3d4", "client_secret": "correcthorsebattery"}, "No xcorrecthorsebatteryx.")
    assert "correcthorse" not in found
    found = refused({"client_id": "a1b2c3d4", "client_secret": "hunter2"}, "No hunter2x.")
    assert "hunter2" not in found


def test_a_word_is_hidden_in_the_place_of_the_secret() -> None:
    ex = s.call("token", 0, s.token(), status=201)
    path = f"{ex.request.path}?client_secret=secret"
    entry: Any = analyze(replace(ex, request=replace(ex.request, path=path)))
    assert entry["path"] == f"/o/client/token?client_secret={pseudonym('secret')}"
