"""PL601 to PL605: registration and access tokens over time."""

from collections.abc import Iterator

from passlens.checks.finding import CLOCK_TOLERANCE, Hit
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import SequenceCheck, seconds
from passlens.checks.sequence.history import History, Registration, token_end, token_life
from passlens.checks.sequence.step import Step

REFRESH_SHARE = 0.1
REFRESH_SECONDS = 300.0
"""A new token this long before the old one's end is an early refresh, as the pages ask for (passlens' own numbers)."""

REPEATED_WITHIN = 60.0
"""Seconds after a 401 in which the same token counts as repeated (passlens' own)."""


class _SecondRegistration(SequenceCheck):
    """A registration after another one of the same app and device. Where the registration tells no device, as in a
    .har, the first call does that names its own: two televisions of one model are not one."""

    operations = None
    begins = frozenset({"dcr-register"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._unproven: Bounded[str, tuple[str, Hit]] = Bounded()
        self.memory = self._unproven

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation != "dcr-register":
            yield from self._proven(step)
            return
        client = self.history.registered(step)
        hit = self._hit(step, client) if step.ok and client is not None and not client.excused else None
        if client is None or hit is None:
            return
        if self.history.registering(step) is not None:
            yield hit
        elif client.client_id is not None and step.client_id is not None:
            later = hit._replace(related=(*hit.related, step.index))
            self._unproven.set(step.client_id, (client.client_id, later), step.end)

    def _proven(self, step: Step) -> Iterator[Hit]:
        if step.sub is None or step.own_device is None:
            return
        unproven = self._unproven.get(step.sub, step.end)
        if unproven is None:
            return
        self._unproven.pop(step.sub)
        before, hit = unproven
        if step.own_device in (self.history.devices.get(before, step.end) or {}):
            yield hit

    def _hit(self, step: Step, client: Registration) -> Hit | None:
        """What is said of it, if anything; ``client`` is the registration before."""
        raise NotImplementedError


class RegisteredAgain(_SecondRegistration):
    """The app registered again although it has client credentials.

    Why: Client id and secret are to be kept and used for every token; a new registration is a new client, whose
    user has no profile.
    Example: two POST /o/client/register with one software statement from one device.
    Do: Store client id and secret, and register again only when an error says so.
    """

    def _hit(self, step: Step, client: Registration) -> Hit | None:
        if client.refused is not None:
            return None
        if client.token_ends is not None and step.start > client.token_ends + CLOCK_TOLERANCE:
            return None  # PL603 says that it registered to get a new token
        words = "The app registered again; it has had client credentials since exchange {actual}."
        return Hit("status", words, "one registration", str(client.registered), related=(client.registered,))


class TokenNotReused(SequenceCheck):
    """The app asked for a new access token while the one before was good for long.

    Why: An access token is to be used until shortly before it expires; a token for each call doubles the traffic
    and runs into the rate limit.
    Example: two POST /o/client/token within a minute, each with expires_in 21600.
    Do: Keep the token with its end, and ask for a new one shortly before that.
    """

    operations = None
    begins = frozenset({"dcr-token"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._tokens: Bounded[str, tuple[int, float, float, int]] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation != "dcr-token":
            if step.status == 401 and step.sub is not None:
                self._tokens.pop(step.sub)
            return
        client_id, life, end = step.client_id, token_life(step), token_end(step)
        if client_id is None or not step.ok:
            return
        known = self._tokens.get(client_id, step.end)
        count = known[3] + 1 if known is not None else 1
        if known is not None and step.start < known[1] - max(known[2] * REFRESH_SHARE, REFRESH_SECONDS):
            left = seconds(known[1] - step.start)
            words = "The app asked for access token number {actual} while the one before was good for another "
            yield Hit("status", f"{words}{left}.", "one token until it expires", str(count), related=(known[0],))
        if life is not None and end is not None:
            self._tokens.set(client_id, (step.index, end, life, count), step.end)


class RegisteredToRefresh(_SecondRegistration):
    """The app registered again to get a new access token.

    Why: A token that expired or was refused is replaced at the token endpoint with the stored credentials; a new
    registration loses the user's profiles.
    Example: a 401, then POST /o/client/register before any POST /o/client/token.
    Do: Call the token endpoint with the stored client id and secret.
    """

    def _hit(self, step: Step, client: Registration) -> Hit | None:
        if client.client_id is None:
            return None
        expected, actual = "POST /o/client/token", "POST /o/client/register"
        if client.refused is not None:
            words = "The app answered a 401 with a new registration, not with a new token for its client."
            return Hit("status", words, expected, actual, related=(client.refused,))
        if client.token_ends is not None and step.start > client.token_ends + CLOCK_TOLERANCE:
            related = () if client.token is None else (client.token,)
            words = "The app's token had expired, and it registered again instead of asking for a new token."
            return Hit("status", words, expected, actual, severity="warning", related=related)
        return None


class RepeatedWithRefusedToken(SequenceCheck):
    """The app went on with an access token that the server had refused.

    Why: After a 401 the next call with the same token fails as well; a new token comes first.
    Example: GET /profiles answered 401, and half a second later GET /profiles with the same token.
    Do: On 401 get a new access token, then repeat the call.
    """

    operations = None
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._refused: Bounded[str, tuple[int, float, str | None]] = Bounded()
        self._reported: Bounded[str, bool] = Bounded()
        self.memory = self._refused

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation == "dcr-token":
            self._fresh(step.client_id)
            return
        if step.bearer is None:
            return
        known = self._refused.get(step.bearer, step.end)
        if known is not None and known[1] <= step.start <= known[1] + REPEATED_WITHIN:
            if not self._reported.get(step.bearer, step.end):
                self._reported.set(step.bearer, True, step.end)
                words = "The call has the access token that was refused {actual} before, and no new one was asked for."
                actual = seconds(step.start - known[1])
                yield Hit("header:Authorization", words, "a new access token", actual, related=(known[0],))
        elif step.status == 401:
            self._refused.set(step.bearer, (step.index, step.end, step.sub), step.end)

    def _fresh(self, client_id: str | None) -> None:
        """A token call: what was refused before it is dealt with."""
        for bearer, (_, (_, _, sub)) in list(self._refused.held.items()):
            if sub == client_id or client_id is None:
                self._refused.pop(bearer)


class V1BesideV2(SequenceCheck):
    """The app calls REST API V1 and V2.

    Why: One application uses one of the two; both together are not supported, and sign-ins of one are unknown to
    the other.
    Example: GET /api/v1/config beside GET /api/v2/REF30/configuration, from one device and user agent.
    Do: Move the calls that are left to REST API V2.
    """

    operations = None
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._v1: Bounded[tuple[str | None, str, str], int] = Bounded()
        self._reported: Bounded[tuple[str | None, str, str], bool] = Bounded()
        self.memory = self._v1

    def call_of_v1(self, client: str | None, user_agent: str, device_info: str, index: int, now: float) -> None:
        """A call of REST API V1 that was seen; it is no step."""
        key = client, user_agent, device_info
        if user_agent and self._v1.get(key, now) is None:
            self._v1.set(key, index, now)

    def feed(self, step: Step) -> Iterator[Hit]:
        key = step.client, step.header("User-Agent") or "", step.device_info
        if step.hides(key[1]):
            return
        index = self._v1.get(key, step.end)
        if index is not None and not self._reported.get(key, step.end):
            self._reported.set(key, True, step.end)
            words = "The same app calls REST API V1 (flow {actual}) and V2."
            yield Hit("status", words, "REST API V2 alone", str(index), related=(index,))
