"""Each header keeps its form and its mistakes, and loses its secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER, Exchange, Request
from passlens.rest_v2.identifiers import decode_device_identifier
from passlens.scrub.headers import header
from passlens.scrub.values import Scrubber

TOKEN = forge.access_token(sub="planted-subject")
PLAIN = forge.b64("planted-device-7")
INFO = forge.device_info(connectionIp="203.0.113.7", own="planted own")
NAMES = (
    "Authorization", "Cookie", "Set-Cookie", "X-Device-Info", "AP-Device-Identifier", "X-Forwarded-For",
    "AP-TempPass-Identity", "AP-Partner-Framework-Status", "AD-Service-Token", "Location", "User-Agent",
)  # fmt: skip


def scrubbed(name: str, value: str) -> str:
    return header(Scrubber(b"tests"), name, value)


@pytest.mark.parametrize(
    ("name", "value", "start", "end"),
    [
        ("Authorization", f"Bearer {TOKEN}", "Bearer eyJ", ""),
        ("Authorization", f"Bearer: {TOKEN}", "Bearer: eyJ", ""),
        ("Authorization", f'bearer  "{TOKEN}"', 'bearer  "eyJ', '"'),
        ("Proxy-Authorization", f"Basic {forge.b64('user:planted')}", "Basic ", ""),
        ("X-Auth", "planted-1", "", ""),
        ("Authentication", "Bearer planted-1", "Bearer ", ""),
        ("X-Own", "bearer planted-1==", "bearer ", "=="),
        ("X-Session-Id", "planted-1", "", ""),
        ("HTTP_AP_DEVICE_IDENTIFIER", f"fingerprint {PLAIN}", "fingerprint ", ""),
        ("ap_device_identifier", f"fingerprint {PLAIN}", "fingerprint ", ""),
        ("HTTP_COOKIE", "a=planted1; b=planted2", "a=", ""),
        ("Cookie", "a=planted1; b=planted2", "a=", ""),
        ("Set-Cookie", "a=planted1; Path=/; Domain=.adobe.com", "a=", "; Path=/; Domain=.adobe.com"),
        ("X-Forwarded-For", "198.51.100.23, 198.51.100.24", "192.0.2.", ""),
        ("Forwarded", 'for="[2001:db9::1]:47";proto=https', 'for="[2001:db8::', ']:47";proto=https'),
        ("Location", "https://a.example/x?ticket=planted", "https://a.example/x?ticket=", ""),
        ("AP-Device-Identifier", "fingerprint  planted!!x9", "fingerprint  ", ""),
        ("X-Debug", '{"access_token": "planted-1", "level": 2}', '{"access_token": "', '", "level": 2}'),
    ],
)
def test_forms_stay(name: str, value: str, start: str, end: str) -> None:
    made = scrubbed(name, value)
    assert made != value
    assert made.startswith(start)
    assert made.endswith(end)
    for planted in ("planted", "198.51.100", TOKEN[30:60], "db9", forge.b64("user:planted")):
        assert planted not in made


@pytest.mark.parametrize("name", ["Cookie", "Set-Cookie"])
def test_a_cookie_that_repeats_what_is_shown_renames_it_nowhere(name: str) -> None:
    one = Scrubber(b"tests")
    value = "sp=DEMOTV; Path=/" if name == "Set-Cookie" else "sp=DEMOTV; id=planted-1"
    header(one, name, value)
    one.replacements.public("DEMOTV")
    one.replacements.close()
    made = header(one, name, value)
    assert made.startswith("sp=DEMOTV; ")
    assert "planted" not in made
    assert one.replacements.swept("/api/v2/DEMOTV/sessions planted-1").startswith("/api/v2/DEMOTV/sessions ")


@pytest.mark.parametrize("part", ['"', "'", "a=b;", "=", "%3D", "a%3Db"])
@pytest.mark.parametrize("name", ["X-Device-Info", "AP-Device-Identifier", "AP-Partner-Framework-Status"])
def test_a_header_of_thousands_of_parts_is_scrubbed(name: str, part: str) -> None:
    value = part * (12_000 // len(part))
    assert len(scrubbed(name, value)) == len(value)
    assert "planted" not in scrubbed(name, f"{value}planted1")


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_around_encoded_json_stay_and_it_decodes(quote: str) -> None:
    for value in (INFO, INFO.rstrip("=")):
        made = scrubbed("X-Device-Info", f"{quote}{value}{quote}")
        assert made[0] == made[-1] == quote
        assert "planted" not in (decoded := forge.base64.b64decode(made[1:-1] + "==").decode())
        assert '"model"' in decoded


@pytest.mark.parametrize(
    "value",
    [
        "Bearer ....",
        "fingerprint ....",
        "${x}",
        "",
        "Bearer",
        "Bearer ",
        "Bearer undefined",
        "fingerprint [object Object]",
    ],
)
def test_placeholders_stay(value: str) -> None:
    assert scrubbed("Authorization", value) == value
    assert scrubbed("AP-Device-Identifier", value) == value


@pytest.mark.parametrize(
    "value",
    [PLAIN, PLAIN.rstrip("="), f'"{PLAIN}"', f" {PLAIN}", PLAIN[:8] + " " + PLAIN[8:], PLAIN.replace("=", "%3D"),
     f"{PLAIN}{PLAIN}", "%%%", "A"],
)  # fmt: skip
def test_an_identifier_takes_the_same_liberties(value: str) -> None:
    before = decode_device_identifier(f"fingerprint {value}").encoded
    after = decode_device_identifier(scrubbed("AP-Device-Identifier", f"fingerprint {value}")).encoded
    assert before is not None
    assert after is not None
    assert [deviation.kind for deviation in after.deviations] == [deviation.kind for deviation in before.deviations]
    assert after.data != before.data or after.data is None


@pytest.mark.parametrize("value", [INFO, INFO.rstrip("="), f'"{INFO}"', INFO.replace("=", "%3D"), forge.b64("[1]")])
def test_device_info_keeps_what_may_be_shown(value: str) -> None:
    before = Decoded(Exchange(Request((("X-Device-Info", value),)))).device_info
    after = Decoded(Exchange(Request((("X-Device-Info", scrubbed("X-Device-Info", value)),)))).device_info
    assert before is not None
    assert after is not None
    kinds = [deviation.kind for deviation in before.encoded.deviations]
    assert [deviation.kind for deviation in after.encoded.deviations] == kinds
    if before.shown:
        assert after.shown["model"] == "AppleTV"
        assert after.shown["connectionIp"].startswith("192.0.2.")
        assert "planted" not in after.shown["own"]


def test_what_is_too_long_or_no_base64_is_replaced_as_a_whole() -> None:
    one = Scrubber(b"tests")
    made = header(one, "X-Device-Info", "AppleTV; tvOS 18")
    assert len(made) == 16
    assert "AppleTV" not in made
    assert len(header(one, "User-Agent", "x" * (MAX_HEADER + 1))) == MAX_HEADER + 1
    assert one.replacements.counts["unreadable value"] == 2


@given(st.sampled_from(NAMES), st.text(max_size=40))
def test_any_value_is_taken(name: str, value: str) -> None:
    scrubbed(name, value)
