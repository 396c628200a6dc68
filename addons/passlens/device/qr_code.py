"""A QR code for terminals."""

import io
from typing import TextIO

import segno


def qr_code(text: str, *, ascii_only: bool = False) -> str:
    """The QR code of ``text`` as lines of block characters, two rows of modules a line, with its quiet zone; with
    ``ascii_only``, two number signs a dark module, one row a line. Dark on light, for terminals of either colour."""
    code = segno.make_qr(text, error="l")
    if ascii_only:
        rows = ("".join("  " if dark else "##" for dark in row) for row in code.matrix_iter(border=2))
        return "\n".join(rows) + "\n"
    out = io.StringIO()
    code.terminal(out=out, border=2, compact=True)
    return out.getvalue()


def qr_lines(text: str, out: TextIO) -> list[str]:
    """The QR code as lines for ``out``: in characters that it takes, and on a terminal black on white whatever its
    colours, for some cameras do not read the inverse."""
    try:
        "█▀▄".encode(out.encoding or "ascii")
        code = qr_code(text)
    except UnicodeEncodeError:
        code = qr_code(text, ascii_only=True)
    colour = out.isatty()
    return [f"\x1b[97;40m{line}\x1b[0m" if colour else line for line in code.splitlines()]
