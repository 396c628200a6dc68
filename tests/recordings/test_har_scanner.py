"""Finding entries in a HAR: one at a time, whatever stands around them, and on after a broken one."""

import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.limits import within_time
from passlens.errors import NotHarError
from passlens.recordings import har_element, har_feed
from passlens.recordings.har_scanner import HarEntry, entries


def har(*texts: str) -> bytes:
    return ('{"log": {"version": "1.2", "entries": [' + ", ".join(texts) + "]}}").encode("utf-8", "surrogateescape")


def scan(data: bytes) -> list[HarEntry]:
    return list(entries(io.BytesIO(data)))


def entry(number: int) -> str:
    return json.dumps({"startedDateTime": str(number), "request": {"headers": [{"name": "a", "value": '}]\\"'}]}})


def numbers(found: list[HarEntry]) -> list[str | None]:
    return [item.value["startedDateTime"] if isinstance(item.value, dict) else None for item in found]


@pytest.fixture(params=[1, 2, 3, 7, 64, 1 << 18])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(har_feed, "CHUNK", request.param)
    return request.param


def test_entries_come_in_order_whatever_the_chunks(chunk: int) -> None:
    data = json.dumps(
        {
            "entries": [1],
            "log": {"pages": [{"entries": ["no", {}]}], "entries\\": "x", "n": -1.5e3, "entries": [{"a": 1}, [], "x"]},
            "more": None,
        },
        indent=3,
    )
    assert [item.value for item in scan(b"\xef\xbb\xbf" + data.encode())] == [{"a": 1}, [], "x"]
    assert numbers(scan(har(*map(entry, range(5))))) == list("01234")


def test_escaped_keys_and_scalar_elements(chunk: int) -> None:
    data = rb'{"l\u006fg":{"\"":"\\","entries":[null,1,"\\\"",{"\\":"\""},true]}}'
    assert [item.value for item in scan(data)] == [None, 1, '\\"', {"\\": '"'}, True]


BROKEN = {
    "missing brace": entry(1)[:-1],
    "missing inner brace": entry(1).replace("}]}", "]}", 1),
    "early end": entry(1)[:-1] + ']}, "a": {}}',
    "extra brace": entry(1) + "}",
    "wrong bracket": entry(1)[:-1] + "]",
    "missing quote": entry(1).replace('"request"', '"request'),
    "missing comma": entry(1).replace(", ", " "),
    "words": "undefined",
    "colon": ":",
    "half": entry(1)[:30],
    "invalid escape": '{"startedDateTime": "\\x"}',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_the_rest_is_read_after_a_broken_entry(kind: str, chunk: int) -> None:
    found = scan(har(entry(0), BROKEN[kind], entry(2), entry(3)))
    read = [number for number in numbers(found) if number is not None]
    assert read[0] == "0"
    assert read[-2:] == ["2", "3"]
    assert any(item.problem for item in found)
    assert not any(item.ended for item in found)


def test_a_missing_comma_between_entries_is_no_trouble() -> None:
    assert numbers(scan(har(entry(0) + entry(1)))) == ["0", "1"]


def test_a_truncated_file_yields_what_is_whole_and_says_that_it_ended() -> None:
    data = har(*map(entry, range(4)))
    ends = [data.index(entry(number).encode()) + len(entry(number)) for number in range(4)]
    for length in range(40, data.rindex(b"]}")):
        found = scan(data[:length])
        assert found[-1].problem
        assert found[-1].ended
        assert len(found) - 1 == sum(end <= length for end in ends)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"{}", b'{"log"', b'{"log": []}', b'{"log": {}}', b'{"log": {"entries": {}}}', b'{"log": {"e'],
)
def test_a_file_without_entries_is_no_har(data: bytes) -> None:
    with pytest.raises(NotHarError):
        scan(data)


def test_nesting_and_numbers_and_bytes_that_python_refuses_are_problems_of_one_entry() -> None:
    deep = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    data = har(deep, '{"startedDateTime": "1", "n": ' + "9" * 10_000 + ', "x": NaN}', '"\udcff\n"', entry(3))
    found = scan(data)
    assert found[0].problem == "it is nested too deep to be read"
    assert [item.problem for item in found[1:]] == [None, None, None]
    assert found[2].value == "\udcff\n"


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless:
        """400 entries of 256 KiB each."""

        def __init__(self) -> None:
            self.parts = iter([b'{"log": {"entries": [', *[b'{"a": "' + b"x" * (1 << 18) + b'"},'] * 400, b"]}}"])

        def read(self, size: int, /) -> bytes:
            return next(self.parts, b"")

    tracemalloc.start()
    assert sum(item.problem is None for item in entries(Endless())) == 400
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


@pytest.mark.parametrize("filling", [b"x", b"\\n", b"\\u0041", b"\\\\"])
def test_a_long_string_is_cut_and_stays_json(filling: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_element, "MAX_STRING", 1000)
    for chunk in (97, 98, 99, 100, 101, 102):
        monkeypatch.setattr(har_feed, "CHUNK", chunk)
        (found,) = scan(b'{"log": {"entries": [{"a": "' + b"k" * 40 + filling * 1000 + b'", "b": 1}]}}')
        assert found.problem is None
        assert found.value["b"] == 1
        assert found.value["a"].startswith("k" * 40)
        assert len(found.value["a"]) < 1300


def test_an_entry_beyond_the_limit_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_element, "MAX_ENTRY", 3000)
    monkeypatch.setattr(har_feed, "CHUNK", 100)
    big = '{"startedDateTime": "1", "a": [' + ", ".join(["1"] * 3000) + "]}"
    found = scan(har(entry(0), big, entry(2)))
    assert numbers(found) == ["0", None, "2"]


def test_rescanning_has_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_feed, "RESCAN_BUDGET", 100_000)
    found = scan(b'{"log": {"entries": [' + b'{"_a":[' * 10_000)
    assert found[-1].ended
    assert len(found) < 10


def test_a_string_of_ten_mebibytes_is_kept_and_a_longer_one_cut() -> None:
    # A string is measured once a piece of the file, so the limit holds to a piece.
    whole, longer = (10 << 20) - har_feed.CHUNK, (10 << 20) + 3 * har_feed.CHUNK
    (found,) = scan(b'{"log": {"entries": [{"a": "' + b"k" * whole + b'"}]}}')
    assert len(found.value["a"]) == whole
    (found,) = scan(b'{"log": {"entries": [{"a": "' + b"k" * longer + b'"}]}}')
    assert whole < len(found.value["a"]) < longer


def test_an_entry_of_thirty_two_mebibytes_is_read_and_a_longer_one_left_out() -> None:
    piece = ('"' + "k" * ((1 << 20) - 3) + '",').encode()
    for pieces, problem in ((31, None), (33, "it is longer than 32 MiB")):
        found = scan(b'{"log": {"entries": [{"a": [' + piece * pieces + b'""]}]}}')
        assert found[0].problem == problem


@given(st.binary(max_size=300), st.integers(1, 20))
def test_arbitrary_bytes_never_raise_and_always_end(data: bytes, size: int) -> None:
    class Small(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            return super().read(size)

    list(entries(Small(b'{"log":{"entries":[' + data)))


@given(st.text('{}[]":,\\ a1\n', max_size=60).map(str.encode))
def test_arbitrary_structure_never_raises(data: bytes) -> None:
    list(entries(io.BytesIO(b'{"log":{"entries":[{"a":1},' + data)))


@pytest.mark.parametrize("broken", [b',{"request":[[[[]]]]', b',{"request":"'])
def test_a_small_file_of_broken_entries_costs_no_more_than_its_size_allows(broken: bytes) -> None:
    data = b'{"log": {"entries": [' + broken * (100_000 // len(broken))
    within_time(lambda file: sum(1 for _ in entries(io.BytesIO(file))), data, 1.0)


LOG = har(*map(entry, range(2))).decode()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("\n".join(map(entry, range(3))), list("012")),
        ("[" + ", ".join(map(entry, range(3))) + "]", list("012")),
        (f"[{LOG}, {LOG}]", list("0101")),
        (f"[{LOG},\n{entry(7)}]\n{LOG}", ["0", "1", "7", "0", "1"]),
        (entry(0) + "\n" + LOG, list("001")),
        ("\n".join([entry(0), entry(1)[:-1] + "]", entry(2)]), ["0", None, "2"]),
        ("\n".join([entry(0), '{"startedDateTime": "\\x"}']), ["0", None]),
        ("\n".join([entry(0), '{"comment": "no entry"}', entry(2)]), None),
    ],
)
def test_entries_and_documents_stand_alone_or_in_lists(text: str, wanted: list[str | None] | None, chunk: int) -> None:
    found = scan(text.encode())
    assert not any(item.ended for item in found)
    if wanted is not None:
        assert numbers(found) == wanted
    else:
        assert [item.problem for item in found] == [None, None, None]
    assert any(item.loose for item in found) == (text not in (f"[{LOG}, {LOG}]",))


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (har(entry(0), entry(1)).decode()[:-3], "document 1 breaks off inside its entries"),
        (har(entry(0), entry(1)).decode()[:-2], "document 1 breaks off behind its entries"),
        (har(entry(0), entry(1)).decode()[:-2] + ', "pages": [{"a', "document 1 breaks off behind its entries"),
        (har(entry(0), entry(1), entry(2)).decode()[:-20], "document 1 breaks off inside its entries"),
    ],
)
def test_a_document_that_breaks_off_is_named_and_the_next_is_read(broken: str, problem: str, chunk: int) -> None:
    found = scan(f"{broken}\n{LOG}".encode())
    assert problem in [item.problem for item in found]
    assert [number for number in numbers(found) if number] == list("0101")
    assert [item.document for item in found][-2:] == [2, 2]


@pytest.mark.parametrize("behind", ["", "\n\n", "]", "}}}", ");", "\0" * 5000, "\ufeff"])
def test_what_tells_nothing_may_stand_behind_a_document(behind: str, chunk: int) -> None:
    assert [item.problem for item in scan(har(entry(0)) + behind.encode())] == [None]


@pytest.mark.parametrize("behind", [" hello", '"', "--boundary--", "123:4", "\x89PNG"])
def test_what_else_stands_behind_a_document_is_told_and_the_next_one_is_read(behind: str, chunk: int) -> None:
    found = scan(har(entry(0)) + behind.encode("latin-1"))
    assert [(item.problem, item.ended) for item in found[1:]] == [("what stands behind document 1 is no HAR", True)]
    found = scan(har(entry(0)) + behind.encode("latin-1") + LOG.encode())
    assert [item.problem for item in found] == [None, "what stands behind document 1 is no HAR", None, None]
    assert [item.ended for item in found] == [False] * 4
