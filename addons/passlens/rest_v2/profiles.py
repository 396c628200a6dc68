"""Profiles: their kinds, the metadata that they carry, and how an answer of the four profile operations is read.
The body is one object with one member, a map from mvpd id to profile."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, Literal, NamedTuple

from pydantic import Field, create_model

from passlens.rest_v2.results import MAX_ITEMS, ProfileResult, text, time
from passlens.rest_v2.wire import (
    EpochMillisecondsNumber,
    Problem,
    Text,
    Texts,
    Whole,
    WireModel,
    one_of,
    problems,
)

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "retrieve-profiles": ("regular", "appleSSO", "platformSSO", "serviceTokenSSO"),
    "retrieve-profile-mvpd": ("regular", "degraded", "temporary", "appleSSO", "platformSSO", "serviceTokenSSO"),
    "retrieve-profile-code": ("regular", "degraded", "temporary"),
    "partner-profile": ("appleSSO",),
}
"""Values of type that an operation's page lists."""

SSO_TYPES: Final = ("appleSSO", "platformSSO", "serviceTokenSSO")
"""Types of profiles by single sign-on."""

EVERY_TYPE: Final = ("regular", "degraded", "temporary", *SSO_TYPES)
STATES: Final = ("plain", "enc")
"""Values of state that samples show: readable, or encrypted with the programmer's certificate."""

KEY: Final = "key"
"""As an issuer: the key of the map, which is an mvpd id."""


class ProfileRow(NamedTuple):
    """One kind of profile. ``issuer`` is the value, or KEY. ``attributes`` are there in every sample; ``without`` tells
    the row from another of its type; ``user_id`` is the start of userID in samples."""

    id: str
    type: str
    issuer: str
    operations: tuple[str, ...]
    attributes: tuple[str, ...] = ("userID",)
    without: tuple[str, ...] = ()
    user_id: str = ""
    since: str = "doc-2024-08-05"


_ALL: Final = ("retrieve-profiles", "retrieve-profile-mvpd")
_ADOBE: Final = ("retrieve-profile-mvpd", "retrieve-profile-code")
_PROMOTIONAL: Final = ("remaining_resources", "used_assets")

PROFILE_ROWS: Final[tuple[ProfileRow, ...]] = (
    ProfileRow("PT1", "regular", KEY, (*_ALL, "retrieve-profile-code")),
    ProfileRow("PT2", "serviceTokenSSO", KEY, _ALL),
    ProfileRow("PT3", "platformSSO", KEY, _ALL),
    ProfileRow("PT4", "appleSSO", "Apple", (*_ALL, "partner-profile")),
    ProfileRow("PT5", "temporary", "Adobe", _ADOBE, ("expiration_date", "userID"), _PROMOTIONAL, "temppass_"),
    ProfileRow("PT6", "temporary", "Adobe", _ADOBE, (*_PROMOTIONAL, "expiration_date", "userID"), (), "temppass_"),
    ProfileRow("PT7", "degraded", "Adobe", (*_ADOBE, "partner-profile"), ("userID",), (), "95cf93bcd183214a"),
)  # fmt: skip
BY_ID: Final[dict[str, ProfileRow]] = {row.id: row for row in PROFILE_ROWS}

Kinds = Literal[
    "string", "integer", "boolean or string", "array of strings", "array or string", "array or integer", "object",
    "any",
]  # fmt: skip


class MetadataKey(NamedTuple):
    """One key of user metadata. ``old`` is its spelling until doc-2025-03-07; ``encrypted`` where it must be so."""

    name: str
    kinds: Kinds = "string"
    old: str | None = None
    encrypted: bool = False


METADATA: Final[tuple[MetadataKey, ...]] = (
    MetadataKey("userID", "string", "userId"),
    MetadataKey("upstreamUserID"),
    MetadataKey("householdID", "string", "householdId"),
    MetadataKey("primaryOID"),
    MetadataKey("typeID"),
    MetadataKey("is_hoh"),
    MetadataKey("hba_status", "boolean or string"),
    MetadataKey("allowMirroring", "boolean or string"),
    MetadataKey("zip", "array or string", None, True),
    MetadataKey("encryptedZip", "string", None, True),
    MetadataKey("channelID", "array of strings"),
    MetadataKey("maxRating", "object"),
    MetadataKey("language"),
    MetadataKey("onNet", "any"),
    MetadataKey("inHome", "any"),
    MetadataKey("mvpd"),
    MetadataKey("expiration_date", "integer"),
    MetadataKey("remaining_resources", "integer"),
    MetadataKey("used_assets", "array or integer"),
    MetadataKey("parental-controls", "any"),
)  # fmt: skip
OLD_NAMES: Final[dict[str, str]] = {key.old: key.name for key in METADATA if key.old}

_WIRE: Final[dict[Kinds, Any]] = {
    "string": Text,
    "integer": Whole,
    "boolean or string": one_of("boolean", "string"),
    "array of strings": Texts,
    "array or string": one_of("array", "string"),
    "array or integer": one_of("array", "number"),
    "object": one_of("object", "string"),
    "any": one_of("string", "number", "boolean", "object", "array"),
}


class Attribute(WireModel):
    """A piece of user metadata whose key nobody documented: the list of keys is open."""

    value: _WIRE["any"]  # type: ignore[valid-type]
    state: Text


def _attribute(key: MetadataKey) -> Any:
    return create_model(f"attribute {key.name}", __base__=Attribute, value=(_WIRE[key.kinds], ...))


_ATTRIBUTES: Final = {key.name: _attribute(key) for key in METADATA}


def _attributes(row: ProfileRow | None) -> Any:
    """The model of the attributes: what a row must have is required under its name of today."""
    required = row.attributes if row else ()
    fields: dict[str, Any] = {}
    for name, model in _ATTRIBUTES.items():
        default = ... if name in required else None
        fields[name.replace("-", "_")] = (model if name in required else model | None, Field(default, alias=name))
    name = f"{row.id} attributes" if row else "attributes"
    return create_model(name, __base__=WireModel, **fields)


def _model(row: ProfileRow | None) -> type[WireModel]:
    fields: dict[str, Any] = {
        "notBefore": (EpochMillisecondsNumber, ...),
        "notAfter": (EpochMillisecondsNumber, ...),
        "issuer": (Text if row is None or row.issuer == KEY else Literal[row.issuer], ...),
        "type": (Literal[row.type] if row else Text, ...),
        "attributes": (_attributes(row), ...),
        # Only in the OpenAPI file.
        "sessionId": (Text | None, None),
    }
    doc = f"Profile row {row.id}, since {row.since}." if row else "A profile whose type is in no row."
    return create_model(row.id if row else "profile", __base__=WireModel, __doc__=doc, **fields)


PROFILE_MODELS: Final = {row.id: _model(row) for row in PROFILE_ROWS}
PROFILE_MODEL: Final = _model(None)


class Profile(NamedTuple):
    """One entry of the map: its key, its row (None for an unknown type), and the entry itself."""

    key: str
    row: ProfileRow | None
    value: Any

    @property
    def attributes(self) -> dict[str, Any]:
        """The user metadata by key; empty where it is no map. Personal data."""
        found = self.value.get("attributes") if isinstance(self.value, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def old_names(self) -> tuple[str, ...]:
        """Keys of metadata in their spelling until doc-2025-03-07."""
        return tuple(name for name in OLD_NAMES if name in self.attributes)

    @property
    def plain_secrets(self) -> tuple[str, ...]:
        """Keys that must be encrypted and say that they are not."""
        names = (key.name for key in METADATA if key.encrypted)
        pieces = ((name, self.attributes.get(name)) for name in names)
        return tuple(name for name, piece in pieces if isinstance(piece, dict) and piece.get("state") == "plain")

    def metadata(self, name: str) -> Any:
        """The value of a piece of metadata, by its name of today; None where it is missing or no {value, state}."""
        old = next((old for old, new in OLD_NAMES.items() if new == name), name)
        piece = self.attributes.get(name, self.attributes.get(old))
        return piece.get("value") if isinstance(piece, dict) else None

    @property
    def expected_issuer(self) -> str | None:
        """The issuer that the row asks for, None without a row."""
        if self.row is None:
            return None
        return self.key if self.row.issuer == KEY else self.row.issuer

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the entry has wrong by the model of its row; pointers start at the entry. An attribute that is there in
        its old spelling is not missing."""
        model = PROFILE_MODEL if self.row is None else PROFILE_MODELS[self.row.id]
        found = problems(model.model_validate, self.value)
        spelt = {f"/attributes/{OLD_NAMES[name]}" for name in self.old_names}
        return tuple(one for one in found if one.kind != "missing" or one.pointer not in spelt)

    @property
    def result(self) -> ProfileResult:
        """What it means to the user."""
        value = self.value if isinstance(self.value, dict) else {}
        return {
            "kind": "profile",
            "row": self.row.id if self.row else None,
            "mvpd": text(self.key) or "",
            "type": text(value.get("type")),
            "issuer": text(value.get("issuer")),
            "not_after": time(value.get("notAfter")),
        }


def row_of(value: Any) -> ProfileRow | None:
    """The row of a profile, by its type; a temporary one is promotional if it counts resources."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return None
    attributes = value.get("attributes")
    names = attributes if isinstance(attributes, dict) else {}
    rows = [row for row in PROFILE_ROWS if row.type == value["type"]]
    promotional = any(name in names for name in _PROMOTIONAL)
    return next((row for row in rows if not (promotional and row.without)), None)


def profiles_of(body: Any) -> dict[str, Any] | None:
    """The map of profiles in a body, None where there is none."""
    found = body.get("profiles") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else None


def read_profiles(profiles: dict[str, Any]) -> Iterator[Profile]:
    """The entries of a map of profiles, in order, at most MAX_ITEMS."""
    for key, value in islice(profiles.items(), MAX_ITEMS):
        yield Profile(key, row_of(value), value)
