"""Secrets planted in every place are in no output: reports, log, blocks, comments, decode, summary, standard error.
Revealing shows them and says so; two lines about one device carry the same pseudonym."""

import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.io import FlowReader, FlowWriter
from mitmproxy.test import tflow

import forge
from cases import as_exchange, case, cases
from passlens import addon
from passlens.analysis.analyzer import analyze
from passlens.cli.decode import explain_value, guess
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.proxy import inspector
from passlens.redaction.pseudonym import pseudonym
from passlens.redaction.redactor import MAX_CHARS, Redactor, _shortened
from passlens.reports.jsonl import line
from passlens.reports.text import block
from passlens.runner.check import FORMATS
from samples.case import Case, dump
from support import warm
from support.clients import Http1Client
from support.proxy import Proxy, run
from support.upstream import Upstream

DEVICE = "9f1c7d52-planted-device"
SUB = "planted-subject-6a1e"
TOKEN = forge.access_token(sub=SUB)
OPAQUE = "plantedOpaqueToken0123456789abcdef"
SECRET = "planted-client-secret-77"
EMAIL = "planted.viewer@mail.example"
ECID = "83154900017205530021475009261348800931"
FORWARDED = "198.51.100.23"
CONNECTION = "203.0.113.99"
COOKIE = "plantedcookie5f2d"
SET_COOKIE = "plantedsetcookie91"
SERVICE = forge.service_token(sub="planted-service-subject")
SUBJECT = forge.jws({"sub": "planted-platform-subject"}, seed="planted")
NAME_ID = "planted-name-id-31"
IN_QUERY = "plantedInQuery42"
IN_REDIRECT = "plantedInRedirect43"
IN_PATH = "plantedInPath44"
UNKNOWN = "planted unknown value"
SAML = forge.b64(f'<?xml version="1.0"?><saml:NameID Format="x">{NAME_ID}</saml:NameID>')
LONG = "planted-long-" + "x0" * 400

PLANTED = (
    DEVICE, SUB, TOKEN, OPAQUE, SECRET, EMAIL, ECID, FORWARDED, CONNECTION, COOKIE, SET_COOKIE, SERVICE, SUBJECT,
    NAME_ID, IN_QUERY, IN_REDIRECT, IN_PATH, UNKNOWN, SAML, LONG[:40], "planted-service-subject",
    "planted-platform-subject",
)  # fmt: skip


ECHOED = forge.device_info(osName=DEVICE, displayWidth=SECRET, connectionIp=19851100)


def spellings(secret: str) -> set[str]:
    """The secret as it is, escaped, in Base64 and in hexadecimal digits; what a reader could turn back."""
    plain = base64.b64encode(secret.encode()).decode().rstrip("=")
    safe = base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    return {secret, quote(secret, safe=""), quote(quote(secret, safe=""), safe=""), plain, safe, secret.encode().hex()}


NEEDLES = {needle: secret for secret in PLANTED for needle in spellings(secret)} | {
    TOKEN[40:80]: TOKEN,
    TOKEN.split(".")[2][:40]: TOKEN,
    SAML[20:60]: SAML,
}


def assert_clean(text: str, where: str = "") -> None:
    """None of the planted secrets stands in the text, in any spelling and any letter case."""
    lowered = text.lower()
    found = [secret for needle, secret in NEEDLES.items() if needle.lower() in lowered]
    assert not found, f"{where}: {found}\n{text[:3000]}"


def everywhere() -> Case:
    """A partner session exchange with a secret in each place that can hold one."""
    info = forge.device_info(connectionIp=CONNECTION, madeUp=UNKNOWN, other={"deep": [SECRET]})
    status = forge.partner_status(madeUp=UNKNOWN, other={"deep": [DEVICE]})
    made = case("P3")
    made = made.with_header("Authorization", f"Bearer {TOKEN}").with_header("X-Device-Info", info)
    made = made.with_header("AP-Device-Identifier", f"fingerprint {forge.b64(DEVICE)}")
    made = made.with_header("AP-Partner-Framework-Status", status)
    for name, value in (
        ("AP-TempPass-Identity", forge.temppass_identity(EMAIL)),
        ("AP-Visitor-Identifier", ECID),
        ("AD-Service-Token", SERVICE),
        ("Adobe-Subject-Token", SUBJECT),
        ("X-Roku-Reserved-Roku-Connect-Token", OPAQUE),
        ("X-Forwarded-For", f"{FORWARDED}, 10.0.0.1"),
        ("Cookie", f"session={COOKIE}; other=1"),
        ("Proxy-Authorization", f"Basic {forge.b64('user:' + SECRET)}"),
    ):
        made = made.with_header(name, value)
    redirect = f"https://demotv.example/done;jsessionid={IN_PATH}?ticket={IN_REDIRECT}"
    made = made.with_form(
        mvpd=forge.MVPD, redirectUrl=redirect, device_id=DEVICE, SAMLResponse=SAML, client_secret=SECRET, free=UNKNOWN,
        long=LONG,
    )  # fmt: skip
    path = f"{made.path}?access_token={TOKEN}&x={IN_QUERY}&{OPAQUE}"
    echo = f"cannot take {DEVICE} {TOKEN} {SECRET} {EMAIL} {SAML} {forge.b64(DEVICE)} {DEVICE.encode().hex()} {SUB}"
    response = json.loads(made.response_body) | {
        "mvpd": f"x {DEVICE}",
        "url": f"/api/v2/authenticate/{SECRET}/A?t={IN_QUERY}",
        "reasonType": echo,
        "actionType": f"{LONG} {echo}",
        "notAfter": f"{TOKEN}",
        "sessionId": 12,
        "missingParameters": [EMAIL, SECRET],
        "serviceProvider": f"{quote(EMAIL)} {forge.b64(SECRET)}",
        "authenticationRequest": {"request": SAML, "type": NAME_ID},
    }
    return made.named("everywhere", path=path, response_body=dump(response)).with_answer_header(
        "Set-Cookie", f"AWSALB={SET_COOKIE}; Path=/; Domain=.adobe.com"
    )


def malformed() -> Iterator[Case]:
    """The same secrets in forms that clients get wrong."""
    made = everywhere()
    yield made.with_header("Authorization", f"Bearer: {TOKEN}")
    yield made.with_header("Authorization", TOKEN)
    yield made.with_header("Authorization", f"bearer   {OPAQUE}")
    yield made.with_header("Authorization", f"{OPAQUE} extra words")
    yield made.with_header("Authorization", f"Bearer {TOKEN[:-20]}.{TOKEN[-20:]}")
    yield made.with_header("Authorization", f'Bearer "{TOKEN}"')
    yield made.with_header("AP-Device-Identifier", forge.b64(DEVICE))
    yield made.with_header("AP-Device-Identifier", DEVICE)
    yield made.with_header("AP-Device-Identifier", f"{DEVICE} {DEVICE}")
    yield made.with_header("AP-Device-Identifier", f"fingerprint  {quote(forge.b64(DEVICE))}")
    yield made.with_header("AP-Device-Identifier", f"fingerprint {DEVICE.encode().hex()}")
    yield made.with_header("AP-TempPass-Identity", EMAIL)
    yield made.with_header("AP-TempPass-Identity", forge.b64(f'{{"name": "{SECRET}" "x": 1}}'))
    broken = f'{{"model": "AppleTV" "connectionIp": "{CONNECTION}", "free": "{UNKNOWN}"}}'
    yield made.with_header("X-Device-Info", forge.b64(broken))
    yield made.with_header("X-Device-Info", broken)
    yield made.with_header("X-Device-Info", forge.b64(json.dumps([SECRET, DEVICE])))
    yield made.with_header("X-Device-Info", f"fingerprint {DEVICE}")
    yield made.with_header("X-Device-Info", ECHOED)
    yield made.with_header("AP-Partner-Framework-Status", forge.b64(f'{{"frameworkProviderInfo" {{"x": "{UNKNOWN}"'))
    yield made.with_header("AP-Partner-Framework-Status", forge.b64(json.dumps({"old": SECRET, "x": UNKNOWN})))
    yield made.with_header("X-Forwarded-For", f"[{FORWARDED}]:4711;{CONNECTION}:80")
    yield made.named("json", body=dump({"access_token": TOKEN, "refresh_token": LONG})).with_header(
        "Content-Type", "application/json"
    )
    yield made.named(
        "cut", response_body=b'{"access_token": "' + OPAQUE.encode() + b'", "userID": "' + NAME_ID.encode()
    )
    yield made.named("query", path=f"{made.path.partition('?')[0]}#{OPAQUE}?{SECRET}")
    fragment = f"https://demotv.example/cb#access_token={IN_QUERY}&x={IN_REDIRECT}"
    yield case("P3").with_form(mvpd=forge.MVPD, redirectUrl=fragment)
    yield made.named("fragment", response_body=dump({"url": fragment, "actionName": fragment}))
    quoted = {"action": "none", "status": 400, "code": "bad_request", "message": f"cannot go on to {fragment}."}
    yield made.named("quoted fragment", status=400, response_body=dump(quoted))
    # A secret in a place that is otherwise shown.
    for secret in (DEVICE, TOKEN, EMAIL, quote(EMAIL, safe=""), SAML.rstrip("="), forge.b64(DEVICE).rstrip("=")):
        yield made.named("path", path=f"/api/v2/{quote(secret, safe='')}/sessions/{quote(secret, safe='')}")
        yield made.named("method", method="GET", path=f"/api/v2/DEMOTV/profiles/{quote(secret, safe='')}", body=b"")
    for message in (DEVICE, TOKEN, SECRET, EMAIL, SAML, forge.b64(DEVICE), quote(DEVICE), DEVICE.upper(), LONG):
        error = {"action": message, "status": 400, "code": message, "message": message, "helpUrl": 1}
        yield made.named("error", status=400, response_body=dump(error))
        yield made.named("dcr", status=400, response_body=dump({"error": message}))
    attributes = {"userID": {"value": NAME_ID, "state": "plain"}, "zip": {"value": [UNKNOWN]}}
    profile = {"attributes": attributes, "notBefore": NAME_ID, "type": UNKNOWN}
    yield made.named(
        "profile", method="GET", path="/api/v2/DEMOTV/profiles", response_body=dump({"profiles": {NAME_ID: profile}})
    )
    registered = dump({"client_id": SECRET, "client_secret": OPAQUE, "error": f"{SECRET} {OPAQUE}"})
    yield made.named("register", path="/o/client/register", status=400, response_body=registered)


def exchange(made: Case) -> Exchange:
    return as_exchange(made)


def flow_of(made: Case) -> http.HTTPFlow:
    flow = tflow.tflow(resp=True)
    headers = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in made.headers]
    flow.request = http.Request(
        made.host, 443, made.method.encode(), b"https", b"", made.path.encode(), b"HTTP/1.1",
        http.Headers(headers), made.body, None, forge.CLOCK, forge.CLOCK,
    )  # fmt: skip
    response = [(name.encode(), value.encode()) for name, value in made.answer_headers]
    flow.response = http.Response(
        b"HTTP/1.1", made.status, b"OK", http.Headers(response), made.response_body, None, forge.CLOCK, forge.CLOCK
    )
    return flow


def test_secrets_in_every_place_are_in_no_entry_and_no_block() -> None:
    entry = analyze(exchange(everywhere()))
    assert len(entry["findings"]) > 10
    assert_clean(line(entry))
    assert_clean(block(entry))


def test_secrets_in_malformed_places_are_in_no_entry_and_no_block() -> None:
    for made in malformed():
        entry = analyze(exchange(made))
        assert_clean(line(entry), made.name)
        assert_clean(block(entry), made.name)


def test_every_documented_case_hides_its_tokens_and_identifiers() -> None:
    for made in cases():
        entry = analyze(exchange(made))
        shown = line(entry) + block(entry)
        for name, value in made.headers:
            if name in ("Authorization", "AP-Device-Identifier", "AP-TempPass-Identity", "AD-Service-Token"):
                assert value.partition(" ")[2] not in shown or " " not in value
                assert value not in shown
        assert forge.uuid(("device", "living room")) not in shown
        assert forge.uuid("application") not in shown


def test_what_is_no_secret_stays_readable() -> None:
    for made in cases():
        shown = block(analyze(exchange(made)))
        assert "DEMOTV" in shown or made.operation.startswith("dcr")
        if made.outcome and made.group == "current" and made.outcome[0] in "CRP":
            assert made.outcome in shown
            assert "SetTopBox, AppleTV, tvOS 18.5, WiFi" in shown
            assert forge.MVPD in shown or "mvpd" not in json.loads(made.response_body) or forge.TEMPPASS in shown


def test_a_value_that_repeats_a_public_one_hides_nothing() -> None:
    made = case("P3").with_header("X-Device-Info", forge.device_info(deviceClass="AppleTV", brand=forge.MVPD))
    made = made.with_answer_header("Set-Cookie", "AWSALB=0123456789; Path=/; Domain=.adobe.com; Max-Age=604800")
    entry = analyze(exchange(made))
    assert entry["device"]["info"]["model"] == "AppleTV"
    assert entry["mvpd"] == forge.MVPD
    assert entry["host"] == "sp.auth.adobe.com"
    assert entry["device"]["info"]["deviceClass"].startswith("sha256:")


def test_one_device_has_one_pseudonym_however_it_encodes() -> None:
    plain = forge.b64(DEVICE)
    values = (plain, plain.rstrip("="), quote(plain), f'"{plain}"', f" {plain}")
    entries = [
        analyze(exchange(case("C1").with_header("AP-Device-Identifier", f"fingerprint {value}"))) for value in values
    ]
    (known,) = {entry["device"]["identifier"] for entry in entries}
    assert known == pseudonym(f"fingerprint {plain}")
    echoed = (
        case("C1").with_header("AP-Device-Identifier", f"fingerprint {plain}").with_answer(reasonType=f"no {DEVICE}")
    )
    assert analyze(exchange(echoed))["action"]["reason"] == f"no {known}"


def test_revealing_shows_all() -> None:
    entry = analyze(exchange(everywhere()), reveal=True)
    assert entry["device"]["info"]["connectionIp"] == CONNECTION
    assert entry["device"]["info"]["madeUp"] == UNKNOWN
    assert entry["partner_framework_status"]["madeUp"] == UNKNOWN
    assert entry["device"]["identifier"] == f"fingerprint {forge.b64(DEVICE)}"
    assert SECRET in line(entry)


def test_a_text_is_cut_after_it_was_redacted() -> None:
    redactor = Redactor(Decoded(exchange(everywhere())))
    for length in range(MAX_CHARS - 60, MAX_CHARS + 5):
        shown = redactor.text("." * length + DEVICE + " and more")
        assert len(shown) <= MAX_CHARS
        assert "planted" not in shown
        assert DEVICE[:10] not in shown
    # Many secrets shrink to few characters; what is cut behind them must not come into sight.
    for length in range(80):
        assert DEVICE[:6] not in redactor.text("y" * length + (TOKEN + " ") * 30 + f"{DEVICE} " * 500)


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_of_a_recording_holds_a_secret(form: str, tmp_path: Path) -> None:
    recording = tmp_path / "planted.mitm"
    with recording.open("wb") as file:
        for made in (everywhere(), *malformed()):
            FlowWriter(file).add(flow_of(made))
    got = warm.run([*warm.PASSLENS, "check", str(recording), "--format", form])
    assert got.returncode == 1
    assert_clean(got.stdout + got.stderr)
    shown = warm.run([*warm.PASSLENS, "check", str(recording), "--format", form, "--reveal"])
    assert DEVICE in shown.stdout or forge.b64(DEVICE) in shown.stdout
    assert "--reveal is on" in shown.stderr


def decoded(*arguments: str) -> str:
    got = warm.run([*warm.PASSLENS, "decode", *arguments])
    assert "Traceback" not in got.stderr
    return got.stdout + got.stderr


def test_decode_hides_what_it_decodes_and_reveals_on_demand() -> None:
    for made in (everywhere(), *malformed()):
        for name, value in made.headers:
            # Without the rest of the request, nothing tells that the osName of this one is a secret.
            if value == ECHOED:
                continue
            for text in (value, f"{name}: {value}"):
                try:
                    guessed, bare = guess(text)
                except click.UsageError as error:
                    assert_clean(error.format_message(), text[:60])
                    continue
                assert_clean(explain_value(guessed, bare, forge.CLOCK, reveal=False), f"{name}: {value[:60]}")
                assert_clean(explain_value(name, bare, forge.CLOCK, reveal=False), f"{name}: {value[:60]}")
    assert_clean(decoded(f"Authorization: Bearer {TOKEN}"))
    assert SUB in decoded("--reveal", f"Authorization: Bearer {TOKEN}")


STATUS = """
from mitmproxy import ctx

class Status:
    def done(self):
        print("STATUS", ctx.master.commands.execute("passlens.status"), flush=True)

addons = [Status()]
"""


def test_a_running_proxy_shows_no_secret_anywhere(confdir: Path, upstream: Upstream, tmp_path: Path) -> None:
    log, saved, status = tmp_path / "log.jsonl", tmp_path / "saved.mitm", tmp_path / "status.py"
    status.write_text(STATUS)
    sent = [everywhere(), *malformed()]
    sendable = [made for made in sent if " " not in made.path and "#" not in made.path]
    arguments = ("-w", str(saved), "-s", str(status))
    with (
        Proxy(confdir, *arguments, upstream=upstream, passlens_log=log, flow_detail=0) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):
        for made in sendable:
            upstream.play(made)
            assert client.case(made).status == made.status
    assert "STATUS" in proxy.stdout
    assert_clean(proxy.stdout, "stdout")
    assert_clean(proxy.stderr, "stderr")
    assert_clean(log.read_text(), "log")
    logged = [json.loads(line)["kind"] for line in log.read_text().splitlines()]
    assert logged.count("exchange") == len(sendable)
    assert set(logged) <= {"exchange", "journey"}
    with saved.open("rb") as file:
        flows = list(FlowReader(file).stream())
    assert len(flows) == len(sendable)
    for flow in flows:
        assert flow.comment.startswith("passlens: ")
        assert_clean(flow.comment, "comment")
        assert_clean(json.dumps(flow.metadata), "metadata")
    revealed = run(confdir, "-nr", str(saved), passlens_reveal=True, flow_detail=0)
    assert "passlens_reveal is on" in revealed.stdout
    assert forge.b64(DEVICE) in revealed.stdout


def test_a_fault_of_passlens_logs_no_secret(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ValueError(f"cannot take {TOKEN}")

    monkeypatch.setattr(inspector, "analyze", fail)
    with caplog.at_level(logging.DEBUG):
        sessions = addon.Sessions()
        assert sessions.response(flow_of(everywhere())) is None
    assert "not touched" in caplog.text
    assert_clean(caplog.text)


def test_what_was_not_utf8_stands_as_an_escape() -> None:
    assert Redactor(Decoded(exchange(case("C1")))).text("\udcff eyJhbGciOiJub25lIn0.e30.").startswith("\\udcff sha256:")


TEXTS = st.lists(
    st.sampled_from([*PLANTED, "DEMOTV", "/api/v2/", "?a=", "&b=c", "a@b.example", " ", ":", "%", "eyJhIjoxfQ=="])
    | st.builds(lambda secret: base64.b64encode(secret.encode()).decode(), st.sampled_from(PLANTED))
    | st.text(max_size=12),
    max_size=6,
).map("".join)


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_what_is_remembered_of_a_text_is_what_would_be_found_anew(texts: list[str]) -> None:
    for made in (exchange(everywhere()), as_exchange(case("C1"))):
        redactor = Redactor(Decoded(made))
        for value in (*texts, *texts):
            assert redactor.text(value) == _shortened(redactor._redacted(value))


def test_more_secrets_than_are_looked_for_show_less() -> None:
    """One too many is told in no free text, though it stands in none of the places that are known."""
    few = {f"n{number}_token": f"secret-{number:06}" for number in range(400)}
    many = few | {f"m{number}_token": f"another-{number:06}" for number in range(400)}
    for body, shown in ((few, "see another-000399"), (many, pseudonym("see another-000399"))):
        redactor = Redactor(Decoded(as_exchange(case("C1").named("x", response_body=dump(body)))))
        assert redactor.text("see another-000399") == shown
        assert redactor.text("REF30") == "REF30"


def test_a_secret_in_base64_inside_a_path_is_hidden_whatever_stands_around_it() -> None:
    redactor = Redactor(Decoded(as_exchange(case("C1").with_header("X-Forwarded-For", "198.51.100.233"))))
    for before in ("", "x", "xy"):
        run = base64.b64encode(f"{before}198.51.100.233, and more".encode()).decode()
        for path in (f"/api/v2/{run}/tail", f"/a/{run}", f"/ab/{run}"):
            shown = redactor.path(path)
            assert base64.b64encode(b"51.100.23").decode()[:8] not in shown
            assert "sha256:" in shown
