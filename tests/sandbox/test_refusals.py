"""What a request is refused for at once, in the sandbox and beside a real server."""

from typing import Any

import pytest

import forge
from passlens.sandbox.refusals import refusal
from sandbox.asking import call

CASES: list[tuple[str, dict[str, Any], str | None, str | None]] = [
    # operation, what differs, in the sandbox, beside a real server
    ("create-session", {}, None, None),
    ("create-session", {"Authorization": None}, "unauthorized", "unauthorized"),
    ("create-session", {"Authorization": "Bearer opaque"}, "unauthorized", None),
    ("create-session", {"Authorization": forge.bearer(age=90_000)}, "unauthorized", "unauthorized"),
    ("create-session", {"Authorization": forge.bearer(scopes="x")}, "invalid_access_token_client_application", None),
    ("create-session", {"serviceProvider": "%20"}, *["invalid_parameter_service_provider"] * 2),
    ("create-session", {"AP_Device_Identifier": None}, "invalid_header_device_identifier", None),
    ("create-session", {"AP_Device_Identifier": "x"}, *["invalid_header_device_identifier"] * 2),
    ("create-session", {"X_Device_Info": None}, None, None),
    ("create-session", {"X_Device_Info": "e30"}, None, None),
    ("create-session", {"X_Device_Info": "%%"}, *["invalid_header_device_info"] * 2),
    ("create-session", {"X_Device_Info": "A" * 70_000}, *["invalid_header_device_info"] * 2),
    ("create-session", {"AP_TempPass_Identity": "%%"}, None, None),
    ("resume-session", {"AP_Device_Identifier": None, "X_Device_Info": None}, None, None),
    ("partner-session", {"partner": "apple"}, None, None),
    ("partner-session", {"partner": "Roku"}, *["invalid_parameter_partner"] * 2),
    ("authorize", {"AP_TempPass_Identity": forge.temppass_identity()}, None, None),
    ("authorize", {"AP_TempPass_Identity": "%%"}, *["invalid_header_identity_for_temporary_access"] * 2),
]


@pytest.mark.parametrize(("operation", "values", "sandbox", "beside"), CASES)
def test_refusals(operation: str, values: dict[str, Any], sandbox: str | None, beside: str | None) -> None:
    assert refusal(call(operation, **values), forge.CLOCK, strict=True) == sandbox
    assert refusal(call(operation, **values), forge.CLOCK, strict=False) == beside


def test_named_service_providers() -> None:
    ex = call("create-session")
    assert refusal(ex, forge.CLOCK, strict=True, service_providers=["OTHER"]) == "invalid_parameter_service_provider"
