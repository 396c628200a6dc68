"""PL210 to PL223: how header values are encoded.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

import forge
from support.examples import Example, codes, exchange, parametrize, verify, with_code

IDENTIFIER = "AP-Device-Identifier"
INFO = "X-Device-Info"
STATUS = "AP-Partner-Framework-Status"
TEMPPASS = "AP-TempPass-Identity"

TEXT = forge.json_text(forge.APPLE_TV | {"model": "Apple TV?~"})
VALUE = forge.b64(TEXT)
BARE = VALUE.rstrip("=")
GRANTED = (
    '{"frameworkPermissionInfo":{"accessStatus":"granted"},"frameworkProviderInfo":{"id":"H","expirationDate":"%s"}}'
)


def info(data: bytes) -> dict[str, str]:
    return {INFO: forge.b64(data)}


EXAMPLES = [
    Example(
        "PL210",
        trigger=exchange("C1", headers={INFO: "AppleTV; tvOS 18.5"}),
        near=exchange("C1", headers={INFO: f" {BARE}"}),
        at=f"header:{INFO}",
        severity="warning",
        words="X-Device-Info: the character ';' at position 7 is not Base64; expected Base64.",
    ),
    Example(
        "PL210",
        trigger=exchange("P1", headers={STATUS: "granted!"}),
        near=exchange("P1", headers={STATUS: "...."}),
        at=f"header:{STATUS}",
        severity="error",
    ),
    Example(
        "PL210",
        trigger=exchange("C1", headers={IDENTIFIER: "fingerprint living-room:1"}),
        near=exchange("C1", headers={IDENTIFIER: forge.device_identifier(hashed=True)}),
        at=f"header:{IDENTIFIER}",
        severity="error",
    ),
    Example(
        "PL210",
        trigger=exchange("retrieve-profile-mvpd", headers={TEMPPASS: "viewer@demotv.example"}),
        near=exchange("retrieve-profile-mvpd"),
        at=f"header:{TEMPPASS}",
        severity="warning",
    ),
    Example(
        "PL211",
        trigger=exchange("C1", headers={IDENTIFIER: forge.device_identifier(hashed=True, padding=False)}),
        near=exchange("C1", headers={IDENTIFIER: forge.device_identifier()}),
        at=f"header:{IDENTIFIER}",
        severity="warning",
        words="padding signs (=) are missing",
    ),
    Example(
        "PL224",
        trigger=exchange("C1", headers={IDENTIFIER: f"fingerprint {forge.b64(b'0123456789abcdef')[:-3]}h=="}),
        near=exchange("C1", headers={IDENTIFIER: f"fingerprint {forge.b64(b'0123456789abcdef')}"}),
        at=f"header:{IDENTIFIER}",
        severity="note",
        words="the last sign, 'h', has bits that belong to no byte",
    ),
    Example(
        "PL212",
        trigger=exchange("C1", headers={IDENTIFIER: f"fingerprint {forge.b64(bytes(range(240, 255)), url_safe=True)}"}),
        near=exchange("C1", headers={IDENTIFIER: f"fingerprint {forge.b64(bytes(range(240, 255)))}"}),
        at=f"header:{IDENTIFIER}",
        severity="warning",
        words="the URL-safe alphabet (- and _) in place of + and /",
    ),
    Example(
        "PL213",
        trigger=exchange("C1", headers={INFO: f"{forge.b64(TEXT + ' ').rstrip('=')}%3D%3D"}),
        near=exchange("C1", headers={INFO: VALUE}),
        at=f"header:{INFO}",
        severity="note",
        words="is percent-encoded (%3D)",
    ),
    Example(
        "PL214",
        trigger=exchange("C1", headers={INFO: f"{VALUE[:40]} {VALUE[40:]}"}),
        near=exchange("C1", headers={IDENTIFIER: forge.device_identifier()}),
        at=f"header:{INFO}",
        severity="warning",
        words="white space inside the Base64 text",
    ),
    Example(
        "PL214",
        trigger=exchange("C1", headers={"Authorization": forge.bearer()[:40] + " " + forge.bearer()[40:]}),
        near=exchange("C1", headers={"Authorization": forge.bearer()}),
        at="header:Authorization",
        severity="warning",
    ),
    Example(
        "PL215",
        trigger=exchange("P1", headers={STATUS: f"{forge.partner_status()[:76]}\r\n {forge.partner_status()[76:]}"}),
        near=exchange("P1", headers={STATUS: f"{forge.partner_status()[:76]} {forge.partner_status()[76:]}"}),
        at=f"header:{STATUS}",
        severity="warning",
        words="is broken over several lines; expected one line.",
    ),
    Example(
        "PL216",
        trigger=exchange("C1", headers={INFO: f'"{VALUE}"'}),
        near=exchange("C1", headers={INFO: VALUE}),
        at=f"header:{INFO}",
        severity="warning",
        words="is in quotes",
    ),
    Example(
        "PL216",
        trigger=exchange("C1", headers={IDENTIFIER: f'"{forge.device_identifier()}"'}),
        near=exchange("C1", headers={IDENTIFIER: f'"{forge.device_identifier()}'}),
        at=f"header:{IDENTIFIER}",
        severity="warning",
    ),
    Example(
        "PL217",
        trigger=exchange("C1", headers={INFO: forge.b64(TEXT + "  ") + forge.temppass_identity()}),
        near=exchange("C1", headers={INFO: forge.b64(TEXT + "  ")}),
        at=f"header:{INFO}",
        severity="warning",
        words="characters after the padding",
    ),
    Example(
        "PL218",
        trigger=exchange("C1", headers=info(b"\xef\xbb\xbf" + TEXT.encode())),
        near=exchange("C1", headers=info(TEXT.encode())),
        at=f"header:{INFO}",
        severity="warning",
        words="a UTF-8 mark (BOM) before the JSON",
    ),
    Example(
        "PL219",
        trigger=exchange("C1", headers=info(TEXT.replace("?~", "é").encode("latin-1"))),
        near=exchange("C1", headers=info(TEXT.replace("?~", "é").encode())),
        at=f"header:{INFO}",
        severity="warning",
        words="is not UTF-8; expected UTF-8.",
    ),
    Example(
        "PL220",
        trigger=exchange("C1", headers={INFO: forge.broken_device_info()}),
        near=exchange("C1", headers={INFO: forge.b64("{\n\t" + TEXT[1:])}),
        at=f"header:{INFO}",
        severity="warning",
        words="line 6 column 3",
    ),
    Example(
        "PL220",
        trigger=exchange("P1", headers={STATUS: forge.b64("granted")}),
        near=exchange("P1", headers={STATUS: forge.denied_status()}),
        at=f"header:{STATUS}",
        severity="error",
    ),
    Example(
        "PL221",
        trigger=exchange("C1", headers={INFO: forge.b64(TEXT[:-1] + ',"model":"AppleTV"}')}),
        near=exchange("C1", headers={INFO: forge.b64(TEXT[:-1] + ',"Model":"AppleTV"}')}),
        at=f"header:{INFO}",
        severity="warning",
        words="the key 'model' stands more than once",
    ),
    Example(
        "PL222",
        trigger=exchange("C1", headers={INFO: forge.b64('["tvOS"]')}),
        near=exchange("C1", headers={INFO: forge.b64("{}")}),
        at=f"header:{INFO}",
        severity="warning",
        words="the JSON is an array, not an object",
    ),
    Example(
        "PL222",
        trigger=exchange("P1", headers={STATUS: forge.b64('"granted"')}),
        near=exchange("P1", headers={STATUS: forge.b64("granted")}),
        at=f"header:{STATUS}",
        severity="error",
    ),
    Example(
        "PL223",
        trigger=exchange("C1", headers={INFO: TEXT}),
        near=exchange("C1", headers={INFO: VALUE}),
        at=f"header:{INFO}",
        severity="warning",
        words="without Base64; expected Base64 over the JSON.",
    ),
    Example(
        "PL223",
        trigger=exchange("P1", headers={STATUS: GRANTED % forge.epoch_ms(forge.CLOCK + 60)}),
        near=exchange("P1", headers={STATUS: forge.b64(GRANTED % forge.epoch_ms(forge.CLOCK + 60))}),
        at=f"header:{STATUS}",
        severity="error",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


def encoding(name: str, **headers: str) -> list[str]:
    """The codes about encoding for a case with one header changed."""
    ex = exchange(name, headers={key.replace("_", "-"): value for key, value in headers.items()})
    return [code for code in codes(ex) if "PL210" <= code <= "PL223"]


def test_E09_the_published_device_info_is_reported_with_the_place_and_its_salvaged_keys_count() -> None:
    ex = exchange("C1", headers={INFO: forge.broken_device_info()})
    assert [code for code in codes(ex) if code.startswith("PL2")] == ["PL220", "PL230", "PL230"]


def test_E12_two_values_glued_together_are_not_passed_in_silence() -> None:
    for first in (forge.b64(TEXT + " " * extra) for extra in range(3)):
        found = encoding("C1", X_Device_Info=first + forge.temppass_identity())
        assert found == (["PL217"] if first.endswith("=") else ["PL220"])


def test_E45_percent_encoding_is_a_note() -> None:
    value = VALUE.replace("=", "%3D").replace("+", "%2B").replace("/", "%2F")
    assert encoding("C1", X_Device_Info=value) == ["PL213"]
    found = with_code(exchange("C1", headers={INFO: value}), "PL213")
    assert [finding["severity"] for finding in found] == ["note"]


@pytest.mark.parametrize(("broken", "code"), [(" ", "PL214"), ("\r\n ", "PL215"), ("\n", "PL215")])
def test_E47_wrapped_values_are_read_and_flagged(broken: str, code: str) -> None:
    assert encoding("C1", X_Device_Info=f"{VALUE[:76]}{broken}{VALUE[76:]}") == [code]


def test_of_a_value_that_is_not_base64_nothing_else_is_said() -> None:
    assert encoding("C1", X_Device_Info='"Apple TV (tvOS 18.5)"') == ["PL210"]


@pytest.mark.parametrize("value", ["", "A", "===="])
def test_a_value_too_short_to_hold_anything_is_not_base64(value: str) -> None:
    assert encoding("P1", AP_Partner_Framework_Status=value) == ["PL210"]


def test_the_temppass_identity_is_json_by_its_samples_only() -> None:
    found = with_code(exchange("retrieve-profile-mvpd", headers={TEMPPASS: forge.b64("viewer-1")}), "PL220")
    assert [(finding["severity"], finding["basis"]) for finding in found] == [("warning", "sample")]


def test_a_jwt_without_padding_in_the_url_safe_alphabet_is_how_it_should_be() -> None:
    assert encoding("C1", Authorization=forge.bearer(sub="??>>~~")) == []


def test_a_binary_identifier_is_fine() -> None:
    assert encoding("C1", AP_Device_Identifier=forge.device_identifier(hashed=True)) == []


def test_findings_about_a_header_cite_its_own_page() -> None:
    found = with_code(exchange("C1", headers={IDENTIFIER: "fingerprint !"}), "PL210")
    assert [finding["source"] for finding in found] == ["Header AP-Device-Identifier, doc-2024-10-01"]
