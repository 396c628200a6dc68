// The panel: asks the control API for what is new whenever an event says that there is something, and draws it. What is
// shown is bounded, whatever comes.

import { GONE, Refused, call, listen, takeToken } from "./api.js";
import {
  chosenDevice, filterScenarios, showChoice, showCodes, showDevices, showExpectations, showInjecting, showPressed, showScenarios,
} from "./controls.js";
import { el, plural } from "./element.js";
import { exchangeItem, renew } from "./exchange.js";
import { figure } from "./timeline.js";

const MAX_EXCHANGES = 500; // exchanges that are shown
const SOON = 200; // milliseconds from an event to the look at what is new
const EASE = 4; // a look takes place at most this many times its own length after the last one
const SLOW = 20000; // milliseconds between two looks at everything
const SILENCE = 45000; // milliseconds without a sign of life after which the stream is taken for dead
const AGAIN = [1000, 2000, 5000, 10000]; // milliseconds before the next try to connect
const NEWS = 5000; // milliseconds between two announcements of new exchanges

// What an event makes worth a look.
const ALL = ["status", "devices", "sessions", "expectations", "timelines"];
const CONCERNS = {
  begin: ALL,
  exchange: ["timelines", "devices", "sessions", "status", "expectations"],
  journey: ["timelines"],
  device: ["devices"],
  scenario: ["status"],
  session: ["sessions"],
  expectation: ["expectations"],
};

const page = {
  since: 0,
  exchanges: new Map(), // number: {exchange, item}
  timelines: new Map(), // id: {section, head, figure, list}
  dirty: new Set(),
  looking: false,
  timer: null,
  heard: 0,
  stream: null,
  run: 0,
  announced: 0,
  unannounced: 0,
};

const byId = (id) => document.getElementById(id);

function say(state, sentence) {
  byId("bar").dataset.state = state;
  if (byId("state").textContent !== sentence) byId("state").textContent = sentence;
}

function problem(sentence) {
  byId("problem").textContent = sentence;
}

// ---- what is new

async function look() {
  if (page.looking || document.hidden) return;
  page.looking = true;
  const run = page.run;
  const started = performance.now();
  const wanted = [...page.dirty];
  page.dirty.clear();
  try {
    for (const name of wanted) if (run === page.run) await LOOKS[name]();
  } catch (error) {
    for (const name of wanted) page.dirty.add(name);
    page.looking = false;
    page.stream?.abort();
    return;
  }
  page.looking = false;
  if (page.dirty.size) soon(Math.max(SOON, EASE * (performance.now() - started)));
}

function soon(pause = SOON) {
  if (page.timer !== null || page.looking) return;
  page.timer = setTimeout(() => {
    page.timer = null;
    look();
  }, pause);
}

function touch(names) {
  for (const name of names) page.dirty.add(name);
  soon();
}

const LOOKS = {
  async status() {
    const status = await call("GET", "status");
    const rules = status.scenarios.length ? await call("GET", "rules") : { rules: [], nearest_miss: null };
    showInjecting(status, rules, stop);
    const seen = status.counts;
    byId("about").textContent = [
      `proxy ${[...new Set(status.addresses.map(named))].join(", ") || "at no port"}`,
      plural(seen.exchanges, "exchange"),
      ...["error", "warning"].filter((name) => seen[`${name}s`]).map((name) => plural(seen[`${name}s`], name)),
      `passlens ${status.version}`,
    ].join(" · ");
  },
  async devices() {
    const { devices } = await call("GET", "devices");
    showDevices(devices);
    showChoice(devices);
  },
  async sessions() {
    showCodes((await call("GET", "sessions")).sessions, act);
  },
  async expectations() {
    showExpectations((await call("GET", "expectations")).expectations);
  },
  async timelines() {
    const found = await call("GET", `timelines?since=${page.since}`);
    if (found.next < page.since) {
      // Another run of the proxy, which counts anew.
      forget(Infinity);
      page.since = 0;
      page.dirty.add("timelines");
      return;
    }
    page.since = found.next;
    forget(found.first);
    for (const timeline of found.timelines) showTimeline(timeline);
    for (const exchange of found.exchanges) showExchange(exchange);
    forget([...page.exchanges.keys()].sort((one, two) => two - one)[MAX_EXCHANGES - 1] ?? 0);
    const more = document.querySelector("#journeys .more");
    more.hidden = found.more === 0;
    more.textContent = `${plural(found.more, "more device")} not shown, which were heard of longer ago.`;
    document.querySelector("#journeys .none").hidden = page.exchanges.size > 0;
    announce(found.exchanges);
  },
};

// An address of the proxy; one that listens everywhere is told by its port.
function named(address) {
  return address.replace(/^(0\.0\.0\.0|\[::\])?:/, "port ");
}

// ---- journeys

function showTimeline(timeline) {
  let known = page.timelines.get(timeline.id);
  if (known === undefined) {
    const title = `t${page.timelines.size}-${timeline.id}`;
    known = { head: el("div", { class: "devicehead" }), verdicts: el("div", {}), picture: el("div", {}), list: el("ol", { class: "steps" }) };
    known.section = el("section", { class: "device", "aria-labelledby": title }, known.head, known.verdicts, known.picture, known.list);
    known.title = title;
    page.timelines.set(timeline.id, known);
  }
  const pseudonym = timeline.id === "none" ? null : el("code", {}, timeline.id);
  known.head.replaceChildren(
    el("h3", { id: known.title, class: "t" }, timeline.name),
    el("p", { class: "small" }, pseudonym, " ", plural(timeline.exchanges, "exchange")),
  );
  known.verdicts.replaceChildren(
    ...timeline.journeys.map((one) => journey(one, "")),
    ...timeline.going_on.map((one) => journey(one, "so far: ")),
  );
  known.picture.replaceChildren(figure(timeline.pictures, open));
  // The device that was heard of last stands first; what has the focus is not moved away from under it.
  const first = document.querySelector(".timelines");
  if (first.firstElementChild !== known.section && !first.contains(document.activeElement)) first.prepend(known.section);
  else if (!known.section.isConnected) first.append(known.section);
}

function journey(one, when) {
  const words = [one.service_provider, ...one.codes.slice(0, 3)].filter(Boolean).join(" ");
  return el("p", { class: "small journey t" }, when, el("b", {}, one.verdict.replaceAll("-", " ")), ` ${words}: ${one.why}`);
}

function showExchange(exchange) {
  const known = page.exchanges.get(exchange.number);
  if (known !== undefined) {
    renew(known.item, exchange);
    return;
  }
  const item = exchangeItem(exchange);
  renew(item, exchange);
  page.exchanges.set(exchange.number, { exchange, item });
  const list = page.timelines.get(exchange.timeline)?.list;
  const older = [...(list?.children ?? [])].find((one) => Number(one.dataset.number) < exchange.number);
  list?.insertBefore(item, older ?? null);
  page.unannounced += 1;
}

// Take away what is older than a number, and the timelines that are empty then.
function forget(first) {
  for (const [number, { item }] of page.exchanges) {
    if (number < first) {
      item.remove();
      page.exchanges.delete(number);
    }
  }
  for (const [id, { section, list }] of page.timelines) {
    if (section.isConnected && list.childElementCount === 0) {
      section.remove();
      page.timelines.delete(id);
    }
  }
}

function open(number) {
  const item = page.exchanges.get(number)?.item;
  if (item === undefined) return;
  const details = item.querySelector("details");
  details.open = true;
  details.scrollIntoView({ block: "nearest" });
  details.querySelector("summary").focus({ preventScroll: true });
}

// For who hears the page: how many came, and the last one, now and then.
function announce(exchanges) {
  if (!page.unannounced || Date.now() - page.announced < NEWS) return;
  const last = exchanges.at(-1)?.entry;
  const words = last ? `, the last one ${last.operation} ${last.outcome ?? last.error ?? last.status ?? "without a response"}` : "";
  byId("news").textContent = `${plural(page.unannounced, "new exchange")}${words}.`;
  page.announced = Date.now();
  page.unannounced = 0;
}

// ---- what is done

async function done(work) {
  problem("");
  try {
    await work();
  } catch (error) {
    problem(error.message);
  }
}

function act(button, code, action) {
  button.disabled = true;
  return done(async () => {
    await call("POST", `sessions/${encodeURIComponent(code)}`, { action });
  }).finally(() => {
    button.disabled = false;
    touch(["sessions"]);
  });
}

function run(name) {
  const pressed = document.querySelector(`button.run[aria-pressed="true"]`);
  const device = chosenDevice();
  if (pressed?.textContent === name) return stop(device);
  return done(() => call("PUT", "scenario", { name, device })).finally(() => touch(["status"]));
}

function stop(device) {
  const query = device === null ? "" : `?device=${encodeURIComponent(device)}`;
  return done(() => call("DELETE", `scenario${query}`)).finally(() => touch(["status"]));
}

// ---- the connection

function heard(event) {
  page.heard = Date.now();
  if (event !== null) touch(CONCERNS[event] ?? []);
}

async function connect() {
  const run = ++page.run;
  page.stream?.abort();
  for (let tries = 0; run === page.run; tries += 1) {
    try {
      showScenarios((await call("GET", "scenarios")).scenarios, runScenario);
      filterScenarios(byId("find").value);
      page.looking = false;
      say("connected", "Connected to the proxy.");
      problem("");
      page.stream = new AbortController();
      page.heard = Date.now();
      tries = 0;
      await listen(heard, page.stream.signal);
      if (run === page.run) say("gone", GONE);
    } catch (error) {
      if (run !== page.run) return;
      say(error instanceof Refused ? "refused" : "gone", error.message);
      if (error instanceof Refused && error.status === 401) return;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN[Math.min(tries, AGAIN.length - 1)]));
  }
}

const runScenario = (name) => run(name);

function watch() {
  if (document.hidden || page.stream === null) return;
  if (Date.now() - page.heard > SILENCE) page.stream.abort();
  else touch(ALL);
}

byId("find").addEventListener("input", (event) => filterScenarios(event.target.value));
byId("device").addEventListener("change", showPressed);
byId("choose").open = matchMedia("(min-width: 70rem)").matches;
addEventListener("hashchange", () => takeToken() && location.hash === "" && connect());
document.addEventListener("visibilitychange", watch);
setInterval(watch, SLOW);
takeToken();
connect();
