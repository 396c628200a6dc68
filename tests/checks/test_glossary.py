"""Every word that passlens shows has a meaning, found in any letter case."""

from typing import get_args

import pytest

from passlens.analysis.entry import ChecklistVerdict, JourneyVerdict
from passlens.checks import denials, docs, glossary
from passlens.checks.checklist import LINES
from passlens.checks.diagnosis import diagnose
from passlens.checks.next_steps import next_steps
from passlens.checks.table import CHECKS
from passlens.exchange.decoded import Decoded
from passlens.proxy.link_state import Link
from passlens.rest_v2 import decisions, errors, logouts, outcomes, profiles, retrieve
from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.response_rows import RESPONSE_ROWS
from passlens.scenarios.expectations import VerdictWord
from support.examples import exchange

SHOWN = sorted(
    {
        *(operation.id for operation in OPERATIONS),
        *(row.id for row in (*outcomes.ROWS, *retrieve.SHAPES)),
        *outcomes.EVERY_REASON_TYPE,
        *errors.NAMES.values(),
        *(name for names in outcomes.ACTION_NAMES.values() for name in names),
        *outcomes.ACTION_TYPES,
        *errors.BY_CODE,
        *errors.V1_CODES,
        *(row.severity for row in CHECKS),
        *(row.basis for row in CHECKS),
        *get_args(JourneyVerdict),
        *get_args(VerdictWord),
        *get_args(ChecklistVerdict),
        *(line.id for line in LINES),
        *profiles.EVERY_TYPE,
        *decisions.SOURCES,
        *logouts.ACTION_NAMES,
        *logouts.ACTION_TYPES,
        *(row.id for row in (*profiles.PROFILE_ROWS, *decisions.DECISION_ROWS, *logouts.LOGOUT_ROWS)),
        *(word for row in RESPONSE_ROWS if row.id in ("G-E1", "T-E1") for word in row.codes),
        *("permit", "deny", "throttled", "unauthorized", "method_not_allowed", "server_error", "injected"),
        *get_args(Link),
        *get_args(VerdictWord),
        *("journey", "sandbox", "partner", "baseline", "outcome", "scenario", "rule", "expectation", "verdict"),
        *("exchange", "operation", "result", "finding", "diagnosis", "device", "recording"),
    }
)


def test_every_word_that_is_shown_is_explained() -> None:
    for word in SHOWN:
        lines = glossary.meaning(word.upper())
        assert lines is not None, word
        assert lines[0].lower() == word.lower()
        assert len(lines) > 2, word
        assert docs.text_of(word) is not None


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("P3", "An outcome of partner-session: authenticate / interactive / pfs_fallback."),
        ("RS-B", "An outcome of retrieve-session"),
        ("pfs_fallback", "AP-Partner-Framework-Status is missing or not usable"),
        ("authorization_denied_by_mvpd", "status 403"),
        ("authenticated_profile_missing", "What the client should do: authentication."),
        ("resume", "Send what missingParameters names"),
        ("create-session", "POST /api/v2/{serviceProvider}/sessions"),
        ("throttled", "429"),
        ("not-met", "PL690"),
        ("CL-M3.3", "Not kept where one of these is found: PL632."),
        ("platformSSO", "Adobe-Subject-Token"),
        ("degraded", "The type of a profile: a degradation rule"),
        ("temppass", "Decisions with it: AD6, AD7, ZD5"),
        ("partner_logout", "system settings"),
        ("invalid_client", "register again"),
        ("fell-back", "The verdict of a journey: a partner session was answered with a fallback"),
        ("partner", "Go on with passlens explain partner-session."),
        ("baseline", "docs/ci.md"),
        ("outcome", "docs/truth-table.md"),
        ("scenario", "docs/scenarios.md"),
        ("C1", "\nNext call: authenticate.\n"),
        ("P3", "\nNext calls: authenticate, then retrieve-profile-code.\n"),
        ("PA-1", "\nNext calls: preauthorize, then authorize.\n"),
        ("DA-1", "\nNext call after preauthorize: authorize.\n"),
        ("http_503", "Status 503 without an error code"),
    ],
)
def test_a_meaning_says_what_counts(word: str, words: str) -> None:
    assert words in str(docs.text_of(word))


@pytest.mark.parametrize("row", [row for row in outcomes.ROWS if row.current], ids=lambda row: row.id)
def test_an_outcome_names_the_calls_that_an_entry_names(row: outcomes.OutcomeRow) -> None:
    told = next(line for line in glossary.meaning(row.id) or () if line.startswith("Next call"))
    assert told.partition(": ")[2] == f"{next_steps(diagnose(Decoded(exchange(row.id))).next)}."


@pytest.mark.parametrize("word", ["PL2", "pl2xx", "PL2X", " PL2xx "])
def test_a_family_lists_its_codes(word: str) -> None:
    text = str(docs.text_of(word))
    assert text.startswith("PL2xx: Request headers\n")
    assert {code[:3] for code in text.split() if code.startswith("PL") and code[2:].isdigit()} == {"PL2"}


def test_an_unknown_word_has_no_meaning_and_perhaps_a_nearest_one() -> None:
    assert docs.text_of("pfs_falback") is None
    assert docs.nearest("pfs_falback") == "pfs_fallback"
    assert docs.nearest("partner-sesion") == "partner-session"
    assert docs.text_of("PL20") is None
    assert docs.nearest("pl23") == "PL230"


def test_an_error_code_says_what_its_exchanges_say() -> None:
    cause = denials.cause_of("internal_server_error")
    assert cause is not None
    assert cause.words in (glossary.meaning("internal_server_error") or ())
