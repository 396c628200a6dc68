"""What a template sees: the request's decoded values, ``now``, and ``random``. Plain data and two small objects."""

import random
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.wire import moment
from passlens.sandbox.session import CODE_LENGTH, CODE_SIGNS
from passlens.scenarios.match import form_of, mvpd_of


@dataclass(frozen=True)
class Moment:
    """A time. ``now.plus(minutes=30).millis`` is how sessions write times; as text it is ISO 8601 in UTC."""

    epoch: float

    @property
    def millis(self) -> int:
        """Milliseconds since the epoch."""
        return int(self.epoch * 1000)

    @property
    def seconds(self) -> int:
        """Seconds since the epoch."""
        return int(self.epoch)

    @property
    def iso(self) -> str:
        """As 2026-01-02T03:04:05Z."""
        return moment(self.epoch)

    def plus(self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> "Moment":
        """Another time; negative numbers go back."""
        return Moment(self.epoch + days * 86400 + hours * 3600 + minutes * 60 + seconds)

    def __str__(self) -> str:
        return self.iso


@dataclass(frozen=True)
class Dice:
    """The seeded random source, as ``random``."""

    _source: random.Random = field(repr=False)

    def code(self) -> str:
        """A session code: seven characters out of 0-9 and A-Z."""
        return "".join(self._source.choices(CODE_SIGNS, k=CODE_LENGTH))

    def uuid(self) -> str:
        """A lower-case version 4 UUID."""
        return str(uuid.UUID(bytes=self._source.randbytes(16), version=4))

    def integer(self, lower: int, upper: int) -> int:
        """A whole number between two bounds, both included."""
        return self._source.randint(lower, upper)

    def pick(self, *values: Any) -> Any:
        """One of the values."""
        return self._source.choice(values)


NAMES: Final = (
    "operation", "service_provider", "partner", "mvpd", "code", "form", "headers", "device_info", "partner_status",
    "token", "now", "random",
)  # fmt: skip
"""The names that a template sees."""

MEMBERS: Final[dict[str, tuple[str, ...]]] = {
    "now": ("millis", "seconds", "iso", "plus"),
    "random": ("code", "uuid", "integer", "pick"),
}
"""What the two objects among them have."""


def context(ex: Decoded, now: float, rng: random.Random) -> dict[str, Any]:
    """The names of a template. Headers go by their lower-case names; the first of repeats counts."""
    form = {name: values[0] for name, values in form_of(ex).items()}
    claims = ex.bearer.jwt.claims if ex.bearer and ex.bearer.jwt else {}
    return {
        "operation": ex.operation.id if ex.route else "",
        "service_provider": ex.path_parameter("serviceProvider") or "",
        "partner": ex.path_parameter("partner") or "",
        "mvpd": mvpd_of(ex) or "",
        "code": ex.path_parameter("code") or "",
        "form": form,
        "headers": {name: values[0] for name, values in ex.request.by_name.items()},
        "device_info": (ex.device_info.encoded.value if ex.device_info else None) or {},
        "partner_status": (ex.partner_status.encoded.value if ex.partner_status else None) or {},
        "token": claims,
        "now": Moment(now),
        "random": Dice(rng),
    }
