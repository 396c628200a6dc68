"""The answers of the operations beside the sessions, and the items inside them, held to the facts."""

from typing import Any

from passlens.rest_v2 import configuration, decisions, logouts, navigation, profiles, registration
from passlens.rest_v2.operations import BY_ID, FAMILIES
from passlens.rest_v2.response_rows import RESPONSE_ROWS
from support.facts import ANSWERS, Rows, cells, hold, load, plain, rows, until


def followed(value: Any) -> Any:
    """``next`` of a fact as the table writes it: by operation or code, * for the rest, without empty lists."""
    by = value if isinstance(value, dict) else {"*": value or []}
    return {("*" if key == "others" else key): names for key, names in by.items() if names}


def test_the_answer_rows() -> None:
    facts = {name: row for file in ANSWERS for name, row in rows(file, "answer_rows").items()}
    file_of = {name: file for file in ANSWERS for name in rows(file, "answer_rows")}
    want: Rows = {
        name: cells(
            operations=row["operations"],
            statuses=row["http_status"] if isinstance(row["http_status"], list) else [row["http_status"]],
            codes=row.get("codes"),
            member_status=row.get("member_status"),
            action=row.get("action"),
            since=row["from"],
            until=until(row["until"]),
            basis=row["basis"],
            next=followed(row.get("next")),
        )
        for name, row in facts.items()
    }
    have: Rows = {
        row.id: cells(
            operations=row.operations,
            statuses=row.statuses,
            codes=row.codes,
            member_status=row.member_status,
            action=row.action,
            since=row.since,
            until=row.until,
            basis=row.basis,
            next=row.next,
        )
        for row in sorted(RESPONSE_ROWS, key=lambda row: file_of.get(row.id, ""))
    }
    hold("answer rows", have, want)


def test_every_operation_has_rows_and_every_status_of_a_row_is_one_of_its_operation() -> None:
    assert {name for row in RESPONSE_ROWS for name in row.operations} == set(BY_ID) - set(FAMILIES["sessions"])
    for row in RESPONSE_ROWS:
        for name in row.operations:
            listed = {*BY_ID[name].success, *BY_ID[name].errors, 429}
            assert row.old or set(row.statuses) <= listed, (row.id, name)


def test_the_profile_rows() -> None:
    want: Rows = {
        name: cells(
            type=row["type"],
            issuer=row["issuer"],
            operations=row["operations"],
            attributes=row["must_have_attributes"],
            without=row.get("must_be_absent_attributes"),
            user_id=row.get("user_id_starts"),
            since=row["from"],
        )
        for name, row in rows("profiles", "profile_rows").items()
    }
    have: Rows = {
        row.id: cells(
            type=row.type,
            issuer=row.issuer,
            operations=row.operations,
            attributes=row.attributes,
            without=row.without,
            user_id=row.user_id,
            since=row.since,
        )
        for row in profiles.PROFILE_ROWS
    }
    hold("profile rows", have, want)


def test_the_vocabularies_of_profiles() -> None:
    facts = load("profiles")
    assert plain(profiles.TYPES) == facts["type"]
    assert set(profiles.EVERY_TYPE) == {one for values in facts["type"].values() for one in values}
    assert list(profiles.STATES) == facts["state"]
    required = [row["name"] for row in facts["members"] if row["presence"] == "required"]
    fields = profiles.PROFILE_MODEL.model_fields
    assert [name for name, field in fields.items() if field.is_required()] == required
    assert list(fields) == [row["name"] for row in facts["members"]]
    for operation, issuers in facts["issuer"].items():
        listed = {one for one in issuers if not one.startswith("<")}
        kinds = {row.issuer for row in profiles.PROFILE_ROWS if operation in row.operations} - {profiles.KEY}
        # E84: the page of partner-profile lists Apple alone, its sample of a degraded profile has Adobe.
        assert kinds - listed == ({"Adobe"} if operation == "partner-profile" else set()), operation


KINDS = {
    "boolean": "boolean or string",
    "integer of epoch milliseconds": "integer",
    "object with MPAA, VCHIP, URL": "object",
    "unknown": "any",
}
# A value can be encrypted, and samples of 2024 have an integer for a list (E83).
WIDER = {"zip": "array or string", "used_assets": "array or integer"}


def test_the_keys_of_metadata() -> None:
    want: Rows = {
        name: cells(
            kinds=WIDER.get(name, KINDS.get(row["type"], row["type"])),
            old=row.get("old"),
            encrypted=row.get("must_be_encrypted", False),
        )
        for name, row in rows("profiles", "metadata", "key").items()
    }
    have: Rows = {key.name: cells(kinds=key.kinds, old=key.old, encrypted=key.encrypted) for key in profiles.METADATA}
    hold("user metadata", have, want)


def by_operation(value: Any) -> dict[str, int] | None:
    return value if isinstance(value, dict) or value is None else {"*": value}


def test_the_decision_rows() -> None:
    want: Rows = {
        name: cells(
            operations=row["operations"],
            authorized=row["authorized"],
            source=row["source"],
            required=set(row["must_be_present"]),
            optional=set(row.get("optional", [])),
            absent=set(row["must_be_absent"]),
            codes=row.get("codes"),
            other_codes=set(row.get("other_codes_possible", [])),
            since=row["from"],
            until=until(row["until"]),
            basis=row["basis"],
            member_status=row.get("member_status"),
            statuses=by_operation(row.get("http_status")),
        )
        for name, row in rows("decisions", "decision_rows").items()
    }
    have: Rows = {
        row.id: cells(
            operations=row.operations,
            authorized=row.authorized,
            source=row.source,
            required=set(row.attributes.required),
            optional=set(row.attributes.optional),
            absent=set(row.attributes.absent),
            codes=row.codes,
            other_codes=set(row.other_codes),
            since=row.since,
            until=row.until,
            basis=row.basis,
            member_status=row.member_status,
            statuses=row.statuses,
        )
        for row in decisions.DECISION_ROWS
    }
    hold("decision rows", have, want)


def test_the_members_of_decisions_and_tokens() -> None:
    facts = load("decisions")
    assert list(decisions.SOURCES) == facts["source"]
    assert list(decisions.MEMBERS) == [row["name"] for row in facts["members"]]
    required = {row["name"] for row in facts["members"] if row["presence"] == "required"}
    fields = decisions.DECISION_MODEL.model_fields
    assert {name for name, field in fields.items() if field.is_required()} == required
    assert list(decisions.Token.model_fields) == [row["name"] for row in facts["token"]]


def test_the_configuration() -> None:
    facts = load("configuration")
    mvpd = {row["name"]: cells(required=row["presence"] == "required") for row in facts["mvpd"]}
    fields = configuration.MvpdModel.model_fields
    have = {name: cells(required=fields[name].is_required()) for name in [*mvpd, *fields] if name in fields}
    hold("members of an MVPD", have, mvpd)
    flags = [row["name"] for row in facts["mvpd"] if row["wire_type"] == "boolean"]
    assert sorted(configuration.FLAGS) == sorted(flags)
    assert facts["boardingStatus"] == [configuration.SUPPORTED, configuration.PICKER]
    inner = {row["name"] for row in facts["requestor"]}
    assert {*configuration.Requestor.model_fields, "mvpds"} == inner


def test_the_logout_rows() -> None:
    want: Rows = {
        name: cells(
            action=row["actionName"],
            type=row["actionType"],
            required=row["must_be_present"],
            url="url" not in row["must_be_absent"],
            since=row["from"],
            until=until(row["until"]),
        )
        for name, row in rows("logout", "entry_rows").items()
    }
    have: Rows = {
        row.id: cells(action=row.action, type=row.type, required=row.required, url=row.url, since=row.since, until=None)
        for row in logouts.LOGOUT_ROWS
    }
    hold("logout rows", have, want)
    assert list(logouts.ACTION_NAMES) == load("logout")["actionName"]
    assert list(logouts.ACTION_TYPES) == load("logout")["actionType"]


def test_the_members_of_registration() -> None:
    kinds = {"integer": int, "string": str}
    for operation, row in (("dcr-register", "G-1"), ("dcr-token", "T-1")):
        facts = load("dcr")["members"][operation]
        fields = registration.MODELS[row].model_fields
        want: Rows = {one["name"]: cells(required=one["presence"] == "required") for one in facts}
        have: Rows = {name: cells(required=field.is_required()) for name, field in fields.items()}
        hold(operation, have, want)
        for one in facts:
            if one["wire_type"] in kinds and one["presence"] == "required":
                assert fields[one["name"]].annotation is kinds[one["wire_type"]], one["name"]
    present = {row["id"]: row.get("must_be_present") for row in load("dcr")["answer_rows"]}
    for row_id, model in registration.MODELS.items():
        assert [name for name, field in model.model_fields.items() if field.is_required()] == present[row_id]


def test_the_query_of_a_location() -> None:
    assert sorted(navigation.QUERY) == sorted(load("authenticate")["query_of_location"])
