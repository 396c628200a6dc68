"""The header X-Device-Info: its keys with their closed vocabularies, its model, its decoder.
Key table as on the header's page (doc-2024-09-30); JSON types where the page gives none follow the platform code."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

from pydantic import create_model

from passlens.rest_v2.encoded_json import EncodedJson, decode_encoded_json
from passlens.rest_v2.wire import JsonKind, NonEmpty, Problem, Text, WireModel, one_of, problems


class KeyRow(NamedTuple):
    """One key. ``values`` is the closed vocabulary, None for free text; ``kinds`` are the JSON kinds that are taken."""

    name: str
    required: bool
    values: tuple[Any, ...] | None = None
    kinds: tuple[JsonKind, ...] = ("string",)


HARDWARE_TYPES: Final = (
    "Camera", "DataCollectionTerminal", "Desktop", "EmbeddedNetworkModule", "eReader", "GamesConsole",
    "GeolocationTracker", "Glasses", "MediaPlayer", "MobilePhone", "PaymentTerminal", "PluginModem", "SetTopBox",
    "TV", "Tablet", "WirelessHotspot", "Wristwatch", "Unknown",
)  # fmt: skip

# Only in the OpenAPI enumeration of Device.type.
OPENAPI_HARDWARE_TYPES: Final = ("VehicleMultimediaSystem", "Projector")

OS_NAMES: Final = (
    "Android", "Chrome OS", "Linux", "Mac OS", "OS X", "OpenBSD", "Roku OS", "Windows", "iOS", "tvOS", "webOS",
)  # fmt: skip

KEYS: Final[tuple[KeyRow, ...]] = (
    KeyRow("primaryHardwareType", False, HARDWARE_TYPES),
    KeyRow("model", True),
    KeyRow("version", True),
    KeyRow("manufacturer", False),
    KeyRow("vendor", False),
    KeyRow("osName", True, OS_NAMES),
    KeyRow("osFamily", False, ("Android", "BSD", "Linux", "PlayStation OS", "Roku OS", "Symbian", "Tizen", "Windows",
                               "iOS", "tvOS", "macOS", "webOS")),
    KeyRow("osVendor", False, ("Amazon", "Apple", "Google", "LG", "Microsoft", "Mozilla", "Nintendo", "Nokia", "Roku",
                               "Samsung", "Sony", "Tizen Project")),
    KeyRow("osVersion", True),
    KeyRow("browserName", False, ("Android Browser", "Chrome", "Edge", "Firefox", "Internet Explorer", "Opera",
                                  "Safari", "SeaMonkey", "Symbian Browser")),
    KeyRow("browserVendor", False, ("Amazon", "Apple", "Google", "Microsoft", "Motorola", "Mozilla", "Netscape",
                                    "Nintendo", "Nokia", "Samsung", "Sony Ericsson")),
    KeyRow("browserVersion", False),
    KeyRow("userAgent", False),
    KeyRow("displayWidth", False, None, ("number",)),
    KeyRow("displayHeight", False, None, ("number",)),
    KeyRow("displayPpi", False, None, ("number", "string")),
    KeyRow("diagonalScreenSize", False, None, ("number", "string")),
    KeyRow("connectionIp", False),
    KeyRow("connectionPort", False, None, ("number", "string")),
    KeyRow("connectionType", True),
    KeyRow("connectionSecure", False, ("true", "false", True, False), ("boolean", "string")),
    KeyRow("applicationId", False),
)  # fmt: skip

NAMES: Final = tuple(key.name for key in KEYS)
REQUIRED: Final = tuple(key.name for key in KEYS if key.required)

# The Apple snippets of the page write type where its key table has primaryHardwareType.
ALIAS: Final = ("type", "primaryHardwareType")

# What platforms and cookbooks call the system, where the closed vocabulary has another word for it.
NEAR_MISSES: Final = {
    ("osName", "Roku"): "Roku OS",
    ("osName", "Fire OS"): "Android",
    ("osName", "iPadOS"): "iOS",
}


def _annotation(key: KeyRow) -> Any:
    if key.values is not None and key.kinds == ("string",):
        return Literal[key.values]
    if key.kinds != ("string",):
        return one_of(*key.kinds, values=key.values)
    return NonEmpty if key.required else Text


DeviceInfoModel: Final = create_model(
    "DeviceInfo",
    __base__=WireModel,
    __doc__="X-Device-Info after Base64 decoding.",
    **{key.name: (_annotation(key), ... if key.required else None) for key in KEYS},
)  # type: ignore[call-overload]


@dataclass(frozen=True)
class DeviceInfo:
    """X-Device-Info of one request, decoded as far as it goes."""

    encoded: EncodedJson

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What the decoded object has wrong by the key table; empty if there is no object. Where ``type`` stands for
        primaryHardwareType, the vocabulary of that key holds for it."""
        value = self.encoded.value
        if value is None:
            return ()
        alias, canonical = ALIAS
        if alias not in value or canonical in value:
            return problems(DeviceInfoModel.model_validate, value)
        found = problems(DeviceInfoModel.model_validate, value | {canonical: value[alias]})
        return tuple(
            problem._replace(pointer=f"/{alias}") if problem.pointer == f"/{canonical}" else problem
            for problem in found
        )

    @property
    def shown(self) -> dict[str, Any]:
        """The decoded keys, salvaged ones where the JSON is broken, for display."""
        return self.encoded.shown

    def get(self, name: str) -> Any:
        """A decoded key, ``type`` read as primaryHardwareType where that is missing; None without a valid object."""
        value = self.encoded.value or {}
        alias, canonical = ALIAS
        if name == canonical and name not in value:
            name = alias
        return value.get(name)


def decode_device_info(raw: str) -> DeviceInfo:
    """Decode a header value."""
    return DeviceInfo(decode_encoded_json(raw))
