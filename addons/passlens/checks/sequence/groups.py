"""Operations by what they are for in a sequence of calls."""

from typing import Final

SESSIONS: Final = frozenset({"create-session", "partner-session"})
SESSION_RESPONSES: Final = SESSIONS | {"resume-session", "retrieve-session"}
PROFILES: Final = frozenset({"retrieve-profiles", "retrieve-profile-mvpd"})
DECISIONS: Final = frozenset({"authorize", "preauthorize"})
POLL: Final = "retrieve-profile-code"
REGISTRATION: Final = frozenset({"dcr-register", "dcr-token"})
