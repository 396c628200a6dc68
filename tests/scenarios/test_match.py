"""Matching and explaining: every field that fails is named with what was expected and what is there."""

from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.scenarios.match import Failure, explain, mvpd_of, values_of
from scenarios.made import NOW, exchange, rule


def test_every_field_that_fails_is_named() -> None:
    made = rule(
        "when: {operation: create-session, mvpd: Other, device_info: {osName: {one_of: [iOS, webOS]}}, state: open}\n"
        "then: {delay: 1}"
    )
    match = explain(made, Decoded(exchange("P1")), "Started", NOW)
    assert not match.matched
    assert match.failed == (
        Failure("operation", "create-session", "partner-session"),
        Failure("mvpd", "equal to Other", "HarbourCable"),
        Failure("device_info.osName", "one of iOS or webOS", "tvOS"),
        Failure("state", "open", "Started"),
    )


def test_the_mvpd_of_path_form_and_partner_status() -> None:
    assert [mvpd_of(Decoded(exchange(name))) for name in ("authorize", "C1", "P1")] == ["HarbourCable"] * 3
    assert mvpd_of(Decoded(exchange("P1 without=AP-Partner-Framework-Status"))) is None


def test_a_device_is_told_by_its_key_as_everywhere() -> None:
    tv, other = Decoded(exchange("P1")), Decoded(exchange("P1 AP-Device-Identifier:fingerprint+b3RoZXI="))
    key = device_key(tv)
    made = rule(f"when: {{device: '{key}'}}\nthen: {{delay: 1}}")
    assert explain(made, tv, "Started", NOW).matched
    (failure,) = explain(made, other, "Started", NOW).failed
    assert failure == Failure("device", f"equal to {key}", str(device_key(other)))
    assert key != device_key(other)


def test_broken_headers_have_no_fields() -> None:
    ex = exchange("P1 X-Device-Info:%%% AP-Partner-Framework-Status:e30 Authorization:Bearer+x")
    assert values_of(Decoded(ex), "device_info.osName") == []
    assert values_of(Decoded(ex), "partner_status.frameworkProviderInfo.id") == []
    assert values_of(Decoded(ex), "token.sub") == []
    assert values_of(Decoded(ex), "headers.x-device-info") == ["%%%"]


def test_repeats_are_all_seen_and_a_form_only_where_one_belongs() -> None:
    assert values_of(Decoded(exchange("C1 body=mvpd=a&mvpd=b")), "form.mvpd") == ["a", "b"]
    assert values_of(Decoded(exchange("logout body=mvpd=a")), "form.mvpd") == []
