"""Names of secrets in every spelling, and the short look whether an answer can hold any."""

import json

from hypothesis import given
from hypothesis import strategies as st

from cases import as_exchange, cases
from passlens.secret_names import is_secret_name, may_hold_secrets
from passlens.secrets import own_secrets


def test_names_of_secrets_are_known_in_every_spelling() -> None:
    for name in ("SAMLResponse", "client_secret", "clientSecret", "access_token", "serializedToken", "AP-Device-Id"):
        assert is_secret_name(name.removeprefix("AP-"))
    for name in ("mvpd", "code", "domainName", "type", "tokens_left", ""):
        assert not is_secret_name(name)


def test_a_long_name_is_told_by_its_end() -> None:
    assert is_secret_name("x" * 1000 + "_token")
    assert not is_secret_name("token" + "x" * 1000)


SPELLINGS = st.sampled_from(["access_token", "ClientSecret", "e-mail", "NAME ID", "cookie", "attributes"])


@given(SPELLINGS, st.text(max_size=20))
def test_the_short_look_misses_no_name(name: str, value: str) -> None:
    for body in (json.dumps({name: value}), json.dumps({"a": [{name.upper(): value}]}, ensure_ascii=False)):
        assert may_hold_secrets(body.encode("utf-8", "surrogatepass"))


def test_what_could_be_another_spelling_is_not_passed_over() -> None:
    for body in (b'{"to\\u006ben": "x"}', '{"to\u212aen": "x"}'.encode(), b'{"url": "/a?x=secret"}'):
        assert may_hold_secrets(body)
    assert not may_hold_secrets(b'{"code": "8BLW4RW"}')
    assert not may_hold_secrets(None)


def test_no_documented_answer_with_a_secret_is_passed_over() -> None:
    for made in cases():
        ex = as_exchange(made)
        if ex.route is None or ex.answer is None or may_hold_secrets(ex.answer.body):
            continue
        bare = as_exchange(made.named(made.name, answer_body=b"{}"))
        assert own_secrets(ex) == own_secrets(bare), made.name
