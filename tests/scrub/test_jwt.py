"""JWTs stay JWTs, and broken ones stay broken in the same way."""

import forge
from passlens.rest_v2.tokens import decode_jwt
from passlens.scrub.jwt import looks_like, rewrite
from passlens.scrub.values import Scrubber

SCRUBBER = Scrubber(b"tests")


def test_times_and_scopes_stay_subject_and_signature_go() -> None:
    token = forge.access_token(sub="planted-subject")
    made = SCRUBBER.token(token)
    before, after = decode_jwt(token)[0], decode_jwt(made)[0]
    assert before is not None
    assert after is not None
    assert after.header == before.header
    assert after.claims.keys() == before.claims.keys()
    assert {name for name in before.claims if after.claims[name] != before.claims[name]} == {"sub"}
    old, new = token.split("."), made.split(".")
    assert [len(part) for part in new] == [len(part) for part in old]
    assert new[2] != old[2]


def test_broken_tokens_stay_broken() -> None:
    token = forge.access_token()
    for broken in (token.replace(".", "..", 1), f"{token}.x", token[:-300], token.replace(".", ".!", 1)):
        assert decode_jwt(SCRUBBER.token(broken))[1] == decode_jwt(broken)[1]


def test_what_looks_like_one() -> None:
    assert looks_like(forge.access_token())
    for text in ("", "a.b.c", "www.example.com", "eyJhIjox.x", "Zm9vYmFy.x.y", "eyJhIjoxfQ"):
        assert not looks_like(text)


def test_parts_are_given_to_their_changes() -> None:
    made = rewrite(f"{forge.b64('{}')}.{forge.b64('{}')}.sig", lambda text: text, str.upper)
    assert made == f"{forge.b64('{}')}.{forge.b64('{}')}.SIG"
