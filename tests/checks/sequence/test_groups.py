"""The groups of operations are made of operations."""

from passlens.checks.sequence import groups
from passlens.rest_v2.operations import BY_ID


def test_every_member_is_an_operation() -> None:
    found = {name: value for name, value in vars(groups).items() if name.isupper()}
    assert len(found) > 5
    for name, value in found.items():
        members = {value} if isinstance(value, str) else set(value)
        assert members, name
        assert members <= BY_ID.keys(), name


def test_registration_is_what_names_no_service_provider() -> None:
    without = {operation.id for operation in BY_ID.values() if "serviceProvider" not in operation.paths[0]}
    assert without == groups.REGISTRATION
