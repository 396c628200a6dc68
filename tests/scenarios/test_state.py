"""States and counters: who an exchange belongs to, bounds, codes."""

import forge
from passlens.exchange.decoded import Decoded
from passlens.scenarios.state import Memory, Who, who
from scenarios.made import exchange

DEVICE, OTHER = Who("device a", None), Who("device b", None)
CODE = Who("device b", "code X")


def test_one_device_however_its_identifier_is_encoded() -> None:
    plain = who(Decoded(exchange("C1 device=tv")))
    unpadded = forge.device_identifier("tv", padding=False).replace(" ", "+")
    assert who(Decoded(exchange(f"C1 AP-Device-Identifier:{unpadded}"))) == plain
    assert who(Decoded(exchange("C1 device=other"))) != plain


def test_without_an_identifier_the_token_then_the_address() -> None:
    by_token = who(Decoded(exchange("C1 without=AP-Device-Identifier")))
    assert by_token == who(Decoded(exchange("C2 without=AP-Device-Identifier client=10.0.0.1")))
    bare = "C1 without=AP-Device-Identifier without=Authorization"
    assert who(Decoded(exchange(f"{bare} client=10.0.0.1"))) != who(Decoded(exchange(f"{bare} client=10.0.0.2")))


def test_no_secret_is_kept() -> None:
    of = who(Decoded(exchange("C1 device=tv")))
    assert forge.uuid(("device", "tv")) not in of.device


def test_the_code_of_the_path() -> None:
    assert who(Decoded(exchange("R1 code=ABCDEFG"))).key == "code ABCDEFG"
    assert who(Decoded(exchange("C1"))).code is None


def test_a_code_of_a_hundred_characters_is_kept_and_a_longer_one_hashed() -> None:
    assert who(Decoded(exchange("R1 code=" + "A" * 100))).code == "code " + "A" * 100
    longer = who(Decoded(exchange("R1 code=" + "A" * 101))).code
    assert longer is not None
    assert len(longer) == len("code ") + 32
    assert longer != who(Decoded(exchange("R1 code=" + "A" * 102))).code


def test_states() -> None:
    memory = Memory()
    assert memory.state("s", DEVICE) == "Started"
    memory.set_state("s", DEVICE, "open")
    assert memory.state("s", DEVICE) == "open"
    assert memory.state("t", DEVICE) == memory.state("s", OTHER) == "Started"


def test_a_code_has_a_state_of_its_own() -> None:
    memory = Memory()
    memory.set_state("s", DEVICE, "open")
    memory.hand_over("s", DEVICE, "X")
    assert memory.state("s", CODE) == "open"
    memory.set_state("s", CODE, "used")
    memory.hand_over("s", DEVICE, "X")
    assert memory.state("s", CODE) == "used"
    assert memory.state("s", DEVICE) == "open"


def test_bounded() -> None:
    memory = Memory(most=3)
    for number in range(10):
        memory.set_state("s", Who(f"device {number}", None), "open")
    assert len(memory) == 3
    assert memory.state("s", Who("device 9", None)) == "open"
    assert memory.state("s", Who("device 0", None)) == "Started"


def test_ten_thousand_devices_and_codes_are_remembered() -> None:
    memory = Memory()
    for number in range(10_000):
        memory.set_state("s", Who(f"device {number}", None), "open")
    assert (len(memory), memory.state("s", Who("device 0", None))) == (10_000, "open")
    memory.set_state("s", CODE, "open")
    assert (len(memory), memory.state("s", Who("device 0", None))) == (10_000, "Started")


def test_forget() -> None:
    memory = Memory()
    for name in ("s", "t"):
        memory.set_state(name, DEVICE, "open")
        memory.counts(name, "rule", DEVICE).seen = 3
    memory.forget("s")
    assert (memory.state("s", DEVICE), memory.state("t", DEVICE)) == ("Started", "open")
    assert (memory.counts("s", "rule", DEVICE).seen, memory.counts("t", "rule", DEVICE).seen) == (0, 3)
    memory.forget()
    assert len(memory) == 0
