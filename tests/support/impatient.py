"""A mitmproxy script under which passlens says what is missing at once, not after half a minute."""

from passlens.proxy import link_state

link_state.PATIENCE = 0.0

addons: list[object] = []
