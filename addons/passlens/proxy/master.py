"""The mitmdump that ``passlens proxy`` runs: with the addon in it, and without built-in addons that nobody asked for.
mitmproxy calls every addon at every event of every flow, which is more than a third of its work."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import wraps
from inspect import isawaitable
from typing import Any, Final

from mitmproxy import exceptions, hooks, http, options
from mitmproxy.addonmanager import safecall, traverse
from mitmproxy.tools import cmdline
from mitmproxy.tools.dump import DumpMaster
from mitmproxy.tools.main import run

from passlens.proxy import stdout_writer
from passlens.proxy.confdir import confdir_fault

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

    def __init__(self, opts: options.Options, addon: Any, *, lean: bool = True) -> None:
        """``addon`` is passlens'; without ``lean`` every built-in addon stays in its place."""
        opts.changed.connect(self._check_confdir)  # before addons use the folder
        super().__init__(opts)
        self.lean = lean
        self._aside: dict[str, Any] = {}
        if self.lean:
            vars(self.addons)["trigger_event"] = self._trigger
        self._addon = addon
        self.addons.add(addon)
        # Where a script would stand, so that passlens and other addons see each other's work in the usual order.
        after = [name_of(one) for one in self.addons.chain].index("scriptloader") + 1
        self.addons.chain.insert(after, self.addons.chain.pop())
        opts.changed.connect(self._options_changed)

    async def run(self) -> None:
        """Run until told to shut down."""
        self._addon.configure(set())  # options that nobody knows are only told apart now
        try:
            self._check_confdir({"confdir"})  # the one that nobody had to name
        except exceptions.OptionsError as error:
            sys.exit(f"passlens: {error}")
        own = self.lean and not self.options.scripts and not self.options.rfile
        try:
            with without_type_checks() if own else nullcontext():
                await super().run()
        finally:
            asyncio.get_running_loop().set_exception_handler(unless_cancelled)

    async def running(self) -> None:
        """All addons have started; from now on those without use cost."""
        await super().running()
        self._places = {id(addon): place for place, addon in enumerate(self.addons.chain)}
        if self.lean:
            for addon in [one for one in self.addons.chain if not self._needed(name_of(one))]:
                self._set_aside(addon)

    async def _trigger(self, event: hooks.Hook) -> None:
        """What the addon manager does at an event, straight on where an addon has no others inside it: it would look
        for some, and take the event apart, once for each addon."""
        values = event.args()
        for addon in self.addons.chain:
            hook = getattr(addon, event.name, None)
            try:
                if getattr(addon, "addons", None):
                    with safecall():
                        await self.addons.invoke_addon(addon, event)
                elif callable(hook):
                    with safecall():
                        result = hook(*values)
                        if result is not None and isawaitable(result):
                            await result
            except exceptions.AddonHalt:
                return

    def _needed(self, name: str) -> bool:
        if len(self.options.scripts) or name not in (*NEEDED_BY, *NEEDED_BY_MODES):
            return True  # a script may want to work with any addon
        if name in NEEDED_BY_MODES:
            return any(mode.partition(":")[0].partition("@")[0] not in _PLAIN for mode in self.options.mode)
        return any(getattr(self.options, option, True) for option in NEEDED_BY[name])

    def _check_confdir(self, updated: set[str]) -> None:
        if "confdir" in updated and (fault := confdir_fault(self.options.confdir)) is not None:
            raise exceptions.OptionsError(fault)

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


@contextmanager
def without_type_checks() -> Iterator[None]:
    """Spare mitmproxy a look at the type of each member of each message, a tenth of its work that it leaves out where
    Python runs with -O. They are its own messages; those of files and scripts had better be looked at."""
    made: Any = http.MessageData
    check = vars(made).get("__post_init__")
    if check is None:
        yield
        return
    made.__post_init__ = lambda message: None
    try:
        yield
    finally:
        made.__post_init__ = check


def unless_cancelled(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What the loop does with errors once mitmproxy has ended: Python 3.11 takes the connection of a client that is
    still there for one, and prints its traceback (mended in 3.12)."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def name_of(addon: Any) -> str:
    """The name by which mitmproxy knows an addon."""
    return str(getattr(addon, "name", type(addon).__name__.lower()))


def mitmdump(addon: Any, arguments: Sequence[str] | None = None, *, lean: bool = True) -> None:
    """Run with an addon until told to shut down, like mitmproxy's command of that name; exits with its status."""
    stdout_writer.own_streams()

    def filtered(given: Any) -> dict[str, str]:
        expression = " ".join(given.filter_args)
        names = ("save_stream_filter", "readfile_filter", "dumper_filter")
        return dict.fromkeys(names, expression) if expression else {}

    class GivenMaster(Master):
        def __init__(self, opts: options.Options) -> None:
            super().__init__(opts, addon, lean=lean)

    run(GivenMaster, cmdline.mitmdump, sys.argv[1:] if arguments is None else arguments, filtered)
