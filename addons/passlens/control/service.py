"""What the calls of the control API do: a thin layer over what the proxy has anyway. Nothing in here knows HTTP.
Mistakes are ValueErrors with a sentence, LookupErrors where what was named is not there."""

import json
import platform
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from mitmproxy import ctx, exceptions, version

from passlens import __version__
from passlens.control import models
from passlens.control.journal import Journal, JournalRecord, Seen
from passlens.control.query import ExchangesQuery, FindingsQuery, check_device
from passlens.control.timeline_models import TimelineList, TimelineQuery
from passlens.control.timelines import MAX_EXCHANGES, timelines
from passlens.errors import UnknownScenarioError
from passlens.proxy import listening
from passlens.proxy.hosts import Hosts
from passlens.proxy.injector import Injector
from passlens.proxy.inspector import Inspector
from passlens.proxy.link_state import DeviceLink, LinkState
from passlens.proxy.scenario_switch import ScenarioSwitch
from passlens.redaction.redactor import Redactor
from passlens.rest_v2.wire import moment
from passlens.sandbox.session import VirtualSession
from passlens.sandbox.session_actions import act
from passlens.util.address import bracketed

MAX_LISTED: Final = 1000
"""Members of one answer; ``next`` leads on."""

_INLINE: Final = Path("inline.yaml")
"""Gives an inline scenario its name."""


class Service:
    """The calls. ``changed`` is called when there may be something to act for, or no longer."""

    def __init__(
        self,
        inspector: Inspector,
        injector: Injector,
        switch: ScenarioSwitch,
        links: LinkState,
        hosts: Hosts,
        changed: Callable[[], None],
    ) -> None:
        self._links, self._hosts = links, hosts
        self._inspector, self._injector, self._switch = inspector, injector, switch
        self._changed = changed
        self.journal = Journal(inspector.texts)

        self.shown_address = inspector.shown_address
        """A client address as it may be shown."""

    # ---- what is

    def status(self) -> models.StatusReport:
        """What runs, and what it has seen."""
        addresses = listening.addresses()
        scenarios = self._active()
        return {
            "version": __version__,
            "mitmproxy": f"{version.VERSION}, Python {platform.python_version()}",
            "port": addresses[0][1] if addresses else None,
            "addresses": [f"{bracketed(host)}:{port}" for host, port in addresses],
            "hosts": list(self._hosts.patterns),
            "passed": self._links.passed,
            "scenario": next((one["name"] for one in scenarios if one["device"] is None), None),
            "scenarios": scenarios,
            "sandbox": self._injector.hosts is not None,
            "reveal": self._inspector.reveal,
            "mark": self.journal.mark,
            "counts": self._inspector.summary(),
            "kept": {
                "entries": len(self.journal),
                "dropped": self.journal.dropped,
                "last": self.journal.number,
            },
            "links": self._link_counts(),
        }

    def _link_counts(self) -> models.LinkCounts:
        counted = Counter(device.link for device in self._links.devices)
        return {
            "seen": counted["seen"],
            "refuses": counted["refuses"],
            "trusts": counted["trusts"],
            "api": counted["api"],
        }

    def devices(self) -> models.DeviceList:
        """The client addresses that were seen, each with its link state and its keys."""
        seen = {one.address: one for one in self.journal.devices()}
        return {"devices": [self._device(row, seen.get(row.address)) for row in self._links.devices]}

    def _device(self, row: DeviceLink, seen: Seen | None) -> models.DeviceMember:
        member = row.member()
        return {
            "address": self.shown_address(row.address),
            "link": row.link,
            "keys": list(seen.keys) if seen is not None else [],
            "exchanges": seen.exchanges if seen is not None else 0,
            "last": _brief(seen.last) if seen is not None else None,
            "refused": row.refused,
            "alert": row.alert,
            "first_seen": member["first_seen"],
            "last_seen": member["last_seen"],
            "passed": list(row.passed),
        }

    def journeys(self) -> models.JourneyList:
        """The journeys that have ended, and after them those that go on, as they stand."""
        return {"journeys": [*self.journal.journeys, *self._inspector.going_on()]}

    def expectations(self) -> models.ExpectationList:
        """The verdicts so far, and after them what is not decided yet."""
        return {"expectations": [*self.journal.expectations, *self._inspector.pending()]}

    def exchanges(self, query: ExchangesQuery) -> tuple[list[JournalRecord], int]:
        """The entries that fit, and ``next``: the last number that was looked at."""
        found: list[JournalRecord] = []
        for record in self.journal.find(query):
            if len(found) == MAX_LISTED:
                return found, found[-1].number
            found.append(record)
        return found, self.journal.number

    def findings(self, query: FindingsQuery) -> dict[str, Any]:
        """The findings that fit, with their exchanges."""
        found: list[dict[str, Any]] = []
        for record in self.journal.after(query.since):
            if record.facts.worst is None or not query.fits(record.facts.worst):
                continue
            fitting = [
                {**finding, "mark": record.mark, "exchange": _brief(record)}
                for finding in record.entry["findings"]
                if query.fits(finding["severity"])
            ]
            if found and len(found) + len(fitting) > MAX_LISTED:
                return {"findings": found, "next": record.number - 1}  # those of one exchange stay together
            found += fitting
        return {"findings": found, "next": self.journal.number}

    def timelines(self, query: TimelineQuery) -> Callable[[], TimelineList]:
        """What draws the last exchanges as the HTML report has them, as far as they are new; in any thread, for it
        works on what is known now."""
        journal = self.journal
        records, ended = journal.last(MAX_EXCHANGES), list(journal.ended)
        return partial(timelines, records, ended, self._inspector.going_on(), journal.number, query.since)

    # ---- scenarios

    def scenarios(self) -> models.ScenarioList:
        """What can be run."""
        return {
            "scenarios": [
                {"name": one.name, "description": one.description, "should": one.should, "problem": one.problem}
                for one in self._switch.library().entries()
            ]
        }

    def running(self, device: str | None) -> models.RunningScenarios:
        """What runs for all devices, or for one of its own."""
        scenarios = self._active()
        name = next((one["name"] for one in scenarios if one["device"] == device), None)
        return {"name": name, "device": device, "scenarios": scenarios}

    def run(self, body: models.ScenarioBody) -> models.RunningScenarios:
        """Run a scenario from the next request on."""
        if (body.name is None) == (body.rules is None):
            raise ValueError("A scenario is given by its name or by its rules; give one of the two.")
        device = _device(body.device)
        if body.rules is not None:
            text = json.dumps({"rules": body.rules})
            if '"body_file"' in text:
                raise ValueError("Inline rules have no folder for a body_file; give the body in the rule.")
            self._switch.inline(text.encode(), _INLINE, device)
        elif device is not None:
            self._found(lambda: self._switch.for_device(body.name or "", device))
        else:
            self._found(lambda: self._set_option(body.name or ""))
        self._changed()
        return self.running(device)

    def stop(self, given: str | None) -> models.RunningScenarios:
        """Run none from now on, for all devices or for one of its own; virtual sessions stay."""
        device = _device(given)
        if device is not None:
            self._switch.for_device("", device)
        else:
            self._set_option("")
        self._changed()
        return self.running(device)

    def _found(self, run: Callable[[], None]) -> None:
        try:
            run()
        except UnknownScenarioError as error:
            raise LookupError(str(error)) from None

    def _set_option(self, name: str) -> None:
        if name:
            self._switch.read_again(name)
        try:
            ctx.options.update(passlens_scenario=name)
        except exceptions.OptionsError as error:
            raise ValueError(str(error)) from None

    def rules(self) -> models.RuleList:
        """Hits of each rule that runs, and the nearest miss."""
        found: list[models.RuleMember] = [
            {"scenario": running.scenario.name, "device": device, "rule": name, "hits": hits}
            for device, running in self._injector.scenarios.by_device().items()
            for name, hits in running.engine.counts.items()
        ]
        return {"rules": found, "nearest_miss": self._nearest_miss()}

    def _nearest_miss(self) -> models.NearestMiss | None:
        missed = self._injector.missed
        if missed is None:
            return None
        decision, ex = missed
        words = decision.explanation.sentence(Redactor(ex).text)
        return {"scenario": decision.scenario.name, "operation": ex.operation.id, "explanation": words}

    def _active(self) -> list[models.ActiveScenario]:
        running = self._injector.scenarios.by_device()
        return [{"name": one.scenario.name, "device": device} for device, one in running.items()]

    # ---- sessions, marks, reset

    def sessions(self) -> models.SessionList:
        """The virtual sessions that are not over."""
        return {"sessions": [_session(one) for one in self._injector.api.sessions.list(time.time())]}

    def session(self, code: str, body: models.SessionBody) -> models.SessionList:
        """Sign in to one, deny it, or let it expire."""
        done = act(self._injector.api, code, body.action, time.time())
        members = [_session(one) for one in done]
        for member in members:
            self._inspector.sinks.session({"action": body.action, **member})
        return {"sessions": members}

    def mark(self, body: models.MarkBody) -> models.Marked:
        """From here on entries count as of this mark."""
        self.journal.mark = body.name
        return {"mark": body.name, "next": self.journal.number}

    def reset(self) -> models.Reset:
        """Forget counters, states, virtual sessions and entries; scenarios go on."""
        self._inspector.reset()
        self._injector.forget()
        self.journal.reset()
        self._changed()
        return {"next": self.journal.number}


def _device(given: str | None) -> str | None:
    try:
        return None if given is None else check_device(given)
    except ValueError as error:
        raise ValueError(f"The device {error}.") from None


def _brief(record: JournalRecord) -> models.BriefExchange:
    facts = record.facts
    return {
        "number": record.number,
        "operation": facts.operation,
        "started": facts.started,
        "outcome": facts.outcome,
        "error": facts.error,
    }


def _session(session: VirtualSession) -> models.SessionMember:
    return {
        "code": session.code,
        "service_provider": session.service_provider,
        "mvpd": session.mvpd,
        "state": session.state,
        "not_after": moment(session.not_after / 1000) or "",
    }
