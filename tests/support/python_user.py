"""What somebody writes who uses passlens from Python, with every name it exports. mypy --strict reads it with the
package; tests/test_python.py runs it."""

from pathlib import Path

import passlens
from passlens import Client, Entry, Finding, Journey, Result


def judged(recording: Path) -> Result:
    """A recording, judged."""
    return passlens.check(recording, ignore=["PL230"], fail_on="warning")


def answers(result: Result) -> list[str]:
    """What the server answered, exchange by exchange."""
    entries: list[Entry] = result.entries
    return [f"{entry['operation']} {entry['outcome'] or entry['error']}" for entry in entries]


def worst(result: Result) -> list[str]:
    """Where the errors are."""
    findings: list[Finding] = result.findings
    return [f"{finding['code']} {finding['at']}" for finding in findings if finding["severity"] == "error"]


def verdicts(result: Result) -> list[str]:
    """How the journeys ended."""
    journeys: list[Journey] = result.journeys
    return [journey["verdict"] for journey in journeys]


def codes(client: Client) -> list[str | None]:
    """The codes of sign-ins that wait for somebody, after those of one operation came."""
    client.scenario("pfs-fallback")
    found = client.wait_for("partner-session", outcome="P3", injected=True, timeout=30)
    entries = client.exchanges("partner-session", since=found["number"] if found else 0)
    return [session["code"] for session in client.sessions() if session["state"] == "open"] or [
        entry["code"] for entry in entries
    ]
