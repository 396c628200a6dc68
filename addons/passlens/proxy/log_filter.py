"""What mitmproxy itself logs, redacted: its lines quote what was sent and name who sent it. Only in a process that
passlens owns; what passlens logs was redacted when its words were made."""

import errno
import logging
import re
import sys
from collections.abc import Callable
from typing import Any, Final

from passlens.proxy.tls_alert import is_replaced
from passlens.redaction.addresses import is_private
from passlens.redaction.normalize import SHORTEST
from passlens.redaction.patterns import hide_patterns
from passlens.redaction.policy import SECRET_HEADERS
from passlens.redaction.pseudonym import pseudonym
from passlens.util.port_owner import port_owner

MAX_CHARS: Final = 1 << 14
"""Characters of a line that are shown; a longer one is cut before it is looked through."""

_QUOTED: Final = re.compile(
    r"""(?<![A-Za-z0-9])(?P<bytes>[bBrRuUfF]{0,2})(?P<quote>['"`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?:(?P=quote)|$)""",
    re.DOTALL,
)
"""A quoted run of text or bytes; one that a cut left open goes to the end. An apostrophe inside a word opens none."""

_HEADER: Final = re.compile(rf"(?i)\b({'|'.join(map(re.escape, sorted(SECRET_HEADERS)))})(\s*[:=]\s*)([^\r\n]+)")
_SCHEME: Final = re.compile(r"(?i)\b(Bearer|Basic|Digest|fingerprint)(\s+)([^\s,;\"']{6,})")
_LONG: Final = re.compile(r"[A-Za-z0-9+/_=.%-]{40,}")
"""A run without a blank that no sentence has."""

_KNOWN: Final = re.compile(r"[a-z]{1,9}|[\w./~-]{1,200}\.(?:py|pem|mitm|har|yaml|toml)", re.ASCII)
"""A plain word, and the name of a file of the user's own: what mitmproxy quotes of its options and scripts."""


def shown_address(address: str) -> str:
    """An address as the live screen shows it: of a private network as it is, all others as a pseudonym."""
    return address if is_private(address) else pseudonym(address)


def redact(words: str) -> str:
    """A line of mitmproxy's log without what was sent.

    >>> redact("Invalid header: b'opensesame', from 192.168.1.5")
    "Invalid header: b'sha256:d9fb92e3bbe6', from 192.168.1.5"
    """
    if len(words) > MAX_CHARS:
        words = f"{words[:MAX_CHARS]}..."
    words = _QUOTED.sub(_hidden, words)
    words = _HEADER.sub(lambda match: match[1] + match[2] + _once(match[3]), words)
    words = _SCHEME.sub(lambda match: match[1] + match[2] + _once(match[3]), words)
    words = hide_patterns(words, shown_address)
    return _LONG.sub(lambda match: _once(match[0]) if _is_opaque(match[0]) else match[0], words)


_SERVER: Final = "mitmproxy.addons.proxyserver"
_IN_BANNER: Final = (
    ("mitmproxy.proxy.mode_servers", " listening at "),
    ("passlens.control.control", "the control API listens at"),
)
"""Loggers, and words of their lines that the banner says better."""

_WEB: Final = frozenset({"mitmproxy.tools.web.master", "mitmproxy.tools.web.webaddons"})
"""Loggers that tell the address of mitmweb's interface; only with its token can it be opened."""

_TAKEN: Final = re.compile(rf"failed to listen on \S+:(\d+) with \[Errno {errno.EADDRINUSE}\]")


def port_taken(words: str) -> str | None:
    """The sentence in the place of mitmproxy's that a port cannot be listened on because another program does.

    >>> port_taken("HTTP(S) proxy failed to listen on *:443 with [Errno 13] permission denied") is None
    True
    """
    found = _TAKEN.search(words)
    if found is None:
        return None
    port = int(found[1])
    owner = port_owner(port) or "another program"
    other = port + 1 if port < 65535 else 8080
    return f"passlens: port {port} is taken by {owner}; end that, or use another port: passlens proxy --port {other}."


class LogFilter(logging.Filter):
    """Redacts the records of others in place, unless ``reveals`` says that all is shown. ``has_banner`` says whether a
    person sees what the banner says; its lines of the log are left out then."""

    def __init__(self, reveals: Callable[[], bool], has_banner: Callable[[], bool] = lambda: False) -> None:
        super().__init__()
        self._reveals, self._has_banner = reveals, has_banner

    def filter(self, record: logging.LogRecord) -> bool:
        """True: a line is changed, not lost, but for those in whose place passlens tells what came of a device."""
        if record.name == "mitmproxy.proxy.server" and is_replaced(_message(record)):
            return False
        if any(record.name == name and words in _message(record) for name, words in _IN_BANNER) and self._has_banner():
            return False
        if record.name == _SERVER and (taken := port_taken(_message(record))) is not None:
            record.msg, record.args, record.passlens_redacted = taken, (), True
        if record.name in _WEB and sys.stdout.isatty():
            record.passlens_redacted = True
        if not self._reveals() and not hasattr(record, "passlens_redacted"):
            if not record.name.startswith("passlens."):
                record.msg, record.args = redact(_message(record)), ()
                record.exc_info = record.exc_text = record.stack_info = None
            record.client = _client(getattr(record, "client", None))
            record.passlens_redacted = True
        return True


def own_process() -> None:
    """Note that passlens started this process, so that ``install`` is asked for once mitmproxy's handlers are there."""
    global _owned
    _owned = True


def is_own_process() -> bool:
    """Whether passlens started this process; one that a user starts with ``-s`` is the user's."""
    return _owned


_owned = False


def install(reveals: Callable[[], bool], has_banner: Callable[[], bool]) -> None:
    """Put the filter before every handler of the root logger: mitmproxy's own screens and logs hang there."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(LogFilter(reveals, has_banner))


def _message(record: logging.LogRecord) -> str:
    """The whole text of a record, with the traceback it brings."""
    try:
        words = record.getMessage()
    except (TypeError, ValueError):
        words = str(record.msg)
    if record.exc_info:
        words += "\n" + logging.Formatter().formatException(record.exc_info)
    return words


def _client(client: Any) -> Any:
    """Who a line is about: (address, port …) where the address is of a private network, else nobody."""
    return client if client and is_private(str(client[0])) else None


def _hidden(match: re.Match[str]) -> str:
    text, quote = match["text"], match["quote"]
    if len(text) < SHORTEST or _KNOWN.fullmatch(text) or is_private(text) or text.startswith("sha256:"):
        return match[0]
    return f"{match['bytes']}{quote}{pseudonym(text)}{quote}"


def _once(text: str) -> str:
    """The pseudonym of a text that is none yet."""
    return text if "sha256:" in text else pseudonym(text)


def _is_opaque(text: str) -> bool:
    """True for what no path or host name looks like: long parts in which digits and letters mix."""
    parts = re.split(r"[^A-Za-z0-9]+" if text.startswith(("/", "~")) else "/", text)
    return any(len(part) >= 20 and re.search(r"\d", part) and re.search(r"[A-Za-z]", part) for part in parts)
