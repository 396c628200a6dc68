"""The operations that an app calls next, as one line that tells a sequence from a choice."""

from collections.abc import Iterable


def next_steps(names: Iterable[str]) -> str:
    """What an app calls next, in one line. A session with a partner, and a logout, stand in the place of what is named
    before them.

    >>> next_steps(("retrieve-configuration", "create-session", "partner-session"))
    'retrieve-configuration, then create-session or partner-session'
    """
    words = ", then ".join(names)
    return words.replace(", then partner-session", " or partner-session").replace(", then logout", " or logout")
