"""Bodies are what the truth table says: attributes by the row, urls by its template with each segment encoded."""

import base64
import random

import pytest

import forge
from passlens.rest_v2.outcomes import BY_ID, ROWS, match_url
from passlens.sandbox.session import SessionStore, VirtualSession
from passlens.sandbox.session_bodies import body, kind_of, saml_request, url

CURRENT = [row.id for row in ROWS if not row.old]


def session() -> VirtualSession:
    made = SessionStore().open("Süd TV", "d", now=forge.CLOCK, rng=random.Random(1))
    made.take({"mvpd": "${x}/y", "domainName": "a", "redirectUrl": "b:c"})
    made.partner = "Apple"
    return made


@pytest.mark.parametrize("name", CURRENT)
def test_a_row_has_its_attributes_and_no_other(name: str) -> None:
    row = BY_ID[name]
    made = body(row, session(), missing=("redirectUrl",), rng=random.Random(1), now=forge.CLOCK)
    assert set(made) == {*row.required, *row.form.optional}
    without = session()
    without.mvpd = None
    if "mvpd" in row.form.optional:
        made = body(row, without, missing=("mvpd",), rng=random.Random(1), now=forge.CLOCK)
        assert set(made) == set(row.required)


@pytest.mark.parametrize("name", CURRENT)
def test_the_url_of_a_row_names_the_session(name: str) -> None:
    match = match_url(BY_ID[name], url(BY_ID[name], session()))
    assert match is not None
    wanted = {"serviceProvider": "Süd TV", "mvpd": "${x}/y", "partner": "Apple", "code": session().code}
    assert match.segments == {name: wanted[name] for name in match.segments}


def test_a_saml_request_is_base64_over_xml() -> None:
    text = base64.b64decode(saml_request(rng=random.Random(1), now=forge.CLOCK)).decode()
    assert text.startswith("<?xml ")
    assert 'IssueInstant="2026-01-02T03:04:05Z"' in text


@pytest.mark.parametrize(("row", "kind"), [("C1", "regular"), ("C6", "regular"), ("P1", "appleSSO"), ("P7", "appleSSO"),
                                           ("P3", "regular"), ("R4", "temporary"), ("P2", "degraded")])  # fmt: skip
def test_the_kind_of_profile_that_goes_with_a_row(row: str, kind: str) -> None:
    assert kind_of(BY_ID[row]) == kind
