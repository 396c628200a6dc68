"""PL901 to PL906: what was not checked, and why; PL999 stands with the runner that yields it.
Each code with an exchange that triggers it and one near it that must not."""

from dataclasses import replace

import pytest

import forge
from passlens.exchange import MAX_HEADER, Gap, GapKind
from support.examples import Example, codes, exchange, findings, parametrize, verify, with_code


def gap(kind: GapKind) -> Gap:
    """A gap with a clause of its own."""
    return Gap(kind, f"a made-up reason ({kind})")


LONG = forge.b64("x" * MAX_HEADER)

EXAMPLES = [
    Example(
        "PL901",
        trigger=exchange("C1", gap=gap("streamed")),
        near=exchange("C1", gap=gap("not-recorded")),
        at="body",
        severity="note",
        words="The body of the request was not checked: a made-up reason (streamed).",
    ),
    Example(
        "PL901",
        trigger=exchange("RS-B", answer_gap=gap("streamed")),
        near=exchange("authorize", answer_gap=gap("streamed")),
        at="body",
        severity="note",
        words="The body of the answer",
    ),
    Example(
        "PL902",
        trigger=exchange("P1", answer_gap=gap("too-large")),
        near=exchange("P1", answer_gap=gap("streamed")),
        at="body",
        severity="note",
    ),
    Example(
        "PL902",
        trigger=exchange("P1", answer_gap=gap("expansion")),
        near=exchange("P1"),
        at="body",
        severity="note",
    ),
    Example(
        "PL903",
        trigger=exchange("C1", answer_gap=gap("encoding")),
        near=exchange("C1", answer_headers={"Content-Encoding": "gzip"}),
        at="body",
        severity="warning",
    ),
    Example(
        "PL904",
        trigger=exchange("R1", answer_gap=gap("not-recorded")),
        near=exchange("R1", answer_body=b""),
        at="body",
        severity="note",
    ),
    Example(
        "PL905",
        trigger=exchange("C1", headers={"X-Device-Info": LONG}),
        near=exchange("C1", headers={"X-Device-Info": LONG[:MAX_HEADER]}),
        at="header:X-Device-Info",
        severity="warning",
        words=f"The header X-Device-Info was not checked: {len(LONG)} characters.",
    ),
    Example(
        "PL905",
        trigger=exchange("authorize", headers={"AP-Partner-Framework-Status": LONG}),
        near=exchange("authorize", headers={"X-Demo": LONG}),
        at="header:AP-Partner-Framework-Status",
        severity="warning",
    ),
    Example(
        "PL906",
        trigger=exchange("C1", no_answer=True, failure="server closed the connection"),
        near=exchange("C1", failure="server closed the connection"),
        at="status",
        severity="note",
        words="There is no answer: server closed the connection.",
    ),
    Example(
        "PL906",
        trigger=exchange("logout", no_answer=True),
        near=exchange("no-body-500"),
        at="status",
        severity="note",
        words="the recording holds none",
    ),
    Example(
        "PL906",
        trigger=exchange("logout", answer_gap=gap("failed")),
        near=exchange("logout", answer_gap=gap("streamed")),
        at="body",
        severity="note",
        words="The answer is not whole: ",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("kind", ["streamed", "too-large", "expansion", "encoding", "not-recorded", "failed"])
@pytest.mark.parametrize("name", ["C1", "C2", "R2", "P1", "P5", "RS-B", "invalid_parameter_code-resume-session"])
def test_a_body_that_is_not_there_yields_that_one_finding(name: str, kind: GapKind) -> None:
    found = codes(exchange(name, answer_gap=gap(kind)))
    (code,) = [code for code in found if not code.startswith("PL1")]
    assert code in ("PL901", "PL902", "PL903", "PL904", "PL906")


def test_a_request_without_its_body_is_asked_for_no_parameter() -> None:
    assert codes(exchange("C1", gap=gap("streamed"))) == ["PL901"]


def test_both_bodies_may_be_missing() -> None:
    found = with_code(exchange("C1", gap=gap("streamed"), answer_gap=gap("streamed")), "PL901")
    assert [finding["side"] for finding in found] == ["exchange", "exchange"]
    assert found[0]["message"] != found[1]["message"]


def test_no_answer_leaves_the_request_checked() -> None:
    ex = exchange("C1", no_answer=True, headers={"Authorization": None})
    assert codes(ex) == ["PL201", "PL906"]
    assert codes(replace(ex, failure="\ud800")) == ["PL201", "PL906"]
    assert all(isinstance(value, str) for finding in findings(ex) for value in finding.values())
