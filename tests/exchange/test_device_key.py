"""Which device sent a request, whichever way its identifier is spelt."""

import re
from dataclasses import replace

import forge
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.exchange.model import Exchange
from sandbox.asking import call


def key(**headers: str | None) -> str | None:
    return device_key(Decoded(call("retrieve-profiles", **headers)))


def test_spellings_of_one_identifier_are_one_device() -> None:
    spellings = {
        key(AP_Device_Identifier=text)
        for text in (
            forge.device_identifier("x", hashed=True),
            forge.device_identifier("x", hashed=True, padding=False),
            forge.device_identifier("x", hashed=True, url_safe=True),
            f'"{forge.device_identifier("x", hashed=True)}"',
        )
    }
    assert len(spellings) == 1
    assert spellings != {key(AP_Device_Identifier=forge.device_identifier("y", hashed=True))}


def test_token_and_address_stand_in_for_the_identifier() -> None:
    by_token = key(AP_Device_Identifier=None)
    assert by_token == key(AP_Device_Identifier=None, X_Device_Info=None)
    by_address = key(AP_Device_Identifier=None, Authorization=None)
    nothing = call("retrieve-profiles", AP_Device_Identifier=None, Authorization=None)
    assert device_key(Decoded(Exchange(replace(nothing.request, client=None)))) is None
    assert len({key(), by_token, by_address, None}) == 4


def test_a_hash_of_the_recorder_tells_devices_apart_and_another_mask_does_not() -> None:
    def told(value: str) -> str | None:
        return device_key(Decoded(replace(call("retrieve-profiles", AP_Device_Identifier=value), recorder="Case")))

    nobody = told("fingerprint ***")
    assert told("sha256:" + "5f" * 32) == told("sha256:" + "5f" * 32) != told("sha256:" + "60" * 32)
    assert nobody == told("fingerprint <hidden>") != told("sha256:" + "5f" * 32)


def test_what_cannot_be_decoded_is_taken_as_it_was_sent() -> None:
    assert key(AP_Device_Identifier="???") == key(AP_Device_Identifier=" ??? ") != key(AP_Device_Identifier="!!!")
    assert key(AP_Device_Identifier=" ") == key(AP_Device_Identifier=None)


def test_a_masked_identifier_tells_nobody_apart() -> None:
    masked = call("retrieve-profiles", AP_Device_Identifier="[redacted]")
    assert device_key(Decoded(replace(masked, recorder="unknown"))) == key(AP_Device_Identifier=None)


def test_a_key_shows_nothing_of_the_device() -> None:
    assert re.fullmatch("sha256:[0-9a-f]{32}", key() or "")
