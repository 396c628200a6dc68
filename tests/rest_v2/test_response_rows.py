"""Rows of answers: told by status and code, and what follows them. That the table is right is held in tests/facts."""

import pytest

from passlens.rest_v2.errors import BY_CODE, OLD_BY_CODE
from passlens.rest_v2.response_rows import BY_ID, RESPONSE_ROWS, error_row

DCR_WORDS = {"dcr-register", "dcr-token"}


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(RESPONSE_ROWS)
    assert [row.id for row in RESPONSE_ROWS if row.old != row.id.startswith("H-")] == ["DA-0"]


def test_every_code_of_a_row_is_one_of_its_time() -> None:
    for row in RESPONSE_ROWS:
        if not DCR_WORDS & set(row.operations):
            assert set(row.codes) <= set(OLD_BY_CODE if row.old else BY_CODE), row.id


@pytest.mark.parametrize(
    ("operation", "status", "code", "row"),
    [
        ("retrieve-profile-mvpd", 403, "temporary_access_duration_limit_exceeded", "PE-1"),
        ("retrieve-profile-code", 403, "temporary_access_resources_limit_exceeded", "PE-2"),
        ("retrieve-profile-mvpd", 403, "anything", "PE-8"),
        ("retrieve-profile-mvpd", 403, None, "PE-8"),
        ("retrieve-profile-mvpd", 400, "invalid_parameter_mvpd", "PE-7"),
        ("retrieve-profile-mvpd", 200, "temppass_expired", "H-PE-1"),
        ("retrieve-profile-mvpd", 200, "anything", None),
        ("retrieve-profile-mvpd", 403, "temppass_expired", "PE-8"),
        ("retrieve-profile-mvpd", 404, "temppass_expired", "H-PE-1"),
        ("retrieve-profile-mvpd", 404, "anything", None),
        ("retrieve-profiles", 403, None, "PE-7"),
        ("retrieve-profile-code", 400, "invalid_parameter_code", "PE-5"),
        ("partner-profile", 400, "invalid_header_pfs_provider_id_mismatch", "PE-6"),
        ("partner-profile", 403, "invalid_mvpd_response", "H-PE-5"),
        ("authorize", 400, "temppass_invalid_identity", "H-DE-2"),
        ("authorize", 400, "invalid_parameter_resources", "DE-1"),
        ("authorize", 403, "authenticated_profile_missing", "DE-1"),
        ("logout", 405, None, "LE-1"),
        ("dcr-register", 400, "invalid_request", "G-E1"),
        ("dcr-register", 400, "a_new_word", "G-E1"),
        ("dcr-token", 401, "invalid_client", "T-E1"),
        ("dcr-token", 401, "a_new_word", None),
        ("dcr-token", 429, "throttled", "GT-429"),
        ("authorize", 429, "throttled", None),
        ("authorize", 503, "http_503", None),
        ("nothing", 400, None, None),
    ],
)
def test_the_row_of_an_error(operation: str, status: int, code: str | None, row: str | None) -> None:
    found = error_row(operation, status, code)
    assert (found.id if found else None) == row


def test_what_follows_an_answer() -> None:
    assert BY_ID["PA-0"].followed_by("retrieve-profile-code") == ("retrieve-profile-code",)
    assert BY_ID["DA-1"].followed_by("preauthorize") == ("authorize",)
    assert BY_ID["DA-1"].followed_by("authorize") == ()
    assert BY_ID["T-E1"].followed_by("dcr-token", "invalid_client") == ("dcr-register",)
    assert BY_ID["T-E1"].followed_by("dcr-token", "invalid_request") == ()
    assert BY_ID["PM-1"].followed_by("retrieve-profile-mvpd") == ("preauthorize", "authorize", "logout")
