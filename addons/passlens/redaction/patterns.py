"""What looks like a secret in any text, whoever it belongs to: tokens, addresses, values of parameters, and what runs
of Base64 encode."""

import re
from binascii import a2b_base64
from collections.abc import Callable
from typing import Final

from passlens.redaction.addresses import replace_addresses
from passlens.redaction.named_values import replace_named_values
from passlens.redaction.nested import LEVELS
from passlens.redaction.normalize import is_plain, normalize
from passlens.redaction.pseudonym import pseudonym

_JSON: Final = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))e(?:yJ|wog|w0K|yAi|yAg)[\w+/=.%-]{4,}")
"""A JWT, or Base64 over the start of a JSON object."""

_XML: Final = re.compile(r"(?:PD94|PHNhbWw|PFJlc3BvbnNl|PHN|PEF1dGhu|PFJlcXVlc3|PEFzc2VydGlvb)[A-Za-z0-9+/=_%-]{16,}")
USER: Final = r"(?<=://)[^\s/?#\"'<>\\]{1,256}(?=@)"
"""The user of an address, mostly with a password: ``http://user:password@host``."""

_EMAIL: Final = re.compile(rf"{USER}|[\w.+-]{{1,64}}(?:@|%40)[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}")
_IN_QUERY: Final = re.compile(r"([?&#][^=&#?\s]{1,200}=|;jsessionid=)(?!sha256:)([^&#\s]+)")
BASE64_RUN: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")

_CODE: Final = 16
"""Characters of a text in capital letters and digits that is too short to be a token; codes have 7."""


def hide_patterns(text: str, address: Callable[[str], str] = pseudonym) -> str:
    """A text without what looks like a token, an address or the value of a parameter, whoever it belongs to;
    ``address`` makes what is shown of an address."""
    if len(text) <= _CODE and text.isalnum() and text.isupper():
        return text  # a session code: no token is written without small letters
    for pattern in (_XML, _JSON, _EMAIL):
        text = pattern.sub(lambda match: pseudonym(match[0]), text)
    text = replace_named_values(replace_addresses(text, address), pseudonym)
    return _IN_QUERY.sub(lambda match: match[1] + pseudonym(match[2]), text)


def searched(text: str, shown: str | None = None) -> str:
    """All of a text in which a secret may stand, in lower case: itself, and what runs of Base64 in it encode; only
    those in ``shown``, where part of the text is hidden anyway."""
    runs = BASE64_RUN.findall(text if shown is None else shown)
    encoded = [decode_run(run) for run in runs]
    found = "\n".join((text, *encoded))
    return found.lower() if is_plain(found) else f"{found}\n{normalize(found)}".lower()


def decode_run(run: str, level: int = 1) -> str:
    """What a run of Base64 encodes and, in lines of their own, what the runs in that do."""
    symbols = run.rstrip("=").replace("-", "+").replace("_", "/")
    # One symbol too many is no byte: what was cut there says nothing.
    data = a2b_base64(symbols + "=" * (-len(symbols) % 4)) if len(symbols) % 4 != 1 else b""
    text = data.decode("utf-8", "replace")
    if level == LEVELS:
        return text
    return "\n".join((text, *(decode_run(inner, level + 1) for inner in BASE64_RUN.findall(text))))
