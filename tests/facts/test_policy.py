"""redaction/policy.py against the facts: whatever the documentation lists has a place in the policy."""

import re
from collections.abc import Iterable

import pytest

from passlens.redaction.policy import (
    BODIES,
    CLAIMS,
    DEVICE_INFO,
    ERRORS,
    HEADERS,
    MEMBERS,
    PARAMETERS,
    PARTNER_STATUS,
    USER_METADATA,
    Rows,
)
from support.facts import load


def missing(rows: Rows, names: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(rows))


def names_of(file: str, table: str) -> list[str]:
    return [row.get("name") or row["key"] for row in load(file)[table]]


def test_every_documented_header_has_a_kind() -> None:
    named = [header["name"] for operation in load("endpoints")["operations"] for header in operation["headers"]]
    named += load("headers")["leftovers"]["headers"]
    assert not missing(HEADERS, map(str.lower, named))


def test_every_documented_parameter_has_a_kind() -> None:
    operations = load("endpoints")["operations"]
    named = [name for operation in operations for name in operation["parameters"]]
    named += [row["name"] for operation in operations for row in operation["query"]]
    named += load("headers")["leftovers"]["parameters"]
    assert not missing(PARAMETERS, named)


def test_every_parameter_of_a_path_is_public() -> None:
    # Reports show the paths of operations as they were sent.
    named = {name for row in load("endpoints")["operations"] for name in re.findall(r"{(\w+)}", row["path"])}
    assert [name for name in sorted(named) if PARAMETERS.get(name) != "public"] == []


def test_every_member_of_the_decoded_headers_has_a_kind() -> None:
    headers = load("headers")
    keys = [row["key"] for row in headers["X-Device-Info"]["keys"]]
    aliases = [row["alias"] for row in headers["X-Device-Info"]["aliases"]]
    assert sorted({*keys, *aliases}) == sorted(DEVICE_INFO)
    paths = [row["path"].rpartition(".")[2] for row in headers["AP-Partner-Framework-Status"]["members"]]
    assert not missing(PARTNER_STATUS, paths)


def test_every_user_metadata_key_has_a_kind() -> None:
    rows = load("profiles")["metadata"]
    assert sorted({*(row["key"] for row in rows), *(row["old"] for row in rows if "old" in row)}) == sorted(
        USER_METADATA
    )


@pytest.mark.parametrize("operation", ["create-session", "resume-session", "partner-session"])
def test_every_attribute_of_a_session_has_a_kind(operation: str) -> None:
    rows = [row for row in load("session-responses")["truth_table"] if row["operation"] == operation]
    assert not missing(BODIES[operation], (name for row in rows for name in row["must_be_present"]))


def test_every_member_of_the_other_answers_has_a_kind() -> None:
    assert not missing(MEMBERS["profiles/*"], names_of("profiles", "members"))
    assert not missing(MEMBERS["decisions"], names_of("decisions", "members"))
    assert not missing(MEMBERS["token"], names_of("decisions", "token"))
    assert not missing(BODIES["retrieve-configuration"], names_of("configuration", "members"))
    assert not missing(MEMBERS["mvpds"], names_of("configuration", "mvpd"))
    assert not missing(MEMBERS["requestor"], names_of("configuration", "requestor"))
    for operation, rows in load("dcr")["members"].items():
        assert not missing(BODIES[operation], (row["name"] for row in rows))


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (USER_METADATA, "userID"),
        (USER_METADATA, "upstreamUserID"),
        (USER_METADATA, "householdID"),
        (USER_METADATA, "primaryOID"),
        (USER_METADATA, "zip"),
        (USER_METADATA, "encryptedZip"),
        (MEMBERS["token"], "serializedToken"),
        (PARAMETERS, "client_id"),
        (PARAMETERS, "client_secret"),
        (PARAMETERS, "software_statement"),
        (PARAMETERS, "SAMLResponse"),
        (HEADERS, "ap-temppass-identity"),
        (HEADERS, "ap-visitor-identifier"),
        (HEADERS, "ap-device-identifier"),
        (HEADERS, "authorization"),
        (HEADERS, "x-forwarded-for"),
        (HEADERS, "cookie"),
        (HEADERS, "set-cookie"),
        (CLAIMS, "sub"),
        (DEVICE_INFO, "connectionIp"),
    ],
)
def test_what_must_never_be_shown(rows: Rows, name: str) -> None:
    assert rows[name] in ("secret", "personal")


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (MEMBERS["token"], "notAfter"),
        (MEMBERS["profiles/*"], "notAfter"),
        (MEMBERS["decisions"], "resource"),
        (MEMBERS["decisions"], "mvpd"),
        (BODIES["dcr-token"], "expires_in"),
        (CLAIMS, "exp"),
        (PARAMETERS, "mvpd"),
        (PARAMETERS, "resources"),
        (ERRORS, "trace"),
    ],
)
def test_what_is_public(rows: Rows, name: str) -> None:
    assert rows[name] == "public"
