"""Which members a clean copy keeps, by the policy table; the secrets of the file are replaced in those, too."""

from functools import lru_cache
from itertools import pairwise

from passlens.redaction.policy import (
    DEVICE_INFO,
    MEMBERS,
    PUBLIC_METADATA,
    PUBLIC_PARAMETERS,
    STATUS_NAMES,
    is_hidden_member,
    is_secret_name,
)


def keeps_device_info(path: tuple[str, ...]) -> bool:
    """True for members of X-Device-Info that may be shown."""
    return len(path) == 1 and path[0] in DEVICE_INFO and not is_secret_name(path[0])


def keeps_partner_status(path: tuple[str, ...]) -> bool:
    """True for members of AP-Partner-Framework-Status that may be shown."""
    return bool(path) and all(name in STATUS_NAMES for name in path)


@lru_cache(maxsize=4096)
def keeps_body(path: tuple[str, ...]) -> bool:
    """True for members of a body that may be shown once the secrets of the file are replaced in them."""
    # The name "token" tells of a secret; what is secret in the token of a decision the table says.
    if path[:1] == ("decisions",) and len(path) <= 4 and path[-2:-1] == ("token",):
        return MEMBERS["token"].get(path[-1]) == "public"
    name: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    if "attributes" in path:
        at = path.index("attributes") + 1
        path, name, state = path[:at], path[at : at + 1], path[at + 1 :]
    if any(map(is_secret_name, (*path, *state))) or any(is_hidden_member(*pair) for pair in pairwise(path)):
        return False
    if name:
        # The name of an attribute says that its value is personal, not that its state is.
        return bool(state) and (state[0] != "value" or name[0] in PUBLIC_METADATA)
    for holder in ("existingParameters", "existing"):
        if holder in path[:-1]:
            return path[path.index(holder) + 1] in PUBLIC_PARAMETERS
    return True


def keeps_nothing(_: tuple[str, ...]) -> bool:
    """For texts that are secrets as a whole."""
    return False
