"""Does an exchange fit a rule, and if not, on which fields: what matching and explaining both use.
Occurrence and chance need memory; the engine judges them once everything else fits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.rest_v2.operations import FORM
from passlens.scenarios import compare, paths
from passlens.scenarios.model import Rule
from passlens.scenarios.when import operations_in_words

MatchesFilter = Callable[[str], bool]
"""Whether the flow matches a mitmproxy filter expression."""


class Failure(NamedTuple):
    """A field that did not fit; ``actual`` is raw and may hold a secret."""

    field: str
    expected: str
    actual: str


@dataclass(frozen=True)
class Match:
    """How an exchange fits a rule."""

    rule: Rule
    failed: tuple[Failure, ...] = ()

    @property
    def matched(self) -> bool:
        """True if nothing failed."""
        return not self.failed


def explain(rule: Rule, ex: Decoded, state: str, now: float, matches_filter: MatchesFilter | None = None) -> Match:
    """Compare an exchange with all that a rule asks for but occurrence and chance; every field that fails is named."""
    when = rule.when
    failed: list[Failure] = []
    if when.operation and (ex.route is None or ex.operation.id not in when.operation):
        actual = ex.operation.id if ex.route else "other traffic"
        failed.append(Failure("operation", operations_in_words(when), actual))
    for name, comparison in when.comparisons.items():
        values = values_of(ex, name)
        if not compare.holds(comparison, values, now):
            failed.append(Failure(name, compare.in_words(comparison), compare.shown(values)))
    if when.state is not None and when.state != state:
        failed.append(Failure("state", when.state, state))
    if when.filter is not None and not (matches_filter is not None and matches_filter(when.filter)):
        failed.append(Failure("filter", when.filter, "no match"))
    return Match(rule, tuple(failed))


def mvpd_of(ex: Decoded) -> str | None:
    """The mvpd that a request names: in the path, else in the form, else as the provider of the partner status."""
    named = ex.path_parameter("mvpd") or next(iter(form_of(ex).get("mvpd", [])), None)
    return named or (ex.partner_status.provider if ex.partner_status else None)


def values_of(ex: Decoded, name: str) -> list[Any]:
    """What an exchange has in a field of ``when``: none, one or several values."""
    part, _, inner = name.partition(".")
    match part:
        case "service_provider":
            return _one(ex.path_parameter("serviceProvider"))
        case "partner" | "code":
            return _one(ex.path_parameter(part))
        case "mvpd":
            return _one(mvpd_of(ex))
        case "client":
            return _one(ex.request.client)
        case "device":
            return _one(device_key(ex))
        case "form":
            return list(form_of(ex).get(inner, []))
        case "headers":
            return list(ex.request.by_name.get(inner.lower(), []))
        case "device_info":
            return _inside(ex.device_info.encoded.value if ex.device_info else None, inner)
        case "partner_status":
            return _inside(ex.partner_status.encoded.value if ex.partner_status else None, inner)
        case _:
            return _inside(ex.bearer.jwt.claims if ex.bearer and ex.bearer.jwt else None, inner)


def _one(value: str | None) -> list[Any]:
    return [] if value is None else [value]


def _inside(value: Any, path: str) -> list[Any]:
    found = paths.MISSING if value is None else paths.find(value, path)
    return [] if found is paths.MISSING else [found]


def form_of(ex: Decoded) -> dict[str, list[str]]:
    """Form parameters with all their values; none for an operation that takes no form."""
    found: dict[str, list[str]] = {}
    if ex.route is not None and ex.operation.media_type == FORM:
        for parameter in ex.request.form:
            found.setdefault(parameter.name, []).append(parameter.value)
    return found
