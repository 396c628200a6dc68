"""The QR code, read back."""

import io

import zxingcpp

from passlens.device.qr_code import qr_code, qr_lines

URL = "http://192.168.100.200:8000/kmwxyz"


def read(rows: list[list[bool]]) -> str:
    """What a reader finds in a picture of these modules, True for dark, each 4 pixels wide."""
    line = [b"".join((b"\0" if dark else b"\xff") * 4 for dark in row) * 4 for row in rows]
    picture = memoryview(b"".join(line)).cast("B", (4 * len(rows), 4 * len(rows[0])))
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_block_characters_are_read_back() -> None:
    rows: list[list[bool]] = []
    for line in qr_code(URL).splitlines():
        rows.append([char in " ▄" for char in line])
        rows.append([char in " ▀" for char in line])
    assert read(rows) == URL


def test_plain_characters_are_read_back() -> None:
    lines = qr_code(URL, ascii_only=True).splitlines()
    assert read([[line[i] == " " for i in range(0, len(line), 2)] for line in lines]) == URL


def test_the_margin_is_light() -> None:
    """Some readers take the inverse as well, others do not."""
    plain, blocks = qr_code(URL, ascii_only=True).splitlines(), qr_code(URL).splitlines()
    assert {*plain[0], *plain[1], *plain[-1]} == {"#"}
    assert set(blocks[0]) == {"█"}
    assert all(line.startswith("####") and line.endswith("####") for line in plain)
    assert all(line.startswith("██") and line.endswith("██") for line in blocks[:-1])


def test_it_fits_a_terminal_of_80_columns_and_24_lines() -> None:
    lines = qr_code(URL).splitlines()
    assert max(map(len, lines)) <= 40
    assert len(lines) <= 20


def test_a_stream_gets_characters_that_it_takes() -> None:
    latin = io.TextIOWrapper(io.BytesIO(), "latin-1")
    assert set("".join(qr_lines(URL, latin))) == {" ", "#"}
    blocks = io.TextIOWrapper(io.BytesIO(), "utf-8")
    assert qr_lines(URL, blocks) == qr_code(URL).splitlines()
