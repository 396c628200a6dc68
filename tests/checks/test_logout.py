"""PL48x and PL124: logout. Each code on both sides of what triggers it."""

from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from support.examples import Example, answered, codes, exchange, parametrize, verify

OUT = exchange("logout")
MVPD, SP = forge.MVPD, forge.SERVICE_PROVIDER
AT = f"body#/logouts/{MVPD}"
PATH = f"/api/v2/{SP}/logout/{MVPD}"
QUERY = f"requestor_id={SP}&mso_id={MVPD}"
URL = f"/adobe-services/logout?{QUERY}"


def done(key: str = MVPD, **changes: Any) -> Exchange:
    """The documented answer with another key, and members of its entry set or, with None, removed."""
    plain = {"actionName": "complete", "actionType": "none", "mvpd": MVPD}
    return answered(OUT, {"logouts": {key: forge.without_none(plain | changes)}})


def opened(url: str | None = URL) -> Exchange:
    """An entry with a url for the user agent."""
    return done(actionName="logout", actionType="interactive", url=url)


EXAMPLES = [
    Example("PL124", exchange("logout", path=PATH), exchange("logout", path=f"{PATH}?redirectUrl=app%3A%2F%2Fout"),
            "query:redirectUrl", "error", "missing"),
    Example("PL124", exchange("logout", path=f"{PATH}?redirectUrl="), OUT, "query:redirectUrl", "error", "empty"),
    Example("PL480", answered(OUT, {"logouts": {}}), OUT, "body#/logouts", "note", "empty"),
    Example("PL481", done(actionType="interactive"), done(), f"{AT}/actionType", "error", "expected none"),
    Example("PL481", done(actionName="forget"), done(actionName="invalid"), f"{AT}/actionName", "error", "forget"),
    Example("PL482", done(url=URL), done(), f"{AT}/url", "error", "with complete"),
    Example("PL482", done(actionName="partner_logout", actionType="partner_interactive", url=URL),
            done(actionName="partner_logout", actionType="partner_interactive"), f"{AT}/url", "warning"),
    Example("PL483", done(key="Other"), done(), "body#/logouts/Other/mvpd", "note"),
    Example("PL483", done(mvpd="Other"), done(), f"{AT}/mvpd", "warning", "its key"),
    Example("PL483", done(key="Other", mvpd="Other"), done(), "body#/logouts", "warning", "asked for was"),
    Example("PL484", opened(f"/elsewhere?{QUERY}"), opened(f"https://sp.auth.adobe.com{URL}"), f"{AT}/url", "note"),
    Example("PL484", opened(f"/adobe-services/logout?requestor_id=REF40&mso_id={MVPD}"), opened(), f"{AT}/url", "note",
            "requestor_id"),
    # Shapes: what weighs how much.
    Example("PL305", done(mvpd=None), done(), f"{AT}/mvpd", "error"),
    Example("PL306", opened(3), opened(), f"{AT}/url", "error"),  # type: ignore[arg-type]
    Example("PL309", opened(None), opened(), f"{AT}/url", "error", "missing"),
    Example("PL312", answered(OUT, {"logouts": []}), OUT, "body#/logouts", "error", "array"),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("value", [None, [], 3, "x", {MVPD: None}, {MVPD: []}, {MVPD: {"actionName": []}}])
def test_whatever_stands_for_logouts_is_named_and_raises_nothing(value: Any) -> None:
    found = codes(answered(OUT, {"logouts": value}))
    assert "PL999" not in found
    assert {"PL305", "PL306", "PL312"} & set(found)


@pytest.mark.parametrize("url", ["http://[", "\x00", "?" * 20000, "//", "adobe-services"])
def test_no_url_of_a_logout_raises(url: str) -> None:
    assert "PL999" not in codes(opened(url))
