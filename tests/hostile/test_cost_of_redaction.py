"""One request of 128 KB costs the event loop less than 0.3 s, whatever it is made of."""

import base64
import json
from dataclasses import replace

import pytest

import forge
from cases import as_exchange, case
from fuzz.limits import within
from passlens.analysis.analyzer import analyze
from samples.case import Case

SIZE = 128 * 1024
WORST = 0.3


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def body(text: str) -> Case:
    return case("P3").named("made", body=text.encode())


def answer(value: object) -> Case:
    text = value if isinstance(value, str) else json.dumps(value)
    return case("P3").named("made", status=400, response_body=text.encode())


def headers(name: str, *values: str) -> Case:
    made = case("P3")
    return replace(made, headers=(*made.headers, *((name, value) for value in values)))


MADE = {
    "secrets": body("&".join(f"p{n}=value-of-{n}-own" for n in range(SIZE // 22))),
    "Base64": body("&".join(f"p{n}={b64(f'value-{n}-own')}" for n in range(SIZE // 24))),
    "tokens": body("&".join(f"p{n}={forge.jws({'sub': f'planted-{n}'}, seed='x')[:400]}" for n in range(SIZE // 400))),
    "escapes": body("a=" + "%25" * (SIZE // 3)),
    "escapes of each": body("&".join(f"p{n}=%76%61%6c%75%65{n}%26%2347%3B" for n in range(SIZE // 32))),
    "entities": answer({"code": "x", "message": "&#47;" * (SIZE // 5)}),
    "escapes of JSON": answer({"code": "x", "message": "\\u0041" * (SIZE // 7)}),
    "members": answer({"userID": [b64(f"value-{n}-own") for n in range(SIZE // 30)]}),
    "members with tokens": answer({"userID": [forge.jws({"sub": f"planted-{n}"}) for n in range(SIZE // 700)]}),
    "deep objects": answer('{"a":' * (SIZE // 6) + "1" + "}" * (SIZE // 6)),
    "deep lists": answer("[" * SIZE),
    "broken JSON": answer('{"userID":"' + '","userID":"abcdefg' * (SIZE // 20)),
    "encodings over each other": answer({"userID": b64(b64(b64(b64(json.dumps(["abcdefgh"] * 3000)))))}),
    "a message of Base64": answer({"code": "x", "message": " ".join(b64(f"word-{n}-word") for n in range(6000))}),
    "profiles": answer(
        {"profiles": {f"m{n}": {"attributes": {"userID": {"value": f"user-{n}"}}} for n in range(2000)}}
    ),
    "a query": case("P3").named("made", path=f"{case('P3').path}?" + "&".join(f"q{n}=v-{n}-own" for n in range(8000))),
    "headers": headers("Authorization", *(f"Bearer value-{n}-own" for n in range(4000))),
    "headers with tokens": headers("Authorization", *(forge.jws({"sub": f"planted-{n}"}) for n in range(180))),
    "device information": headers("X-Device-Info", *(b64(f'{{"k{n}": "value-{n}-own"}}') for n in range(2500))),
    "cookies": case("P3").with_header("Cookie", "; ".join(f"c{n}=cookie-value-{n}" for n in range(2500))),
    "words": case("P3").with_header("Authorization", " ".join(b64(f"cookie-value-{n}") for n in range(2500))),
}


@pytest.mark.parametrize("name", MADE)
def test_a_crafted_request_is_cheap(name: str) -> None:
    within(WORST, lambda: analyze(as_exchange(MADE[name])))
