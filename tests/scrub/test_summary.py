"""The account says what was replaced, and what could not be looked into."""

from collections import Counter

from passlens.scrub.summary import ScrubSummary


def test_it_counts_by_kind() -> None:
    summary = ScrubSummary(flows=3, other=1)
    summary.left_out["TCP messages"] += 2
    lines = summary.lines(Counter({"token": 2, "address": 1, "unreadable value": 1}), "drop")
    assert lines[0].startswith("3 flows copied, 2 of the API, 1 of other traffic (left with method")
    assert lines[1] == "Replaced: 2 tokens, 1 address, 1 unreadable value."
    assert "as a whole" in lines[2]
    assert lines[3] == "Left out: TCP messages (2)."
    assert ScrubSummary(flows=1).lines(Counter(), "drop") == ["1 flow copied, 1 of the API.", "Replaced: nothing."]


def test_it_names_what_was_not_read_up_to_a_limit() -> None:
    summary = ScrubSummary()
    for number in range(50 + 5):
        summary.not_read(f"flow {number}\x1b[2J")
        summary.read_error("x")
    lines = summary.lines(Counter(), "keep-scrubbed")
    assert lines[-1] == "Not looked into: 5 more."
    assert "\x1b" not in "".join(lines)
    assert len(summary.read_errors) == len(summary.unread) == 50
    assert summary.read_error_lines()[-2:] == ["x", "5 more could not be read"]
