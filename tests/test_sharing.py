"""Holds docs/sharing.md to what scrub and convert do: every row of its tables, what stays, what goes, what is lost."""

import base64
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mitmproxy import http
from mitmproxy.certs import Cert, CertStore
from mitmproxy.test import tflow

import forge
from cases import case
from passlens.cli.main import cli
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_BODY
from passlens.recordings.flow_to_exchange import from_flow
from recordings.test_convert import converted
from redaction.test_redactor import flow_of
from samples.case import Case, dump
from support.planted import RECORDINGS, as_flows, as_mitm, entries, findings, scrubbed
from support.proxy import ROOT

PAGE = (ROOT / "docs" / "sharing.md").read_text("utf-8")
ROWS = [line.split(" | ")[0].strip("| ") for line in PAGE.splitlines() if re.match(r"\| (?!-)", line)]


def copy_of(made: Case) -> Any:
    """The exchange of the clean copy of one flow, decoded."""
    return Decoded(from_flow(one_of(flow_of(made))))


def one_of(flow: http.HTTPFlow, **options: Any) -> http.HTTPFlow:
    (made,) = as_flows(scrubbed(as_mitm([flow]), **options)[0])
    assert isinstance(made, http.HTTPFlow)
    return made


def plain(value: str) -> str:
    """What stands in Base64."""
    return base64.b64decode(value).decode()


def tokens() -> None:
    token = forge.access_token(sub="a-subject-of-its-own")
    before, after = (copy_of(case("C1")), copy_of(case("C1").with_header("Authorization", f"Bearer {token}")))
    assert after.bearer.jwt.claims["sub"] != "a-subject-of-its-own"
    for name in ("iss", "exp", "nbf", "iat", "scopes"):
        assert after.bearer.jwt.claims[name] == before.bearer.jwt.claims[name]
    assert after.bearer.token.split(".")[2] != token.split(".")[2]
    assert len(after.bearer.token) == len(token)


def identifiers() -> None:
    made = case("C1").with_header("AP-Device-Identifier", f"fingerprint {forge.b64('a-device-of-its-own')}")
    after = copy_of(made).device_identifier
    assert after.type == "fingerprint"
    assert after.encoded.data != b"a-device-of-its-own"
    assert len(after.encoded.data) == len(b"a-device-of-its-own")


def mails() -> None:
    after = copy_of(case("C1").with_header("AP-TempPass-Identity", forge.temppass_identity("ada@mail.example")))
    assert re.search(r'"email":"(?!ada)[^@"]+@example\.com"', plain(after.request.header("AP-TempPass-Identity")))


def addresses() -> None:
    flow = flow_of(case("C1").with_header("X-Forwarded-For", "203.0.113.9, 2001:db9::7"))
    flow.client_conn.peername = ("198.51.100.7", 4711)
    made = one_of(flow)
    assert re.fullmatch(r"192\.0\.2\.\d+, 2001:db8:[0-9a-f:]+", made.request.headers["X-Forwarded-For"])
    assert made.client_conn.peername[0].startswith("192.0.2.")


def saml() -> None:
    xml = '<samlp:Response ID="_1a2b3c"><saml:NameID Format="x">ada.lovelace</saml:NameID></samlp:Response>'
    after = plain(copy_of(case("P3").with_form(SAMLResponse=forge.b64(xml))).form["SAMLResponse"])
    assert re.fullmatch(
        r'<samlp:Response ID="[^"]+"><saml:NameID Format="x">[^<]+</saml:NameID></samlp:Response>', after
    )
    assert "_1a2b3c" not in after
    assert "ada" not in after


def cookies() -> None:
    after = copy_of(case("C1").with_header("Cookie", "session=abcdef12; theme=longword"))
    assert re.fullmatch(r"session=(?!abcdef12)\w{8}; theme=(?!longword)\w{8}", after.request.header("Cookie"))


def members() -> None:
    info = forge.device_info(madeUp="a value of its own", model="AppleTV")
    status = forge.partner_status(madeUp="a value of its own")
    after = copy_of(case("P3").with_header("X-Device-Info", info).with_header("AP-Partner-Framework-Status", status))
    for shown in (after.device_info.shown, after.partner_status.shown):
        assert shown["madeUp"] != "a value of its own"
        assert len(shown["madeUp"]) == len("a value of its own")
    assert after.device_info.shown["model"] == "AppleTV"


def parameters() -> None:
    made = case("P3").with_form(free="plainword", redirectUrl="https://demotv.example/?ticket=otherword#state=lastword")
    after = copy_of(made).form
    assert after["free"] != "plainword"
    url = r"https://demotv\.example/\?ticket=(?!otherword)\w{9}#state=(?!lastword)\w{8}"
    assert re.fullmatch(url, after["redirectUrl"])


def attributes() -> None:
    profile = {"attributes": {"zip": {"value": "94103", "state": "plain"}}, "notBefore": 1}
    made = case("P3").named("x", method="GET", path="/api/v2/DEMOTV/profiles", body=b"",
                            response_body=dump({"profiles": {forge.MVPD: profile}}))  # fmt: skip
    after = copy_of(made).body["profiles"][forge.MVPD]
    assert after["attributes"]["zip"]["state"] == "plain"
    assert re.fullmatch(r"(?!94103)\d{5}", after["attributes"]["zip"]["value"])


BECOMES: dict[str, Callable[[], None]] = {
    "tokens (JWT)": tokens,
    "`AP-Device-Identifier`": identifiers,
    "e-mail addresses": mails,
    "IP addresses, of connections too": addresses,
    "SAML": saml,
    "cookies": cookies,
    "members of `X-Device-Info` and `AP-Partner-Framework-Status` that the documentation does not list": members,
    "parameters that the documentation does not list, values in the query or the fragment of a URL": parameters,
    "attributes of a profile": attributes,
}


def test_every_row_of_the_page_has_its_test() -> None:
    assert ["in the recording", *BECOMES, "target", "`.har`", "`.mitm`"] == ROWS


@pytest.mark.parametrize("row", BECOMES)
def test_a_secret_becomes_what_the_page_says(row: str) -> None:
    BECOMES[row]()


def test_a_copy_keeps_places_findings_and_what_is_public(tmp_path: Path) -> None:
    story = RECORDINGS / "apple-tv.mitm"
    copy = tmp_path / "clean.mitm"
    copy.write_bytes(scrubbed(story.read_bytes())[0])
    for before, after in zip(entries(story), entries(copy), strict=True):
        assert findings(after) == findings(before)
        for name in ("index", "started", "host", "code", "service_provider", "mvpd", "status"):
            assert after[name] == before[name]
        if before["device"]:
            assert after["device"]["info"].get("model") == before["device"]["info"].get("model")


def test_a_stand_in_is_the_same_everywhere_and_before_its_place() -> None:
    token = "anOpaqueTokenOfItsOwn0123"
    early = flow_of(case("C1").with_answer(reasonType=f"not {token}"))
    late = flow_of(case("C1").with_header("Authorization", f"Bearer {token}"))
    first, second = as_flows(scrubbed(as_mitm([early, late]))[0])
    assert isinstance(first, http.HTTPFlow)
    assert isinstance(second, http.HTTPFlow)
    stand_in = second.request.headers["Authorization"].partition(" ")[2]
    assert stand_in != token
    assert json.loads(first.response.text or "")["reasonType"] == f"not {stand_in}"  # type: ignore[union-attr]


def test_what_goes_is_said() -> None:
    web = tflow.tflow(resp=True)
    web.request.headers["X-Own"], web.request.path = "x", "/a/b?c=d"
    web.backup()
    flows = [tflow.ttcpflow(), tflow.tudpflow(), tflow.tdnsflow(), tflow.twebsocketflow(), web]
    data, done = scrubbed(as_mitm(flows))
    told = " ".join(done.lines)
    made = as_flows(data)
    for words in ("TCP messages", "UDP messages", "DNS questions", "WebSocket messages", "headers and bodies of other"):
        assert words in told
    assert isinstance(made[-1], http.HTTPFlow)
    assert (made[-1].request.method, made[-1].request.path.count("/"), made[-1].modified()) == ("GET", 2, False)
    assert not made[-1].request.headers
    assert not made[-1].request.content
    kept = as_flows(scrubbed(as_mitm([web]), other="keep-scrubbed")[0])[0]
    assert isinstance(kept, http.HTTPFlow)
    assert "X-Own" in kept.request.headers


def test_what_cannot_be_looked_into_is_replaced_and_named() -> None:
    long, wrong, gone = (flow_of(case("C1")) for _ in range(3))
    for flow, content in ((long, b"planted" * (MAX_BODY // 7 + 1)), (wrong, b"planted"), (gone, None)):
        assert flow.response is not None
        flow.response.data.content = content
    assert wrong.response is not None
    wrong.response.headers["Content-Encoding"] = "gzip"
    data, done = scrubbed(as_mitm([long, wrong, gone]))
    assert b"planted" not in data
    said = [line for line in done.lines if line.startswith("Not looked into: flow")]
    assert [line.endswith("it was replaced.") for line in said] == [True, True, False]
    assert [from_flow(flow).response.gap is not None for flow in as_flows(data)] == [True] * 3  # type: ignore[arg-type, union-attr]


def test_a_word_that_nothing_marks_as_a_secret_stays() -> None:
    error = dump({"action": "retry", "status": 400, "code": "bad", "message": "no seat for ada"})
    made = copy_of(case("C1").named("x", path="/api/v2/ada/sessions", status=400, response_body=error))
    assert made.request.path == "/api/v2/ada/sessions"
    assert made.response.json.value["message"] == "no seat for ada"


def test_what_the_other_format_cannot_hold_is_as_the_page_says(tmp_path: Path) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| `.har` |"))
    names = row.split("|")[2].strip().split(", ")
    streamed, edited = tflow.tflow(resp=True), tflow.tflow(resp=True)
    assert streamed.response is not None
    streamed.response.data.content = None
    edited.backup()
    edited.request.path = "/edited"
    sealed = tflow.tflow()
    sealed.server_conn.certificate_list = [Cert.from_pem(CertStore.from_store(tmp_path, "x", 2048).default_ca.to_pem())]
    flows = [tflow.ttcpflow(), tflow.tudpflow(), tflow.tdnsflow(), streamed, edited, sealed]
    lost = converted(as_mitm(flows), har=True)[1].lost
    assert set(lost) == set(names)
    har = json.dumps({"log": {"entries": [
        {"request": {"method": "POST", "url": "https://a.example/", "postData": {}, "bodySize": 7},
         "response": {"status": 200, "content": {"size": 9}}},
    ]}}).encode()  # fmt: skip
    assert set(converted(har, har=False)[1].lost) == {
        "the body of a request that the recorder left out", "the body of an answer that the recorder left out"
    }  # fmt: skip


def test_there_and_back_everything_is_the_same_also_what_is_not_utf_8() -> None:
    flow = flow_of(case("C1"))
    flow.request.headers["X-Own"], flow.request.content, flow.marked = "a", b"\xff\x00", ":star:"
    flow.request.data.headers = http.Headers([*flow.request.data.headers.fields, (b"X-Bytes", b"\xff\xfe")])
    flow.metadata["own"] = "kept"
    har = converted(as_mitm([flow]), har=True)[0]
    (back,) = as_flows(converted(har, har=False)[0])
    assert isinstance(back, http.HTTPFlow)
    assert back.request.get_state() == flow.request.get_state()
    assert (back.marked, back.metadata["own"]) == (":star:", "kept")
    assert har.isascii()
    assert rb"\udcff\udcfe" in har


@pytest.mark.parametrize("command", re.findall(r"^passlens .*?(?=  #|$)", PAGE, re.M))
def test_the_commands_run(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tv.mitm").write_bytes((RECORDINGS / "apple-tv.mitm").read_bytes())
    Path("session.har").write_bytes((RECORDINGS / "apple-tv.har").read_bytes())
    words = shlex.split(command)[1:]
    got = CliRunner().invoke(cli, words, standalone_mode=False)
    assert (got.exception, got.return_value) == (None, 0), got.output
    assert Path(words[words.index("-o") + 1]).stat().st_size > 1000
