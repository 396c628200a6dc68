"""AP-Partner-Framework-Status: its model, and the first reason why a status does not carry single sign-on."""

import base64
import json

import pytest

import forge
from passlens.rest_v2.partner_status import decode_partner_status

NOW = forge.CLOCK


def status(permission: object = None, provider: object = None, **more: object) -> str:
    value = {"frameworkPermissionInfo": permission, "frameworkProviderInfo": provider, **more}
    return base64.b64encode(json.dumps(value).encode()).decode()


GRANTED = {"accessStatus": "granted"}
PROVIDER = {"id": "HarbourCable", "expirationDate": str(int((NOW + 3600) * 1000))}


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (status(GRANTED, PROVIDER), None),
        ("not base64!", "not-base64"),
        (base64.b64encode(b"[1]").decode(), "not-json"),
        (base64.b64encode(b'{"a":').decode(), "not-json"),
        (base64.b64encode(b'{"user_permissions": {}, "mvpd_status": {}}').decode(), "old-structure"),
        (status({}, PROVIDER), "no-access-status"),
        (status(None, None), "no-access-status"),
        (status({"accessStatus": "denied"}, {}), "not-granted"),
        (status({"accessStatus": "pending"}, {}), "not-granted"),
        (status(GRANTED, {}), "no-provider"),
        (status(GRANTED, PROVIDER | {"id": ""}), "no-provider"),
        (status(GRANTED, PROVIDER | {"expirationDate": int((NOW + 3600) * 1000)}), "expiry-form"),
        (status(GRANTED, PROVIDER | {"expirationDate": "soon"}), "expiry-form"),
        (status(GRANTED, PROVIDER | {"expirationDate": str(int((NOW - 1) * 1000))}), "expired"),
        (status(GRANTED, {"id": "HarbourCable"}), None),
    ],
)
def test_the_first_defect(raw: str, defect: str | None) -> None:
    assert decode_partner_status(raw).defect(NOW) == defect


def test_without_a_clock_nothing_has_expired() -> None:
    past = status(GRANTED, PROVIDER | {"expirationDate": "1000000000000"})
    assert decode_partner_status(past).defect(None) is None


def test_E29_the_expiry_of_the_samples_is_in_2034() -> None:
    found = decode_partner_status(status(GRANTED, {"id": "x", "expirationDate": "2025430636000"}))
    assert found.expires == 2025430636.0


def test_the_model_names_what_is_wrong() -> None:
    found = decode_partner_status(status({"accessStatus": "yes"}, {"id": 7, "expirationDate": 1}))
    assert [(problem.kind, problem.pointer) for problem in found.problems] == [
        ("value", "/frameworkPermissionInfo/accessStatus"),
        ("type", "/frameworkProviderInfo/id"),
        ("type", "/frameworkProviderInfo/expirationDate"),
    ]


@pytest.mark.parametrize("value", ["granted", "denied", "restricted", "notDetermined", "pending"])
def test_E32_all_five_access_values_are_taken(value: str) -> None:
    assert not decode_partner_status(status({"accessStatus": value}, PROVIDER)).problems
