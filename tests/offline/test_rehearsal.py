"""A scenario over recorded flows: as on live traffic, by the recording's clock, and told."""

import asyncio
from pathlib import Path

import pytest

import cases
import forge
import test_redaction as planting
from passlens.flows import from_flow
from passlens.live.switching import read
from passlens.offline import rehearsal as module
from passlens.offline.rehearsal import UNSHOWABLE, Rehearsal, Told, in_words
from passlens.reading.made_flows import to_flow
from passlens.scenarios.actions import NOTHING_ANSWERED
from passlens.scenarios.library import Library
from scenarios.made import exchange, rule, scenario


def shipped(name: str) -> Rehearsal:
    return Rehearsal(Library([], read=read).load(name))


def made(text: str) -> Rehearsal:
    lines = "".join(f"    {line}\n" for line in text.strip("\n").splitlines())
    return Rehearsal(scenario(f"rules:\n  - name: only\n{lines}"))


def test_an_outcome_is_the_answer_with_its_marks() -> None:
    flow = to_flow(exchange("P1", answered=True))
    told = shipped("pfs-fallback").act(flow)
    assert told == Told("pfs-fallback", "fall back", "outcome P3", "rule 'fall back' matched.", True)
    ex = from_flow(flow)
    assert ex.outcome is not None
    assert ex.outcome.row.id == "P3"
    assert ex.injected == {"scenario": "pfs-fallback", "rule": "fall back", "how": "outcome"}
    assert flow.response is not None
    assert flow.response.headers["X-Passlens"] == "pfs-fallback/fall back"
    # By the recording's clock.
    assert ex.body is not None
    assert abs(int(ex.body["notBefore"]) / 1000 - forge.CLOCK) < 5


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
    rehearsal = made("when:\n  headers:\n    AP-Device-Identifier: other\nthen:\n  outcome: P3")
    told = rehearsal.act(to_flow(exchange("P1", answered=True)))
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
    rehearsal = made("\n".join(lines))
    for case in (planting.everywhere(), *planting.malformed()):
        ex = planting.exchange(case)
        if ex.route is not None:
            told = rehearsal.act(to_flow(ex))
            assert "failed on" in told.explanation
            planting.assert_clean(repr(told), case.name)


def test_states_go_on_with_the_codes_of_the_recording() -> None:
    rehearsal = shipped("code-expired")
    ex = exchange("RS-B", answered=True)
    told = [rehearsal.act(to_flow(ex)) for _ in range(3)]
    assert [item.rule for item in told] == [None, None, "over"]
    assert "expected after the first 2, is number 2" in told[1].explanation


def test_a_virtual_session_answers_what_belongs_to_it() -> None:
    rehearsal = shipped("authenticated")
    rehearsal.act(to_flow(exchange("C1", answered=True)))
    case = next(case for case in cases.cases() if case.operation == "retrieve-profiles" and case.status == 200)
    flow = to_flow(cases.as_exchange(case))
    told = rehearsal.act(flow)
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
    assert told.changed
    assert (flow.response is None) == (fault in NOTHING_ANSWERED)
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
    rehearsal = made("when:\n  filter: '~m GET'\nthen:\n  outcome: RS-B")
    assert rehearsal.act(to_flow(exchange("P1", answered=True))).rule is None
    assert rehearsal.act(to_flow(exchange("RS-B", answered=True))).rule == "only"
    assert rehearsal.never_matched() == ()


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
    def run() -> list[Told]:
        rehearsal = shipped(name)
        return [rehearsal.act(to_flow(cases.as_exchange(case))) for case in cases.cases()]

    first = run()
    assert first == run()
    assert any(told.changed for told in first)


def test_waiting_would_be_noticed() -> None:
    with pytest.raises(RuntimeError, match="waited for something"):
        module._finish(asyncio.sleep(0))


def test_rules_of_the_user_are_found(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("rules:\n  - name: one\n    then:\n      outcome: throttled\n")
    rehearsal = Rehearsal(Library([tmp_path], read=read).load("mine"))
    assert rehearsal.never_matched() == ("one",)
