"""The answer of retrieve-configuration: which MVPDs a user of the app can choose from.
The page's table puts mvpds at the top, its sample and the OpenAPI file into requestor (E77): both are read."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from pydantic import create_model

from passlens.rest_v2.results import MAX_MVPDS, ConfigurationResult
from passlens.rest_v2.wire import Flag, NonEmpty, Problem, Text, Texts, WireModel, problems

SUPPORTED: Final = "SUPPORTED"
PICKER: Final = "PICKER"
"""The values of boardingStatus, which no page of V2 names; they are those of REST API V1."""

FLAGS: Final = (
    "isTempPass", "isProxy", "enablePlatformServices", "displayInPlatformPicker", "enforcePlatformPermissions",
    "authPerAggregator", "passiveAuthnEnabled", "authPerBrowserSession",
)  # fmt: skip
MVPD_REQUIRED: Final = ("id", "displayName", "logoUrl")
MVPD_TEXTS: Final = ("boardingStatus", "platformMappingId")
MVPD_LISTS: Final = ("requiredMetadataFields",)

MvpdModel: Final = create_model(
    "Mvpd",
    __base__=WireModel,
    __doc__="One MVPD with an active integration. Flags are left out where they do not apply.",
    **dict.fromkeys(MVPD_REQUIRED, (NonEmpty, ...)),
    **dict.fromkeys(MVPD_TEXTS, (Text | None, None)),
    **dict.fromkeys(FLAGS, (Flag | None, None)),
    **dict.fromkeys(MVPD_LISTS, (Texts | None, None)),
)  # type: ignore[call-overload]


class Domain(WireModel):
    """A domain of the requestor."""

    name: Text | None = None
    mvpdInitiated: Flag | None = None


class Requestor(WireModel):
    """The service provider as the server knows it. Its MVPDs are read one by one, not by this model."""

    id: NonEmpty
    name: Text
    domains: list[Domain] | None = None
    channels: Text | None = None


class Mvpd(NamedTuple):
    """One MVPD of the list: its place, and the entry itself."""

    place: int
    value: Any

    def member(self, name: str) -> Any:
        """A member of the entry, None where it is missing."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    @property
    def id(self) -> str | None:
        """The mvpd id, if it is a string that is not empty."""
        found = self.member("id")
        return found if isinstance(found, str) and found else None

    @property
    def mapping(self) -> str | None:
        """platformMappingId: what the partner calls this MVPD (frameworkProviderInfo.id of its status)."""
        found = self.member("platformMappingId")
        return found if isinstance(found, str) and found else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the entry has wrong by its model; pointers start at the entry."""
        return problems(MvpdModel.model_validate, self.value)


class Configuration(NamedTuple):
    """A configuration as it was read. ``pointer`` is that of the list of MVPDs, ``total`` its length;
    ``requestor_pointer`` is where the requestor stands, or would."""

    requestor: dict[str, Any]
    mvpds: tuple[Mvpd, ...]
    total: int
    pointer: str
    requestor_pointer: str

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the requestor has wrong by its model; pointers start at the requestor."""
        bare = {name: value for name, value in self.requestor.items() if name != "mvpds"}
        return problems(Requestor.model_validate, bare)

    @property
    def result(self) -> ConfigurationResult:
        """What it means to the user."""
        return {"kind": "configuration", "mvpds": self.total}

    def by_mapping(self) -> dict[str, str]:
        """mvpd id by platformMappingId, the first one of each; for comparison with the partner status (E34)."""
        found: dict[str, str] = {}
        for mvpd in self.mvpds:
            if mvpd.mapping is not None and mvpd.id is not None:
                found.setdefault(mvpd.mapping, mvpd.id)
        return found


def read_configuration(body: Any) -> Configuration | None:
    """Read a configuration, at most MAX_MVPDS of its MVPDs; None where no list of MVPDs is found.

    A list of one element, of which the page's table speaks, is read as its element.
    """
    at = ""
    if isinstance(body, list) and body:
        body, at = body[0], "/0"
    if not isinstance(body, dict):
        return None
    requestor = body.get("requestor")
    inner = requestor if isinstance(requestor, dict) else {}
    for holder, pointer in ((inner, f"{at}/requestor/mvpds"), (body, f"{at}/mvpds")):
        mvpds = holder.get("mvpds")
        if isinstance(mvpds, list):
            return Configuration(inner, tuple(_read(mvpds)), len(mvpds), pointer, f"{at}/requestor")
    return None


def _read(mvpds: list[Any]) -> Iterator[Mvpd]:
    for place, value in enumerate(islice(mvpds, MAX_MVPDS)):
        yield Mvpd(place, value)
