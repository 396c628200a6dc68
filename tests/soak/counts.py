"""A mitmproxy script that counts what the process holds: the command ``soak.counts`` gives it as JSON.
It is loaded beside the addon and looks into it; the product knows nothing of it."""

import asyncio
import gc
import json
import os

from mitmproxy import command, ctx, http


class Counts:
    """Counts on demand."""

    @command.command("soak.counts")
    def counts(self) -> str:
        """Everything that could grow, after a garbage collection; the connection that asks is among it."""
        gc.collect()
        alive = gc.get_objects()
        addon = ctx.master.addons.get("sessions")
        injector = addon._injector
        # The control API keeps flows for a recording, within a limit of its own.
        kept = {id(flow) for flow in addon._control._service.journal.flows()}
        found = {
            "memory": memory(os.getpid()),
            "files": len(os.listdir("/proc/self/fd")),
            "tasks": len(asyncio.all_tasks()),
            "connections": len(ctx.master.addons.get("proxyserver").connections),
            "flows": sum(isinstance(one, http.HTTPFlow) and id(one) not in kept for one in alive),
            "objects": len(alive),
            "pending": len(injector._plans),
            "remembered": len(injector.scenarios.memory),
            "sessions": len(injector.api.sessions),
        }
        return json.dumps(found)


def memory(pid: int) -> float:
    """Resident memory of a process, in MiB."""
    with open(f"/proc/{pid}/statm") as file:
        return round(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1)


addons = [Counts()]
