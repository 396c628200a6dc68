"""Values are followed into whatever they are encoded in, and come back in the same form."""

import base64
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from fuzz.limits import within
from passlens.scrub.names import keeps_body, keeps_device_info
from passlens.scrub.values import Scrubber

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def scrubber() -> Scrubber:
    return Scrubber(b"tests")


def test_one_value_is_the_same_inside_everything() -> None:
    one = scrubber()
    made = one.secret(UUID)
    assert one.secret(f'"{UUID}"') == f'"{made}"'
    assert one.secret(forge.b64(UUID)) == forge.b64(made)
    assert one.secret(UUID.encode().hex()) == made.encode().hex()
    assert one.secret(forge.b64(forge.b64(UUID))) == forge.b64(forge.b64(made))
    assert one.secret(quote(forge.b64(UUID), safe="")) == quote(forge.b64(made), safe="")
    assert one.secret(f'{{"x": ["{UUID}", null]}}') == f'{{"x": ["{made}", null]}}'
    assert one.secret(f"user:{UUID}").endswith(f":{made}")
    assert made in one.token(forge.jws({"sub": UUID})) or UUID not in one.token(forge.jws({"sub": UUID}))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("viewer@demotv.example", "", "@example.com"),
        ("203.0.113.9", "192.0.2.", ""),
        ("2001:db8:7::1", "2001:db8::", ""),
        ("https://demotv.example/x?token=abc", "https://demotv.example/x?token=", ""),
        ("${mvpd}", "${mvpd}", ""),
    ],
)
def test_forms_stay(text: str, start: str, end: str) -> None:
    made = scrubber().secret(text)
    assert made.startswith(start)
    assert made.endswith(end)
    assert made != text or text.startswith("$")


def test_bytes_that_say_nothing_become_others_and_are_known_as_hexadecimal_digits() -> None:
    one = scrubber()
    text = base64.b64encode(bytes(range(200, 232))).decode()
    made = one.secret(text)
    assert len(made) == len(text)
    one.replacements.close()
    assert one.free(f"x {bytes(range(200, 232)).hex()}") == f"x {base64.b64decode(made).hex()}"


def test_free_text_loses_what_looks_like_a_secret() -> None:
    one = scrubber()
    token = forge.access_token()
    inside = forge.b64('{"access_token": "planted-token-9"}')
    text = f"{token} viewer@mail.example viewer%40mail.example https://x.example/?q=planted {inside}"
    made = one.free(text)
    for planted in (token, "mail.example", "planted", inside):
        assert planted not in made
    assert one.free("AppleTV; tvOS 18.5.1.2 /api/v2/REF30/sessions") == "AppleTV; tvOS 18.5.1.2 /api/v2/REF30/sessions"
    field = '<input type="hidden" name="SAMLResponse" value="planted-saml-text"/>'
    assert "planted" not in one.free(field)
    assert "10.1.2.3" not in one.message("cannot reach ('10.1.2.3', 443)")
    assert one.message("Invalid header line: b'Cookie: sid=harbour'") == "Invalid header line: …"


def test_queries_and_urls() -> None:
    one = scrubber()
    made = one.url("/api/v2/x?mvpd=Cable&ticket=planted&planted2&domain=a.example#planted3")
    assert made.startswith("/api/v2/x?mvpd=Cable&ticket=")
    assert "&domain=a.example#" in made
    assert "planted" not in made
    nested = "redirectUrl=" + quote("https://a.example/done?ticket=planted", safe="")
    assert one.pairs(nested).startswith("redirectUrl=https%3A%2F%2Fa.example%2Fdone%3Fticket%3D")
    assert "planted" not in one.pairs(nested)
    twice = "redirectUrl=" + quote(quote("https://a.example/done?ticket=planted", safe=""), safe="")
    assert one.pairs(twice).startswith("redirectUrl=https%253A%252F%252Fa.example%252Fdone%253Fticket%253D")
    assert "planted" not in one.pairs(twice)
    assert one.url("https://user:planted@a.example/").endswith("@a.example/")
    assert "planted" not in one.url("https://user:planted@a.example/")


@pytest.mark.parametrize("times", range(1, 5))
@pytest.mark.parametrize("mark", ["?", "#", "?a=b&", ";jsessionid=planted-2?"])
def test_a_query_in_a_text_that_is_percent_encoded_as_a_whole(mark: str, times: int) -> None:
    address = f"https://a.example/cb{mark}access_token=planted-1&mvpd=Cable&state=planted-3"
    kept = "&mvpd=Cable&state="
    for _ in range(times):
        address, kept = quote(address, safe=""), quote(kept, safe="")
    made = scrubber().free(f"see {address}, then go")
    assert "planted" not in made
    assert kept in made
    assert made.endswith(", then go")
    assert made.startswith(f"see {address[:16]}")


def test_an_encoded_query_inside_a_parameter_is_replaced_once() -> None:
    value = quote("https://a.example/cb?ticket=planted-1", safe="")
    one = scrubber()
    assert one.free(f"go /x?to={value} now") == f"go /x?to={one.url(value)} now"


@pytest.mark.parametrize("text", ["50%25 or 3%3D3", "%3Csvg%20viewBox%3D%220%22%3E", "a%26b and %3F=", "%3Fa%3D, b"])
def test_escapes_that_are_no_query_stay(text: str) -> None:
    assert scrubber().free(text) == text


def test_the_session_in_the_path_of_a_java_server() -> None:
    address = "https://a.example/login;jsessionid=planted0?mvpd=Cable"
    assert re.fullmatch(r"https://a\.example/login;jsessionid=\w{8}\?mvpd=Cable", scrubber().url(address))
    assert "planted" not in scrubber().free(f'<form action="{address}">')
    assert "planted" not in scrubber().pairs(f"redirectUrl={quote(address, safe='')}")
    assert scrubber().free("text/html;charset=utf-8; path=/") == "text/html;charset=utf-8; path=/"


@pytest.mark.parametrize("mark", "?&#")
def test_parameters_of_an_address_in_a_text(mark: str) -> None:
    text = f'<a href="https://a.example/cb?flag{mark}access_token=planted&mvpd=Cable">'
    made = scrubber().free(text)
    assert "planted" not in made
    assert made.endswith('&mvpd=Cable">')


@pytest.mark.parametrize("space", ["", " ", "\n"])
def test_json_in_a_text(space: str) -> None:
    inner = space + json.dumps({"user": {"userId": "planted", "number": 1}, "mvpd": "Cable"}) + space
    for text in (inner, json.dumps({"details": inner}), json.dumps([inner]), json.dumps([[json.dumps([inner])]])):
        made = scrubber().free(text)
        assert "planted" not in made
        assert len(made) == len(text)
        assert "Cable" in made
    for text in ("{planted}", "[planted] error", '{"userId": planted}'):
        assert scrubber().free(text) == text


def test_json_by_what_may_be_shown() -> None:
    one = scrubber()
    made = one.json(
        '{"model": "AppleTV", "connectionIp": "10.0.0.7", "own": 12345, "osName" "tvOS"}', keeps_device_info
    )
    assert '"model": "AppleTV"' in made
    assert '"osName"' in made
    assert "10.0.0.7" not in made
    assert "12345" not in made
    assert one.json('{"code": "ABC1234", "userID": "planted"}', keeps_body).startswith('{"code": "ABC1234"')


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    one = scrubber()
    one.secret(text)
    one.url(text)
    one.pairs(text)
    one.json(text, keeps_body)
    one.replacements.close()
    one.message(text)


@pytest.mark.parametrize(("times", "followed"), [(0, True), (1, True), (6, True), (7, False)])
def test_six_encodings_over_each_other_are_followed(times: int, followed: bool) -> None:
    text = "viewer@demotv.example"
    for _ in range(times):
        text = forge.b64(text)
    made = scrubber().secret(text)
    assert made != text
    for _ in range(times):
        made = base64.b64decode(made).decode("utf-8", "replace")
    assert made.endswith("@example.com") == followed


def test_what_a_media_token_repeats_stays_elsewhere() -> None:
    one = scrubber()
    token = forge.b64(
        f"<signatureInfo>AbC9+/x8Yz01</signatureInfo><shortToken><sessionGUID>{UUID}</sessionGUID>"
        "<requestorID>DEMOTV</requestorID><resourceID>sports-hd-1</resourceID><mvpdId>HarbourCable</mvpdId>"
        "<issueTime>2026-01-02T03:04:05Z</issueTime></shortToken>"
    )
    body = json.dumps({"decisions": [{"resource": "sports-hd-1", "token": {"serializedToken": token}}]})
    one.replacements.public("DEMOTV")
    one.replacements.public("HarbourCable")
    one.json(body, keeps_body)
    one.replacements.close()
    made = base64.b64decode(json.loads(one.json(body, keeps_body))["decisions"][0]["token"]["serializedToken"]).decode()
    assert re.sub(">[^<>]+", ">", made) == re.sub(">[^<>]+", ">", base64.b64decode(token).decode())
    assert UUID not in made
    assert "AbC9" not in made
    said = "2026-01-02T03:04:05Z requestorID DEMOTV HarbourCable sports-hd-1 "
    assert re.fullmatch(f"{said}[0-9a-f-]{{36}}", one.free(said + UUID))
    assert UUID not in one.free(said + UUID)


@pytest.mark.parametrize(
    "text", ["<planted>", "<planted1", "<a>planted<b", '<a b="planted">c</a>', "<a><!-- planted --></a>"]
)
def test_what_only_looks_like_xml_is_replaced_as_a_whole(text: str) -> None:
    assert "planted" not in scrubber().secret(text)


@pytest.mark.parametrize("text", ["<a>" + "x" * 20_000 + "<", "<a>" + "x<b>" * 5_000 + "<", "<a>" + "</a" * 5_000])
def test_what_only_begins_like_xml_costs_no_more_than_other_text(text: str) -> None:
    within(2, lambda: scrubber().secret(text))


def test_saml_whose_plus_signs_nobody_escaped_is_read_as_saml() -> None:
    xml = '<samlp:Response ID="planted-id-1">~?~?<saml:NameID>planted-viewer</saml:NameID></samlp:Response>>>>'
    sent = forge.b64(xml)
    assert "+" in sent
    one = scrubber()
    made = one.pairs(f"SAMLResponse={sent}").partition("=")[2]
    read = base64.b64decode(made).decode()
    assert read.startswith('<samlp:Response ID="')
    assert "planted" not in read
    one.replacements.close()
    assert one.free("SAMLResponse of samlp:Response") == "SAMLResponse of samlp:Response"


def test_a_token_in_the_words_of_an_error_is_replaced_and_what_repeats_it() -> None:
    one = scrubber()
    text = '{"message": "The access token 8f14e45fceea is unknown", "details": "see 8f14e45fceea"}'
    one.json(text, keeps_body)
    one.replacements.close()
    made = json.loads(one.json(text, keeps_body))
    assert "8f14e45fceea" not in str(made)
    assert made["message"].startswith("The access token ")
    assert made["details"] == f"see {made['message'].split()[3]}"
    token = forge.jws({"sub": UUID})
    assert one.free(f"the token {token}") == f"the token {one.token(token)}"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("app://com.demotv.tv#planted1", "app://com.demotv.tv#"),
        ("https://planted:planted@demotv.example/cb?code=ABC1234&x=planted", "@demotv.example/cb?code=ABC1234&x="),
        ("demotv://signed-in", "demotv://signed-in"),
    ],
)
def test_an_address_in_json_is_replaced_as_one_in_a_form(sent: str, kept: str) -> None:
    made = scrubber().json(json.dumps({"redirect_uris": [sent]}), keeps_body)
    assert "planted" not in made
    assert kept in made


def test_what_a_redirect_uri_holds_is_not_public() -> None:
    one = scrubber()
    one.pairs("redirect_uri=https%3A%2F%2Fdemotv.example%2F%3Fstate%3Dplanted-1")
    one.replacements.close()
    assert "planted" not in one.free("the state was planted-1")


@pytest.mark.parametrize("part", ["http://a/?b=", "http://a/#b=", "http://a/?b=c&d="])
def test_addresses_inside_each_other_are_followed_so_far(part: str) -> None:
    text = part * 2000 + "planted"
    for change in (scrubber().free, scrubber().secret, scrubber().url, scrubber().pairs):
        assert "planted" not in change(text)


def test_escapes_inside_the_parts_of_an_address_are_no_part_of_it() -> None:
    inner = quote("http://planted@a/", safe="")
    assert "planted" not in scrubber().secret(f"http://{inner}@b/")
    assert scrubber().secret("http://a/?code=ABC1234%26x").startswith("http://a/?code=ABC1234%26")


@pytest.mark.parametrize("host", ["proxy:8080", "demotv.example"])
def test_the_user_of_an_address_inside_a_text_is_replaced_and_its_host_stays(host: str) -> None:
    one = scrubber()
    made = one.free(f"no route to http://jane:planted-1@{host}/x, try again")
    assert "planted" not in made
    assert "jane" not in made
    assert made.endswith(f"@{host}/x, try again")
    assert made.split()[3].startswith(one.url(f"http://jane:planted-1@{host}/"))
