"""How a finding names the place where a JSON text breaks: in words, with line and column, and with what stands there as
far as its names are documented ones."""

from typing import Final

from passlens.rest_v2.device_info import KEYS
from passlens.rest_v2.json_decoding import JsonText
from passlens.rest_v2.json_problem import excerpt
from passlens.rest_v2.partner_status import FrameworkError, PartnerStatusModel, PermissionInfo, ProviderInfo
from passlens.rest_v2.session_models import ROW_MODELS
from passlens.rest_v2.wire import WireModel

_MODELS: Final[tuple[type[WireModel], ...]] = (
    FrameworkError,
    PartnerStatusModel,
    PermissionInfo,
    ProviderInfo,
    *ROW_MODELS.values(),
)

NAMES: Final = frozenset(key.name for key in KEYS) | {
    field.alias or name for model in _MODELS for name, field in model.model_fields.items()
}
"""Names of members that may be shown: those that the documentation has."""


def place(text: JsonText) -> str:
    """What is wrong with a text that is no JSON, and where, as a clause."""
    if text.position is None:
        return text.problem or "it is no JSON"
    around = excerpt(text.text, text.position.offset, NAMES)
    return f"{text.problem} at {text.position}" + (f", in {around}" if around else "")
