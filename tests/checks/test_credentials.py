"""PL250 to PL256: the bearer token and the device identifier.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from support.examples import CLOCK, Example, codes, exchange, parametrize, verify, with_code

AUTHORIZATION = "header:Authorization"
IDENTIFIER = "header:AP-Device-Identifier"
HOUR = forge.HOUR


def bearing(value: str, case: str = "C1") -> Exchange:
    """A case with this Authorization."""
    return exchange(case, headers={"Authorization": value})


def claiming(case: str = "C1", **changes: Any) -> Exchange:
    """A case with an access token that has these claims."""
    return bearing(forge.bearer(**changes), case)


def identified(value: str) -> Exchange:
    """C1 with this AP-Device-Identifier."""
    return exchange("C1", headers={"AP-Device-Identifier": value})


def cut(token: str) -> str:
    """A token whose claims lost their second half."""
    header, claims, signature = token.split(".")
    return f"{header}.{claims[: len(claims) // 2]}.{signature}"


EXAMPLES = [
    Example(
        "PL250",
        trigger=bearing(f"Bearer: {forge.access_token()}"),
        near=bearing(f"bearer {forge.access_token()}"),
        at=AUTHORIZATION,
        severity="error",
        words="Authorization is Bearer: and a value, expected Bearer and a token.",
    ),
    Example(
        "PL250",
        trigger=bearing("Bearer "),
        near=bearing("Bearer opaque"),
        at=AUTHORIZATION,
        severity="error",
        words="alone,",
    ),
    Example(
        "PL250",
        trigger=bearing(forge.access_token()),
        near=exchange("C1", headers={"Authorization": None}),
        at=AUTHORIZATION,
        severity="error",
        words="Authorization is one word,",
    ),
    Example(
        "PL250",
        trigger=bearing("Basic bWFkZTp1cA=="),
        near=bearing("Basic bWFkZTp1cA==", "dcr-token"),
        at=AUTHORIZATION,
        severity="error",
        words="Authorization is Basic and a value,",
    ),
    *(
        Example(
            "PL250",
            trigger=bearing(f"Bearer {word}"),
            near=bearing(f"Bearer {word}able"),
            at=AUTHORIZATION,
            severity="error",
            words="Authorization is Bearer and a word like null, which programs write where they have no value,",
        )
        for word in ("undefined", "null", "None", "nil", "(null)", "[object Promise]", "Optional(nil)")
    ),
    Example(
        "PL251",
        trigger=claiming(exp=int(CLOCK - HOUR)),
        near=claiming(exp=int(CLOCK + 1)),
        at=AUTHORIZATION,
        severity="warning",
        words="expired at 2026-01-02T02:04:05Z, expected later than the request at 2026-01-02T03:04:05Z.",
    ),
    Example(
        "PL251",
        trigger=claiming("retrieve-profiles", exp=int(CLOCK - HOUR)),
        near=claiming("dcr-token", exp=int(CLOCK - HOUR)),
        at=AUTHORIZATION,
        severity="warning",
    ),
    Example(
        "PL252",
        trigger=claiming(nbf=int(CLOCK + 600)),
        near=claiming(nbf=int(CLOCK + 30)),
        at=AUTHORIZATION,
        severity="note",
        words="is valid from 2026-01-02T03:14:05Z",
    ),
    # Clocks may differ by a minute on either side.
    Example(
        "PL251",
        trigger=claiming(exp=int(CLOCK - 61)),
        near=claiming(exp=int(CLOCK - 60)),
        at=AUTHORIZATION,
        severity="warning",
    ),
    Example(
        "PL252",
        trigger=claiming(nbf=int(CLOCK + 61)),
        near=claiming(nbf=int(CLOCK + 60)),
        at=AUTHORIZATION,
        severity="note",
    ),
    Example(
        "PL253",
        trigger=claiming(scopes="api:client:v1"),
        near=claiming(scopes="api:client:v1 api:client:v2"),
        at=AUTHORIZATION,
        severity="warning",
        words="are api:client:v1, expected api:client:v2.",
    ),
    Example(
        "PL253",
        trigger=claiming(scopes=[]),
        near=claiming(scopes=None),
        at=AUTHORIZATION,
        severity="warning",
        words="are empty,",
    ),
    Example(
        "PL254",
        trigger=bearing(f"Bearer {cut(forge.access_token())}"),
        near=bearing("Bearer opaque.token"),
        at=AUTHORIZATION,
        severity="note",
        words="The token looks like a JWT, but its claims",
    ),
    Example(
        "PL255",
        trigger=identified("fingerprint null"),
        near=identified("fingerprint nulls+++"),
        at=IDENTIFIER,
        severity="error",
        words="AP-Device-Identifier is a type and a word like null, which programs write where they have no value",
    ),
    Example(
        "PL255",
        trigger=identified(forge.b64(forge.uuid("device"))),
        near=identified(forge.device_identifier()),
        at=IDENTIFIER,
        severity="error",
        words="is one word, expected fingerprint, one blank, and Base64.",
    ),
    Example(
        "PL255",
        trigger=identified(forge.device_identifier().replace(" ", "  ")),
        near=identified(f" {forge.device_identifier()} "),
        at=IDENTIFIER,
        severity="warning",
        words="has several blanks, expected one blank.",
    ),
    Example(
        "PL256",
        trigger=identified(forge.device_identifier(kind="uuid")),
        near=identified(f'"{forge.device_identifier()}"'),
        at=IDENTIFIER,
        severity="error",
        words="is uuid, expected fingerprint.",
    ),
    Example(
        "PL256",
        trigger=identified(forge.device_identifier(kind="Fingerprint")),
        near=identified(forge.b64(forge.uuid("device"))),
        at=IDENTIFIER,
        severity="warning",
        words="is Fingerprint,",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("name", ["dcr-register", "dcr-token", "authenticate"])
def test_what_stands_in_authorization_elsewhere_is_not_judged(name: str) -> None:
    for value in ("Basic bWFkZTp1cA==", forge.bearer(exp=1), f"Bearer {cut(forge.access_token())}", ""):
        assert not [code for code in codes(bearing(value, name)) if code.startswith("PL25")]


def test_an_opaque_token_is_as_good_as_a_jwt() -> None:
    assert codes(bearing("Bearer 7f3c9b5e0a")) == []


def test_an_encrypted_token_keeps_its_claims_to_itself() -> None:
    parts = forge.access_token().split(".")
    assert codes(bearing(f"Bearer {parts[0]}..{parts[1]}.{parts[2]}.{parts[1]}")) == []


@pytest.mark.parametrize("exp", ["tomorrow", True, None, -1, CLOCK * 1000, float(CLOCK + HOUR)])
def test_times_that_say_nothing_are_left_alone(exp: Any) -> None:
    assert codes(claiming(exp=exp)) == []


def test_without_a_clock_nothing_is_said_about_times() -> None:
    ex = exchange("C1", headers={"Authorization": forge.bearer(exp=1, nbf=2**33)}, started=None)
    assert codes(ex) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", " is empty,"),
        ("Bearer", " alone,"),
        ("4711-secret and more", " is something else,"),
    ],
)
def test_what_authorization_is_instead_is_said_without_its_secrets(value: str, words: str) -> None:
    (found,) = with_code(bearing(value), "PL250")
    assert words in found["message"]
    assert "4711" not in found["message"]


def test_an_identifier_type_that_may_be_a_secret_is_not_shown() -> None:
    (found,) = with_code(identified("4711-4712 YWJj"), "PL256")
    assert found["actual"] == "something else"


def test_what_the_identifier_holds_is_the_apps_own_choice() -> None:
    assert codes(identified(f"fingerprint {forge.b64('1')}")) == []


def test_a_token_whose_header_holds_no_object_is_unreadable() -> None:
    (found,) = with_code(bearing(f"Bearer {forge.b64('[1]')}.{forge.b64('{}')}.YWJj"), "PL254")
    assert found["message"] == "The token looks like a JWT, but its header holds no JSON object."
