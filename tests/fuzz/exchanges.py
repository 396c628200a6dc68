"""Targets: one exchange through everything that looks at it, answers it, changes it or copies it.
The bytes are those of messages.py."""

import io
import json
import random
from typing import Any

import pytest

from fuzz.messages import CLOCK, to_exchange, to_flow
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.exchange.decoded import Decoded
from passlens.exchange.headers import Headers
from passlens.exchange.model import Exchange, Request
from passlens.proxy import flow_edits
from passlens.redaction.redactor import MAX_CHARS, Redactor
from passlens.reports.formats import REPORTS
from passlens.reports.jsonl import line
from passlens.sandbox.build_outcome import build_outcome, possible
from passlens.sandbox.response import SyntheticResponse
from passlens.sandbox.server import Api
from passlens.scenarios.engine import Engine
from passlens.scenarios.rewrite import edit_response, rewrite_request
from passlens.scrub import flow as scrub_flow
from passlens.scrub.summary import ScrubSummary
from passlens.scrub.values import Scrubber
from passlens.util.text import escape_controls
from scenarios.made import scenario

SECRET = "tkn-93b1f2c6d80e47aa"
RULES = scenario(
    r"""rules:
  - name: all
    when:
      mvpd: {does_not_match: '(x+x+)+y'}
      form: {redirectUrl: {does_not_contain: nowhere}}
      headers: {User-Agent: {does_not_match: '.*\bBot\b.*'}}
      device_info: {osName: {does_not_contain: z}}
      partner_status: {frameworkProviderInfo.expirationDate: {does_not_contain: '1-'}}
      token: {sub: {does_not_contain: nobody}}
    then:
      rewrite_request:
        path: {code: "{{ random.code() }}"}
        headers: {set: {X-Seen: "{{ headers['user-agent']|default('none') }}"}, remove: [Cookie]}
        form: {set: {mvpd: "{{ form.mvpd|default('a b') }}", new: 1}, remove: [domainName]}
        device_info: {set: {osName: tvOS, deep.er: [1]}, remove: [model]}
        partner_status: {set: {frameworkPermissionInfo.accessStatus: denied}, remove: [frameworkProviderInfo]}
      rewrite_response:
        headers: {set: {X-New: "1"}}
        merge: {actionName: null, mvpd: "{{ mvpd|default('x', true) }}", new: {a: 1}}
        patch: [{op: add, path: /added, value: [1]}]
"""
)


PAGE = "html"


def exchange(data: bytes) -> None:
    """Judged and reported in every form but the page, with and without secrets; what a terminal or a log gets is
    plain."""
    ex = to_exchange(data)
    if ex.route is None:
        return
    for reveal in (False, True):
        entry = analyze(ex, reveal=reveal)
        assert "PL999" not in {finding["code"] for finding in entry["findings"]}, entry["findings"]
        assert json.loads(line(entry)) == {"schema": 2, "kind": "exchange", **entry}
        assert line(entry).isascii()
        for form in REPORTS:
            if form != PAGE:
                _plain(_report(form, entry), form)


def page(data: bytes) -> None:
    """The same for the page, which takes longer than all others together."""
    ex = to_exchange(data)
    if ex.route is not None:
        _plain(_report(PAGE, analyze(ex)), PAGE)


def _report(form: str, entry: dict[str, Any]) -> str:
    out, summary = io.StringIO(), RunSummary()
    report = REPORTS[form](out)
    summary.add(entry)
    report.entry(entry)
    report.close(summary)
    return out.getvalue()


def _plain(text: str, form: str) -> None:
    odd = {sign for sign in set(text) if sign != "\n" and escape_controls(sign) != sign}
    assert not odd, f"{form}: {sorted(map(ascii, odd))}"


def redaction(data: bytes) -> None:
    """A text that has a secret of the request in it, cut wherever it likes, is shown without it."""
    before, _, after = data.decode("utf-8", "replace").partition("\n")
    for secret in (SECRET, SECRET.upper()):
        ex = Exchange(Request((("Authorization", f"Bearer {SECRET}"),), method="POST", path="/api/v2/D/sessions"))
        redactor = Redactor(Decoded(ex))
        for text in (f"{before}{secret}{after}", f"{before} {secret} {after}"):
            shown = redactor.text(text)
            assert SECRET not in shown.lower(), shown
            assert len(shown) <= MAX_CHARS
        shown = json.dumps(redactor.value({"a": [text]})) + redactor.path(f"/{before}?{text}")
        assert SECRET not in shown.lower()


def sandbox(data: bytes) -> None:
    """Any request gets an answer that can be sent; so does every outcome on demand."""
    ex = to_exchange(data)
    for interactive in (False, True):
        api = Api(seed=1, interactive=interactive)
        _sendable(api.respond(Decoded(ex), CLOCK))
        if ex.route is None:
            continue
        for name in possible(ex.operation.id)[:12]:
            _sendable(build_outcome(name, Decoded(ex), now=CLOCK, rng=api.rng, sessions=api.sessions))
        made = api.belongs_to(Decoded(ex), CLOCK)
        if made is not None:
            _sendable(made)


def _sendable(made: SyntheticResponse) -> None:
    for name, value in made.headers:
        text = f"{name}: {value}"
        assert text.isprintable(), text
        assert text.isascii(), text
        assert len(text) < 20_000
    flow_edits.set_response(to_flow(b""), made.as_response(), CLOCK)


def rewriting(data: bytes) -> None:
    """A scenario decides, changes request and answer, and the flow goes on with one length and no line break.
    Headers in which a line ends are refused."""
    flow = to_flow(data)
    ex = to_exchange(data)
    engine = Engine(RULES, random.Random(1))
    decision = engine.decide(Decoded(ex), CLOCK)
    engine.observe(Decoded(ex))
    assert decision.explanation.sentence(escape_controls)
    then = RULES.rules[0].then
    if ex.route is None or then.rewrite_request is None or then.rewrite_response is None:
        return
    changed = rewrite_request(then.rewrite_request, Decoded(ex))
    if _breaks_lines(ex.request.headers):
        with pytest.raises(ValueError, match="a line end or a NUL"):
            flow_edits.change_request(flow, changed, ex.request.body)
        return
    flow_edits.change_request(flow, changed, ex.request.body)
    assert ("\n" in flow.request.path) <= ("\n" in ex.request.path)
    if ex.response is not None:
        edited = edit_response(then.rewrite_response, ex.response)
        if _breaks_lines(edited.headers):
            with pytest.raises(ValueError, match="a line end or a NUL"):
                flow_edits.change_response(flow, edited, ex.response.body)
            return
        flow_edits.change_response(flow, edited, ex.response.body)
    flow_edits.stamp(flow)


def _breaks_lines(headers: Headers) -> bool:
    return any(sign in part for pair in headers for part in pair for sign in "\r\n\0")


def scrubbing(data: bytes) -> None:
    """A clean copy can be made of any flow, and holds nothing of a bearer token."""
    marked = data.replace(b"\x1e", b"\x1eAuthorization: Bearer " + SECRET.encode() + b"\n", 3) if data else data
    for other in ("drop", "keep-scrubbed"):
        flow, summary = to_flow(marked), ScrubSummary()
        scrubber = Scrubber(b"k" * 32)
        scrub_flow.scrub(flow, scrubber, other, summary, 0)
        again = to_flow(marked)
        scrubber.replacements.searching = True
        scrub_flow.scrub(again, scrubber, other, summary, 0)
        summary.lines(scrubber.replacements.counts, other)
