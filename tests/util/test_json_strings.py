"""Where JSON strings end, wherever a step of the engine does."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.util import json_strings
from passlens.util.json_strings import STEP, string_end


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("", 0),
        ('"', 0),
        ("abc", 3),
        ('abc"d"', 3),
        (r"a\"b" + '"', 4),
        (r"a\\" + '"b"', 3),
        ('a\\\\\\"b"', 6),
        ("a\\", 1),  # the backslash may escape what comes next
        ("\\", 0),
        ('a\n\\\nb"', 5),
        ("x" * STEP + '"', STEP),
        ("x" * (STEP - 1) + r"\"" + '"', STEP + 1),
        ("x" * (STEP - 1) + '"', STEP - 1),
        ("x" * (STEP - 1) + "\\", STEP - 1),
    ],
)
def test_a_string_ends_at_its_quote(text: str, end: int) -> None:
    assert string_end(text, 0) == end
    assert string_end(b"{" + text.encode(), 1) == end + 1


@given(st.text(alphabet='a"\\\n', max_size=30), st.integers(2, 9))
def test_steps_change_nothing(text: str, step: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_strings, "STEP", step)
        found = string_end(text, 0)
    assert found == string_end(text, 0) == string_end(text.encode(), 0)


@given(st.text())
def test_what_json_writes_ends_where_it_ended(text: str) -> None:
    written = json.dumps(text)
    assert string_end(written + ', "b": "c"', 1) == len(written) - 1


def test_neither_memory_nor_time_grow_beyond_the_text() -> None:
    text = b'\\"' * (1 << 21)
    tracemalloc.start()
    assert string_end(text, 0) == len(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20
