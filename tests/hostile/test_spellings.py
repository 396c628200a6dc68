"""A secret stays one however it is spelt: escapes over each other, other forms of letters, signs that nobody sees."""

import base64
import json
import re
from urllib.parse import quote

import pytest

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.redaction.normalize import normalize
from passlens.reports.jsonl import line
from redaction.test_redactor import flow_of
from samples.case import dump
from support.planted import as_mitm, scrubbed

SECRET = "planted-Secret/42"


def escaped(times: int) -> str:
    text = SECRET
    for _ in range(times):
        text = "".join(f"%{byte:02x}" for byte in text.encode())
    return text


def encoded(times: int) -> str:
    text = SECRET
    for _ in range(times):
        text = base64.b64encode(text.encode()).decode()
    return text


SPELT = {
    **{f"Base64, {times}": encoded(times) for times in (1, 2, 3, 4)},
    "a sentence in Base64, twice": base64.b64encode(base64.b64encode(f"the token is {SECRET} ok".encode())).decode(),
    "escapes in Base64": base64.b64encode(escaped(1).encode()).decode(),
    "entities": "".join(f"&#{ord(sign)};" for sign in SECRET),
    "entities, hexadecimal": "".join(f"&#x{ord(sign):X};" for sign in SECRET),
    "an entity": SECRET.replace("/", "&#47;"),
    "escapes of JSON": "".join(f"\\u{ord(sign):04x}" for sign in SECRET),
    "an escape of JSON": SECRET.replace("/", "\\u002f"),
    "escapes of a script": "".join(f"\\x{ord(sign):02X}" for sign in SECRET),
    "an entity, escaped": quote(SECRET.replace("/", "&#47;"), safe=""),
    "as it is": SECRET,
    "once": escaped(1),
    "twice": escaped(2),
    "three times": escaped(3),
    "one letter": "pl%61nted-Secret/42",
    "slash": quote(SECRET, safe=""),
    "slash, twice": quote(quote(SECRET, safe=""), safe=""),
    "wide": "".join(chr(ord(sign) + 0xFEE0) for sign in SECRET),
    "wide, escaped": quote("".join(chr(ord(sign) + 0xFEE0) for sign in SECRET)),
    "zero width": "\u200b".join(SECRET),
    "zero width, escaped": quote("\u200b".join(SECRET)),
    "soft hyphen": "planted\u00ad-Secret/42",
}


def unpacked(text: str) -> str:
    """A text, and what Base64 in it encodes, four times over."""
    for _ in range(4):
        runs = re.findall(r"[A-Za-z0-9+/]{12,}={0,2}", text)
        more = [
            base64.b64decode(run + "=" * (-len(run) % 4)).decode(errors="replace") for run in runs if len(run) % 4 != 1
        ]
        text = "\n".join((text, *dict.fromkeys(more)))[:200_000]
    return text


def assert_gone(text: str) -> None:
    assert normalize(SECRET) not in normalize(unpacked(text))
    assert normalize(SECRET) not in normalize(json.dumps(json.loads(text), ensure_ascii=False))


@pytest.mark.parametrize("name", SPELT)
@pytest.mark.parametrize("place", ["message", "path", "query"])
def test_it_is_neither_shown_nor_copied(name: str, place: str) -> None:
    spelt = SPELT[name]
    made = case("C1").with_header("Authorization", f"Bearer {SECRET}")
    if place == "message":
        made = made.named("x", status=400, response_body=dump({"error": f"no {spelt} here", "code": spelt}))
    elif not spelt.isascii():
        return
    elif place == "path":
        made = made.named("x", method="GET", path=f"/api/v2/DEMOTV/sessions/{spelt}", body=b"")
    else:
        made = made.named("x", path=f"{made.path}?a=1?mvpd={spelt}?b={spelt}&mvpd=x?c={spelt}")
    ex = as_exchange(made)
    if ex.route is not None:
        assert_gone(line(analyze(ex)))
    data = scrubbed(as_mitm([flow_of(made)]))[0].decode("utf-8", "replace")
    assert normalize(SECRET) not in normalize(data)
