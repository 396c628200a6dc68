"""What an exchange shows of the sights of the checklist (checks/sights.py), with what came before it (seen.py)."""

from collections.abc import Iterator
from typing import Final

from passlens.analysis.entry import Entry, FindingEntry
from passlens.analysis.seen import SeenCode, SeenDevice, SeenFile, SeenKeys
from passlens.analysis.unread_header import is_left_out, is_masked
from passlens.checks.sequence.groups import DECISIONS, REGISTRATION, SESSIONS
from passlens.rest_v2.errors import BY_CODE, OLD_BY_CODE
from passlens.rest_v2.profiles import SSO_TYPES
from passlens.util.text import parse_time

PICKER_AGAIN: Final = 120.0
"""Seconds within which the configuration has to be kept (fact base, errata E59)."""

RUNS_OUT: Final = "code that runs out"
"""What an absence may show as well."""

_CHECKED: Final = ("resume-session", "retrieve-session")
_NO_CODE: Final = ("invalid_parameter_code", "invalid_authentication_session")
_FAILED: Final = (400, 401, 403, 404, 405, 500)


def sights(entry: Entry, file: SeenFile, keys: SeenKeys, now: float) -> Iterator[str]:
    """The sights that an exchange shows, which is remembered; ``now`` is its start in seconds."""
    yield from _registration(entry, file)
    operation = entry["operation"]
    if operation in REGISTRATION:
        return
    if operation != "authenticate":
        yield from _calls(entry, file, now)
    code = file.code(entry["code"])
    key = _key(entry)
    device = file.device(key or (code.device if code is not None else None))
    yield from _errors(entry, device)
    if key is not None and (keys.elsewhere(key, entry["file"]) or device.started):
        yield "device seen twice"
    yield from _sessions(entry, file, device, now)
    yield from _codes(entry, file, device, code)
    yield from _profiles(entry, device)
    yield from _decisions(entry, device)
    yield from _logouts(entry)


def _key(entry: Entry) -> str | None:
    return entry["device"]["key"] if entry["device"] is not None else None


def _registration(entry: Entry, file: SeenFile) -> Iterator[str]:
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


def _calls(entry: Entry, file: SeenFile, now: float) -> Iterator[str]:
    file.calls += 1
    yield "calls"
    if file.tokens and file.calls >= 2:
        yield "token and calls"
        if file.token_ends is not None and now > file.token_ends:
            yield "token that ran out"
    if not any(map(_hides_token, entry["findings"])):
        yield "readable token"


def _hides_token(finding: FindingEntry) -> bool:
    """True if a finding says that no access token can be read: it was not sent, not recorded, or masked."""
    if finding["code"] in ("PL201", "PL250", "PL254"):
        return finding["at"] == "header:Authorization"
    return is_left_out(finding, "Authorization") or is_masked(finding, "Authorization")


def _errors(entry: Entry, device: SeenDevice) -> Iterator[str]:
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


def _sessions(entry: Entry, file: SeenFile, device: SeenDevice, now: float) -> Iterator[str]:
    operation = entry["operation"]
    if operation == "retrieve-configuration" and entry["status"] == 200:
        file.configured = True
        device.configured, device.sessions = now, 0
        return
    if device.picked is not None and entry["mvpd"] == device.picked:
        yield "provider used again"
    if operation not in SESSIONS:
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


def _codes(entry: Entry, file: SeenFile, device: SeenDevice, code: SeenCode | None) -> Iterator[str]:
    operation, name = entry["operation"], entry["code"]
    if operation in SESSIONS and name is not None:
        before = file.code(device.code)
        if before is not None and before.polls and not device.profile and device.code != name:
            yield "new code"
        device.code = name
        file.add_code(name, SeenCode(_key(entry), entry["mvpd"] is not None))
    elif operation in _CHECKED:
        yield from _checked(entry, code)
    elif operation == "authenticate" and code is not None:
        if code.checked_by == "resume-session" and code.provider:
            yield "code with a provider"
        if code.checked_by is not None and not code.provider:
            yield "code without a provider"
    elif operation == "retrieve-profile-code" and code is not None:
        yield from _polled(entry, code)


def _checked(entry: Entry, code: SeenCode | None) -> Iterator[str]:
    key = _key(entry)
    if entry["error"] in _NO_CODE:
        yield "wrong code"
    elif code is not None and key is not None and key != code.device:
        code.checked_by = entry["operation"]


def _polled(entry: Entry, code: SeenCode) -> Iterator[str]:
    code.polls += 1
    if code.polls >= 3:
        yield "three polls"
    if entry["error"] in _NO_CODE:
        code.over = True
        yield RUNS_OUT


def _profiles(entry: Entry, device: SeenDevice) -> Iterator[str]:
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
    if types & set(SSO_TYPES):
        yield "single sign-on"


def _decisions(entry: Entry, device: SeenDevice) -> Iterator[str]:
    operation = entry["operation"]
    if operation not in DECISIONS:
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
