"""Tests for exchange/injection.py: what was done, as data, and as the member of an entry or a recording."""

from typing import Any, get_args

import pytest

from passlens.exchange.injection import MAX_CHARS, Action, ActionKind, Injection


def how(*actions: Action) -> Injection:
    return Injection("s", "r", actions)


def of(text: str) -> Injection:
    found = Injection.from_member({"scenario": "s", "rule": "r", "how": text})
    assert found is not None
    return found


@pytest.mark.parametrize("value", [None, {}, [], "x", 5])
def test_nothing_was_injected(value: Any) -> None:
    assert Injection.from_member(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"scenario": "s"}, ("s", "", "")),
        ({"how": 5, "rule": "r"}, ("", "r", "")),
        ({"other": "x"}, ("", "", "")),
        ({"scenario": "s" * (MAX_CHARS + 1), "rule": "r" * MAX_CHARS}, ("s" * MAX_CHARS, "r" * MAX_CHARS, "")),
        ({"how": "h" * (MAX_CHARS + 1)}, ("", "", "h" * MAX_CHARS)),
    ],
)
def test_known_members_are_taken_bounded(value: Any, expected: tuple[str, str, str]) -> None:
    found = Injection.from_member(value)
    assert found is not None
    assert tuple(found.to_member().values()) == expected


@pytest.mark.parametrize("kind", get_args(ActionKind))
def test_every_kind_is_written_and_read(kind: ActionKind) -> None:
    detail = {"fault": "cut_body", "other": "told fortunes"}.get(kind, "")
    made = how(Action(kind, detail))
    assert Injection.from_member(made.to_member()) == made


@pytest.mark.parametrize(
    "text", ["", "outcome", "outcome, delay", "fault no_answer", "fault", "fault ", "other", ", ,", "x, outcome ,y"]
)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert of(text).to_member()["how"] == text


def test_words_are_told_apart() -> None:
    assert of("rewrite_request, fault cut_body, outcome x").actions == (
        Action("rewrite_request"),
        Action("fault", "cut_body"),
        Action("other", "outcome x"),
    )


def test_actions_add_up_and_the_last_rule_names_them() -> None:
    both = how(Action("rewrite_request")).then(Injection("other", "rule", (Action("sandbox"),)))
    assert both == Injection("other", "rule", (Action("rewrite_request"), Action("sandbox")))
    assert both.also(Action("delay")).to_member()["how"] == "rewrite_request, sandbox, delay"


@pytest.mark.parametrize(
    ("text", "by_passlens", "chosen", "left_to_server", "broken", "request_rewritten"),
    [
        ("outcome", True, True, False, False, False),
        ("respond, delay", True, True, False, False, False),
        ("sandbox", True, False, False, False, False),
        ("rewrite_request, virtual session", True, False, False, False, True),
        ("rewrite_request", False, False, True, False, True),
        ("rewrite_response, delay", False, False, True, False, False),
        ("delay, fault cut_body", False, False, False, True, False),
        ("refused", False, False, False, False, False),
        ("told fortunes", False, False, False, False, False),
        ("", False, False, False, False, False),
    ],
)
def test_what_it_means_for_the_response(
    text: str, by_passlens: bool, chosen: bool, left_to_server: bool, broken: bool, request_rewritten: bool
) -> None:
    found = of(text)
    assert (found.by_passlens, found.chosen, found.left_to_server) == (by_passlens, chosen, left_to_server)
    assert (found.broken, found.request_rewritten) == (broken, request_rewritten)
