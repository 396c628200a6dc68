"""What a recorder left of an exchange: sequence checks compare nothing with a mask, or with what was not recorded."""

from typing import Final

from passlens.checks.unrecorded import places_in_request
from passlens.exchange.decoded import Decoded
from passlens.exchange.recorders import has_mask, says_nothing
from passlens.util.cached_property import cached_property


class Recorded:
    """An exchange, and what of it is not there or masked. mitmproxy masks nothing."""

    def __init__(self, ex: Decoded) -> None:
        self._ex: Final = ex

    def hides(self, value: object) -> bool:
        """True for a text that the recorder put in the place of a value: two of them may stand for two values."""
        return self._ex.recorder is not None and isinstance(value, str) and has_mask(value)

    def lacks(self, name: str) -> bool:
        """True if the recorder masked or dropped a header of the request."""
        return self._ex.recorder is not None and name.lower() in self._ex.masked | self._ex.left_out

    @cached_property
    def unread(self) -> bool:
        """True if the response's body, or the action in it, was not recorded: it may have asked for anything."""
        response, body = self._ex.response, self._ex.body or {}
        gone = response is not None and response.body is None
        return gone or self.hides(body.get("actionName")) or self.hides(body.get("action"))

    @cached_property
    def whole(self) -> bool:
        """True if path and body of the request are there as they were sent."""
        if self._ex.request.body is None:
            return False
        if self._ex.recorder is None:
            return True
        return all(place.startswith("header:") for place in places_in_request(self._ex))

    def parameter(self, name: str) -> str | None:
        """A decoded path parameter; None where it is masked."""
        value = self._ex.path_parameter(name)
        return None if value is not None and self._ex.recorder is not None and says_nothing(value) else value
