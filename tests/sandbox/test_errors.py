"""Errors: which operation can have which, and the forms they come in."""

import random

import pytest

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import BY_ID, OPERATIONS
from passlens.sandbox.errors import allowed, error_names, error_response, is_item, members, throttled
from sandbox.asking import SP, call, exchange, value

WITH_MVPD = {
    "create-session", "resume-session", "retrieve-profile-mvpd", "retrieve-profile-code", "partner-profile",
    "authorize", "preauthorize", "logout",
}  # fmt: skip
PROFILE_OF_ONE = {"retrieve-profile-mvpd", "retrieve-profile-code", "authorize", "preauthorize"}
REGISTRATION = {"dcr-register", "dcr-token"}
V2 = set(BY_ID) - REGISTRATION

WHERE = {
    # error -> operations that can have it; each group of codes with at least one of its own
    "invalid_parameter_service_provider": V2,
    "invalid_parameter_mvpd": WITH_MVPD,
    "invalid_parameter_code": {"resume-session", "retrieve-session", "authenticate", "retrieve-profile-code"},
    "invalid_parameter_redirect_url": {"partner-session", "create-session", "resume-session", "logout"},
    "invalid_header_device_info": V2 - {"authenticate"},
    "invalid_header_device_identifier": V2 - {"authenticate"},
    "invalid_header_identity_for_temporary_access": PROFILE_OF_ONE - {"preauthorize"},
    "invalid_integration": WITH_MVPD | {"partner-session"},
    "authorization_denied_by_parental_controls": {"authorize"},
    "authorization_denied_by_degradation_rule": {"authorize", "preauthorize"},
    "too_many_resources": {"authorize", "preauthorize"},
    "authenticated_profile_missing": PROFILE_OF_ONE,
    "unauthorized": V2 - {"authenticate"},
    "server_error": V2,
    "method_not_allowed": V2,
    "invalid_request": REGISTRATION,
    "unauthorized_client": {"dcr-token"},
    "unsupported_grant_type": {"dcr-token"},
    "invalid_software_statement": {"dcr-register"},
    "unapproved_software_statement": {"dcr-register"},
    "invalid_parameter_saml_response": {"partner-profile"},
    "invalid_header_pfs_provider_id_mismatch": {"partner-profile"},
    "invalid_parameter_partner": {"partner-session", "partner-profile"},
    "invalid_parameter_resources": {"authorize", "preauthorize"},
    "invalid_authentication_session": {"resume-session", "retrieve-session", "authenticate", "retrieve-profile-code"},
    "preauthorization_denied_by_mvpd": {"preauthorize"},
    "authorization_denied_by_mvpd": {"authorize"},
    "temporary_access_duration_limit_exceeded":
        {"retrieve-profile-mvpd", "retrieve-profile-code", "authorize"},
    "invalid_configuration_temporary_access": {"retrieve-profile-mvpd", "retrieve-profile-code", "authorize"},
    "invalid_redirect_uri": {"dcr-register"},
    "invalid_client": {"dcr-token"},
    "throttled": set(BY_ID),
}  # fmt: skip


@pytest.mark.parametrize("name", WHERE)
def test_which_operations_can_have_an_error(name: str) -> None:
    assert {operation.id for operation in OPERATIONS if name in error_names(operation)} == WHERE[name]


def test_names_are_unique() -> None:
    for operation in OPERATIONS:
        assert len(set(error_names(operation))) == len(error_names(operation))


def test_an_enhanced_error_code() -> None:
    made = error_response("network_received_error", Decoded(call("retrieve-profile-mvpd")), random.Random(1))
    body = value(made)
    assert made.status == 403
    assert (body["action"], body["status"], body["code"]) == ("retry", 403, "network_received_error")
    assert body["helpUrl"].startswith("https://")
    assert members("network_received_error", random.Random(1)) == body


def test_throttling_has_the_documented_form() -> None:
    made = throttled()
    assert (made.status, made.reason) == (429, "Too Many Requests")
    assert made.headers == (("Content-Type", "text/html"), ("Server", "openresty"))
    assert len(made.body) == 166
    assert made.body.endswith(b"</html>\r\n")


def test_unauthorized_has_no_body() -> None:
    assert error_response("unauthorized", Decoded(call("create-session")), random.Random(1)).body == b""


def test_an_error_of_authenticate_is_a_page() -> None:
    made = error_response("invalid_authentication_session", Decoded(call("authenticate")), random.Random(1))
    assert (made.status, made.headers[0][1].partition(";")[0]) == (400, "text/html")


def test_an_error_of_registration_is_one_word() -> None:
    assert value(error_response("invalid_request", Decoded(call("dcr-token")), random.Random(1))) == {
        "error": "invalid_request"
    }


def test_a_server_error_has_a_body() -> None:
    made = error_response("server_error", Decoded(call("create-session")), random.Random(1))
    assert (made.status, value(made)["code"]) == (500, "internal_server_error")


@pytest.mark.parametrize(
    ("path", "methods"),
    [(f"/api/v2/{SP}/sessions", ("POST",)), (f"/api/v2/{SP}/sessions/AAAAAAA", ("GET", "POST")),
     (f"/api/v2/{SP}/profiles", ("GET",)), ("/o/client/token", ("POST",))],
)  # fmt: skip
def test_the_methods_of_a_path(path: str, methods: tuple[str, ...]) -> None:
    assert allowed(Decoded(exchange("PUT", path))) == methods


def test_denials_stand_inside_decisions() -> None:
    assert is_item("authenticated_profile_missing", "authorize")
    assert not is_item("authenticated_profile_missing", "retrieve-profile-mvpd")
    assert not is_item("invalid_parameter_resources", "authorize")
    assert not is_item("nothing", "authorize")
