"""Answers by their row: which there are for an operation, and what they leave behind. That each is recognised as its
row is held in test_build_outcome.py."""

import random
from typing import Any

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.rest_v2 import decisions, logouts, profiles
from passlens.rest_v2.operations import BY_ID
from passlens.rest_v2.response_rows import RESPONSE_ROWS
from passlens.sandbox.build_outcome import build_outcome
from passlens.sandbox.rows import rows_of
from passlens.sandbox.server import Api
from sandbox.asking import FULL, call, value


def build(api: Api, name: str, operation: str, **values: Any) -> Any:
    made = build_outcome(
        name, Decoded(call(operation, **values)), now=forge.CLOCK, rng=random.Random(1), sessions=api.sessions
    )
    return value(made)


def test_every_current_row_of_every_table_can_be_had() -> None:
    had = {name for operation in BY_ID for name in rows_of(operation)}
    tables = (RESPONSE_ROWS, profiles.PROFILE_ROWS, decisions.DECISION_ROWS, logouts.LOGOUT_ROWS)
    assert had == {row.id for table in tables for row in table if not getattr(row, "old", False)}


@pytest.mark.parametrize(("row", "kind"), [("PT1", "regular"), ("PT3", "platformSSO"), ("PT7", "degraded")])
def test_a_profile_that_was_handed_out_is_held(row: str, kind: str) -> None:
    api = Api(seed=1)
    build(api, row, "retrieve-profile-mvpd")
    made = api.belongs_to(Decoded(call("retrieve-profile-mvpd")), forge.CLOCK)
    assert made is not None
    assert value(made)["profiles"]["MeridianFiber"]["type"] == kind
    assert api.belongs_to(Decoded(call("retrieve-profile-mvpd", device="other")), forge.CLOCK) is None


def test_a_logout_takes_the_profile_away() -> None:
    api = Api(seed=1)
    build(api, "PM-1", "retrieve-profile-mvpd")
    assert build(api, "L2", "logout")["logouts"]["MeridianFiber"]["actionName"] == "partner_logout"
    assert api.belongs_to(Decoded(call("retrieve-profile-mvpd")), forge.CLOCK) is None


def test_a_denial_is_one_for_each_resource() -> None:
    made = build(Api(seed=1), "AD5", "authorize", resources=["news", "movies"])
    assert [(item["resource"], item["source"]) for item in made["decisions"]] == [
        ("news", "degradation"), ("movies", "degradation"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "starts"),
    [(FULL, FULL["redirectUrl"]), (FULL | {"redirectUrl": "nowhere"}, None), ({"mvpd": FULL["mvpd"]}, None)],
)
def test_who_has_signed_in_goes_back_to_the_app(form: dict[str, str], starts: str | None) -> None:
    api = Api(seed=1)
    code = value(api.respond(Decoded(call("create-session", form=FULL)), forge.CLOCK))["code"]
    session = next(iter(api.sessions.list(forge.CLOCK)))
    session.redirect_url = form.get("redirectUrl")
    made = build_outcome(
        "U-1", Decoded(call("authenticate", code=code)), now=forge.CLOCK, rng=random.Random(1), sessions=api.sessions
    )
    location = dict(made.headers)["Location"]
    assert location == starts if starts else location.startswith("https://sp.auth.adobe.com/adobe-services/")
    assert session.state == "authenticated"
