"""Finds the running proxy by its control API."""

import os
from collections.abc import Mapping

from passlens.control.connection import candidates
from passlens.device.link import RunningProxy
from passlens.device.remote import RemoteProxy
from passlens.errors import NoProxyError, UsageError


def find(environment: Mapping[str, str] = os.environ) -> RunningProxy | None:
    """The newest running proxy that answers, the one that takes the token of PASSLENS_CONTROL_TOKEN where that is set;
    None where none is found."""
    try:
        known = candidates(None, environment)
    except UsageError:  # a token that no proxy takes
        return None
    for connection in known:
        remote = RemoteProxy(connection)
        try:
            remote.status()
        except NoProxyError:
            continue
        return remote
    return None
