"""The scripted app: it follows what an answer says, and stops where an answer is not the one it needs."""

from typing import Any

import pytest

from passlens.demo.app import App
from passlens.demo.client import Reply
from passlens.errors import DemoError


class Script:
    """Answers in order, and remembers what was asked for."""

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.asked = list(replies), []  # type: ignore[var-annotated]

    def call(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Reply:
        """One request."""
        self.asked.append((method, path, headers, body))
        return self.replies.pop(0)

    def form(self, path: str, headers: dict[str, str], **parameters: str) -> Reply:
        """A form."""
        return self.call("POST", path, headers, repr(parameters))

    def post_json(self, path: str, headers: dict[str, str], value: Any) -> Reply:
        """A JSON body."""
        return self.call("POST", path, headers, repr(value))


def app(*replies: Reply) -> tuple[App, Script]:
    script = Script(*replies)
    return App(script, "test", "token"), script  # type: ignore[arg-type]


def test_registration_leads_to_the_token_of_every_later_call() -> None:
    made, script = app(
        Reply(201, {}, b'{"client_id": "a", "client_secret": "b"}'),
        Reply(201, {}, b'{"access_token": "fresh"}'),
        Reply(200, {}, b"{}"),
    )
    made.register()
    made.configuration()
    assert "Authorization" not in script.asked[0][2]
    assert "'client_secret': 'b'" in script.asked[1][3]
    assert script.asked[2][2]["Authorization"] == "Bearer fresh"


def test_the_url_of_an_answer_is_followed_and_a_user_agent_has_no_token() -> None:
    made, script = app(Reply(200, {}, b"{}"), Reply(302, {}, b""))
    made.resume_session({"url": "/somewhere"}, redirectUrl="x")
    made.authenticate({"url": "/sign-in"})
    assert [asked[1] for asked in script.asked] == ["/somewhere", "/sign-in"]
    assert "Authorization" not in script.asked[1][2]


def test_an_answer_that_does_not_fit_ends_the_walk() -> None:
    made, _ = app(Reply(429, {}, b"<html>"))
    with pytest.raises(DemoError, match="an answer has status 429 where 200 was expected"):
        made.create_session()
