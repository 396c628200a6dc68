"""The mitmdump that ``passlens proxy`` runs: with the addon in it, and without built-in addons that nobody asked for.
mitmproxy calls every addon at every event of every flow, which is more than a third of its work."""

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final

from mitmproxy import exceptions, hooks, options
from mitmproxy.addonmanager import safecall, traverse
from mitmproxy.tools import cmdline
from mitmproxy.tools.dump import DumpMaster
from mitmproxy.tools.main import run

from passlens.addon import Sessions

NEEDED_BY: Final[dict[str, tuple[str, ...]]] = {
    "anticache": ("anticache",),
    "anticomp": ("anticomp",),
    "block": ("block_global", "block_private"),
    "blocklist": ("block_list",),
    "browser": (),
    "clientplayback": ("client_replay",),
    "commandhistory": (),
    "comment": (),
    "cut": (),
    "dumper": ("flow_detail",),
    "errorcheck": (),
    "export": (),
    "keepserving": (),
    "maplocal": ("map_local",),
    "mapremote": ("map_remote",),
    "modifybody": ("modify_body",),
    "modifyheaders": ("modify_headers",),
    "onboarding": ("onboarding",),
    "proxyauth": ("proxyauth",),
    "readfilestdin": (),
    "save": ("save_stream_file",),
    "savehar": ("hardump",),
    "serverplayback": ("server_replay",),
    "stickyauth": ("stickyauth",),
    "stickycookie": ("stickycookie",),
    "upstreamauth": ("upstream_auth",),
}
"""Addons that do nothing at the events of flows unless one of these options is set. Those without options have
commands, or work to do before the first flow. An addon that is not listed, one of a later mitmproxy, stays."""

NEEDED_BY_MODES: Final = ("dnsresolver", "stripdnshttpsrecords", "updatealtsvc")
"""Addons for name service and for reverse proxies."""

_PLAIN: Final = ("regular", "upstream", "socks5", "transparent")
"""Modes that are neither."""


class Master(DumpMaster):
    """mitmdump with passlens. Addons without use stand aside: they stay known under their names and with their
    commands, and return to their place when one of their options is set or one of their commands is called."""

    lean = True

    def __init__(self, opts: options.Options) -> None:
        super().__init__(opts)
        self._aside: dict[str, Any] = {}
        self._deaf: set[tuple[type, str]] = set()
        if self.lean:
            vars(self.addons)["trigger_event"] = self._trigger
        self._sessions = Sessions()
        self.addons.add(self._sessions)
        # Where a script would stand, so that passlens and other addons see each other's work in the usual order.
        after = [name_of(addon) for addon in self.addons.chain].index("scriptloader") + 1
        self.addons.chain.insert(after, self.addons.chain.pop())
        opts.changed.connect(self._options_changed)

    async def run(self) -> None:
        """Run until told to shut down."""
        self._sessions.configure(set())  # options that nobody knows are only told apart now
        await super().run()

    async def running(self) -> None:
        """All addons have started; from now on those without use cost."""
        await super().running()
        self._places = {id(addon): place for place, addon in enumerate(self.addons.chain)}
        if self.lean:
            for addon in [one for one in self.addons.chain if not self._needed(name_of(one))]:
                self._set_aside(addon)

    async def _trigger(self, event: hooks.Hook) -> None:
        """What the addon manager does at an event, but without a look at addons that have no hook for it."""
        for addon in self.addons.chain:
            if (type(addon), event.name) in self._deaf:
                continue
            if not hasattr(addon, event.name) and not hasattr(addon, "addons"):
                self._deaf.add((type(addon), event.name))
                continue
            try:
                with safecall():
                    await self.addons.invoke_addon(addon, event)
            except exceptions.AddonHalt:
                return

    def _needed(self, name: str) -> bool:
        if len(self.options.scripts) or name not in (*NEEDED_BY, *NEEDED_BY_MODES):
            return True  # a script may want to work with any addon
        if name in NEEDED_BY_MODES:
            return any(mode.partition(":")[0].partition("@")[0] not in _PLAIN for mode in self.options.mode)
        return any(getattr(self.options, option, True) for option in NEEDED_BY[name])

    def _options_changed(self, updated: set[str]) -> None:
        for name in [name for name in self._aside if self._needed(name)]:
            self._bring_back(name)

    def _set_aside(self, addon: Any) -> None:
        self._aside[name_of(addon)] = addon
        self.addons.chain = [one for one in self.addons.chain if one is not addon]
        parts = list(traverse([addon]))
        for command in self.commands.commands.values():
            if getattr(command.func, "__self__", None) in parts:
                command.func = self._bringing_back(name_of(addon), command.func)

    def _bringing_back(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def called(*arguments: Any) -> Any:
            self._bring_back(name)
            return call(*arguments)

        return called

    def _bring_back(self, name: str) -> None:
        addon = self._aside.pop(name, None)
        if addon is None:
            return
        # A list of its own, because mitmproxy may be going through the one it has; what came later stays behind.
        chain, last = [*self.addons.chain, addon], len(self._places)
        self.addons.chain = sorted(chain, key=lambda one: self._places.get(id(one), last))
        self.addons.invoke_addon_sync(addon, hooks.ConfigureHook(set(self.options.keys())))


class WithAll(Master):
    """mitmdump with passlens and every built-in addon."""

    lean = False


def name_of(addon: Any) -> str:
    """The name by which mitmproxy knows an addon."""
    return str(getattr(addon, "name", type(addon).__name__.lower()))


def mitmdump(arguments: Sequence[str] | None = None, *, lean: bool = True) -> None:
    """Run until told to shut down, like mitmproxy's command of that name; exits with its status."""

    def filtered(given: Any) -> dict[str, str]:
        expression = " ".join(given.filter_args)
        names = ("save_stream_filter", "readfile_filter", "dumper_filter")
        return dict.fromkeys(names, expression) if expression else {}

    run(Master if lean else WithAll, cmdline.mitmdump, sys.argv[1:] if arguments is None else arguments, filtered)
