"""The made-up device sends what the documentation asks for."""

import base64
import json

from passlens.demo.device import DEVICE_INFO, device_headers, partner_status, saml_response, software_statement
from passlens.rest_v2.device_info import decode_device_info
from passlens.rest_v2.identifiers import decode_device_identifier
from passlens.rest_v2.partner_status import decode_partner_status


def test_a_name_is_a_device() -> None:
    one, same, other = device_headers("one"), device_headers("one"), device_headers("other")
    assert one == same
    assert one["AP-Device-Identifier"] != other["AP-Device-Identifier"]
    assert decode_device_info(one["X-Device-Info"]).encoded.value == DEVICE_INFO
    assert decode_device_identifier(one["AP-Device-Identifier"]).type == "fingerprint"


def test_the_partner_status_is_in_order_until_it_expires_or_is_refused() -> None:
    name = "AP-Partner-Framework-Status"
    granted = decode_partner_status(partner_status("granted", "harbour-cable", 2e9)[name])
    assert (granted.defect(1.9e9), granted.defect(2.1e9)) == (None, "expired")
    assert decode_partner_status(partner_status("denied", None, 2000.0)[name]).defect(1000.0) == "not-granted"


def test_statement_and_response_have_their_form() -> None:
    assert base64.b64decode(saml_response()).startswith(b"<?xml")
    head, body, _ = software_statement("tv").split(".")
    assert software_statement("tv") != software_statement("another")
    for part in (head, body):
        assert isinstance(json.loads(base64.urlsafe_b64decode(part + "==")), dict)
