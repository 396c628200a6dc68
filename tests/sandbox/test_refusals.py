"""What a request is refused for: at once, in the sandbox and beside a real server; and for what it asks."""

import json
from typing import Any

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox.refusals import refusal
from passlens.sandbox.server import Api
from passlens.sandbox.world import World
from sandbox.asking import FULL, Device, call

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
    ("create-session", {"X_Device_Info": forge.b64("platform=Windows;mobile=false")}, None, None),
    ("create-session", {"X_Device_Info": forge.b64("[]")}, None, None),
    ("create-session", {"X_Device_Info": forge.broken_device_info()}, None, None),
    ("create-session", {"X_Device_Info": "%%"}, *["invalid_header_device_info"] * 2),
    ("create-session", {"X_Device_Info": "A" * 70_000}, *["invalid_header_device_info"] * 2),
    ("create-session", {"AP_TempPass_Identity": "%%"}, None, None),
    ("resume-session", {"AP_Device_Identifier": None, "X_Device_Info": None}, None, None),
    ("partner-session", {"partner": "apple"}, None, None),
    ("partner-session", {"partner": "Roku"}, *["invalid_parameter_partner"] * 2),
    ("authorize", {"AP_TempPass_Identity": forge.temppass_identity()}, None, None),
    ("authorize", {"AP_TempPass_Identity": "%%"}, None, None),
]


@pytest.mark.parametrize(("operation", "values", "sandbox", "beside"), CASES)
def test_refusals(operation: str, values: dict[str, Any], sandbox: str | None, beside: str | None) -> None:
    assert refusal(Decoded(call(operation, **values)), forge.CLOCK, strict=True) == sandbox
    assert refusal(Decoded(call(operation, **values)), forge.CLOCK, strict=False) == beside


def test_the_message_says_what_the_sandbox_knows() -> None:
    tv = Device(Api(seed=1))
    for values, words in (
        ({"form": FULL | {"mvpd": "Nobody TV"}}, "HarbourCable, MeridianFiber, LanternDSL, QuarryNet, TempPass"),
        ({"serviceProvider": "%20"}, "takes any name without blanks"),
    ):
        assert words in json.loads(tv.send(call("create-session", tv.now, **({"form": FULL} | values))).body)["message"]
    few = Device(Api(seed=1, world=World(service_providers=frozenset({"REF30", "DEMO"}))))
    message = json.loads(few.send(call("create-session", few.now, serviceProvider="OTHER", form=FULL)).body)["message"]
    assert "The sandbox knows DEMO and REF30." in message


@pytest.mark.parametrize(("mvpd", "kind"), [("Sling", "regular"), ("TempPass_5mins", "temporary")])
def test_an_mvpd_that_nobody_listed_is_played_to_the_end(mvpd: str, kind: str) -> None:
    tv = Device(Api(seed=1))
    response = tv.ask("create-session", form=FULL | {"mvpd": mvpd})
    if kind == "regular":
        assert tv.ask("retrieve-profile-mvpd", mvpd_path=mvpd)["profiles"] == {}
        assert tv.browse(response["url"]).status == 302
    assert tv.ask("retrieve-profile-mvpd", mvpd_path=mvpd)["profiles"][mvpd]["type"] == kind
    assert tv.ask("authorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True


def test_named_service_providers() -> None:
    ex = call("create-session")
    assert (
        refusal(Decoded(ex), forge.CLOCK, strict=True, service_providers=["OTHER"])
        == "invalid_parameter_service_provider"
    )


@pytest.mark.parametrize(
    ("operation", "values", "error", "status"),
    [
        ("create-session", {"Authorization": None}, "unauthorized", 401),
        ("create-session", {"Authorization": "Basic YTpi"}, "unauthorized", 401),
        ("create-session", {"Authorization": "Bearer opaque"}, "unauthorized", 401),
        ("create-session", {"Authorization": forge.bearer(age=90_000)}, "unauthorized", 401),
        ("create-session", {"Authorization": forge.bearer(scopes="api:client:v1")},
         "invalid_access_token_client_application", 401),
        ("create-session", {"AP_Device_Identifier": None}, "invalid_header_device_identifier", 400),
        ("create-session", {"AP_Device_Identifier": "fingerprint"}, "invalid_header_device_identifier", 400),
        ("create-session", {"AP_Device_Identifier": "fingerprint %%"}, "invalid_header_device_identifier", 400),
        ("create-session", {"AP_Device_Identifier": "serial YWJj"}, "invalid_header_device_identifier", 400),
        ("create-session", {"X_Device_Info": "platform: Windows"}, "invalid_header_device_info", 400),
        ("create-session", {"serviceProvider": "%20"}, "invalid_parameter_service_provider", 400),
        ("create-session", {"form": FULL | {"mvpd": "Nobody TV"}}, "invalid_parameter_mvpd", 400),
        ("create-session", {"form": FULL | {"redirectUrl": "demotv.example/x"}}, "invalid_parameter_redirect_url", 400),
        ("create-session", {"form": FULL | {"redirectUrl": "javascript:alert(1)"}},
         "invalid_parameter_redirect_url", 400),
        ("create-session", {"form": FULL | {"redirectUrl": "https://a.example/\r\nX: y"}},
         "invalid_parameter_redirect_url", 400),
        ("partner-session", {"partner": "Roku"}, "invalid_parameter_partner", 400),
        ("retrieve-session", {"code": "nope"}, "invalid_parameter_code", 400),
        ("retrieve-profile-code", {"code": "0000000"}, "invalid_authentication_session", 400),
        ("retrieve-profile-mvpd", {"mvpd_path": "Nobody%20TV"}, "invalid_parameter_mvpd", 400),
        ("retrieve-profile-mvpd", {"mvpd_path": "TempPass_Promotional", "AP_TempPass_Identity": "%%"},
         "invalid_header_identity_for_temporary_access", 400),
        ("logout", {"query": ""}, "invalid_parameter_redirect_url", 400),
        ("authorize", {"mvpd_path": "Nobody%20TV"}, "invalid_parameter_mvpd", 400),
        ("authorize", {"resources": []}, "invalid_parameter_resources", 400),
        ("preauthorize", {"resources": "Sports"}, "invalid_parameter_resources", 400),
        ("logout", {"query": "?redirectUrl=nowhere"}, "invalid_parameter_redirect_url", 400),
        ("dcr-register", {"form": {}}, "invalid_software_statement", 400),
        ("dcr-token", {"form": {"client_id": "x"}}, "invalid_request", 400),
    ],
)  # fmt: skip
def test_a_bad_request_has_the_right_error(operation: str, values: dict[str, object], error: str, status: int) -> None:
    tv = Device(Api(seed=1))
    form = {"form": FULL} if operation.endswith("session") else {}
    made = tv.send(call(operation, tv.now, **(form | values)))
    assert (made.status, tv.entry["error"]) == (status, error)
