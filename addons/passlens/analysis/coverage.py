"""What a recording holds, as far as the checklist needs it: fed with entries in the order of a file, by sight.
A sight that asks for some seconds of recording after it is seen only where they are there. Bounded in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from passlens.analysis.entry import Entry, FindingEntry, Journey
from passlens.analysis.unread_header import is_left_out, is_masked
from passlens.checks.checklist import SIGHTS
from passlens.rest_v2.errors import BY_CODE, OLD_BY_CODE
from passlens.rest_v2.operations import FAMILIES
from passlens.util.text import parse_time

MAX_FILES: Final = 1000
MAX_DEVICES: Final = 1000
MAX_CODES: Final = 1000
"""Files, devices and codes that are remembered; what is more of them is not seen."""

PICKER_AGAIN: Final = 120.0
"""Seconds within which the configuration has to be kept (fact base, errata E59)."""

_SESSIONS: Final = ("create-session", "partner-session")
_CHECKED: Final = ("resume-session", "retrieve-session")
_DECISIONS: Final = FAMILIES["decisions"]
_SET_UP: Final = ("dcr-register", "dcr-token")
_NO_CODE: Final = ("invalid_parameter_code", "invalid_authentication_session")
_SSO_TYPES: Final = ("appleSSO", "platformSSO", "serviceTokenSSO")
_RUNS_OUT: Final = "code that runs out"
_FAILED: Final = (400, 401, 403, 404, 405, 500)


@dataclass
class _Code:
    """A code: the device that got it, whether with a provider, and what happened to it."""

    device: str | None
    provider: bool
    polls: int = 0
    over: bool = False
    """The server said so."""
    checked_by: str | None = None


@dataclass
class _OfDevice:
    """What one device did, in one file."""

    code: str | None = None
    profile: bool = False
    gone: bool = False
    """An empty answer came after a profile."""
    picked: str | None = None
    """Provider of a session after a configuration."""
    configured: float | None = None
    sessions: int = 0
    permitted: bool = False
    refused: bool = False
    started: bool = False
    """It called the API, and then a token was asked for."""


@dataclass
class _OfFile:
    tokens: int = 0
    token_ends: float | None = None
    """When the access token that came last ends."""
    calls: int = 0
    configured: bool = False
    last: float = float("-inf")
    devices: dict[str | None, _OfDevice] = field(default_factory=dict)
    codes: dict[str, _Code] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    """When each sight that needs time after it was first seen."""


class Coverage:
    """The sights of one run."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._files: dict[str | None, _OfFile] = {}
        self._keys: dict[str, str | None] = {}
        """Device keys, with the file that showed each first."""

    def seen(self, sight: str) -> bool:
        """True if the recordings hold this, with what has to follow it."""
        after = (one.last - one.first[sight] for one in self._files.values() if sight in one.first)
        return sight in self._seen or any(seconds >= SIGHTS[sight].then for seconds in after)

    def add(self, entry: Entry) -> None:
        """One more exchange."""
        file = self._files.get(entry["file"])
        if file is None:
            if len(self._files) >= MAX_FILES:
                return
            file = self._files[entry["file"]] = _OfFile()
        at = parse_time(entry["started"])
        now = at.timestamp() if at is not None else file.last
        end = now + (entry["duration_ms"] or 0.0) / 1000
        for sight in self._sights(entry, file, now):
            if SIGHTS[sight].then:
                file.first.setdefault(sight, end)
            else:
                self._seen.add(sight)
        file.last = max(file.last, end)

    def journey(self, journey: Journey) -> None:
        """One that has ended, or was open at the end. That a code ran out, which only an absence shows, is its verdict,
        and there is a minute of recording after that."""
        file = self._files.get(journey["file"])
        if journey["verdict"] != "expired" or file is None:
            return
        codes = [file.codes[name] for name in journey["codes"] if name in file.codes]
        if any(one.polls for one in codes) and not any(one.over for one in codes):
            self._seen.add(_RUNS_OUT)

    def _sights(self, entry: Entry, file: _OfFile, now: float) -> Iterator[str]:
        operation = entry["operation"]
        yield from self._registration(entry, file)
        if operation in _SET_UP:
            return
        if operation != "authenticate":
            file.calls += 1
            yield "calls"
            if file.tokens and file.calls >= 2:
                yield "token and calls"
                if file.token_ends is not None and now > file.token_ends:
                    yield "token that ran out"
            if not any(map(_hides_token, entry["findings"])):
                yield "readable token"
        code = self._code_of(entry, file)
        device = self._device(entry, file, code)
        yield from _errors(entry, device)
        yield from self._again(entry, file, device)
        yield from _sessions(entry, file, device, now)
        yield from _codes(entry, file, device, code)
        yield from _profiles(entry, device)
        yield from _decisions(entry, device)
        yield from _logouts(entry)

    @staticmethod
    def _registration(entry: Entry, file: _OfFile) -> Iterator[str]:
        if entry["operation"] == "dcr-register" and entry["results"]:
            yield "registered"
        if entry["operation"] == "dcr-token" and entry["error"] is None:
            file.tokens += 1
            for device in file.devices.values():
                device.started = True
            ends = (result["not_after"] for result in entry["results"] if result["kind"] == "token")
            end = parse_time(next(ends, None))
            file.token_ends = end.timestamp() if end is not None else None
            if file.tokens >= 2:
                yield "two tokens"

    @staticmethod
    def _code_of(entry: Entry, file: _OfFile) -> _Code | None:
        return file.codes.get(entry["code"]) if entry["code"] is not None else None

    def _device(self, entry: Entry, file: _OfFile, code: _Code | None) -> _OfDevice:
        key = entry["device"]["key"] if entry["device"] is not None else None
        key = key or (code.device if code is not None else None)
        found = file.devices.get(key)
        if found is None:
            found = _OfDevice()
            if len(file.devices) < MAX_DEVICES:
                file.devices[key] = found
        return found

    def _again(self, entry: Entry, file: _OfFile, device: _OfDevice) -> Iterator[str]:
        key = entry["device"]["key"] if entry["device"] is not None else None
        if key is None:
            return
        if key not in self._keys and len(self._keys) < MAX_DEVICES:
            self._keys[key] = entry["file"]
        if device.started or self._keys.get(key, entry["file"]) != entry["file"]:
            yield "device seen twice"


def _hides_token(finding: FindingEntry) -> bool:
    """True if a finding says that no access token can be read: it was not sent, not recorded, or masked."""
    if finding["code"] in ("PL201", "PL250", "PL254"):
        return finding["at"] == "header:Authorization"
    return is_left_out(finding, "Authorization") or is_masked(finding, "Authorization")


def _errors(entry: Entry, device: _OfDevice) -> Iterator[str]:
    if device.refused:
        yield "refused token"
    device.refused = device.refused or entry["status"] == 401
    if _is_code(entry["error"]):
        yield "error code"
        if entry["operation"] in ("preauthorize", "authorize"):
            yield f"{entry['operation']} with an error"
    if entry["status"] in _FAILED:
        yield "failed status"


def _is_code(error: str | None) -> bool:
    """True for an Enhanced Error Code; an answer without one has a name of its status."""
    return error in BY_CODE or error in OLD_BY_CODE


def _sessions(entry: Entry, file: _OfFile, device: _OfDevice, now: float) -> Iterator[str]:
    operation = entry["operation"]
    if operation == "retrieve-configuration" and entry["status"] == 200:
        file.configured = True
        device.configured, device.sessions = now, 0
        return
    if device.picked is not None and entry["mvpd"] == device.picked:
        yield "provider used again"
    if operation not in _SESSIONS:
        return
    if file.configured:
        yield "provider picker"
        device.picked = entry["mvpd"] or device.picked
    if device.configured is not None and now - device.configured <= PICKER_AGAIN:
        device.sessions += 1
        if device.sessions >= 2:
            yield "picker used again"
    if device.gone and entry["mvpd"] is not None:
        yield "remembered provider"
    reason = entry["action"]["reason"] if entry["action"] is not None else None
    if reason == "degraded":
        yield "degraded access"
    if reason == "temporary":
        yield "temporary access"
    if reason == "authenticatedSSO" or (entry["action"] is not None and entry["action"]["name"] == "partner_profile"):
        yield "single sign-on"


def _codes(entry: Entry, file: _OfFile, device: _OfDevice, code: _Code | None) -> Iterator[str]:
    operation, name = entry["operation"], entry["code"]
    key = entry["device"]["key"] if entry["device"] is not None else None
    if operation in _SESSIONS and name is not None:
        before = file.codes.get(device.code) if device.code is not None else None
        if before is not None and before.polls and not device.profile and device.code != name:
            yield "new code"
        device.code = name
        if len(file.codes) < MAX_CODES:
            file.codes[name] = _Code(key, entry["mvpd"] is not None)
        return
    if operation in _CHECKED:
        if entry["error"] in _NO_CODE:
            yield "wrong code"
        elif code is not None and key is not None and key != code.device:
            code.checked_by = operation
    elif operation == "authenticate" and code is not None:
        if code.checked_by == "resume-session" and code.provider:
            yield "code with a provider"
        if code.checked_by is not None and not code.provider:
            yield "code without a provider"
    elif operation == "retrieve-profile-code" and code is not None:
        code.polls += 1
        if code.polls >= 3:
            yield "three polls"
        if entry["error"] in _NO_CODE:
            code.over = True
            yield _RUNS_OUT


def _profiles(entry: Entry, device: _OfDevice) -> Iterator[str]:
    found = [result for result in entry["results"] if result["kind"] == "profile"]
    types = {result["type"] for result in found}
    if found:
        device.profile, device.gone = True, False
        yield "ten minutes with a profile"
        if entry["operation"] == "retrieve-profile-code":
            yield "sign-in that succeeds"
    elif entry["outcome"] == "PA-0" and device.profile and entry["operation"] != "retrieve-profile-code":
        device.gone = True
    if "degraded" in types:
        yield "degraded access"
    if "temporary" in types:
        yield "temporary access"
    if types & set(_SSO_TYPES):
        yield "single sign-on"


def _decisions(entry: Entry, device: _OfDevice) -> Iterator[str]:
    operation = entry["operation"]
    if operation not in _DECISIONS:
        return
    if device.profile:
        yield "signed in from the start"
    if operation == "preauthorize" and device.permitted:
        yield "catalogue opened again"
    for result in entry["results"]:
        if result["kind"] != "decision":
            continue
        if result["authorized"] and operation == "preauthorize":
            device.permitted = True
        if result["source"] == "temppass":
            yield "temporary access"
        if result["source"] == "degradation":
            yield "degraded access"
        if result["authorized"] is False:
            yield "denial"
            if result["error"] is not None:
                yield f"{operation} with an error"
                if _is_code(result["error"]):
                    yield "error code"
                yield "error in a success"


def _logouts(entry: Entry) -> Iterator[str]:
    for result in entry["results"]:
        if result["kind"] == "logout":
            if result["action"] == "logout":
                yield "logout in a browser"
            elif result["action"] == "partner_logout":
                yield "logout at the partner"
            elif result["action"] == "complete":
                yield "logout that is complete"
