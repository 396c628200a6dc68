"""The table of operations against itself and against facts that its page states."""

from passlens.rest_v2.operations import API_HEADERS, BY_ID, FAMILIES, OPERATIONS


def test_ids_are_unique_and_each_has_one_family() -> None:
    assert len(BY_ID) == len(OPERATIONS)
    assert sorted(name for names in FAMILIES.values() for name in names) == sorted(BY_ID)


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
    assert BY_ID["authenticate"].cite() == "Perform authentication in user agent, doc-2024-10-15"


def test_a_visitor_is_listed_by_all_but_configuration_authenticate_and_registration() -> None:
    without = {operation.id for operation in OPERATIONS if "AP-Visitor-Identifier" not in operation.headers}
    assert without == {"retrieve-configuration", "authenticate", "dcr-register", "dcr-token"}


def test_parameters_of_a_query_belong_to_logout_and_configuration() -> None:
    assert {one.id: one.query for one in OPERATIONS if one.query} == {
        "logout": {"redirectUrl": "required"},
        "retrieve-configuration": {"profile": "optional"},
    }
    assert [one.id for one in OPERATIONS if one.query_openapi] == ["dcr-token"]
