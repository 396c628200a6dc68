"""A scenario over recorded flows: as on live traffic, by the recording's clock, and told."""

from pathlib import Path

import pytest

import cases
import forge
import redaction.test_redactor as planting
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.proxy.scenario_switch import read
from passlens.recordings.exchange_to_flow import to_flow
from passlens.recordings.flow_to_exchange import from_flow
from passlens.runner.dry_run import UNSHOWABLE, DryRun, DryRunResult, in_words
from passlens.scenarios.library import Library
from passlens.scenarios.then import ACTIONS, NO_RESPONSE
from scenarios.made import exchange, rule, scenario


def shipped(name: str) -> DryRun:
    return DryRun(Library([], read=read).load(name))


def made(text: str) -> DryRun:
    lines = "".join(f"    {line}\n" for line in text.strip("\n").splitlines())
    return DryRun(scenario(f"rules:\n  - name: only\n{lines}"))


def test_an_outcome_is_the_answer_with_its_marks() -> None:
    flow = to_flow(exchange("P1", answered=True))
    told = shipped("pfs-fallback").act(flow)
    assert told == DryRunResult("pfs-fallback", "fall back", "outcome P3", "rule 'fall back' matched.", True)
    ex = from_flow(flow)
    assert Decoded(ex).session is not None
    assert Decoded(ex).session.row.id == "P3"
    assert ex.injection == Injection("pfs-fallback", "fall back", (Action("outcome"),))
    assert flow.response is not None
    assert flow.response.headers["X-Passlens"] == "pfs-fallback/fall back"
    # By the recording's clock.
    assert Decoded(ex).body is not None
    assert abs(int(Decoded(ex).body["notBefore"]) / 1000 - forge.CLOCK) < 5


def test_where_no_rule_matches_the_nearest_miss_is_told_and_nothing_changes() -> None:
    flow = to_flow(exchange("C1", answered=True))
    before = flow.get_state()
    told = shipped("pfs-fallback").act(flow)
    assert (told.rule, told.action, told.changed) == (None, None, False)
    assert "'fall back' came closest and failed on operation: expected partner-session, is create-session" in (
        told.explanation
    )
    assert flow.get_state() == before
    assert told.member == {
        "scenario": "pfs-fallback", "rule": None, "action": None, "explanation": told.explanation
    }  # fmt: skip


def test_an_explanation_is_redacted() -> None:
    secret = forge.device_identifier()
    dry_run = made("when:\n  headers:\n    AP-Device-Identifier: other\nthen:\n  outcome: P3")
    told = dry_run.act(to_flow(exchange("P1", answered=True)))
    assert secret not in told.explanation
    assert "sha256:" in told.explanation


def test_planted_secrets_are_in_no_explanation() -> None:
    headers = (
        "Authorization", "Cookie", "AP-Device-Identifier", "AP-Visitor-Identifier", "X-Forwarded-For",
        "AD-Service-Token", "Adobe-Subject-Token", "AP-TempPass-Identity",
    )  # fmt: skip
    lines = [
        "when:", "  headers:", *(f"    {name}: other" for name in headers), "  device_info:", "    connectionIp: other",
        "  token:", "    sub: other", "  client: 1.1.1.1", "  form:", "    redirectUrl: other",
        "then:", "  outcome: throttled",
    ]  # fmt: skip
    dry_run = made("\n".join(lines))
    for case in (planting.everywhere(), *planting.malformed()):
        ex = planting.exchange(case)
        if ex.route is not None:
            told = dry_run.act(to_flow(ex))
            assert "failed on" in told.explanation
            planting.assert_clean(repr(told), case.name)


def test_states_go_on_with_the_codes_of_the_recording() -> None:
    dry_run = shipped("code-expired")
    ex = exchange("RS-B", answered=True)
    told = [dry_run.act(to_flow(ex)) for _ in range(3)]
    assert [item.rule for item in told] == [None, None, "over"]
    assert "expected after the first 2, is number 2" in told[1].explanation


def test_the_state_of_a_device_goes_on_with_the_code_that_the_recording_holds() -> None:
    text = """rules:
      - {name: opened, when: {operation: create-session}, then: {outcome: C2, state: open}}
      - {name: used, when: {operation: resume-session, state: open}, then: {delay: 1}}
    """
    dry_run, created = DryRun(scenario(text)), exchange("C2", answered=True)
    assert Decoded(created).body is not None
    resumed = exchange(f"R1 device=phone code={Decoded(created).body['code']}", answered=True)
    assert dry_run.tell(resumed).rule is None
    assert dry_run.tell(created).rule == "opened"
    assert dry_run.tell(resumed).rule == "used"


def test_a_virtual_session_answers_what_belongs_to_it() -> None:
    dry_run = shipped("authenticated")
    dry_run.act(to_flow(exchange("C1", answered=True)))
    case = next(case for case in cases.cases() if case.operation == "retrieve-profiles" and case.status == 200)
    flow = to_flow(cases.as_exchange(case))
    told = dry_run.act(flow)
    assert (told.rule, told.action, told.changed) == (None, "virtual session", True)
    assert flow.response is not None
    assert flow.response.headers["X-Passlens"].startswith("virtual session/")


def test_a_delay_is_in_the_times_only() -> None:
    flow = to_flow(exchange("P1", answered=True))
    before = from_flow(flow).duration_ms or 0
    told = made("then:\n  delay: 2500").act(flow)
    assert told.action == "delay"
    assert (from_flow(flow).duration_ms or 0) == pytest.approx(before + 2500)


@pytest.mark.parametrize("fault", [*UNSHOWABLE])
def test_faults_that_a_recording_cannot_hold_are_named(fault: str) -> None:
    flow = to_flow(exchange("P1", answered=True))
    told = made(f"then:\n  fault: {fault}").act(flow)
    assert told.problems == (f"The fault {fault} cannot be shown: {UNSHOWABLE[fault]}.",)
    assert told.changed == (fault != "slow_drip")  # nothing to slow down: it is left alone
    assert (flow.response is None) == (fault in NO_RESPONSE)
    assert fault in told.member["action"]
    assert "cannot be shown" in told.member["explanation"]


@pytest.mark.parametrize("fault", ["cut_body", "malformed_json", "wrong_content_type"])
def test_other_faults_are_held(fault: str) -> None:
    flow = to_flow(exchange("P1", answered=True))
    before = flow.copy()
    told = made(f"then:\n  fault: {fault}").act(flow)
    assert (told.problems, told.changed) == ((), True)
    assert flow.response is not None
    assert before.response is not None
    assert flow.response.data != before.response.data


def test_what_was_left_alone_is_told_with_the_exchange(caplog: pytest.LogCaptureFixture) -> None:
    text = "then:\n  rewrite_request:\n    partner_status:\n      remove: [frameworkProviderInfo.id]"
    told = made(text).act(to_flow(exchange("C1 without=AP-Partner-Framework-Status", answered=True)))
    assert told.problems == ("AP-Partner-Framework-Status was left alone: the request has none.",)
    assert not caplog.records


def test_a_filter_expression_sees_request_and_answer() -> None:
    dry_run = made("when:\n  filter: '~m GET'\nthen:\n  outcome: RS-B")
    assert dry_run.act(to_flow(exchange("P1", answered=True))).rule is None
    assert dry_run.act(to_flow(exchange("RS-B", answered=True))).rule == "only"
    assert dry_run.never_matched() == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("then:\n  outcome: P3\n  delay: 5\n  state: Next", "outcome P3, delay, state Next"),
        ("then:\n  respond:\n    status: 503", "respond 503"),
        ("then:\n  rewrite_response:\n    status: 500\n  fault: cut_body", "rewrite_response, fault cut_body"),
    ],
)
def test_an_action_in_words(text: str, words: str) -> None:
    assert in_words(rule(text).then) == words


SHIPPED = [entry.name for entry in Library([]).entries()]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_runs_over_every_case_and_twice_alike(name: str) -> None:
    # Sessions come last: with the first of them, a scenario that waits for a sign-in is over.
    every = sorted(cases.cases(), key=lambda case: case.operation in ("create-session", "partner-session"))

    def run() -> list[DryRunResult]:
        dry_run = shipped(name)
        return [dry_run.act(to_flow(cases.as_exchange(case))) for case in every]

    first = run()
    assert first == run()
    assert any(told.changed for told in first)


def test_rules_of_the_user_are_found(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("rules:\n  - name: one\n    then:\n      outcome: throttled\n")
    dry_run = DryRun(Library([tmp_path], read=read).load("mine"))
    assert dry_run.never_matched() == ("one",)


ACTING = {
    "outcome": "{outcome: P1}",
    "respond": "{respond: {status: 204}}",
    "rewrite_request": "{rewrite_request: {headers: {set: {X-A: b}}}}",
    "rewrite_response": "{rewrite_response: {headers: {set: {X-A: b}}}}",
    "delay": "{delay: 10}",
    "fault": "{fault: cut_body}",
    "state": "{state: a}",
}
"""A rule for each action."""


def test_every_action_has_a_rule_here() -> None:
    assert {*ACTING} == {*ACTIONS}


@pytest.mark.parametrize("action", ACTING)
def test_every_action_is_told_and_leaves_its_mark(action: str) -> None:
    then = f"then: {ACTING[action]}"
    assert in_words(rule(then).then).startswith(action)
    flow = to_flow(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))
    result = made(then).act(flow)
    injection = from_flow(flow).injection
    assert (result.changed, injection is not None) == (action != "state",) * 2
    assert injection is None or injection.did(action)  # type: ignore[arg-type]
