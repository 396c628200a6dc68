"""Recordings as tools and clients really write them, through check, convert, scrub and diff.
Files with what must come of them in expect.yaml, and further members of each kind, made of one of these files."""

import base64
import copy
import gzip
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import brotli  # type: ignore[import-untyped, unused-ignore]
import pytest
import zstandard
from click.testing import CliRunner
from mitmproxy.io import FlowWriter
from ruamel.yaml import YAML

from passlens.cli.main import cli
from passlens.recordings.reader import ReadError, read_flows

FOLDER = Path(__file__).parent / "recordings_of_tools"
EXPECT: dict[str, dict[str, Any]] = YAML(typ="safe").load((FOLDER / "expect.yaml").read_text("utf-8"))
CONTROL = json.loads((FOLDER / "control.har").read_text("utf-8"))
WORST = ("none", "note", "warning", "error")


def passlens(*words: object) -> tuple[int, str]:
    """A command in this process: its status and what it says."""
    got = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
    assert got.exception is None, got.exception
    return got.return_value, got.output


def document(path: Path) -> dict[str, Any]:
    text = passlens("check", path, "--format", "json")[1]
    return dict(json.loads(text[text.index("{") : text.rindex("}") + 1]))


def findings(path: Path) -> list[list[tuple[str, str, str]]]:
    """Codes, severities and places, exchange by exchange."""
    found = [entry["findings"] for entry in document(path)["exchanges"]]
    return [[(one["code"], one["severity"], one["at"]) for one in each] for each in found]


def as_other(path: Path, folder: Path) -> Path:
    made = folder / ("other.mitm" if path.suffix == ".har" else "other.har")
    status, said = passlens("convert", path, "-o", made)
    assert status == 0, said
    return made


def clean(path: Path, folder: Path) -> Path:
    made = folder / f"clean{path.suffix}"
    status, said = passlens("scrub", path, "-o", made, "--key", "tests")
    assert status == 0, said
    return made


@pytest.mark.parametrize("name", EXPECT)
def test_a_recording_comes_out_as_expected(name: str, tmp_path: Path) -> None:
    expected = EXPECT[name]
    path = next(FOLDER.glob(f"{name}.*"))
    status, text = passlens("check", path)
    made = document(path)
    found = [finding for entry in made["exchanges"] for finding in entry["findings"]]
    if "rc" in expected:
        assert status in (expected["rc"] if isinstance(expected["rc"], list) else [expected["rc"]]), text
    for member in ("exchanges", "unreadable"):
        assert made["summary"][member] == expected.get(member, made["summary"][member])
    worst = max((WORST.index(finding["severity"]) for finding in found), default=0)
    assert worst <= WORST.index(expected.get("worst", "error")), text
    assert not {finding["code"] for finding in found} & set(expected.get("absent", ()))
    for words in expected.get("says", ()):
        assert re.search(words, text, re.IGNORECASE), text
    if expected.get("gone"):
        copied = clean(path, tmp_path).read_text("utf-8")
        assert not [secret for secret in expected["gone"] if secret in copied]
    if expected.get("started"):
        assert all(entry["started"] for entry in made["exchanges"])
    if expected.get("converts") or expected.get("same"):
        other = as_other(path, tmp_path)
        assert not expected.get("same") or findings(other) == findings(path)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda path: path.stem)
def test_copies_are_judged_as_the_original(path: Path, tmp_path: Path) -> None:
    if path.suffix == ".yaml" or not document(path)["exchanges"]:
        return
    for made in (as_other(path, tmp_path), clean(path, tmp_path)):
        assert findings(made) == findings(path)
        assert passlens("diff", path, made)[0] == 0
    back = as_other(tmp_path / "other.mitm", tmp_path)
    assert findings(back) == findings(path)


# ---- further members of each kind


Change = Callable[[dict[str, Any]], None]
"""Changes the one entry of the control recording."""


def request(**members: Any) -> Change:
    return lambda entry: entry["request"].update(members)


def response(**members: Any) -> Change:
    return lambda entry: entry["response"].update(members)


def content(**members: Any) -> Change:
    """The content of the response, which loses its text unless that is given."""

    def change(entry: dict[str, Any]) -> None:
        entry["response"]["content"].pop("text")
        entry["response"]["content"].update(members)

    return change


def without_length(change: Change) -> Change:
    def both(entry: dict[str, Any]) -> None:
        change(entry)
        for side in ("request", "response"):
            entry[side]["headers"] = [one for one in entry[side]["headers"] if one["name"] != "content-length"]

    return both


def packed(encoding: str, pack: Callable[[bytes], bytes], *, told: bool = True, flag: bool = True) -> Change:
    """The body of the response, compressed inside its Base64."""

    def change(entry: dict[str, Any]) -> None:
        got = entry["response"]
        text = base64.b64encode(pack(got["content"]["text"].encode())).decode()
        got["content"] = {"size": 200, "mimeType": "application/json", "text": text}
        got["content"] |= {"encoding": "base64"} if flag else {}
        got["headers"] += [{"name": "Content-Encoding", "value": encoding}] if told else []

    return change


def as_text(encoding: str, pack: Callable[[bytes], bytes], charset: str) -> Change:
    """The same, as a recorder keeps it that reads all bodies as text."""

    def change(entry: dict[str, Any]) -> None:
        packed(encoding, pack, flag=False)(entry)
        held = entry["response"]["content"]
        held["text"] = base64.b64decode(held["text"]).decode(charset, "replace")

    return change


def broken_off(member: str, words: str, text: str, kind: str | None = "application/json") -> Change:
    """An answer of which the recorder says that it failed, with what came of its body."""

    def change(entry: dict[str, Any]) -> None:
        content(text=text, size=len(text), mimeType=kind)(entry)
        without_length(response(bodySize=len(text), **{member: words}))(entry)

    return change


def header(name: str, value: Any) -> Change:
    def change(entry: dict[str, Any]) -> None:
        for one in entry["request"]["headers"]:
            if one["name"] == name.lower():
                one["value"] = value

    return change


def signature(word: str) -> Change:
    """A word in the place of the token's signature: what it claims is still there."""

    def change(entry: dict[str, Any]) -> None:
        (one,) = [one for one in entry["request"]["headers"] if one["name"] == "authorization"]
        one["value"] = one["value"].rpartition(".")[0] + f".{word}"

    return change


def without(*names: str) -> Change:
    def change(entry: dict[str, Any]) -> None:
        entry["request"]["headers"] = [one for one in entry["request"]["headers"] if one["name"] not in names]

    return change


def all_headers(make: Callable[[list[dict[str, str]]], Any]) -> Change:
    def change(entry: dict[str, Any]) -> None:
        for side in ("request", "response"):
            entry[side]["headers"] = make(entry[side]["headers"])

    return change


def pairs(headers: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(one["name"], one["value"]) for one in headers]


def body(make: Callable[[str], Any], **members: Any) -> Change:
    def change(entry: dict[str, Any]) -> None:
        held = entry["response"]["content"]
        held.update({"text": make(held["text"])} | members)

    return change


def sent(make: Callable[[str], str], **members: Any) -> Change:
    def change(entry: dict[str, Any]) -> None:
        held = entry["request"]["postData"]
        held.update({"text": make(held["text"])} | members)

    return change


def parameters(make: Callable[[list[tuple[str, str]]], Any]) -> Change:
    """The form as parameters and nothing else."""

    def change(entry: dict[str, Any]) -> None:
        pairs = parse_qsl(entry["request"]["postData"]["text"])
        entry["request"]["postData"] = {"mimeType": FORM, "params": make(pairs)}

    return change


def respond(member: str, value: Any) -> Change:
    return body(lambda text: json.dumps(json.loads(text) | {member: value}))


def started(value: Any) -> Change:
    return lambda entry: entry.update(startedDateTime=value)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


CLEAN: list[str] = []
FORM = "application/x-www-form-urlencoded"
SAFARI, CHROME, FIREFOX = "WebKit Web Inspector", "WebInspector", "Firefox"

MEMBERS: dict[str, tuple[Change, list[str], str]] = {
    # name: what is changed, the codes that are found, who recorded
    "control": (lambda entry: None, CLEAN, "Case"),
    # bodies that were not kept
    "firefox size alone": (content(size=311), ["PL904"], FIREFOX),
    "firefox nothing": (content(size=0), ["PL904"], FIREFOX),
    "http toolkit": (content(size=-1, comment="Body could not be decoded"), ["PL904"], "HTTP Toolkit"),
    "size -1 and an empty text": (content(size=-1, text=""), ["PL904"], "Case"),
    "size 0 beside bodySize": (without_length(content(size=0, text="")), ["PL904"], "Case"),
    "text is null": (content(size=0, text=None), ["PL904"], "Case"),
    "no content": (response(content=None, bodySize=-1), ["PL904"], "Insomnia"),
    "no content member": (lambda entry: entry["response"].pop("content"), ["PL904"], "Burp Suite"),
    "other words for a body": (body(lambda text: "x" * 400), ["PL904"], "Case"),
    "words of the recorder": (content(text="<response body omitted>", size=-1), ["PL904"], "Case"),
    "a form that was stringified": (sent(lambda text: "[object URLSearchParams]"), ["PL904"], "Case"),
    "a mask for a body": (content(text="[REDACTED]"), ["PL904"], "Case"),
    "postData missing": (lambda entry: entry["request"].pop("postData"), ["PL904"], "Case"),
    "postData null": (request(postData=None), ["PL904"], "Case"),
    "postData without text": (request(postData={"mimeType": FORM}), ["PL904"], "Case"),
    "nothing of a request but its address": (
        lambda entry: request(headers=[], postData=None, bodySize=-1)(entry), ["PL904", "PL907"], "Playwright"),
    "postData missing, size unknown": (without_length(request(postData=None, bodySize=-1)), ["PL904"], SAFARI),
    "cut, as its end says": (without_length(body(lambda text: text[:90] + "\u2026 [truncated]", size=-1)), ["PL904"],
                             "Case"),
    "cut inside its gzip": (packed("gzip", lambda data: gzip.compress(data)[:60]), ["PL904"], "Case"),
    "cut inside its zstd": (packed("zstd", lambda data: zstandard.compress(data)[:60]), ["PL904"], "Case"),
    "broken off": (broken_off("_error", "net::ERR_INCOMPLETE_CHUNKED_ENCODING", ""), ["PL904"], CHROME),
    "broken off inside": (broken_off("_error", "net::ERR_CONTENT_LENGTH_MISMATCH", '{"actio'), ["PL904"], CHROME),
    "broken off, Charles": (broken_off("_charlesStatus", "EXCEPTION", ""), ["PL904"], "Charles Proxy"),
    "broken off, no type": (broken_off("_charlesStatus", "FAILED", "", None), ["PL904"], "Charles Proxy"),
    "complete, Charles": (response(_charlesStatus="COMPLETE"), CLEAN, "Charles Proxy"),
    "whole all the same": (response(_error="net::ERR_ABORTED"), CLEAN, CHROME),
    # headers that were left out or masked
    "edge": (without("authorization"), ["PL907"], "Microsoft Edge"),
    "what was not typed": (without("authorization", "content-type", "content-length"), ["PL907"], "Postman"),
    "media type beside the body": (without("content-type"), CLEAN, "Insomnia"),
    "media type of the answer": (
        lambda entry: response(headers=[{"name": "age", "value": "1"}])(entry), CLEAN, "Case"),
    "another media type beside the body": (
        lambda entry: (without("content-type")(entry), sent(str, mimeType="text/plain")(entry))[0], ["PL201"], "Case"),
    "firefox drops none": (without("authorization"), ["PL201"], FIREFOX),
    "no headers": (all_headers(lambda headers: []), ["PL907"], "BrowserMob Proxy"),
    "headers null": (all_headers(lambda headers: None), ["PL907"], "Case"),
    "mask": (header("authorization", "[Authorization redacted]"), ["PL908"], CHROME),
    "mask after the scheme": (header("authorization", "Bearer ***"), ["PL908"], "Case"),
    "mask of a part": (header("authorization", "Bearer eyJhbGci***"), ["PL908"], "Case"),
    "mask of a device": (header("x-device-info", "<redacted>"), ["PL908"], "Case"),
    "mask of an identifier": (header("ap-device-identifier", "fingerprint ****"), ["PL908"], "okhttp"),
    "chucker": (header("authorization", "**"), ["PL908"], "com.chuckerteam.chucker"),
    "okhttp": (header("authorization", "██"), ["PL908"], "OkHttp"),
    "hash": (header("authorization", "sha256:" + "5f" * 32), ["PL908"], "Case"),
    "hash after the scheme": (header("ap-device-identifier", "fingerprint md5=" + "5f" * 16), ["PL908"], "Case"),
    "word with a name": (header("x-device-info", "REDACTED_BY_QA"), ["PL908"], "Case"),
    "bare word": (header("authorization", "removed"), ["PL908"], "Case"),
    "bare word after the scheme": (header("authorization", "Bearer HIDDEN"), ["PL908"], "Case"),
    "not available": (header("ap-device-identifier", "n/a"), ["PL908"], "Case"),
    "three signs": (header("authorization", "XXX"), ["PL908"], "Case"),
    "a signature that was taken away": (signature("redacted"), CLEAN, "Cloudflare"),
    "value null": (header("authorization", None), ["PL908"], "Case"),
    "value an object": (header("x-device-info", {"a": 1}), ["PL908"], "Case"),
    "template": (header("authorization", "Bearer {{token}}"), ["PL908"], "Insomnia"),
    "mask in the answer": (respond("sessionId", "[redacted]"), ["PL908"], "Case"),
    "mask of the code": (respond("code", "***"), ["PL908"], "Case"),
    "mask in the form": (sent(lambda text: text.replace("HarbourCable", "***")), ["PL908"], "Case"),
    # bodies in other encodings
    "gzip": (packed("gzip", gzip.compress), CLEAN, "BrowserMob Proxy"),
    "gzip, not told": (packed("gzip", gzip.compress, told=False), CLEAN, "Case"),
    "gzip without the flag": (packed("gzip", gzip.compress, flag=False), CLEAN, "Case"),
    "deflate": (packed("deflate", zlib.compress), CLEAN, "Case"),
    "brotli": (packed("br", brotli.compress), CLEAN, "Case"),
    "zstd": (packed("zstd", zstandard.compress), CLEAN, "Case"),
    "unpacked, and still told": (packed("gzip", lambda data: data), CLEAN, "Case"),
    "gzip read as Latin-1": (body(lambda text: gzip.compress(text.encode()).decode("latin-1")), CLEAN, "Case"),
    "gzip read as UTF-8": (body(lambda text: gzip.compress(text.encode()).decode(errors="replace")), ["PL904"], "Case"),
    "gzip in gzip": (packed("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))), CLEAN, "Case"),
    "Brotli read as Latin-1": (as_text("br", brotli.compress, "latin-1"), CLEAN, "Case"),
    "deflate read as Latin-1": (as_text("deflate", zlib.compress, "latin-1"), CLEAN, "Case"),
    "zstd read as Latin-1": (as_text("zstd", zstandard.compress, "latin-1"), CLEAN, "Case"),
    "Brotli read as UTF-8": (as_text("br", brotli.compress, "utf-8"), ["PL904"], "Case"),
    "zstd read as UTF-8": (as_text("zstd", zstandard.compress, "utf-8"), ["PL904"], "Case"),
    "Brotli without the flag": (packed("br", brotli.compress, flag=False), CLEAN, "Case"),
    "Base64 without the flag": (body(encoded), CLEAN, "Case"),
    "data URL": (body(lambda text: f"data:application/json;base64,{encoded(text)}"), CLEAN, "Case"),
    "text with the flag": (body(str, encoding="base64"), CLEAN, "Case"),
    "JSON as it was parsed": (body(json.loads), CLEAN, "Case"),
    "content as text": (lambda entry: response(content=entry["response"]["content"]["text"])(entry), CLEAN, "Case"),
    "form in Base64": (sent(encoded, encoding="base64"), CLEAN, "k6"),
    "form in Base64 without the flag": (sent(encoded), CLEAN, "Case"),
    "form as text with the flag": (sent(str, encoding="base64"), CLEAN, "Case"),
    "form behind headers": (
        sent(lambda text: f"Content-Type: {FORM}\r\nContent-Length: 108\r\n\r\n{text}"), CLEAN, FIREFOX),
    "form in the place of bytes": (
        lambda entry: entry["request"].update(_content={"text": encoded(entry["request"].pop("postData")["text"]),
                                                        "encoding": "base64"}), CLEAN, "HTTP Toolkit"),
    "form as parameters": (parameters(lambda pairs: [{"name": n, "value": v} for n, v in pairs]), CLEAN, "Charles"),
    "form as parameters with key": (
        parameters(lambda pairs: [{"key": n, "value": v} for n, v in pairs]), CLEAN, "Postman"),
    "form as an object of parameters": (parameters(dict), CLEAN, "Case"),
    "form as an object": (request(postData={"mimeType": FORM, "text": {"mvpd": "HarbourCable"}}), ["PL904"], "Case"),
    # methods as scripts call them
    "post": (request(method="post"), CLEAN, "Case"),
    # headers in other forms
    "headers as an object": (all_headers(lambda old: {one["name"]: one["value"] for one in old}), CLEAN, "Case"),
    "headers as an object of lists": (all_headers(lambda old: {n: [v] for n, v in pairs(old)}), CLEAN, "Case"),
    "headers as pairs": (all_headers(lambda old: [[one["name"], one["value"]] for one in old]), CLEAN, "Slack"),
    "headers as lines": (all_headers(lambda old: [f"{one['name']}: {one['value']}" for one in old]), CLEAN, "Case"),
    "headers as one text": (all_headers(lambda old: "\r\n".join(f"{n}: {v}" for n, v in pairs(old))), CLEAN, "Case"),
    "headers with key": (all_headers(lambda old: [{"key": n, "value": v} for n, v in pairs(old)]), CLEAN, "Postman"),
    "values as lists": (all_headers(lambda old: [{"name": n, "value": [v]} for n, v in pairs(old)]), CLEAN, "Polly.JS"),
    "joined": (all_headers(lambda old: [*old, {"name": "Set-Cookie", "value": "a=1\nb=2"}]), CLEAN, CHROME),
    "boolean": (lambda entry: entry["request"]["headers"].append({"name": "DNT", "value": True}), CLEAN, "Case"),
    # statuses
    **{f"status {value!r}": (response(status=value), CLEAN, "Case") for value in ("200", "OK", "200 OK", 200.0)},
    "status unknown": (response(status="(failed)"), ["PL906"], "Case"),
    # times
    **{
        f"started {value!r}": (started(value), CLEAN, "Case")
        for value in (
            1767323045000, 1767323045, "1767323045000", "2026-01-02T04:04:05+01:00[Europe/Paris]",
            "Fri, 02 Jan 2026 03:04:05 GMT", "1/2/2026 3:04:05 AM", None, "",
        )
    },
    "year 1": (started("0001-01-01T00:00:00"), ["PL909"], "Fiddler"),
    "no time": (started("yesterday"), ["PL909"], "Case"),
    "zero": (started(0), ["PL909"], "Case"),
    # URLs
    **{
        url: (request(url=f"{url}/api/v2/DEMOTV/sessions"), CLEAN, "Insomnia")
        for url in (
            "{{baseUrl}}", "{{ base_url }}", "${HOST}", "https://{{host}}", "sp.auth.adobe.com", "//sp.auth.adobe.com",
            "sp.auth.adobe.com:443", "", "<host>", "%7B%7BbaseUrl%7D%7D", " https://sp.auth.adobe.com",
        )
    },
    **{
        f"{name} in the path": (request(url=f"https://sp.auth.adobe.com/api/v2/{name}/sessions"), ["PL908"], "Postman")
        for name in (":serviceProvider", "{serviceProvider}", "{{sp}}", "%7Bsp%7D", "<SP>")
    },
    "a template that ends in a slash": (request(url="{{baseUrl}}api/v2/DEMOTV/sessions"), CLEAN, "Postman"),
    "an address that was connected to": (
        lambda entry: (entry["request"]["headers"].append({"name": "Host", "value": "sp.auth.adobe.com"}), request(
            url="https://192.0.2.7/api/v2/DEMOTV/sessions")(entry))[0], CLEAN, "Charles"),
    "the same with a prefix": (
        lambda entry: (entry["request"]["headers"].append({"name": "Host", "value": "sp.auth.adobe.com"}), request(
            url="https://192.0.2.7/pass/api/v2/DEMOTV/sessions")(entry))[0], ["PL101"], "Charles"),
    # other members in other types
    "duration as text": (lambda entry: entry.update(time="43"), CLEAN, "Case"),
    "sizes as text": (response(bodySize="311"), CLEAN, "Case"),
    "postData as text": (lambda entry: request(postData=entry["request"]["postData"]["text"])(entry), CLEAN, "Case"),
}  # fmt: skip


def recorded(name: str) -> dict[str, Any]:
    made = copy.deepcopy(CONTROL)
    change, _, recorder = MEMBERS[name]
    made["log"]["creator"]["name"] = recorder
    change(made["log"]["entries"][0])
    return dict(made)


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_of_a_kind(name: str, tmp_path: Path) -> None:
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(recorded(name)), "utf-8")
    expected = MEMBERS[name][1]
    (found,) = findings(path)
    assert [code for code, _, _ in found] == expected, passlens("check", path)[1]
    other, cleaned = as_other(path, tmp_path), clean(path, tmp_path)
    assert findings(other) == findings(cleaned) == [found]
    assert passlens("diff", path, other)[0] == passlens("diff", path, cleaned)[0] == 0
    assert findings(as_other(other, tmp_path)) == [found]
    assert "1970-01-01" not in cleaned.read_text("utf-8")
    assert "1970-01-01" not in (tmp_path / "other.har").read_text("utf-8")


def token_request(
    status: int, path: str = "/o/client/token", size: str | None = None, text: str = ""
) -> dict[str, Any]:
    """A recording of a request for a token, without what it sent."""
    entry = copy.deepcopy(CONTROL["log"]["entries"][0])
    length = [] if size is None else [{"name": "Content-Length", "value": size}]
    kept = [one for one in entry["request"]["headers"] if one["name"] in ("content-type", "x-device-info")]
    entry["request"] |= {"url": f"https://sp.auth.adobe.com{path}", "bodySize": 0, "headers": kept + length}
    entry["request"]["postData"] = {"mimeType": FORM, "text": text}
    entry["response"]["status"] = status
    told = {"id": "a", "access_token": "planted", "created_at": 1767323045000, "expires_in": 21600,
            "token_type": "bearer"} if status == 201 else {"error": "invalid_request"}  # fmt: skip
    entry["response"] |= {"bodySize": -1, "headers": [{"name": "Content-Type", "value": "application/json"}]}
    entry["response"]["content"] = {"size": -1, "mimeType": "application/json", "text": json.dumps(told)}
    return {"log": CONTROL["log"] | {"entries": [entry]}}


@pytest.mark.parametrize(
    ("made", "was_there"),
    [
        (token_request(201), True),
        (token_request(201, text="[object Object]"), True),
        (token_request(400, text="[object Object]"), False),
        (token_request(201, size="0"), False),
        (token_request(400), False),
        (token_request(201, "/o/client/token?client_id=planted"), False),
    ],
)
def test_a_body_that_the_server_took_was_there(made: dict[str, Any], was_there: bool, tmp_path: Path) -> None:
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(made), "utf-8")
    found = findings(path)
    codes = {one[0] for one in found[0]}
    assert ("PL904" in codes, "PL128" in codes) == (was_there, not was_there)
    for copied in (as_other(path, tmp_path), clean(path, tmp_path)):
        assert findings(copied) == found


def test_a_flow_without_an_answer_says_the_same_in_both_formats(tmp_path: Path) -> None:
    made = copy.deepcopy(CONTROL)
    made["log"]["entries"][0]["response"] = None
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(made), "utf-8")
    mitm = as_other(path, tmp_path)
    (flow,) = read_flows([str(mitm)])
    assert not isinstance(flow, ReadError)
    flow.error = None
    with (tmp_path / "pending.mitm").open("wb") as stream:
        FlowWriter(stream).add(flow)  # type: ignore[no-untyped-call, unused-ignore]
    pending = tmp_path / "pending.mitm"
    assert passlens("diff", pending, as_other(pending, tmp_path))[0] == 0


@pytest.mark.parametrize("member", ["_error", "_errorMessage", "_failureText"])
def test_why_there_was_no_answer_is_read_where_tools_write_it(member: str, tmp_path: Path) -> None:
    made = copy.deepcopy(CONTROL)
    made["log"]["entries"][0]["response"] = {"status": 0, member: "Unable to resolve host: sp.auth.adobe.com"}
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(made), "utf-8")
    assert "Unable to resolve host: sp.auth.adobe.com" in passlens("check", path)[1]
    assert passlens("diff", path, clean(path, tmp_path))[0] == 0


def test_a_query_that_stands_beside_the_address_only(tmp_path: Path) -> None:
    made = copy.deepcopy(CONTROL)
    query = [{"name": "client_id", "value": "planted & id"}, {"name": "client_secret", "value": "planted-secret-1"}]
    made["log"]["entries"][0]["request"] |= {"url": "https://sp.auth.adobe.com/o/client/token", "queryString": query}
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(made), "utf-8")
    codes = [code for code, _, at in findings(path)[0] if at.startswith("query:")]
    assert codes == ["PL125", "PL125"]
    for copied in (as_other(path, tmp_path), clean(path, tmp_path)):
        assert findings(copied) == findings(path)
    assert "planted" not in (tmp_path / "clean.har").read_text("utf-8")


OWN = {
    "WebInspector": {"_priority": "High", "_resourceType": "fetch"},
    "Firefox": {"_securityState": "secure"},
}


@pytest.mark.parametrize(("recorder", "code"), [("WebInspector", "PL907"), ("Firefox", "PL201")])
@pytest.mark.parametrize("behind", [True, False])
def test_who_recorded_is_told_by_the_entries_where_the_file_does_not_say_it_before(
    recorder: str, code: str, behind: bool, tmp_path: Path
) -> None:
    made = copy.deepcopy(CONTROL)
    del made["log"]["creator"]
    made["log"] |= {"creator": {"name": recorder, "version": "1"}} if behind else {}
    without("authorization")(made["log"]["entries"][0])
    made["log"]["entries"][0] |= OWN[recorder]
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(made), "utf-8")
    assert [one[0] for one in findings(path)[0]] == [code]
    for copied in (as_other(path, tmp_path), clean(path, tmp_path)):
        assert findings(copied) == findings(path)


def test_a_log_without_a_document_around_it_is_read(tmp_path: Path) -> None:
    """As a script saves what chrome.devtools.network.getHAR gives it."""
    made = CONTROL["log"] | {"creator": {"name": CHROME, "version": "1"}}
    made = {"version": "1.2", "creator": made["creator"], "entries": copy.deepcopy(made["entries"]), "pages": []}
    without("authorization")(made["entries"][0])
    for text, count in ((json.dumps(made), 1), (f"{json.dumps(made)}\n{json.dumps(made)}", 2)):
        path = tmp_path / "tv.har"
        path.write_text(text, "utf-8")
        assert [[one[0] for one in found] for found in findings(path)] == [["PL907"]] * count
        for copied in (as_other(path, tmp_path), clean(path, tmp_path)):
            assert findings(copied) == findings(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            request(method="CONNECT", url="sp.auth.adobe.com:443"),
            "1 call, a connection that nobody looked into; switch on",
        ),
        (
            request(method="CONNECT", url="https://sp.auth.adobe.com"),
            "SSL proxying for the host .*: CONNECT sp.auth.adobe",
        ),
        (
            request(method="OPTIONS"),
            "1 call, a browser's question for permission, without the call itself: OPTIONS /api/v2/",
        ),
    ],
)
def test_what_stands_in_place_of_the_call_is_said_where_no_call_was_recorded(
    change: Change, words: str, tmp_path: Path
) -> None:
    made = copy.deepcopy(CONTROL)
    change(made["log"]["entries"][0])
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(made), "utf-8")
    status, said = passlens("check", path)
    assert status == 2
    assert re.search(words, said), said
    made["log"]["entries"] += CONTROL["log"]["entries"]
    path.write_text(json.dumps(made), "utf-8")
    status, said = passlens("check", path)
    assert status == 0
    assert not re.search(words, said), said


JOINED = {
    "lines": "\n".join([json.dumps(CONTROL)] * 3),
    "joined": json.dumps(CONTROL) * 3,
    "indented": "\n\n".join([json.dumps(CONTROL, indent=2)] * 3) + "\n",
    "with marks": "\ufeff".join([json.dumps(CONTROL)] * 3),
    "text sequence": "\n\x1e".join([json.dumps(CONTROL)] * 3),
    "members behind the entries": "\n".join(
        [json.dumps({"log": CONTROL["log"] | {"pages": [{"a": "]}"}]}, "b": {}})] * 3
    ),
}


@pytest.mark.parametrize("kind", JOINED)
def test_several_documents_are_read_and_it_is_said(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "tv.har"
    path.write_text(JOINED[kind], "utf-8")
    assert document(path)["summary"]["exchanges"] == 3
    words = "holds 3 HAR documents, one after the other"
    for command in ("check", "scrub", "convert"):
        target = [] if command == "check" else ["-o", tmp_path / f"x{'.mitm' if command == 'convert' else '.har'}"]
        status, said = passlens(command, path, *target)
        assert status == 0
        assert words in said
    assert passlens("diff", path, tmp_path / "x.mitm")[0] == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"log": {"entries": ENTRIES, "entries": ENTRIES}}', "entries"),
        ('{"log": {"entries": ENTRIES}, "log": {"entries": ENTRIES}}', "log"),
        ('{"log": {"entries": ENTRIES, "comment": "entries", "log": {}}, "a": "log", "b": {"log": 1}}', None),
    ],
)
def test_a_second_list_in_one_document_is_not_read(text: str, name: str | None, tmp_path: Path) -> None:
    path = tmp_path / "tv.har"
    path.write_text(text.replace("ENTRIES", json.dumps(CONTROL["log"]["entries"])), "utf-8")
    summary = document(path)["summary"]
    assert (summary["exchanges"], summary["unreadable"]) == (1, int(name is not None))
    words = f"has the member {name} twice in one HAR document: only the first was read"
    for command in ("check", "scrub", "convert"):
        target = [] if command == "check" else ["-o", tmp_path / f"x{'.mitm' if command == 'convert' else '.har'}"]
        status, said = passlens(command, path, *target)
        assert status == (0 if name is None else 2)
        assert (words in said) is (name is not None)
        assert ("twice" in said) is (name is not None)


def test_a_second_document_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "tv.har"
    path.write_text(json.dumps(CONTROL) + '\n{"other": 1}', "utf-8")
    status, said = passlens("check", path)
    assert status == 2
    assert "document 2 in the file is no HAR" in said


def test_an_empty_har_converts_to_something_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tv.har"
    path.write_text('{"log": {"version": "1.2", "entries": []}}', "utf-8")
    made = as_other(path, tmp_path)
    assert document(made)["summary"]["unreadable"] == 0


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"hello", b"<har/>", b"[{}]", b'{"a": 1}', b"12 x"]
)
def test_a_foreign_file_is_named_in_the_same_words(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tv.mitm"
    path.write_bytes(data)
    (told,) = document(path)["unreadable"]
    for command in ("scrub", "convert"):
        words = [command, str(path), "-o", str(tmp_path / "x.mitm" if command == "scrub" else tmp_path / "x.har")]
        if data[:1] in (b"{", b"["):
            words[-1] = str(tmp_path / "x.har") if command == "scrub" else str(tmp_path / "x.mitm")
        got = CliRunner().invoke(cli, words, standalone_mode=False)
        assert told["message"] in str(got.exception), told


def test_entries_without_a_document_are_read_and_copied(tmp_path: Path) -> None:
    entry = json.dumps(CONTROL["log"]["entries"][0])
    for name, text in {"lines.har": f"{entry}\n{entry}\n", "list.har": f"[{json.dumps(CONTROL)}, {entry}]"}.items():
        path = tmp_path / name
        path.write_text(text, "utf-8")
        status, said = passlens("check", path)
        assert status == 0
        assert "holds entries without a HAR document around them" in said
        assert document(path)["summary"]["exchanges"] == 2
        for made in (as_other(path, tmp_path), clean(path, tmp_path)):
            assert findings(made) == findings(path)
