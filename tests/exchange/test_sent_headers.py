"""Headers of a request are decoded once, and masks of one recorder are not those of another."""

from passlens.exchange.headers import known
from passlens.exchange.sent_headers import SentHeaders, sent_headers
from passlens.rest_v2.operations import BY_ID

SESSIONS = BY_ID["create-session"]
CONFIGURATION = BY_ID["retrieve-configuration"]
CHROME, FIREFOX = "WebInspector", "Firefox"


def of(recorder: str | None = None, operation: object = SESSIONS, **headers: str) -> SentHeaders:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return sent_headers(known(pairs), operation, recorder)  # type: ignore[arg-type]


def test_what_is_sent_again_is_not_decoded_again() -> None:
    first = of(X_Device_Info="e30", AP_Device_Identifier="fingerprint YWJj")
    again = of(X_Device_Info="e30", AP_Device_Identifier="fingerprint YWJj")
    assert again.device_info is first.device_info is not None
    assert again.identifier_key == first.identifier_key is not None
    assert of(X_Device_Info="e30").identifier_key is None


def test_each_operation_and_habit_has_its_own() -> None:
    masked = {"Authorization": "[redacted]"}
    assert of(CHROME, **masked).masked == of(FIREFOX, **masked).masked == {"authorization"}
    assert of(None, **masked).masked == frozenset()
    assert of(CHROME, None, **masked).masked == frozenset()
    assert "x-device-info" in of(CHROME, X_Device_Info="***").masked
    assert of(CHROME, CONFIGURATION, X_Unknown="***").masked == frozenset()


def test_what_the_recorder_drops_is_left_out_unless_it_is_there() -> None:
    assert of(CHROME, Accept="a").left_out == {"authorization"}
    assert of(CHROME, Authorization="Bearer x").left_out == frozenset()
    assert of(CHROME, Cookie="a=b").left_out == frozenset()
    assert of(FIREFOX, Accept="a").left_out == of(None, Accept="a").left_out == frozenset()
    assert "ap-device-identifier" in of(FIREFOX).left_out
    assert of(None).left_out == frozenset()


def test_many_recorders_take_no_memory() -> None:
    headers = known((("Accept", "many"),))
    for number in range(100):
        sent_headers(headers, SESSIONS, f"tool {number}")
    assert len(headers.views) == 1


def test_the_subject_is_the_registration_of_a_readable_token() -> None:
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjbGllbnQtMSJ9.c2ln"
    assert of(Authorization=f"Bearer {token}").subject == "client-1"
    assert of(Authorization="Bearer opaque").subject is None
    assert of().subject is None
