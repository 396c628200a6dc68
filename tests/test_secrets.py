"""Finding the secrets of an exchange: what stands inside them, how else they are spelt, and what is none."""

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

import forge
from cases import as_exchange, case
from passlens.secrets import MOST, find_secrets
from passlens.unwrapping import PREFIX, SHORTEST
from samples.case import Case, dump


def found(made: Case) -> dict[str, str]:
    return find_secrets(as_exchange(made))


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
    made = case("C1").named("x", answer_body=b'{"a": {"access_token": "planted-' + b"x" * 2000)
    assert holds(made, "planted-" + "x" * 60)


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


def test_a_large_body_does_not_push_out_the_headers() -> None:
    body = {f"n{number}_token": f"secret-{number:06}" for number in range(10 * MOST)}
    made = case("C1").named("x", answer_body=dump([body, *[body] * 20]))
    assert holds(made, forge.uuid("application"))
    assert len(found(made)) < MOST * 12


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5)


@given(st.text(), st.text(max_size=30), JSON, st.binary(max_size=60))
def test_arbitrary_values_never_raise(value: str, name: str, body: object, raw: bytes) -> None:
    made = case("P3").named("x", answer_body=json.dumps({"token": body, name: body}).encode(), body=raw)
    for header in ("Authorization", "AP-Device-Identifier", "Cookie", "Set-Cookie", "X-Forwarded-For", "X-Device-Info"):
        made = made.with_header(header, value)
    assert all(SHORTEST <= len(spelling) <= PREFIX * 4 for spelling in found(made))
