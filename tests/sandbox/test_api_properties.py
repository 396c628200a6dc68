"""Arbitrary requests: the sandbox never raises, and whatever it answers is as documented or the right error.
A state machine walks arbitrary journeys of two devices and holds what must always be true."""

import json
import random
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import forge
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Request
from passlens.rest_v2.operations import BY_ID, OPERATIONS
from passlens.sandbox.build_outcome import build_outcome, possible
from passlens.sandbox.request_facts import is_name
from passlens.sandbox.server import Api
from passlens.sandbox.session import SessionStore
from sandbox.asking import FULL, HARBOUR, SP, STATUS, Device, analyzed, call, departures, headers, objections

SEGMENT = st.one_of(
    st.sampled_from(
        [SP, "Apple", "apple", "MeridianFiber", "LanternDSL", "TempPass_Sandbox", "8ER640M", "code", "sso"]
    ),
    st.text(st.characters(codec="ascii", exclude_characters="/?#"), min_size=1, max_size=12),
    st.sampled_from(["%00", "%FF", "%E2%82%AC", "%2F..%2F", "..", ".", "%0d%0aX", "a" * 300, "%ED%A0%80"]),
)
HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0xD8FF), max_size=40)
INFO = st.dictionaries(
    st.sampled_from(["primaryHardwareType", "type", "model", "version", "osName", "osVersion", "displayWidth",
                     "displayPpi", "connectionSecure", "connectionIp", "connectionPort", "userAgent", "x"]),
    st.one_of(st.text(max_size=8), st.integers(), st.floats(), st.booleans(), st.none(),
              st.lists(st.integers(), max_size=2), st.just("\ud800"), st.just(10**400)),
    max_size=8,
).map(lambda value: forge.b64(json.dumps(value)))  # fmt: skip
STATUSES = st.one_of(
    st.sampled_from([HARBOUR, "HarbourCable", "quarry-net", "lantern-dsl", "nobody", "\udcff", "a/b?", "${x}"]).map(
        lambda provider: forge.partner_status(provider=provider)
    ),
    st.sampled_from([forge.denied_status(), forge.old_partner_status(), forge.partner_status(expires_in=-9), "%%", ""]),
    INFO,
    HEADER_TEXT,
)
VALUES: dict[str, st.SearchStrategy[str]] = {
    "Authorization": st.one_of(
        st.sampled_from([forge.bearer(), forge.bearer(age=90_000), forge.bearer(scopes="x"), "Bearer a.b.c"]),
        HEADER_TEXT,
    ),
    "AP-Device-Identifier": st.one_of(st.just(forge.device_identifier()), HEADER_TEXT),
    "X-Device-Info": st.one_of(INFO, HEADER_TEXT),
    STATUS: STATUSES,
    "AP-TempPass-Identity": st.one_of(st.just(forge.temppass_identity()), HEADER_TEXT),
    "User-Agent": HEADER_TEXT,
    "Content-Type": st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain"]),
}  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=60),
    st.none(),
    st.dictionaries(
        st.sampled_from(["mvpd", "domainName", "redirectUrl", "SAMLResponse", "client_id", "grant_type", "answer"]),
        st.one_of(
            st.text(max_size=15),
            st.sampled_from(
                ["MeridianFiber", "LanternDSL", "https://a.example/?b=ü", "javascript:1", "x:y", "http://["]
            ),
        ),
        max_size=5,
    ).map(lambda form: "&".join(f"{name}={text}" for name, text in form.items()).encode("utf-8", "surrogatepass")),
    st.recursive(
        st.one_of(st.none(), st.text(max_size=6), st.integers(), st.just("\ud800")),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["resources", "software_statement", "redirect_uri"]), inner, max_size=3),
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
)


GOOD = {"serviceProvider": SP, "partner": "Apple", "mvpd": "MeridianFiber", "code": "8ER640M"}


def mostly(good: st.SearchStrategy[Any], other: st.SearchStrategy[Any], of: int = 8) -> st.SearchStrategy[Any]:
    """``good``, and once in ``of`` times ``other``."""
    return st.integers(1, of).flatmap(lambda number: other if number == of else good)


def good_body(operation: str) -> st.SearchStrategy[bytes | None]:
    """Bodies an app would send: any of the parameters, with values of the sandbox."""
    if operation in ("authorize", "preauthorize"):
        return st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=7).map(
            lambda names: json.dumps({"resources": names}).encode()
        )
    if operation == "dcr-register":
        return st.just(json.dumps({"software_statement": forge.software_statement()}).encode())
    names = BY_ID[operation].parameters
    values = {"mvpd": ["MeridianFiber", "HarbourCable", "LanternDSL", "TempPass_Sandbox", "Nobody"]}
    values |= {
        "redirectUrl": ["https://a.example/b?c=%C3%BC", "demotv://x", "mailto:a", ""],
        "domainName": ["a.example"],
    }
    values |= {"SAMLResponse": [forge.saml_response(), "eA=="], "grant_type": ["client_credentials", "password"]}
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(values.get(name, ["x"])) for name in names}).map(
        lambda form: urlencode(form).encode()
    )


SECRET = re.compile(rb'name="token" value="[0-9a-f]{32}"')


@st.composite
def requests(draw: st.DrawFn) -> Exchange:
    """A request that routes to an operation, near a conformant one in most parts."""
    operation = draw(st.sampled_from(OPERATIONS))
    path = operation.prefix + draw(mostly(st.just(operation.paths[0]), st.sampled_from(operation.paths)))
    for name, good in GOOD.items():
        path = path.replace("{" + name + "}", draw(mostly(st.just(good), SEGMENT)))
    if draw(st.integers(0, 3)) == 3:
        path += "?" + draw(st.text(st.characters(codec="ascii"), max_size=20))
    sent = dict(headers())
    if "partner" in path or "sso" in path or draw(st.booleans()):
        sent[STATUS] = draw(STATUSES)
    for name in draw(mostly(st.just([]), st.lists(st.sampled_from(sorted(VALUES)), max_size=4), 3)):
        sent[name] = draw(VALUES[name])
    for name in draw(mostly(st.just([]), st.lists(st.sampled_from(sorted(sent)), max_size=2))):
        sent.pop(name, None)
    method = draw(mostly(st.just(operation.method), st.sampled_from(["GET", "POST", "PUT", "HEAD", "\u00dc"])))
    client = draw(st.sampled_from([None, "192.0.2.1", "2001:db8::1"]))
    body = draw(mostly(good_body(operation.id), BODIES, 4))
    request = Request(tuple(sent.items()), body, None, method, path=path, client=client)
    ex = Exchange(request, started=forge.CLOCK)
    return ex if ex.route is not None else call(operation.id)


def with_history(*, interactive: bool = False) -> Api:
    """An Api that knows the code 8ER640M, with profiles and a partner request of the device ``tv``."""
    api = Api(seed=1, interactive=interactive)
    for row, ex in (
        ("R1", call("resume-session", code="8ER640M", form=FULL, device="second")),
        ("C3", call("create-session", form=FULL | {"mvpd": "HarbourCable"})),
        ("P1", call("partner-session", AP_Partner_Framework_Status=forge.partner_status(provider=HARBOUR))),
    ):
        build_outcome(row, Decoded(ex), now=forge.CLOCK, rng=api.rng, sessions=api.sessions)
    return api


@settings(max_examples=120)
@given(requests(), st.booleans())
def test_the_sandbox_answers_anything_as_documented(ex: Exchange, interactive: bool) -> None:
    made = with_history(interactive=interactive).respond(Decoded(ex), forge.CLOCK)
    again = with_history(interactive=interactive).respond(Decoded(replace(ex)), forge.CLOCK)
    # The secret of a page's buttons is the one thing that no seed foretells.
    assert replace(made, body=SECRET.sub(b"", made.body)) == replace(again, body=SECRET.sub(b"", again.body))
    found = objections(analyzed(ex, made))
    # The operations table has no 200 for authenticate, though the OpenAPI file has: the page for yes or no.
    page = interactive and ex.operation.id == "authenticate" and made.status == 200
    assert [finding for finding in found if not (page and finding["code"] == "PL501")] == []
    assert departures(ex, made) == []
    for name, text in made.headers:
        assert (name + text).isascii()
        assert (name + text).isprintable()


@settings(max_examples=100)
@given(requests())
def test_a_virtual_session_answers_anything_about_it(ex: Exchange) -> None:
    made = with_history().belongs_to(Decoded(ex), forge.CLOCK + 60)
    if made is not None:
        assert objections(analyzed(ex, made)) == []
        assert departures(ex, made) == []


@settings(max_examples=80)
@given(requests(), st.data())
def test_any_possible_answer_can_be_had_for_any_request(ex: Exchange, data: st.DataObject) -> None:
    assert ex.route is not None
    nameless = [name for name, text in ex.route.parameters.items() if not is_name(text)]
    name = data.draw(st.sampled_from(possible(ex.operation.id)))
    made = build_outcome(name, Decoded(ex), now=forge.CLOCK, rng=random.Random(1), sessions=SessionStore())
    for finding in objections(analyzed(ex, made)):
        # What the request itself is like can be told of its answer; the answer as such is in order.
        # A url cannot repeat a segment that is no text.
        assert finding["side"] == "exchange" or (nameless and finding["code"] == "PL411"), finding


class Journeys(RuleBasedStateMachine):
    """Two devices do whatever they like, in any order; ``Device.send`` judges every answer."""

    def __init__(self) -> None:
        super().__init__()
        self.api = Api(seed=3, sessions=SessionStore(limit=5))
        self.devices = [Device(self.api, "one"), Device(self.api, "two")]
        self.codes: list[str] = []

    def _device(self, index: int) -> Device:
        self.devices[index].now = max(device.now for device in self.devices)
        return self.devices[index]

    def _note(self, response: dict[str, Any]) -> None:
        if "actionName" in response and "code" in response and response["code"] not in self.codes:
            self.codes.append(response["code"])

    def _code(self, which: int) -> str:
        return self.codes[which % len(self.codes)] if self.codes else "0000000"

    forms = st.sets(st.sampled_from(sorted(FULL))).map(lambda names: {name: FULL[name] for name in sorted(names)})
    mvpds = st.sampled_from(["MeridianFiber", "HarbourCable", "LanternDSL", "TempPass_Sandbox"])
    index = st.sampled_from([0, 1])
    number = st.integers(0, 20)

    @rule(index=index, form=forms)
    def create(self, index: int, form: dict[str, str]) -> None:
        self._note(self._device(index).ask("create-session", form=form))

    @rule(index=index, which=number, form=forms, mvpd=mvpds)
    def resume(self, index: int, which: int, form: dict[str, str], mvpd: str) -> None:
        sent = form | {"mvpd": mvpd} if "mvpd" in form else form
        self._device(index).ask("resume-session", code=self._code(which), form=sent)

    @rule(index=index, provider=st.sampled_from([HARBOUR, "quarry-net", "lantern-dsl", None]), form=forms)
    def partner(self, index: int, provider: str | None, form: dict[str, str]) -> None:
        device = self._device(index)
        status = forge.partner_status(device.now, provider=provider)
        self._note(device.ask("partner-session", form=form, AP_Partner_Framework_Status=status))

    @rule(index=index)
    def partner_profile(self, index: int) -> None:
        device = self._device(index)
        status = forge.partner_status(device.now, provider=HARBOUR)
        form = {"SAMLResponse": forge.saml_response()}
        device.send(
            call("partner-profile", device.now, device=device.name, form=form, AP_Partner_Framework_Status=status)
        )

    @rule(which=number)
    def authenticate(self, which: int) -> None:
        made = self._device(0).browse(f"/api/v2/authenticate/{SP}/{self._code(which)}")
        assert made.status in (302, 400)

    @rule(index=index, which=number, operation=st.sampled_from(["retrieve-session", "retrieve-profile-code"]))
    def by_code(self, index: int, which: int, operation: str) -> None:
        self._device(index).ask(operation, code=self._code(which))

    @rule(
        index=index,
        mvpd=mvpds,
        operation=st.sampled_from(["authorize", "preauthorize", "retrieve-profile-mvpd", "logout"]),
    )
    def by_mvpd(self, index: int, mvpd: str, operation: str) -> None:
        self._device(index).ask(operation, mvpd_path=mvpd)

    @rule(seconds=st.sampled_from([1.0, 600.0, 1800.0, 90_000.0]))
    def wait(self, seconds: float) -> None:
        for device in self.devices:
            device.now += seconds

    @invariant()
    def a_device_sees_only_its_own_profiles(self) -> None:
        seen = [
            {
                profile["attributes"]["userID"]["value"]
                for profile in device.ask("retrieve-profiles")["profiles"].values()
            }
            for device in (self._device(0), self._device(1))
        ]
        assert not seen[0] & seen[1]

    @invariant()
    def codes_do_not_collide_and_the_store_is_bounded(self) -> None:
        codes = [session.code for session in self.api.sessions.list(self.devices[0].now) if session.code is not None]
        assert len(codes) == len(set(codes))
        assert len(self.api.sessions) <= 5


TestJourneys = Journeys.TestCase
TestJourneys.settings = settings(max_examples=40, stateful_step_count=25)


def test_the_strategies_know_all_operations() -> None:
    assert {operation.id for operation in OPERATIONS} == set(BY_ID)
