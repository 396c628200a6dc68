"""Plans: what a rule, a virtual session or the sandbox does to an exchange, as data, before anything is done."""

import json
import random
from dataclasses import replace

import pytest

from passlens.exchange.content import STREAMED
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Gap, Response
from passlens.sandbox.server import Api
from passlens.scenarios.library import RunningScenario
from passlens.scenarios.plan import SANDBOX, TAKEN, VIRTUAL, Plan, ResponsePlan, plan_response, prepare, response_after
from passlens.scenarios.then import NO_RESPONSE
from scenarios.made import NOW, exchange, scenario

JSON = (("Content-Type", "application/json"),)


def asked(words: str = "P1") -> Decoded:
    return Decoded(exchange(words))


def running(then: str, when: str = "{}") -> RunningScenario:
    text = f"seed: 1\nrules:\n  - name: only\n    when: {when}\n    then: {then}\n"
    return RunningScenario(scenario(text), random.Random(1))


def planned(then: str, words: str = "P1", *, sandbox: bool = False, has_response: bool = False) -> Plan:
    return prepare(running(then), asked(words), NOW, api=Api(seed=1), sandbox=sandbox, has_response=has_response)


def answer(body: bytes | None = b'{"a": 1}', status: int = 200, gap: Gap | None = None) -> Response:
    return Response(JSON, body, gap, status)


def by(*kinds: str) -> Injection:
    return Injection("demo", "only", tuple(Action(kind) for kind in kinds))  # type: ignore[arg-type]


def test_an_outcome_and_a_response_written_out_are_passlens_own() -> None:
    made = planned("{outcome: P3}")
    assert made.response is not None
    assert json.loads(made.response.body or b"")["reasonType"] == "pfs_fallback"
    assert made.injection == by("outcome")
    made = planned("{respond: {status: 503, json: {a: '{{ partner }}'}}, state: later}")
    assert made.response is not None
    assert (made.response.status, made.response.body) == (503, b'{"a":"Apple"}')
    assert (made.injection, made.state, made.acts) == (by("respond"), "later", True)


def test_a_request_edit_names_what_changes_and_no_more() -> None:
    made = planned("{rewrite_request: {headers: {set: {X-A: '1'}}}}")
    assert made.request_edit is not None
    assert ("X-A", "1") in made.request_edit.headers
    assert made.request_edit.body is None
    assert made.injection == by("rewrite_request")
    made = planned("{rewrite_request: {form: {set: {redirectUrl: 'https://other.example/'}}}}", "C1")
    assert made.request_edit is not None
    assert b"other.example" in (made.request_edit.body or b"")


def test_what_cannot_be_changed_is_a_sentence_and_no_injection() -> None:
    then = "{rewrite_request: {partner_status: {remove: [a.b]}}}"
    made = planned(then, "C1 without=AP-Partner-Framework-Status")
    assert made.problems == ("AP-Partner-Framework-Status was left alone: the request has none.",)
    assert (made.request_edit, made.injection) == (None, None)


def test_a_template_that_cannot_be_filled_in_leaves_the_request_and_keeps_the_rest() -> None:
    made = planned("{respond: {body: '{{ form.mvpd.what.is }}'}, delay: 5}")
    (problem,) = made.problems
    assert problem.startswith("a rule could not be applied: ")
    assert problem.endswith("; the request goes on as it came.")
    assert (made.response, made.injection, made.delay) == (None, None, 0.005)


@pytest.mark.parametrize("fault", NO_RESPONSE)
def test_a_fault_without_a_response_is_all_of_it(fault: str) -> None:
    made = planned(f"{{fault: {fault}, delay: 2000}}")
    assert made.unanswered
    assert made.injection == Injection("demo", "only", (Action("delay"), Action("fault", fault)))
    assert (made.delay, made.holds_response) == (2.0, False)
    assert plan_response(made, answer()) == ResponsePlan()
    assert response_after(made, ResponsePlan(), answer()) is None


def test_a_response_of_somebody_else_stays_unless_a_rule_says_so() -> None:
    made = planned("{outcome: P3}", has_response=True)
    assert (made.skipped, made.acts, made.response) == (TAKEN, False, None)
    made = planned("{outcome: P3, override: true}", has_response=True)
    assert (made.skipped, made.acts) == (None, True)
    assert made.response is not None
    # Where no rule took the exchange there is nothing to say, and the sandbox keeps out of it.
    made = prepare(None, asked(), NOW, api=Api(seed=1), sandbox=True, has_response=True)
    assert made == Plan()


@pytest.mark.parametrize("kind", ["streamed", "not-recorded", "failed", "too-large"])
def test_a_request_without_its_body_is_not_decided_about(kind: str) -> None:
    ex = exchange("P1")
    gap = replace(STREAMED, kind=kind)  # type: ignore[arg-type]
    chosen = running("{outcome: P3}")
    lacking = Decoded(replace(ex, request=replace(ex.request, body=None, gap=gap)))
    made = prepare(chosen, lacking, NOW, api=Api(seed=1))
    # A body that is too long to be looked into is there.
    assert chosen.engine.counts == {"only": int(kind == "too-large")}
    assert (made.problems == (f"skipped: the request cannot be looked into: {gap.detail}.",)) is (kind != "too-large")


def test_the_sandbox_answers_what_no_rule_does_and_sees_the_request_as_changed() -> None:
    made = prepare(None, asked("C1"), NOW, api=Api(seed=1), sandbox=True)
    assert made.response is not None
    assert made.injection == Injection(SANDBOX, "create-session", (Action("sandbox"),))
    made = planned("{rewrite_request: {headers: {remove: [AP-Partner-Framework-Status]}}}", sandbox=True)
    assert made.injection == by("rewrite_request", "sandbox")
    assert made.response is not None
    assert json.loads(made.response.body or b"")["reasonType"] == "pfs_fallback"
    assert planned("{outcome: P1}", sandbox=True).injection == by("outcome")


def test_a_virtual_session_answers_for_its_code_and_nothing_else() -> None:
    api = Api(seed=1)
    created = prepare(running("{outcome: C1}"), asked("C1"), NOW, api=api)
    assert created.response is not None
    code = json.loads(created.response.body or b"")["code"]
    polled = prepare(None, asked(f"retrieve-profile-code code={code}"), NOW, api=api)
    assert polled.injection == Injection(VIRTUAL, "retrieve-profile-code", (Action("virtual session"),))
    assert prepare(None, asked("retrieve-profile-code"), NOW, api=api) == Plan()


# ---- the second half


def test_a_response_is_edited_held_back_and_broken_in_this_order() -> None:
    made = planned("{rewrite_response: {status: 500, merge: {b: 2}}, delay: 5, fault: cut_body}")
    assert made.holds_response
    rest = plan_response(made, answer())
    assert rest.edit is not None
    assert (rest.edit.status, rest.edit.body) == (500, b'{"a": 1, "b": 2}')
    assert rest.actions == (Action("rewrite_response"), Action("delay"), Action("fault", "cut_body"))
    after = response_after(made, rest, answer())
    assert after is not None
    assert (after.status, after.body) == (500, b'{"a": 1, "b": 2}')


def test_nothing_is_done_without_a_response_or_a_reason() -> None:
    assert plan_response(planned("{delay: 5}"), None) == ResponsePlan()
    assert plan_response(planned("{outcome: P3}"), answer()) == ResponsePlan()
    unchanged = plan_response(planned("{rewrite_response: {merge: {nothing: null}}}"), answer())
    assert (unchanged.edit, unchanged.actions) == (None, ())
    assert not planned("{delay: 0}").holds_response


@pytest.mark.parametrize(
    ("fault", "response", "breaks"),
    [
        ("cut_body", answer(), True),
        ("cut_body", answer(b""), False),
        ("malformed_json", answer(b"", 204), False),
        ("malformed_json", answer(None, gap=Gap("too-large", "it is long")), True),
        ("wrong_content_type", answer(b""), True),
        ("slow_drip", answer(b""), True),
    ],
)
def test_a_fault_needs_something_to_break(fault: str, response: Response, breaks: bool) -> None:
    rest = plan_response(planned(f"{{fault: {fault}}}"), response)
    assert rest.fault == (fault if breaks else None)


@pytest.mark.parametrize(("recorded", "fault"), [(False, "slow_drip"), (True, None)])
def test_a_recording_keeps_no_pieces(recorded: bool, fault: str | None) -> None:
    assert plan_response(planned("{fault: slow_drip}"), answer(), recorded=recorded).fault == fault


def test_a_response_that_was_streamed_is_left_alone() -> None:
    rest = plan_response(planned("{delay: 5}"), answer(None, gap=STREAMED))
    assert rest.problems == (f"skipped: the response cannot be changed: {STREAMED.detail}.",)
    assert rest.actions == ()


def test_a_template_of_a_response_edit_sees_the_request_as_changed() -> None:
    then = "{rewrite_request: {headers: {set: {X-A: new}}}, rewrite_response: {merge: {a: '{{ headers[\"x-a\"] }}'}}}"
    rest = plan_response(planned(then), answer())
    assert rest.edit is not None
    assert rest.edit.body == b'{"a": "new"}'
    rest = plan_response(planned("{rewrite_response: {merge: {a: '{{ form.x.y.z }}'}}, delay: 5}"), answer())
    assert rest.actions in ((), (Action("delay"),))
    assert rest.problems
