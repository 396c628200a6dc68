"""Which members, parameters and headers are shown, and which are secrets."""

import pytest

from passlens.scrubbing.names import (
    PARAMETERS,
    VOCABULARY,
    header_kind,
    is_secret,
    keeps_body,
    keeps_device_info,
    keeps_nothing,
    keeps_partner_status,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Authorization", "credentials"),
        ("X-DEVICE-INFO", "device-info"),
        ("X-Forwarded-For", "addresses"),
        ("AD-Service-Token", "secret"),
        ("X-Api-Key", "secret"),
        ("X-Auth-Token", "secret"),
        ("Location", "url"),
        ("X-Own-Client-IP", "addresses"),
        ("User-Agent", "free"),
    ],
)
def test_each_header_has_its_rule(name: str, kind: str) -> None:
    assert header_kind(name) == kind


def test_members() -> None:
    assert keeps_device_info(("model",))
    assert not keeps_device_info(("connectionIp",))
    assert not keeps_device_info(("model", "deep"))
    assert not keeps_device_info(())
    assert keeps_partner_status(("frameworkProviderInfo", "id"))
    assert not keeps_partner_status(("frameworkProviderInfo", "user"))
    assert keeps_body(("actionName",))
    assert not keeps_body(("access_token",))
    assert not keeps_body(("authenticationRequest", "request"))
    assert keeps_body(("profiles", "x", "attributes", "userId2", "state"))
    assert keeps_body(("profiles", "x", "attributes", "zip", "state"))
    assert not keeps_body(("profiles", "x", "attributes", "zip", "email"))
    assert not keeps_body(("token", "x", "attributes", "zip", "state"))
    assert keeps_body(("profiles", "x", "attributes"))
    assert not keeps_body(("profiles", "x", "attributes", "zip", "value"))
    assert not keeps_body(("profiles", "x", "attributes", "zip"))
    assert keeps_body(("existingParameters", "mvpd"))
    assert not keeps_body(("existingParameters", "viewer"))
    assert not keeps_nothing(("model",))


def test_parameters_and_words() -> None:
    assert is_secret("phone_number")
    assert not is_secret("zipper")
    assert "mvpd" in PARAMETERS
    assert "SAMLResponse" not in PARAMETERS
    assert {"actionname", "pfs_fallback", "x-device-info", "invalid_parameter_code"} <= VOCABULARY
