"""What stays of traffic that is none of the API's operations: method, host, shape of the path, status and times.
Of calls on hosts of the API also the words of the path, by which reports name them; of those of REST API V1, which a
finding speaks of, also the headers that tell the app; of a browser's question for permission the path."""

from typing import Final

from passlens.rest_v2.routing import route
from passlens.rest_v2.strangers import is_preflight, is_word, stranger
from passlens.scrub.values import Scrubber

V1_HEADERS: Final = frozenset({"user-agent", "x-device-info"})
"""In lower case."""


def is_v1(method: str, path: str, host: str) -> bool:
    """True for a call of REST API V1."""
    found = stranger(method, path, host)
    return found is not None and found.kind == "v1"


def shape(scrubber: Scrubber, method: str, path: str, host: str) -> str:
    """A path with other letters and digits, its slashes kept, without its query."""
    bare = path.partition("?")[0].partition("#")[0].encode("ascii", "replace").decode("ascii")
    if is_preflight(method, bare, host):
        return scrubber.url(bare)
    words = stranger(method, path, host) is not None
    parts = [part if words and is_word(part) else scrubber.opaque(part) for part in bare.split("/")]
    made = "/".join(parts) or "/"
    return made if route("GET", made) is None else "/"
