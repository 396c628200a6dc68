"""States and counters: who an exchange belongs to, bounds, codes."""

import forge
from passlens.scenarios.state import Memory, Who, who
from scenarios.made import exchange

DEVICE, OTHER = Who("device a", None), Who("device b", None)
CODE = Who("device b", "code X")


def test_one_device_however_its_identifier_is_encoded() -> None:
    plain = who(exchange("C1 device=tv"))
    unpadded = forge.device_identifier("tv", padding=False).replace(" ", "+")
    assert who(exchange(f"C1 AP-Device-Identifier:{unpadded}")) == plain
    assert who(exchange("C1 device=other")) != plain


def test_without_an_identifier_the_token_then_the_address() -> None:
    by_token = who(exchange("C1 without=AP-Device-Identifier"))
    assert by_token == who(exchange("C2 without=AP-Device-Identifier client=10.0.0.1"))
    bare = "C1 without=AP-Device-Identifier without=Authorization"
    assert who(exchange(f"{bare} client=10.0.0.1")) != who(exchange(f"{bare} client=10.0.0.2"))


def test_no_secret_is_kept() -> None:
    of = who(exchange("C1 device=tv"))
    assert forge.uuid(("device", "tv")) not in of.device


def test_the_code_of_the_path() -> None:
    assert who(exchange("R1 code=ABCDEFG")).key == "code ABCDEFG"
    assert who(exchange("C1")).code is None


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


def test_forget() -> None:
    memory = Memory()
    for name in ("s", "t"):
        memory.set_state(name, DEVICE, "open")
        memory.tally(name, "rule", DEVICE).seen = 3
    memory.forget("s")
    assert (memory.state("s", DEVICE), memory.state("t", DEVICE)) == ("Started", "open")
    assert (memory.tally("s", "rule", DEVICE).seen, memory.tally("t", "rule", DEVICE).seen) == (0, 3)
    memory.forget()
    assert len(memory) == 0
