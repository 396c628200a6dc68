"""Guessing: codes of virtual sessions cannot be foretold or told apart, and the buttons of a page cannot be pressed
without having seen it."""

import json
import random
import re
from dataclasses import replace

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.proxy.injector import Injector
from passlens.sandbox.response import SyntheticResponse
from passlens.sandbox.server import Api
from passlens.sandbox.session import CODE_LENGTH, CODE_SIGNS
from sandbox.asking import FULL, SP, call, exchange, value

BY_CODE = ("retrieve-session", "resume-session", "retrieve-profile-code")


def code_of(api: Api, now: float = forge.CLOCK) -> str:
    return str(value(api.respond(Decoded(call("create-session", now, form=FULL)), now))["code"])


def test_a_code_is_one_of_many_and_nothing_foretells_it() -> None:
    assert len(CODE_SIGNS) ** CODE_LENGTH > 7 * 10**10
    for api in (Api(), Injector().api):
        assert isinstance(api.rng, random.SystemRandom)
    acting = Injector()
    acting.forget()
    assert isinstance(acting.api.rng, random.SystemRandom)
    one, other = Api(), Api()
    assert len({*(code_of(one) for _ in range(50)), *(code_of(other) for _ in range(50))}) == 100


def without_ids(made: SyntheticResponse) -> tuple[int, object]:
    """An answer without what is new in every answer."""
    body = made.body.decode()
    return made.status, re.sub(r'"trace":"[^"]*"', "", body)


@pytest.mark.parametrize("operation", BY_CODE)
def test_a_wrong_guess_tells_nothing(operation: str) -> None:
    """No code, one that is over, and one of somebody else are answered alike."""
    api = Api(seed=1)
    over, live = code_of(api), code_of(api, forge.CLOCK + 1000)
    now = forge.CLOCK + 1900
    assert api.sessions.by_code(over, SP) is not None
    responses = set()
    for code in (over, "0000000", "ZZZZZZZ"):
        responses.add(without_ids(api.respond(Decoded(call(operation, now, code=code, form=FULL)), now)))
    ex = call(operation, now, code=live, form=FULL)
    foreign = replace(ex, request=replace(ex.request, path=ex.request.path.replace(SP, "OTHERTV")))
    responses.add(without_ids(api.respond(Decoded(foreign), now)))
    assert len(responses) == 1
    (status, _), right = responses.pop(), api.respond(Decoded(ex), now)
    assert (status, right.status) == (400, 200)


def test_thousands_of_guesses_find_and_push_out_nothing() -> None:
    api, guess = Api(), random.Random(1)
    open_codes = [code_of(api) for _ in range(20)]
    for _ in range(1500):
        code = "".join(guess.choices(CODE_SIGNS, k=CODE_LENGTH))
        assert api.respond(Decoded(call("retrieve-session", code=code)), forge.CLOCK).status == 400
    assert [session.code for session in api.sessions.list(forge.CLOCK)] == open_codes


def pressing(api: Api, code: str, secret: str, method: str = "POST") -> SyntheticResponse:
    form = f"answer=yes&token={secret}"
    path = f"/api/v2/authenticate/{SP}/{code}"
    if method == "GET":
        return api.respond(Decoded(exchange("GET", f"{path}?{form}", ())), forge.CLOCK)
    return api.respond(Decoded(exchange("POST", path, (), form.encode())), forge.CLOCK)


def token(made: SyntheticResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', made.body.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_button_is_pressed_with_the_secret_of_its_page_only(method: str) -> None:
    api = Api(seed=1, interactive=True)
    code, other = code_of(api), code_of(api)
    pages = {name: api.respond(Decoded(exchange("GET", f"/api/v2/authenticate/{SP}/{name}", ())), forge.CLOCK)
             for name in (code, other)}  # fmt: skip
    session = api.sessions.by_code(code, SP)
    assert session is not None
    for secret in ("", "0" * 32, token(pages[other]), session.session_id, code, token(pages[code])[:-1]):
        assert pressing(api, code, secret, method).status == 400
        assert session.state == "open"
    assert pressing(api, code, token(pages[code]), method).status == 302
    assert session.state == "authenticated"


def test_no_seed_foretells_the_secret_of_a_page() -> None:
    secrets = set()
    for _ in range(2):
        api = Api(seed=1, interactive=True)
        page = api.respond(Decoded(exchange("GET", f"/api/v2/authenticate/{SP}/{code_of(api)}", ())), forge.CLOCK)
        secrets.add(token(page))
    assert len(secrets) == 2
    assert all(len(secret) >= 32 for secret in secrets)


def test_no_answer_to_the_app_holds_the_secret() -> None:
    api = Api(seed=1, interactive=True)
    made = api.respond(Decoded(call("create-session", form=FULL)), forge.CLOCK)
    code = json.loads(made.body)["code"]
    session = api.sessions.by_code(code, SP)
    assert session is not None
    for operation in BY_CODE:
        made = api.respond(Decoded(call(operation, code=code, form=FULL)), forge.CLOCK)
        assert session.press.encode() not in made.body
        assert session.press not in str(made.headers)
