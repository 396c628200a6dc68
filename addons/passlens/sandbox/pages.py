"""What a user agent sees at the authenticate address: a page that asks for yes or no, and the way back to the app.
The buttons carry a secret of the session, so that no other page can press them; no script, nothing from elsewhere."""

import hmac
from html import escape
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.forms import parse_form
from passlens.rest_v2.operations import HOSTS
from passlens.sandbox.request_facts import is_address
from passlens.sandbox.response import SyntheticResponse, html_note, html_response, redirect
from passlens.sandbox.session import VirtualSession

PageResponse = Literal["yes", "no"]

_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:10vh auto;padding:0 1rem}"
    "form{display:inline-block;margin-right:1rem}"
    "button{font:inherit;padding:.6rem 1.4rem}button:focus{outline:3px solid #06c;outline-offset:2px}"
)


class Pressed(NamedTuple):
    """A button that was pressed, and the secret that came with it."""

    response: PageResponse
    secret: str


def address(session: VirtualSession) -> str | None:
    """Where the page stands, for a person's browser that uses the proxy; None as long as nobody can sign in there."""
    if session.code is None or session.state != "open" or session.missing:
        return None
    provider, code = quote(session.service_provider, safe=""), quote(session.code, safe="")
    return f"https://{session.host or HOSTS[0]}/api/v2/authenticate/{provider}/{code}"


def page(session: VirtualSession, path: str) -> SyntheticResponse:
    """The page. ``path`` is that of the request; both buttons lead back to it."""
    mvpd, provider = escape(session.mvpd or "the TV provider"), escape(session.service_provider)
    buttons = "".join(
        _button(session, path, *button) for button in (("yes", "Sign in", " autofocus"), ("no", "Deny", ""))
    )
    return html_response(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Sign in to {mvpd}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>Sign in to {mvpd}?</h1><p>The app of {provider} asks for it. passlens stands in for the provider; "
        f"there is no account and no password.</p>{buttons}</main></body></html>\n",
        200,
    )


def _button(session: VirtualSession, path: str, value: str, label: str, focus: str) -> str:
    return (
        f'<form method="post" action="{escape(path)}">'
        f'<input type="hidden" name="token" value="{escape(session.press)}">'
        f'<button name="answer" value="{value}"{focus}>{label}</button></form>'
    )


def pressed(ex: Decoded) -> Pressed | None:
    """The button a request presses, by its form (POST) or its query (GET); None if it presses none."""
    source = ex.request.body or b"" if ex.request.method == "POST" else ex.request.query.encode("utf-8", "replace")
    sent = {parameter.name: parameter.value for parameter in parse_form(source)}
    match sent.get("answer"):
        case "yes":
            return Pressed("yes", sent.get("token", ""))
        case "no":
            return Pressed("no", sent.get("token", ""))
    return None


def is_own(press: Pressed, session: VirtualSession) -> bool:
    """True if the button stood on this session's page."""
    return hmac.compare_digest(press.secret.encode("utf-8", "replace"), session.press.encode())


def back(session: VirtualSession) -> SyntheticResponse:
    """To the session's redirectUrl; a page that says how it ended where there is none to go to."""
    if session.redirect_url is not None and is_address(session.redirect_url):
        return redirect(session.redirect_url)
    ending = "You are signed in" if session.state == "authenticated" else "You are not signed in"
    return html_note(ending, "You can close this window and go back to the app.")
