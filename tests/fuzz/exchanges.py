"""Targets: one exchange through everything that looks at it, answers it, changes it or copies it.
The bytes are those of messages.py."""

import io
import json
import random
from typing import Any

from fuzz.messages import CLOCK, to_exchange, to_flow
from passlens.exchange import Exchange, Request
from passlens.live import onflow
from passlens.redaction import LONGEST, Redactor
from passlens.reports.formats import REPORTS
from passlens.reports.jsonl import line
from passlens.reports.tally import Tally
from passlens.reports.words import safe
from passlens.sandbox.api import Api
from passlens.sandbox.made import Made
from passlens.sandbox.produce import possible, produce
from passlens.scenarios.engine import Engine
from passlens.scenarios.rewrite import rewrite_answer, rewrite_request
from passlens.scrubbing import flow as scrub_flow
from passlens.scrubbing.account import Account
from passlens.scrubbing.values import Scrubber
from passlens.verdict import judge
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
        entry = judge(ex, reveal=reveal)
        assert not ex.check_failures, ex.check_failures
        assert "PL999" not in {finding["code"] for finding in entry["findings"]}, entry["findings"]
        assert json.loads(line(entry)) == entry
        assert line(entry).isascii()
        for form in REPORTS:
            if form != PAGE:
                _plain(_report(form, entry), form)


def page(data: bytes) -> None:
    """The same for the page, which takes longer than all others together."""
    ex = to_exchange(data)
    if ex.route is not None:
        _plain(_report(PAGE, judge(ex)), PAGE)


def _report(form: str, entry: dict[str, Any]) -> str:
    out, tally = io.StringIO(), Tally()
    report = REPORTS[form](out)
    tally.add(entry)
    report.entry(entry)
    report.close(tally)
    return out.getvalue()


def _plain(text: str, form: str) -> None:
    odd = {sign for sign in set(text) if sign != "\n" and safe(sign) != sign}
    assert not odd, f"{form}: {sorted(map(ascii, odd))}"


def redaction(data: bytes) -> None:
    """A text that has a secret of the request in it, cut wherever it likes, is shown without it."""
    before, _, after = data.decode("utf-8", "replace").partition("\n")
    for secret in (SECRET, SECRET.upper()):
        ex = Exchange(Request((("Authorization", f"Bearer {SECRET}"),), method="POST", path="/api/v2/D/sessions"))
        redactor = Redactor(ex)
        for text in (f"{before}{secret}{after}", f"{before} {secret} {after}"):
            shown = redactor.text(text)
            assert SECRET not in shown.lower(), shown
            assert len(shown) <= LONGEST
        shown = json.dumps(redactor.value({"a": [text]})) + redactor.path(f"/{before}?{text}")
        assert SECRET not in shown.lower()


def sandbox(data: bytes) -> None:
    """Any request gets an answer that can be sent; so does every outcome on demand."""
    ex = to_exchange(data)
    for interactive in (False, True):
        api = Api(seed=1, interactive=interactive)
        _sendable(api.answer(ex, CLOCK))
        if ex.route is None:
            continue
        for name in possible(ex.operation.id)[:12]:
            _sendable(produce(name, ex, now=CLOCK, rng=api.rng, sessions=api.sessions))
        made = api.owned(ex, CLOCK)
        if made is not None:
            _sendable(made)


def _sendable(made: Made) -> None:
    for name, value in made.headers:
        text = f"{name}: {value}"
        assert text.isprintable(), text
        assert text.isascii(), text
        assert len(text) < 20_000
    onflow.set_answer(to_flow(b""), made.as_answer(), CLOCK)


def rewriting(data: bytes) -> None:
    """A scenario decides, changes request and answer, and the flow goes on with one length and no line break."""
    flow = to_flow(data)
    ex = to_exchange(data)
    engine = Engine(RULES, random.Random(1))
    decision = engine.decide(ex, CLOCK)
    engine.observe(ex)
    assert decision.explanation.sentence(safe)
    then = RULES.rules[0].then
    if ex.route is None or then.rewrite_request is None or then.rewrite_response is None:
        return
    changed = rewrite_request(then.rewrite_request, ex)
    onflow.change_request(flow, changed, ex.request.body)
    assert ("\n" in flow.request.path) <= ("\n" in ex.request.path)
    if ex.answer is not None:
        onflow.change_answer(flow, rewrite_answer(then.rewrite_response, ex.answer), ex.answer.body)
    onflow.stamp(flow)


def scrubbing(data: bytes) -> None:
    """A clean copy can be made of any flow, and holds nothing of a bearer token."""
    marked = data.replace(b"\x1e", b"\x1eAuthorization: Bearer " + SECRET.encode() + b"\n", 3) if data else data
    for other in ("drop", "keep-scrubbed"):
        flow, account = to_flow(marked), Account()
        scrubber = Scrubber(b"k" * 32)
        scrub_flow.scrub(flow, scrubber, other, account, 0)
        again = to_flow(marked)
        scrubber.book.searching = True
        scrub_flow.scrub(again, scrubber, other, account, 0)
        account.lines(scrubber.book.counts, other)
