"""A web page in a browser behind the proxy, which knows the code of a session: from another origin it can neither read
passlens' page for yes or no, nor press its buttons, nor put it into a frame."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from passlens.exchange.decoded import Decoded
from passlens.proxy.injector import Injector
from passlens.sandbox.ownership import is_owned
from passlens.sandbox.request_facts import read
from sandbox.asking import FULL, SP, call, exchange, headers
from support.chromium import MISSING, Chromium, installed
from support.proxy import Proxy
from support.reply import Reply
from support.upstream import Upstream

API = "http://sandbox.example"
EVIL = "http://evil.example"

ATTACK = """<!doctype html><title>evil</title><script>
const own = path => fetch(path).then(answer => answer.text(), () => "no answer");
async function attack(url) {
  const path = new URL(url).pathname, done = {};
  try { done.cors = await (await fetch(url)).text(); } catch (error) { done.cors = "refused"; }
  try { done.post = await (await fetch(url, {method: "POST", body: "answer=yes&token=0"})).text(); }
  catch (error) { done.post = "refused"; }
  const opaque = await fetch(url, {mode: "no-cors", credentials: "include"});
  done.opaque = opaque.type + " " + (await opaque.text()).length;
  done.same = await own(path);
  const frame = document.createElement("iframe");
  frame.name = "f";
  const loaded = new Promise(resolve => frame.onload = resolve);
  frame.src = url;
  document.body.append(frame);
  await loaded;
  try { done.frame = frame.contentWindow.document.body.innerHTML; } catch (error) { done.frame = error.name; }
  for (const token of ["", "0".repeat(32), path.split("/").pop()]) {
    const form = document.createElement("form"), target = document.createElement("iframe");
    target.name = "t" + token;
    form.target = target.name;
    form.method = "post";
    form.action = url;
    form.innerHTML = `<input name="answer" value="yes"><input name="token" value="${token}">`;
    document.body.append(target, form);
    const answered = new Promise(resolve => target.onload = resolve);
    form.submit();
    await answered;
  }
  return JSON.stringify(done);
}
</script><body>"""


@pytest.fixture
def evil(confdir: Any) -> Iterator[Proxy]:
    """A proxy with a sandbox that asks, and a page of somebody else behind it."""
    with Upstream() as upstream:
        upstream.on("GET", "/", Reply(200, (("Content-Type", "text/html"),), ATTACK.encode(), "OK"))
        options = {"passlens_sandbox": "sandbox.example", "passlens_sign_in": "ask"}
        with Proxy(confdir, upstream=upstream, **options) as proxy:
            yield proxy


@pytest.mark.skipif(installed() is None, reason=MISSING)
def test_a_page_of_another_origin_gets_nowhere(evil: Proxy) -> None:
    through, sent = f"http://127.0.0.1:{evil.port}", dict(headers(clock=time.time()))
    with httpx.Client(proxy=through, base_url=API, headers=sent, timeout=30) as app:
        made = app.post(f"/api/v2/{SP}/sessions", data=FULL).json()
        url, code = f"{API}/api/v2/authenticate/{SP}/{made['code']}", made["code"]

        def profiles() -> Any:
            return app.get(f"/api/v2/{SP}/profiles/code/{code}").json()["profiles"]

        with Chromium(f"--proxy-server={through}") as browser:
            browser.open(f"{EVIL}/")
            done = json.loads(browser.run(f"attack({url!r})"))
            said = " ".join(browser.said)
            assert (done["cors"], done["post"], done["opaque"]) == ("refused", "refused", "opaque 0")
            assert "Sign in" not in done["same"]
            assert "Sign in" not in done["frame"]
            assert "Refused to display" in said or "frame-ancestors" in said, said
            assert profiles() == {}
            # The page itself works: the person in front of it presses the button.
            browser.open(url)
            assert "Sign in" in browser.run("document.body.innerText")
            browser.run("document.querySelector('button[value=yes]').click()")
            browser.run("new Promise(resolve => setTimeout(resolve, 0))")
            assert list(profiles()) == [FULL["mvpd"]] or (browser.run("1") and list(profiles()) == [FULL["mvpd"]])


def test_a_virtual_session_is_answered_on_its_own_host_only() -> None:
    """Else the page of that host could read, as its own, what it must not see of another."""
    api = Injector().api
    ex = call("create-session", form=FULL)
    code = json.loads(api.respond(Decoded(ex), ex.started or 0).body)["code"]
    page = exchange("GET", f"/api/v2/authenticate/{SP}/{code}", ())
    for host, belongs_to in ((ex.request.host, True), ("api.auth.adobe.com", True), ("evil.example", False)):
        page.request.__dict__["host"] = host
        assert is_owned(read(Decoded(page)), api.sessions, ex.started or 0) is belongs_to


def test_every_page_forbids_frames_caches_and_referrers() -> None:
    acting = Injector()
    acting.api.interactive = True
    ex = call("create-session", form=FULL)
    now = ex.started or 0
    code = json.loads(acting.api.respond(Decoded(ex), now).body)["code"]
    for path, status in ((f"/api/v2/authenticate/{SP}/{code}", 200), (f"/api/v2/authenticate/{SP}/0000000", 400),
                         (f"/api/v2/authenticate/{SP}/{code}?answer=yes", 400), ("/nowhere", 404)):  # fmt: skip
        made = acting.api.respond(Decoded(exchange("GET", path, ())), now)
        names = {name.lower(): value for name, value in made.headers}
        assert made.status == status
        assert "access-control-allow-origin" not in names
        assert "set-cookie" not in names
        if "html" in names["content-type"]:
            assert names["x-frame-options"] == "DENY"
            assert "frame-ancestors 'none'" in names["content-security-policy"]
            assert names["cache-control"] == "no-store"
            assert names["referrer-policy"] == "no-referrer"
