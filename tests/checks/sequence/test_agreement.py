"""PL688, PL689, PL691 and PL692, each on both sides."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import forge
import support.sequence as s
from support.sequence import NONE, Journey, call, decisions, error, profiles, session

STATUS = "AP-Partner-Framework-Status"
YES = decisions(news="permit")


def temppass(**words: Any) -> s.Exchange:
    """A decision of TempPass."""
    body = {"decisions": [one | {"source": "temppass"} for one in YES["decisions"]]}
    return call("authorize", 5, body, **words)


def out(action: str, mvpd: str = s.MVPD, **words: Any) -> s.Exchange:
    """A logout whose entry has the action."""
    entry = {"actionName": action, "actionType": "none", "mvpd": mvpd}
    return call("logout", 5, {"logouts": {mvpd: entry}}, mvpd=mvpd, **words)


def navigation(host: str = "sp.auth.adobe.com", **query: str) -> s.Exchange:
    """The navigation of a user agent that is redirected."""
    ex = call("authenticate", 5, status=302)
    assert ex.response is not None
    location = f"https://{host}/adobe-services/authenticate/saml?{urlencode(query)}"
    return replace(ex, response=replace(ex.response, headers=(("Location", location),)))


def offer(*mvpds: tuple[str, str | None]) -> s.Exchange:
    """A configuration with MVPDs and their platformMappingIds."""
    made = [forge.without_none({"id": one, "displayName": one, "platformMappingId": own}) for one, own in mvpds]
    return call("configuration", 0, {"requestor": {"id": s.SP, "name": "Demo", "mvpds": made}})


def partner(provider: str, operation: str = "partner-session", body: Any = None, **words: Any) -> s.Exchange:
    """A call with a granted partner status that names the provider."""
    headers = {STATUS: forge.partner_status(s.T0, provider=provider)}
    return call(operation, 5, body or session(reason="pfs_fallback"), headers=headers, **words)


MAPPED = offer(("Cox", "cox-1"), ("Sling", None))
CREATED = call("create-session", 0, session())
MISMATCH = error("invalid_header_pfs_provider_id_mismatch")

JOURNEYS = [
    Journey("PL688", "signed in", "note@1", [call("profiles", 0, profiles()), temppass()]),
    Journey("PL688", "just not over", "note@1", [call("profiles", 0, profiles(until=5)), temppass()]),
    Journey("PL688", "over", "", [call("profiles", 0, profiles(until=4.9)), temppass()]),
    Journey("PL688", "a TempPass", "", [call("profile", 0, profiles("temporary")), temppass()]),
    Journey("PL688", "of the MVPD", "", [call("profiles", 0, profiles()), call("authorize", 5, YES)]),
    Journey("PL688", "nothing is known", "", [temppass()]),
    Journey("PL689", "of the partner", "note@1", [call("profiles", 0, profiles("appleSSO")), out("complete")]),
    Journey("PL689", "of the MVPD", "note@1", [call("profiles", 0, profiles()), out("partner_logout")]),
    Journey("PL689", "of TempPass", "note@1", [call("profile", 0, profiles("temporary")), out("logout")]),
    Journey("PL689", "as it should be", "", [call("profiles", 0, profiles("appleSSO")), out("partner_logout")]),
    Journey("PL689", "regular", "", [call("profiles", 0, profiles()), out("complete")]),
    Journey("PL689", "as in 2024", "", [call("profile", 0, profiles("temporary")), out("invalid")]),
    Journey("PL689", "single sign-on of the platform", "", [call("profiles", 0, profiles("platformSSO")), out("logout")]),
    Journey("PL689", "over", "", [call("profiles", 0, profiles("appleSSO", until=4)), out("complete")]),
    Journey("PL689", "another", "", [call("profiles", 0, profiles("appleSSO")), out("complete", "Sling")]),
    Journey("PL691", "another", "note@1", [CREATED, navigation(mso_id="Sling")]),
    Journey("PL691", "none", "note@1", [CREATED, navigation(mso_id="")]),
    Journey("PL691", "the same", "", [CREATED, navigation(mso_id="Cox")]),
    Journey("PL691", "the provider's own pages", "", [CREATED, navigation("login.cox.example", mso_id="Sling")]),
    Journey("PL691", "unknown code", "", [navigation(mso_id="Sling")]),
    Journey("PL692", "the mvpd id", "note@1", [MAPPED, partner("Cox")]),
    Journey("PL692", "unknown", "note@1", [MAPPED, partner("Other", "profiles", MISMATCH, status=400)]),
    Journey("PL692", "another MVPD", "note@1", [MAPPED, partner("cox-1", "authorize", YES, mvpd="Sling")]),
    Journey("PL692", "the mapping id", "", [MAPPED, partner("cox-1")]),
    Journey("PL692", "the mvpd id, and taken", "", [MAPPED, partner("Cox", "profiles", NONE)]),
    Journey("PL692", "no configuration", "", [partner("Cox")]),
    Journey("PL692", "nobody is mapped", "", [offer(("Cox", None)), partner("Cox")]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)


def test_the_id_that_belongs_in_the_status_is_named() -> None:
    (hit,) = s.found([MAPPED, partner("Cox")], "PL692")
    assert hit["message"].endswith("the MVPD of that name has cox-1.")
    assert hit["related"] == [0]
