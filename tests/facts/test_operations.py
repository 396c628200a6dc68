"""The operations and the headers of the API, held to the facts."""

from typing import Any

import pytest

from passlens.rest_v2 import device_info, identifiers, partner_status, routing
from passlens.rest_v2.operations import (
    BY_ID,
    FOREIGN_HOSTS,
    HOSTS,
    LEFTOVER_HEADERS,
    LEFTOVER_PARAMETERS,
    OPERATIONS,
    Operation,
)
from support.facts import Rows, cells, hold, load, rows

FACTS = rows("endpoints", "operations")


def presence(header: dict[str, str]) -> str:
    """The table's mark of a header: what the page demands, else what another page does, else the proposed reading."""
    if header["docs"] == "required":
        return "required"
    return "expected" if header.get("elsewhere") == "required" else header["effective"]


def in_the_facts(row: dict[str, Any]) -> dict[str, Any]:
    success = row["success"] + [status for status in row.get("success_openapi", []) if status not in row["success"]]
    return cells(
        title=row["title"],
        method=row["method"],
        path=row["path"],
        media_type=row["media_type"],
        parameters=row["parameters"],
        query={name["name"]: name["presence"] for name in row["query"]},
        query_openapi=row.get("query_openapi"),
        headers={header["name"]: presence(header) for header in row["headers"]},
        success=[status for status in success if (row["id"], status) != ("logout", 302)],  # E95
        errors=row["errors"],
        revision=row["revision"],
    )


def in_the_table(operation: Operation) -> dict[str, Any]:
    return cells(
        title=operation.title,
        method=operation.method,
        path=operation.prefix + operation.paths[0],
        media_type=operation.media_type,
        parameters=operation.parameters,
        query=operation.query,
        query_openapi=operation.query_openapi,
        headers=operation.headers,
        success=operation.success,
        errors=operation.errors,
        revision=operation.revision,
    )


def test_operations() -> None:
    want: Rows = {name: in_the_facts(row) for name, row in FACTS.items()}
    have: Rows = {name: in_the_table(BY_ID[name]) for name in [*FACTS, *BY_ID] if name in BY_ID}
    hold("operations", have, want)


def test_the_hosts() -> None:
    assert list(HOSTS) == load("endpoints")["hosts"]
    assert list(FOREIGN_HOSTS) == load("endpoints")["other_services"]


def example(path: str) -> str:
    for name in ("serviceProvider", "mvpd", "partner"):
        path = path.replace(f"{{{name}}}", name.upper())
    return path.replace("{code}", "8BLW4RW")


@pytest.mark.parametrize(
    ("name", "prefix", "path"),
    [(name, one["prefix"], one["path"]) for name, row in FACTS.items() for one in row["spellings"]],
)
def test_every_spelling_of_the_facts_is_recognised(name: str, prefix: str, path: str) -> None:
    found = routing.route(BY_ID[name].method, example(prefix + path))
    assert found is not None
    assert (found.operation.id, found.is_canonical) == (name, False)


def test_every_spelling_of_the_table_has_a_source_or_says_that_it_has_none() -> None:
    for operation in OPERATIONS:
        shown = {one["path"] for one in FACTS[operation.id]["spellings"]}
        assert set(operation.paths[1:]) <= shown, operation.id
        assert not shown & set(operation.analogous), operation.id


@pytest.mark.parametrize("prefix", load("endpoints")["prefixes"])
def test_every_prefix_of_the_facts_is_recognised(prefix: str) -> None:
    assert routing.route("POST", f"{prefix}/register" if prefix == "/o/client" else f"{prefix}/SP/sessions")


def test_the_keys_of_the_device_info() -> None:
    kinds = {"number or string": ("number", "string"), "boolean or string": ("boolean", "string")}
    facts = {row["key"]: row for row in load("headers")["X-Device-Info"]["keys"]}
    want: Rows = {
        key: cells(
            required=row["presence"] == "required",
            values=sorted(row.get("values", [])),
            kinds=kinds.get(row["type"], (row["type"],)),
        )
        for key, row in facts.items()
    }
    have: Rows = {
        key.name: cells(
            required=key.required,
            # A JSON boolean stands beside its word, for the page does not say which of them is meant.
            values=sorted(value for value in key.values or () if isinstance(value, str)),
            kinds=key.kinds,
        )
        for key in device_info.KEYS
    }
    want["connectionSecure"]["values"] = ["false", "true"]
    hold("X-Device-Info", have, want)
    extra = facts["primaryHardwareType"]["openapi_extra_values"]
    assert list(device_info.OPENAPI_HARDWARE_TYPES) == extra
    assert [dict(zip(("alias", "canonical"), device_info.ALIAS, strict=True))] == load("headers")["X-Device-Info"][
        "aliases"
    ]


def test_the_required_keys_of_today() -> None:
    (*_, newest) = load("headers")["X-Device-Info"]["required_keys_by_revision"]
    assert list(device_info.REQUIRED) == newest["keys"]


def test_the_partner_status() -> None:
    facts = load("headers")["AP-Partner-Framework-Status"]
    members = {row["path"]: row for row in facts["members"]}
    old, newest = members["frameworkPermissionInfo.accessStatus"]["values_by_revision"]
    assert sorted(partner_status.ACCESS) == sorted(newest["values"])
    assert set(old["values"]) - set(newest["values"]) == {partner_status.OLD_ACCESS}
    assert list(partner_status.OLD_MEMBERS) == facts["old_members"]
    models = {
        "": partner_status.PartnerStatusModel,
        "frameworkPermissionInfo.": partner_status.PermissionInfo,
        "frameworkProviderInfo.": partner_status.ProviderInfo,
    }
    have = {
        f"{holder}{name}": cells(required=field.is_required())
        for holder, model in models.items()
        for name, field in model.model_fields.items()
    }
    want = {path: cells(required=row["presence"] == "required") for path, row in members.items()}
    hold("AP-Partner-Framework-Status", dict(sorted(have.items())), dict(sorted(want.items())))


def test_types_of_device_identifiers_and_leftovers() -> None:
    assert list(identifiers.TYPES) == load("headers")["AP-Device-Identifier"]["type_values"]
    leftovers = load("headers")["leftovers"]
    assert (list(LEFTOVER_HEADERS), list(LEFTOVER_PARAMETERS)) == (leftovers["headers"], leftovers["parameters"])


@pytest.mark.parametrize("header", sorted(load("headers")["used_on"]))
def test_a_header_is_listed_by_the_operations_that_its_page_names(header: str) -> None:
    listed = [one.id for one in OPERATIONS if header in one.headers]
    named = load("headers")["used_on"][header]
    by_openapi = ["preauthorize"] if header == "AP-TempPass-Identity" else []
    assert sorted(listed) == sorted(named + by_openapi)
