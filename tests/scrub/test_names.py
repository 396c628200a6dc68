"""Which members a clean copy keeps."""

from passlens.scrub.names import keeps_body, keeps_device_info, keeps_nothing, keeps_partner_status


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
    assert keeps_body(("decisions", "0", "token", "notAfter"))
    assert not keeps_body(("decisions", "0", "token", "serializedToken"))
    assert not keeps_body(("decisions", "0", "token", "x", "notAfter"))
    assert not keeps_body(("token", "notAfter"))
    assert not keeps_body(("connection", "ipAddress"))
    assert not keeps_nothing(("model",))
