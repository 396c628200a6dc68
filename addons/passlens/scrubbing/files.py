"""``passlens scrub``: reads a recording twice, first to learn its secrets, then to write the copy.
Knows mitmproxy because it writes recordings."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from mitmproxy.flow import Flow
from mitmproxy.io import FlowWriter

from passlens.conversion.har_writer import write_har
from passlens.conversion.inputs import flows, har_entries, is_har
from passlens.scrubbing import flow, har_entry
from passlens.scrubbing.account import Account
from passlens.scrubbing.values import Scrubber

OTHER: Final = ("drop", "keep-scrubbed")


@dataclass
class Copy:
    """A finished copy: its account in sentences, and whether the input could be read to its end."""

    lines: list[str]
    troubles: list[str]


def copy(source: BinaryIO, target: BinaryIO, *, key: str | None, other: str) -> Copy:
    """Write the clean copy of a recording; raises Mistake and OSError."""
    scrubber = Scrubber(key.encode("utf-8", "surrogatepass") if key is not None else secrets.token_bytes(32))
    har = is_har(source)
    for _ in _har(source, scrubber, other, Account()) if har else _mitm(source, scrubber, other, Account()):
        pass
    scrubber.book.close()
    account = Account()
    if har:
        write_har(target, _har(source, scrubber, other, account))
    else:
        writer = FlowWriter(target)  # type: ignore[no-untyped-call, unused-ignore]
        for one in _mitm(source, scrubber, other, account):
            writer.add(one)  # type: ignore[no-untyped-call, unused-ignore]
    return Copy(account.lines(scrubber.book.counts, other), account.troubles)


def _mitm(source: BinaryIO, scrubber: Scrubber, other: str, account: Account) -> Iterator[Flow]:
    for index, one in flows(source, account.trouble):
        flow.scrub(one, scrubber, other, account, index)
        yield one


def _har(source: BinaryIO, scrubber: Scrubber, other: str, account: Account) -> Iterator[Any]:
    for index, entry in har_entries(source, account.trouble):
        yield None if entry is None else har_entry.scrub(entry, scrubber, other, account, index)
