"""A sandbox world in, from a YAML file, or what is wrong with it and where; read as rule files are, all errors at
once. Its JSON Schema for editors is made from the same models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, StringConstraints, ValidationError

from passlens.errors import RuleError, RuleFileError
from passlens.rest_v2.decisions import DECISION_ROWS
from passlens.sandbox.request_facts import is_name
from passlens.sandbox.world import MADE_UP, PERMIT, PROMOTIONAL_RESOURCES, MvpdKind, SignIn, Throttle, World, WorldMvpd
from passlens.sandbox.world import Degradation as Rule
from passlens.scenarios.base_model import RuleModel, Shorthand
from passlens.scenarios.errors import MAX_COUNT, all_errors, at, in_order, rule_file_error
from passlens.scenarios.nearest import nearest
from passlens.scenarios.rule_files import stamp, yaml_bytes
from passlens.scenarios.schema import DIALECT, tidy
from passlens.scenarios.yaml_nodes import NodePath, YamlDocument, read

CODES = tuple(dict.fromkeys(code for row in DECISION_ROWS if not row.old for code in (*row.codes, *row.other_codes)))
"""Error codes that a decision can have."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class WorldMvpdModel(RuleModel):
    """One MVPD of the world."""

    id: Id
    """Its id, as in the configuration and in paths."""
    name: Id | None = None
    """What the picker shows; without it the id."""
    kind: MvpdKind = "regular"
    """How it lets people in: regular, degraded (by a degradation rule), temporary or promotional (TempPass)."""
    mapping: Id | None = None
    """Its id at the partner, platformMappingId; without it the partner does not know it."""
    partner: bool = False
    """Whether partner single sign-on is switched on; needs a mapping."""
    degradation: Rule = "AuthNAll"
    """The rule of a degraded MVPD: AuthNAll signs everybody in, AuthZAll lets everybody watch, AuthZNone nobody."""
    minutes: Annotated[int, Field(ge=1, le=525_600)] | None = None
    """How long its profiles and its TempPass hold."""
    logout: bool = True
    """Whether it has a logout of its own, which a user agent opens; without one the logout is complete at once."""
    resources: Annotated[int, Field(ge=1, le=1000)] = PROMOTIONAL_RESOURCES
    """How many resources a promotional TempPass is good for."""


class WorldThrottleModel(RuleModel):
    """How many calls a device may make."""

    per_second: Annotated[int, Field(ge=1, le=10_000)] = 1
    """In each second."""
    burst: Annotated[int, Field(ge=0, le=10_000)] = 10
    """And so many more, once."""


class WorldResourceModel(Shorthand):
    """What is decided about a resource: permit, or the error code of its denial with the words of the server."""

    main: ClassVar[str] = "error"
    bare: ClassVar[tuple[type, ...]] = (str,)
    expected: ClassVar[str] = "permit or the text of an error code of decisions"
    bare_schema: ClassVar[dict[str, Any]] = {"enum": [PERMIT, *CODES]}

    error: str
    """The error code of its denial, or permit."""
    message: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    """What the server says of the denial, in the words that the app shows; without it, passlens' own."""


class WorldFile(RuleModel):
    """What the sandbox plays: the MVPDs, resources and service providers of an app."""

    strict: bool = False
    """Whether ids that are not listed are refused; otherwise they are taken."""
    service_providers: Annotated[list[Id], Field(min_length=1, max_length=1000)] | None = None
    """The service providers; without them, any."""
    mvpds: Annotated[list[WorldMvpdModel], Field(min_length=1, max_length=2000)] | None = None
    """The MVPDs, in the order of the picker; without them, a few made-up ones."""
    resources: Annotated[dict[Id, WorldResourceModel], Field(max_length=5000)] = {}
    """For each resource permit, or the error code of its denial; "*" is for all others."""
    sign_in: SignIn = "at-once"
    """What the page of the provider does: sign in at once, or ask."""
    throttle: WorldThrottleModel | None = None
    """After how many calls the answer is 429; without it, never."""


def read_world(path: Path) -> World:
    """Read a world file; raises RuleFileError, with a sentence for each error."""
    return world_of(yaml_bytes(path), path)


def world_of(data: bytes, path: Path) -> World:
    """The world of a file's bytes; ``path`` is for the errors."""
    try:
        document = read(data)
    except RuleError as error:
        raise rule_file_error(path, error) from None
    errors = [*document.errors, *_without_value(document)]
    file = None
    try:
        file = WorldFile.model_validate(document.value)
    except ValidationError as error:
        broken = {error.key for error in errors}
        errors += [found for found in all_errors(error, WorldFile, document) if found.key not in broken]
    errors += _contradictions(document)
    if file is None or errors:
        raise rule_file_error(path, *in_order(errors))
    return _world(file)


class RunningWorld:
    """A world file in use. ``refresh`` reads it again; a version with mistakes is not taken."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self._stamp = stamp(path)
        self.world = read_world(path)

    @property
    def is_changed(self) -> bool:
        """True if the file is another than when it was looked at last."""
        return stamp(self.path) != self._stamp

    def refresh(self) -> str | None:
        """Take the file as it is now, or say why the last good world stays, a sentence a line."""
        self._stamp = stamp(self.path)
        try:
            self.world = read_world(self.path)
        except RuleFileError as error:
            return f"{error} The last good world stays."
        return None


def _world(file: WorldFile) -> World:
    mvpds = MADE_UP
    if file.mvpds is not None:
        mvpds = tuple(WorldMvpd(**{**dict(part), "name": part.name or part.id}) for part in file.mvpds)
    throttle = Throttle(file.throttle.per_second, file.throttle.burst) if file.throttle is not None else None
    names = frozenset(file.service_providers) if file.service_providers is not None else None
    resources = {name: part.error for name, part in file.resources.items()}
    messages = {name: part.message for name, part in file.resources.items() if part.message is not None}
    return World(mvpds, names, resources, messages, file.sign_in, throttle, file.strict)


def _without_value(document: YamlDocument) -> list[RuleError]:
    """Keys that have no value, which are taken out, so that the others are looked at as well."""
    value = document.value if isinstance(document.value, dict) else {}
    mvpds, throttle = value.get("mvpds"), value.get("throttle")
    parts: list[tuple[NodePath, Any, type[RuleModel]]] = [((), value, WorldFile)]
    parts += [(("mvpds", at), one, WorldMvpdModel) for at, one in enumerate(mvpds if isinstance(mvpds, list) else ())]
    parts.append((("throttle",), throttle, WorldThrottleModel))
    empty = [
        (place, part, key)
        for place, part, model in parts
        if isinstance(part, dict)
        for key, inner in part.items()
        if inner is None and key in model.model_fields
    ]
    for _, part, key in empty:
        del part[key]
    return [at(document, (*place, key), "has no value") for place, _, key in empty]


def _contradictions(document: YamlDocument) -> Iterator[RuleError]:
    """What no single key shows, told also where other parts of the file cannot be read."""
    value = document.value if isinstance(document.value, dict) else {}
    names = value.get("service_providers")
    for number, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name and not is_name(name):
            yield at(document, ("service_providers", number), f"{name!r} cannot stand in a path: blanks or slashes")
    resources = value.get("resources")
    wrong = 0
    for resource, part in (resources if isinstance(resources, dict) else {}).items():
        says = part.get("error") if isinstance(part, dict) else part
        if says == PERMIT and isinstance(part, dict) and "message" in part:
            yield at(document, ("resources", resource, "message"), "is for a denial")
        if isinstance(says, str) and says not in (PERMIT, *CODES):
            # Looking for the nearest word takes long; only the first ones are told.
            near = f"; {nearest(says, (PERMIT, *CODES))}" if wrong < MAX_COUNT else ""
            yield at(
                document, ("resources", resource), f"{says!r} is neither permit nor an error code of decisions{near}"
            )
            wrong += 1
    mvpds = value.get("mvpds")
    yield from _of_mvpds(mvpds if isinstance(mvpds, list) else [], document)


def _of_mvpds(mvpds: list[Any], document: YamlDocument) -> Iterator[RuleError]:
    seen: dict[tuple[str, str], int] = {}
    for number, mvpd in enumerate(mvpds):
        if not isinstance(mvpd, dict):
            continue
        place = ("mvpds", number)
        name, kind = mvpd.get("id"), mvpd.get("kind", "regular")
        if isinstance(name, str) and name and not is_name(name):
            yield at(document, (*place, "id"), f"{name!r} cannot stand in a path: blanks or slashes")
        for key in ("id", "mapping"):
            text = mvpd.get(key)
            if not isinstance(text, str):
                continue
            if (key, text) in seen:
                yield at(document, (*place, key), f"{text!r} is the {key} of mvpds[{seen[key, text]}] as well")
            seen.setdefault((key, text), number)
        if mvpd.get("partner") is True and mvpd.get("mapping") is None:
            yield at(document, (*place, "partner"), "needs a mapping: the partner names the MVPD by it")
        if mvpd.get("logout") is False and kind in ("temporary", "promotional"):
            yield at(document, (*place, "logout"), "is for an MVPD that people sign in to")
        if "degradation" in mvpd and kind != "degraded":
            yield at(document, (*place, "degradation"), "is for an MVPD of kind degraded")
        if "resources" in mvpd and kind != "promotional":
            yield at(document, (*place, "resources"), "is for an MVPD of kind promotional")


def schema() -> dict[str, Any]:
    """The JSON Schema of a world file."""
    made = WorldFile.model_json_schema(by_alias=True)
    made["title"] = "passlens sandbox world"
    made["$defs"]["WorldResourceModel"]["anyOf"][1]["properties"]["error"]["enum"] = [PERMIT, *CODES]
    return {"$schema": DIALECT, **tidy(made)}


def as_text() -> str:
    """The schema as it is printed."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
