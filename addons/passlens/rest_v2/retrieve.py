"""The answer of retrieve-session in its four shapes, with the device object of the current one.
Shapes are told apart by their members (retrieve page, OpenAPI file); only RS-B is current."""

from typing import Any, Final, NamedTuple

from pydantic import Field

from passlens.rest_v2.wire import EpochMilliseconds, Flag, Problem, Text, Texts, Whole, WireModel, problems


class Version(WireModel):
    """A version; an unknown one is 0, 0, 0."""

    major: Whole | None = None
    minor: Whole | None = None
    patch: Whole | None = None
    profile: Text | None = None


class Hardware(WireModel):
    """Hardware of the streaming device."""

    name: Text | None = None
    vendor: Text | None = None
    version: Version | None = None
    manufacturer: Text | None = None


class OperatingSystem(WireModel):
    """Operating system; names are normalised by the server and need not be those of X-Device-Info."""

    name: Text | None = None
    family: Text | None = None
    vendor: Text | None = None
    version: Version | None = None


class Browser(WireModel):
    """Browser of the streaming device."""

    name: Text | None = None
    vendor: Text | None = None
    version: Version | None = None
    userAgent: Text | None = None
    originalUserAgent: Text | None = None


class Display(WireModel):
    """Display; 0 where unknown."""

    width: Whole | None = None
    height: Whole | None = None
    ppi: Whole | None = None
    name: Text | None = None
    vendor: Text | None = None
    version: Version | None = None
    diagonalSize: Text | None = None


class Connection(WireModel):
    """Connection of the streaming device."""

    ipAddress: Any = None
    port: Text | None = None
    secure: Flag | None = None
    type: Text | None = None


class Device(WireModel):
    """The streaming device as the server knows it. Nothing in it is marked required; ``ipAddress`` of the connection is
    a string in samples and an object in the OpenAPI file."""

    type: Text | None = None
    model: Text | None = None
    version: Version | None = None
    hardware: Hardware | None = None
    operatingSystem: OperatingSystem | None = None
    browser: Browser | None = None
    display: Display | None = None
    applicationId: Text | None = None
    connection: Connection | None = None


class WrappedParameters(WireModel):
    """Inner object of RS-A."""

    existing: dict[str, Text]
    missing: Texts = Field(default=[])


class RsA(WireModel):
    """Until doc-2025-10-27: everything below ``parameters``."""

    parameters: WrappedParameters


class RsA0(WireModel):
    """OpenAPI file until oas-2024-12-05: ``existing`` and ``missing`` at the top."""

    existing: dict[str, Text] = Field(default={})
    missing: Texts = Field(default=[])


class RsB0(WireModel):
    """OpenAPI file from oas-2024-12-05 to oas-2025-05-22: flat, without the device."""

    existingParameters: dict[str, Text] = Field(default={})
    missingParameters: Texts = Field(default=[])
    notBefore: EpochMilliseconds = Field(default="")
    notAfter: EpochMilliseconds = Field(default="")


class RsB(WireModel):
    """Current since doc-2025-10-27: flat, with the device."""

    existingParameters: dict[str, Text]
    missingParameters: Texts = Field(default=[])
    device: Device
    notBefore: EpochMilliseconds
    notAfter: EpochMilliseconds


class ShapeRow(NamedTuple):
    """One shape: id, model, and the revisions it belongs to; ``until`` None means current."""

    id: str
    model: type[WireModel]
    since: str
    until: str | None
    lacks: str


SHAPES: Final = (
    ShapeRow("RS-A", RsA, "doc-2024-08-05", "doc-2025-10-27", "existingParameters, device, notBefore and notAfter"),
    ShapeRow("RS-A0", RsA0, "oas-2024-06-27", "oas-2024-12-05", "existingParameters, device, notBefore and notAfter"),
    ShapeRow("RS-B0", RsB0, "oas-2024-12-05", "oas-2025-05-22", "device"),
    ShapeRow("RS-B", RsB, "oas-2025-05-22", None, "nothing"),
)
BY_ID: Final = {row.id: row for row in SHAPES}


class Shape(NamedTuple):
    """A recognised retrieve answer, with the parameters it names whatever they are called in its shape."""

    row: ShapeRow
    existing: dict[str, Any]
    missing: list[Any]
    existing_at: str
    missing_at: str


def recognise(body: dict[str, Any]) -> Shape | None:
    """Tell the shape by its members; None if none of them is there."""
    if "parameters" in body:
        inner = body["parameters"] if isinstance(body["parameters"], dict) else {}
        return _shape("RS-A", inner, "existing", "missing", "/parameters")
    if "existing" in body or "missing" in body:
        return _shape("RS-A0", body, "existing", "missing", "")
    if "device" in body:
        return _shape("RS-B", body, "existingParameters", "missingParameters", "")
    if "existingParameters" in body or "missingParameters" in body:
        return _shape("RS-B0", body, "existingParameters", "missingParameters", "")
    return None


def _shape(name: str, holder: dict[str, Any], existing: str, missing: str, at: str) -> Shape:
    have, lack = holder.get(existing), holder.get(missing)
    return Shape(
        BY_ID[name],
        have if isinstance(have, dict) else {},
        lack if isinstance(lack, list) else [],
        f"{at}/{existing}",
        f"{at}/{missing}",
    )


def validate(shape: Shape | None, body: dict[str, Any]) -> tuple[Problem, ...]:
    """What a retrieve answer has wrong by the model of its shape; the current one where no shape was recognised."""
    model = BY_ID["RS-B"].model if shape is None else shape.row.model
    return problems(model.model_validate, body)
