"""What must not alarm: each way in which a sequence check could be wrong about an app, and the journey that shows that
it is not. Some cannot be told from a fault by what is on the wire; of those the finding is no error."""

import pytest

from support.sequence import Journey, collected

TOLD_APART = [
    # code, what looks like a fault, the near miss
    ("PL601", "two apps of one vendor", "another app of the vendor"),
    ("PL602", "a renewal just before the end, or a clock that is off", "early refresh"),
    ("PL603", "the error told the app to register", "told to"),
    ("PL603", "the credentials were revoked", "credentials are gone"),
    ("PL604", "a call that was on its way when the 401 came", "in flight"),
    ("PL605", "an old app beside the new one", "another app"),
    ("PL610", "Apple's ids are mapped by the configuration", "Apple maps ids with it"),
    ("PL610", "the user changes the provider", "a session follows"),
    ("PL611", "the app was started again", "a new start between"),
    ("PL611", "the first answer was an error", "the first one failed"),
    ("PL611", "two apps of one vendor", "another app"),
    ("PL612", "TempPass, which the app names itself", "TempPass"),
    ("PL612", "the configuration of another platform", "another platform's"),
    ("PL612", "a placeholder of the documentation", "a placeholder of the documentation"),
    ("PL620", "the recording begins in the middle", "begins in the middle"),
    ("PL620", "the app was there before its token", "a token is renewed"),
    ("PL620", "TempPass needs no profile", "TempPass"),
    ("PL622", "the user walks away", "the user walks away"),
    ("PL622", "a second device does it", "somebody else resumed it"),
    ("PL622", "profiles are read in the background", "reads profiles in the background"),
    ("PL623", "another provider was chosen", "another mvpd"),
    ("PL623", "an old code is polled, which PL635 tells", "polls"),
    ("PL625", "a second device sends the rest", "somebody else sent the rest"),
    ("PL626", "the code is checked where nobody sees it", "addresses are not known"),
    ("PL627", "clocks differ", "clock skew"),
    ("PL627", "the server still takes the code", "the server still took it"),
    ("PL632", "a retry after no answer", "retry after no answer"),
    ("PL633", "a poll that was on its way", "in flight"),
    ("PL634", "clocks differ", "clock skew"),
    ("PL634", "the server still takes the code", "the server still took it"),
    ("PL634", "notAfter in seconds", "notAfter in seconds"),
    ("PL635", "two apps of one vendor", "another app of the vendor"),
    ("PL635", "the old code is of another provider on purpose", "another mvpd on purpose"),
    ("PL636", "screens that open and close", "screens that open and close"),
    ("PL641", "an older regular profile is used", "an older regular profile"),
    ("PL642", "the user changed the permission", "the permission changed"),
    ("PL643", "a retry after no answer", "retry after no answer"),
    ("PL645", "the user starts again once", "started again once"),
    ("PL652", "the user signed in between", "signed in between"),
    ("PL655", "the app was started again", "the app started anew"),
    ("PL655", "another profile", "another profile"),
    ("PL660", "the user signs out later", "later"),
    ("PL673", "a server that calls for many devices", "a server that calls for devices"),
    ("PL677", "the token was obtained later", "obtained later"),
    ("PL677", "Roku's own token goes over HTTPS only", "plain HTTP hides Roku's"),
    ("PL680", "other devices", "other devices"),
    ("PL681", "a call that was on its way", "on the way"),
    ("PL681", "the 429 is a scenario's", "a scenario's 429"),
    ("PL682", "polls that are answered 4xx until the user has signed in", "polls"),
    ("PL683", "polls that are answered 4xx until the user has signed in", "polls"),
    ("PL683", "the user repeats by hand", "by hand"),
]

# code, what cannot be told from a fault, how grave the finding is at most (nothing: how grave in the journey named)
NOT_TOLD_APART = [
    ("PL601", "reinstalled, or its storage was cleared; a build that keeps nothing", "warning", None),
    ("PL602", "a build that keeps nothing; several processes of one app", "warning", None),
    ("PL605", "an app that is being moved over", "warning", None),
    ("PL610", "the picker was opened and closed", "note", None),
    ("PL612", "a provider behind another one", "note", "in a session"),
    ("PL620", "the user asked for it", "note", None),
    ("PL624", "a code that somebody mistyped", "note", "mistyped"),
    ("PL625", "two devices send what is missing in two steps", "note", "a part"),
    ("PL626", "a link in a picture, so that nobody typed", "note", None),
    ("PL632", "the user asks now; two processes of one app", "warning", "one press of check now"),
    ("PL633", "two timers", "note", "two timers"),
    ("PL641", "the server permits all the same", "note", "permitted all the same"),
    ("PL643", "the recording begins in the middle", "note", "begins in the middle"),
    ("PL652", "play is pressed again", "note", "play pressed again"),
    ("PL652", "the screen is entered again", "note", "with what was permitted"),
    ("PL654", "a higher limit was agreed", "note", "six"),
    ("PL655", "parental settings changed", "note", None),
    ("PL660", "a user who is fast", "note", None),
    ("PL673", "the device was reset", "warning", "changes"),
    ("PL680", "whether the first burst is used up", "note", None),
    ("PL683", "the user repeats by hand", "note", "authentication, by hand"),
]

ROWS = collected()


def row_of(code: str, name: str) -> Journey:
    (found,) = [row for row in ROWS[code] if row.name == name]
    return found


@pytest.mark.parametrize(("code", "alarm", "near"), TOLD_APART, ids=[f"{row[0]} {row[1]}" for row in TOLD_APART])
def test_what_looks_like_a_fault_is_none(code: str, alarm: str, near: str) -> None:
    assert row_of(code, near).expected == ""


@pytest.mark.parametrize(
    ("code", "alarm", "most", "name"), NOT_TOLD_APART, ids=[f"{row[0]} {row[1]}" for row in NOT_TOLD_APART]
)
def test_what_cannot_be_told_apart_is_said_softly(code: str, alarm: str, most: str, name: str | None) -> None:
    rows = ROWS[code] if name is None else [row_of(code, name)]
    graver = {"note": ("warning", "error"), "warning": ("error",)}[most]
    assert [row.name for row in rows if any(word in row.expected for word in graver)] == []


def test_every_sequence_check_has_a_near_miss() -> None:
    assert [code for code, rows in ROWS.items() if not any(row.expected == "" for row in rows)] == []
