"""The values a template sees: the request's own, a clock, a seeded source."""

import random
import re

from passlens.exchange.decoded import Decoded
from passlens.scenarios.template_values import MEMBERS, NAMES, Dice, Moment, context
from scenarios.made import NOW, exchange


def test_moment() -> None:
    now = Moment(NOW)
    assert (now.millis, now.seconds, now.iso) == (1767323045000, 1767323045, "2026-01-02T03:04:05Z")
    assert now.plus(days=1, hours=1, minutes=1, seconds=1).seconds - now.seconds == 90061


def test_dice_are_repeatable() -> None:
    one, other = Dice(random.Random(1)), Dice(random.Random(1))
    assert one.code() == other.code()
    assert one.uuid() == other.uuid()
    assert re.fullmatch(r"[0-9A-Z]{7}", one.code())
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one.uuid())
    assert one.integer(3, 3) == 3
    assert one.pick("a", "b") in ("a", "b")


def test_what_a_request_does_not_have_is_empty() -> None:
    seen = context(
        Decoded(exchange("P1 without=AP-Partner-Framework-Status without=Authorization")), NOW, random.Random(1)
    )
    assert seen["partner_status"] == seen["token"] == {}
    assert seen["code"] == seen["mvpd"] == ""
    assert seen["headers"]["content-type"] == "application/x-www-form-urlencoded"


def test_the_names_that_are_checked_are_those_that_are_there() -> None:
    made = context(Decoded(exchange("P3")), NOW, random.Random(1))
    assert tuple(made) == NAMES
    for name, members in MEMBERS.items():
        public = {attribute for attribute in dir(made[name]) if not attribute.startswith("_")} - {"epoch"}
        assert public == set(members)
