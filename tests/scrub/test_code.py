"""In scripts, style sheets and HTML code a query is one inside of an address; operators stay as they are."""

import base64
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from fuzz.limits import within
from passlens.scrub import bodies, code
from passlens.scrub.values import Scrubber

SCRIPT, STYLE, HTML = "application/javascript", "text/css", "text/html"
IN_CODE = [
    'get("https://a.example/p?ticket=planted-1&n=planted-2")',
    "get('/p?ticket=planted-1&n=planted-2')",
    "get(`${base}/p?ticket=planted-1&n=${c}&z=planted-2`)",
    "get(`${base(1)}/p?ticket=planted-1&z=planted-2`)",
    'get(`${base("x")}?ticket=planted-1&z=planted-2`)',
    "get(`?ticket=planted-1&n=${c}`)",
    'get(base+"?ticket=planted-1&n="+c)',
    'get(base+"&ticket=planted-1")',
    'get("login.php?ticket=planted-1")',
    'get("../p?flag&ticket=planted-1")',
    'get("/p#ticket=planted-1&n=planted-2")',
    'get("https://a.example/p#ticket=planted-1")',
    'get(base+"#ticket=planted-1")',
    'get("https%3A%2F%2Fa.example%2Fp%23ticket%3Dplanted-1")',
    'get("/p#a=1&ticket=planted-1")',
    'get("//a.example/p?ticket=planted%2D1")',
    'get("https:\\/\\/a.example\\/p?ticket=planted-1&n=planted\\/2")',
    'get("\\u002Fp?ticket\\u003dplanted-1\\u0026n\\u003dplanted-2")',
    'get("/p?flag\\u0026ticket=planted-1")',
    'get("https%3A%2F%2Fa.example%2Fp%3Fticket%3Dplanted-1%26n%3Dplanted-2")',
    'get("/go?to=https%3A%2F%2Fa.example%2Fp%3Fticket%3Dplanted-1")',
    'x=\'{"u":"{\\"p\\":\\"\\/p?ticket=planted-1\\"}"}\'',
    "// see https://a.example/p?ticket=planted-1\n",
    '<a href="/p?b=1&amp;ticket=planted-1">',
    "<a href='p?b=1&#38;ticket=planted-1'>",
    "<a href=/p?ticket=planted-1>",
    '<img srcset="/a?ticket=planted-1 1x, /b?ticket=planted-2 2x">',
    '<meta http-equiv="refresh" content="0; url=/p?ticket=planted-1">',
    '<div data-x="{&quot;u&quot;:&quot;/p?ticket=planted-1&quot;}">',
    ".a{background:url(/p?ticket=planted-1),url(p.png?ticket=planted-2)}",
    'a={token:"planted-1"};b={"apiKey":\'planted-2\'}',
    "this.deviceId = `planted-1`",
    'a="{\\"access_token\\":\\"planted\\/1\\"}"',
    '<body data-token="planted-1">',
]
OPERATORS = [
    "a?b=cccccc:d",
    "e&&t=ffffff",
    "e.k&&t==n?i.show=r.display.view:0",
    'window.a="word"',
    "window.player=function(){return 1}",
    'e==="x"?t=uuuuuu:v="y"',
    'e==="x"?t=uuuuuu+"a":n=2',
    'typeof e=="x"?t=uuuuuu:s?t="y":0',
    'case"x":a?b=cccccc:d=e',
    '(e=>"a"in e?t=vvvvvv:u)',
    "f(x)}?b=cccccc:d",
    'class A{#b="word";#c=1;d(){this.#e=ffffff}}',
    "if(a){b()}c.d?e=ffffff:g",
    "var r=/abc/g;e&&t=longname",
    "t=/^http:\\/\\//i,e&&t=longname",
    'a.replace(/"/g,b?c=dddddd:e=f)',
    "a.match(/[?&]token=([^&#]*)/)",
    "a.split(/\\?token=(\\w+)/)",
    "`/p?n=${x}&m=${y(1)}&k=${z}`",
    '"/p?n=%s&m=%d&k={id}"',
    'token:"PasswordWidget",password="Enter your password 1"',
    '"use strict";(self.w=self.w||[]).push([[1234567890123],{5:function(e,t){e?t=cccccc:n=2}}]);',
    '"data:image/svg+xml,%3Csvg xmlns=%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22 viewBox=%220%22 fill=%22%23fff%22%3E"',
]


def one(body: str, media_type: str) -> str:
    return bodies.text(Scrubber(b"tests"), body, media_type)


@pytest.mark.parametrize("text", IN_CODE)
@pytest.mark.parametrize(("media_type", "before"), [(SCRIPT, ";"), (STYLE, ";"), (HTML, "<p>"), ("", "/**/ ")])
def test_a_secret_in_an_address_or_a_literal_is_replaced(text: str, media_type: str, before: str) -> None:
    for filling in ("", "function(a){return a.b(1)}\n" * 500):
        made = one(before + filling + text, media_type)
        assert "planted" not in made
        assert made.startswith(before + filling)


@pytest.mark.parametrize("text", OPERATORS)
@pytest.mark.parametrize("before", ["", "!0;", "/*! a */\n"])
def test_operators_are_left_alone(text: str, before: str) -> None:
    assert one(before + text, SCRIPT) == before + text
    whole = before + (text + "\n") * 500
    assert one(whole, SCRIPT) == whole


def test_what_operators_name_is_looked_for_nowhere() -> None:
    scrubber = Scrubber(b"tests")
    bodies.text(scrubber, "a?b=longname:c;e&&t=othername;", SCRIPT)
    scrubber.replacements.close()
    assert scrubber.free("longname othername") == "longname othername"


def test_a_secret_of_another_place_is_found_in_a_script() -> None:
    scrubber = Scrubber(b"tests")
    for secret in ("planted-word", "planted-two"):
        scrubber.secret(secret)
    scrubber.url("/p?ticket=planted-three")
    scrubber.replacements.close()
    script = 'e&&t=n;var a="planted-word",b=c?d.planted-two:`planted-three`'
    made = bodies.text(scrubber, script, SCRIPT)
    assert "planted" not in made
    assert made.startswith('e&&t=n;var a="')


@pytest.mark.parametrize("text", ["viewer@demotv.example", "203.0.113.9", forge.jws({"sub": "planted"})])
def test_what_is_told_by_its_shape_is_found_in_a_script(text: str) -> None:
    for inside in (text, base64.b64encode(f'go("{text}");'.encode()).decode()):
        assert inside not in one(f'e&&t=n;var a="{inside}";', SCRIPT)


def test_packages_and_their_versions_stay() -> None:
    script = (
        'import"https://cdn.example/npm/hls.js@1.5.0/+esm";x="npm/@scope/core@2.0.0-beta.1",y="viewer@demotv.example"'
    )
    made = one(script, SCRIPT)
    assert made.startswith(script.partition("viewer")[0])
    assert "demotv" not in made


@pytest.mark.parametrize(
    ("media_type", "text", "expected"),
    [
        ("text/javascript", "a=b", True),
        ("application/x-javascript", "a=b", True),
        (STYLE, "a{}", True),
        (HTML, "<p>", True),
        ("application/xhtml+xml", "<p>", True),
        ("", "<!DOCTYPE html>", True),
        ("", "!function(){}", True),
        ("application/octet-stream", '"use strict";', True),
        ("", "let me know", False),
        ("text/plain", "!function(){}", False),
        ("application/json", "a?b=c", False),
        (HTML, "oauth_token=a&oauth_token_secret=b", False),
        (HTML, "token=a&page=<b>", False),
        (HTML, "a word", False),
        (SCRIPT, "access_token=a&expires=b", False),
        (SCRIPT, '{"token": "a"}', False),
        (SCRIPT, '[{"token": "a', False),
        (SCRIPT, '{"use strict";a?b=c:d}', True),
    ],
)
def test_code_is_told_by_its_media_type_or_its_look(media_type: str, text: str, expected: bool) -> None:
    assert code.is_code(media_type, text) is expected


@pytest.mark.parametrize("text", ["oauth_token=planted&oauth_token_secret=planted", '{"userID": "planted'])
def test_what_is_no_code_is_what_it_was(text: str) -> None:
    for media_type in (SCRIPT, HTML):
        assert "planted" not in one(text, media_type)


@given(st.lists(st.sampled_from([*IN_CODE, *OPERATORS, "\\", '"', "&amp;", "?a=b1", "&c=d2", "%3A%2F%2F", "\n"])))
def test_values_are_told_in_order_and_each_once(parts: list[str]) -> None:
    text = "".join(parts)
    values = [(one.start, one.end) for one in code.found(text)]
    assert values == sorted(values)
    assert all(end <= start for (_, end), (start, _) in pairwise(values))
    assert code.rewrite(text, lambda _, value: value) == text


def test_a_script_that_nothing_was_done_to_is_searched_all_the_same() -> None:
    scrubber = Scrubber(b"tests")
    script = "a?b=c:d;" * 500 + "planted-word"
    assert bodies.text(scrubber, script, SCRIPT) == script
    scrubber.secret("planted-word")
    scrubber.replacements.close()
    made = bodies.text(scrubber, script, SCRIPT)
    assert made.startswith("a?b=c:d;" * 500)
    assert "planted" not in made


@pytest.mark.parametrize(
    "piece",
    ["?a=b", "&a=b", '"?a=b', "}?a=b", "?a=\\", "a\\/", '"/', "://a", "&quot;/", "%3A%2F%2Fa", "%3A%2F%2Fa%3Fb%3Dc",
     'token:"', ":\"a1b2c3", "a" * 60, "url(/", "\\u0026a=b", '"?a=b&', "=/a", '"a.', "/"],
)  # fmt: skip
def test_time_grows_with_the_text_alone(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    within(2, lambda: code.rewrite(text, lambda _, value: value))
