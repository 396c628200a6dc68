"""What of an exchange the recording tool masked or left out, and the hits that depend on it: nobody is to blame for
what a recorder dropped."""

from collections.abc import Iterator
from typing import Any, Final

from passlens.checks.finding import Check, Hit
from passlens.exchange.decoded import Decoded
from passlens.exchange.recorders import has_mask, is_mask, says_nothing
from passlens.rest_v2.operations import FORM

_MAX_COUNT: Final = 1000
"""Values of an answer that are looked at; documented ones have some fifty."""

_STATUS: Final = "ap-partner-framework-status"
_OF_STATUS: Final = ("PL440", "PL441")
"""Codes that compare an answer with that header."""

_OF_ROW: Final = ("PL305", "PL323")
"""Codes about attributes that the row of the answer asks for, which its actionName tells."""

_OF_RESOURCES: Final = ("PL461",)
"""Codes that compare the resources of an answer with those of the request."""


def masked_places(ex: Decoded) -> tuple[str, ...]:
    """Places (``header:Authorization``, ``form:mvpd``, ``path:code``, ``body#/code``) that hold a mask.

    None in what mitmproxy recorded, which masks nothing.
    """
    if ex.recorder is None or ex.route is None:
        return ()
    places = places_in_request(ex)
    if ex.response is not None and ex.response.json is not None:
        places += _masked(ex.response.json.value)
    return tuple(places)


def places_in_request(ex: Decoded) -> list[str]:
    """Those of the request; ``ex`` has a route, and was recorded by another tool than mitmproxy."""
    places = [f"header:{name}" for name in ex.operation.headers if name.lower() in ex.masked]
    parameters = ex.route.parameters if ex.route is not None else {}
    places += [f"path:{name}" for name, value in parameters.items() if says_nothing(value)]
    sent = ex.request if ex.request.holds_json else None
    if ex.request.media_type in (FORM, None) and sent is None:
        places += [f"form:{name}" for name, value in ex.form.items() if has_mask(value)]
    if sent is not None and sent.json is not None:
        places += _masked(sent.json.value)
    return places


def _masked(value: Any) -> list[str]:
    return list(_in_json(value)) if any(map(has_mask, _texts(value))) else []


def _texts(value: Any) -> Iterator[str]:
    """The texts of an answer, in any order: most answers have no mask, and need no places."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if one:
                yield one
        elif isinstance(one, (dict, list)):
            waiting += one.values() if isinstance(one, dict) else one


def _in_json(value: Any) -> Iterator[str]:
    """Places of masks in an answer, in its order."""
    waiting, looked_at = [("body#", value)], 0
    while waiting and looked_at < _MAX_COUNT:
        (at, one), looked_at = waiting.pop(), looked_at + 1
        if isinstance(one, dict):
            waiting += reversed([(f"{at}/{name}", item) for name, item in one.items()])
        elif isinstance(one, list):
            waiting += reversed([(f"{at}/{place}", item) for place, item in enumerate(one)])
        elif isinstance(one, str) and (has_mask(one) if " " not in one else is_mask(one)):
            yield at


def stands(ex: Decoded, hits: list[tuple[Check, Hit]]) -> list[bool]:
    """For each hit whether it stands; one that depends on what was not recorded does not."""
    if ex.recorder is None:
        return [True] * len(hits)
    places = masked_places(ex)
    gone = ex.masked | ex.left_out
    bare = ex.recorder is not None and ex.response is not None and not ex.response.headers

    def depends(check: Check, hit: Hit) -> bool:
        if check.code in _OF_STATUS and _STATUS in gone:
            return True
        if check.code in _OF_ROW and "body#/actionName" in places:
            return True
        if check.code in _OF_RESOURCES and any("/resource" in place for place in places):
            return True
        if hit.at.startswith("header:"):
            name = hit.at[len("header:") :].partition("#")[0].lower()
            return bare if check.side == "response" else name in gone
        if any(hit.at == place or hit.at.startswith(place + "/") for place in places):
            return True
        return bool(places) and (says_nothing(hit.expected) or says_nothing(hit.actual))

    return [check.code.startswith("PL9") or not depends(check, hit) for check, hit in hits]
