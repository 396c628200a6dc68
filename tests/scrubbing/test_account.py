"""The account says what was replaced, and what could not be looked into."""

from collections import Counter

from passlens.scrubbing.account import MOST, Account


def test_it_counts_by_kind() -> None:
    account = Account(flows=3, other=1)
    account.left_out["TCP messages"] += 2
    lines = account.lines(Counter({"token": 2, "address": 1, "unreadable value": 1}), "drop")
    assert lines[0].startswith("3 flows copied, 2 of the API, 1 of other traffic (left with method")
    assert lines[1] == "Replaced: 2 tokens, 1 address, 1 unreadable value."
    assert "as a whole" in lines[2]
    assert lines[3] == "Left out: TCP messages (2)."
    assert Account(flows=1).lines(Counter(), "drop") == ["1 flow copied, 1 of the API.", "Replaced: nothing."]


def test_it_names_what_was_not_read_up_to_a_limit() -> None:
    account = Account()
    for number in range(MOST + 5):
        account.not_read(f"flow {number}\x1b[2J")
        account.trouble("x")
    lines = account.lines(Counter(), "keep-scrubbed")
    assert lines[-1] == "Not looked into: 5 more."
    assert "\x1b" not in "".join(lines)
    assert len(account.troubles) == MOST
