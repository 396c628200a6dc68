"""The table of operations against itself and against facts that its page states."""

from passlens.spec.operations import API_HEADERS, BY_ID, CORE, OPERATIONS


def test_ids_are_unique_and_the_core_is_four() -> None:
    assert len(BY_ID) == len(OPERATIONS) == 15
    assert [operation.id for operation in OPERATIONS if operation.core] == list(CORE)


def test_bodies_demand_a_content_type() -> None:
    for operation in OPERATIONS:
        assert ("Content-Type" in operation.headers) is (operation.media_type is not None), operation.id


def test_only_authenticate_and_registration_carry_no_token() -> None:
    without = {operation.id for operation in OPERATIONS if "Authorization" not in operation.headers}
    assert without == {"authenticate", "dcr-register", "dcr-token"}


def test_E36_device_headers_are_required_only_where_the_page_says_so() -> None:
    expected = {operation.id for operation in OPERATIONS if operation.headers.get("X-Device-Info") == "expected"}
    assert expected == {"resume-session", "retrieve-session", "retrieve-configuration", "retrieve-profile-code"}


def test_E35_the_partner_status_is_expected_on_partner_operations_only() -> None:
    name = "AP-Partner-Framework-Status"
    expected = {operation.id for operation in OPERATIONS if operation.headers.get(name) == "expected"}
    assert expected == {"partner-session", "partner-profile"}
    assert name not in BY_ID["create-session"].headers


def test_every_header_of_the_api_has_an_operation_that_lists_it() -> None:
    listed = {name for operation in OPERATIONS for name in operation.headers}
    assert set(API_HEADERS) <= listed


def test_partner_session_takes_no_mvpd_in_its_form() -> None:
    assert BY_ID["partner-session"].parameters == ("domainName", "redirectUrl")


def test_an_operation_is_cited_by_its_title_and_a_revision() -> None:
    assert BY_ID["create-session"].cite() == "Create authentication session, doc-2025-10-30"
    assert BY_ID["create-session"].cite("doc-2024-08-05").endswith("doc-2024-08-05")
