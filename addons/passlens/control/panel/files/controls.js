// The sides of the page that are lists: devices, open codes, scenarios, expectations, and what is injected now.

import { clock, el, plural, spaced } from "./element.js";

const SHOWN = 100; // members of a list, the last ones
let running = []; // the scenarios that run, each with its device

const LINKS = {
  seen: () => "uses the proxy, nothing trusted yet",
  refuses: (device) => `refuses the certificate for ${device.refused ?? "the API"}`,
  trusts: () => "trusts the certificate, no call of the API yet",
  api: () => "talks to the API",
};

const VERDICTS = { met: "good", "not-met": "error", open: "note", "not-exercised": "note" };

function fill(section, members, item, order = (shown) => shown) {
  const list = section.querySelector("ul");
  list.replaceChildren(...order(members.slice(-SHOWN)).map(item));
  const left = members.length - SHOWN;
  if (left > 0) list.append(el("li", { class: "small" }, `${left} more, which are older, are not shown.`));
  const none = section.querySelector(".none");
  if (none) none.hidden = members.length > 0;
  else section.hidden = members.length === 0;
}

export function showDevices(devices) {
  fill(document.getElementById("devices"), devices, (device) => {
    const last = device.last && `last ${device.last.operation} ${device.last.outcome ?? device.last.error ?? ""}`;
    return el(
      "li",
      { class: `device-card ${device.link}`, "data-link": device.link },
      el("p", {}, el("b", { class: "t" }, device.address), " ", el("span", { class: "link" }, LINKS[device.link](device))),
      el("p", { class: "small" }, spaced([plural(device.exchanges, "exchange"), last && el("span", { class: "t" }, `· ${last}`)])),
    );
  });
}

// Whose scenario the buttons run: that of all devices, or of one. What is chosen stays, also where its device is gone.
export function showChoice(devices) {
  const choice = document.getElementById("device");
  const chosen = choice.selectedOptions[0];
  const offered = new Map([["", "all devices"]]);
  for (const device of devices) if (nameOf(device)) offered.set(nameOf(device), device.address);
  if (!offered.has(chosen.value)) offered.set(chosen.value, chosen.text);
  document.getElementById("whose").hidden = offered.size === 1;
  if ([...choice.options].map((one) => one.value).join() === [...offered.keys()].join()) return;
  choice.replaceChildren(...[...offered].map(([value, words]) => el("option", { value }, words)));
  choice.value = chosen.value;
}

// What the control API takes for a device: its address, or a key where the address is shown as a pseudonym.
function nameOf(device) {
  return device.address.startsWith("sha256:") ? device.keys.at(-1) : device.address;
}

// The device that is chosen; null for all.
export function chosenDevice() {
  return document.getElementById("device").value || null;
}

// `act` gets the code and what to do with its session.
export function showCodes(sessions, act) {
  const open = sessions.filter((session) => session.state === "open" && session.code !== null);
  const button = (session, action, words) =>
    el("button", { type: "button", "data-action": action, on: { click: (event) => act(event.target, session.code, action) } },
      words, el("span", { class: "sr" }, ` with code ${session.code}`));
  keepFocus(document.getElementById("codes"), () =>
    fill(document.getElementById("codes"), open, (session) =>
      el(
        "li",
        { "data-code": session.code },
        el(
          "div",
          {},
          el("p", {}, el("code", { class: "big" }, session.code)),
          el("p", { class: "small t" }, spaced([session.service_provider, session.mvpd, `until ${clock(session.not_after)}`])),
        ),
        el("p", { class: "buttons" }, button(session, "sign-in", "Sign in"), " ", button(session, "deny", "Deny")),
      ),
    ),
  );
}

// Lists are made anew; a button that had the focus gets it back.
function keepFocus(section, change) {
  const focused = section.contains(document.activeElement) ? document.activeElement : null;
  const code = focused?.closest("li")?.dataset.code;
  change();
  if (code === undefined) return;
  const item = [...section.querySelectorAll("li")].find((one) => one.dataset.code === code);
  item?.querySelector(`[data-action="${focused.dataset.action}"]`)?.focus();
}

export function showExpectations(expectations) {
  const item = (one) =>
    el(
      "li",
      { "data-verdict": one.verdict },
      el("p", {}, el("span", { class: `chip ${VERDICTS[one.verdict] ?? "note"}` }, one.verdict.replace("-", " ")), " ", el("b", { class: "t" }, one.name)),
      el("p", { class: "small t" }, `${one.scenario}: ${one.why}`),
    );
  fill(document.getElementById("expectations"), expectations, item, (shown) => shown.reverse());
}

// One button for each scenario; `run` gets its name.
export function showScenarios(scenarios, run) {
  const section = document.getElementById("scenarios");
  document.getElementById("count").textContent = plural(scenarios.length, "scenario");
  section.querySelector("ul").replaceChildren(
    ...scenarios.map((one, place) =>
      el(
        "li",
        { "data-name": one.name },
        el("button", { type: "button", class: "run", "aria-pressed": "false", "aria-describedby": `about-${place}`, disabled: one.problem !== null, on: { click: () => run(one.name) } }, one.name),
        el(
          "div",
          { id: `about-${place}` },
          el("p", { class: "t" }, one.problem ?? one.description),
          one.should && el("p", { class: "small t" }, el("b", {}, "What the app should do: "), one.should),
        ),
      ),
    ),
  );
}

// Why a scenario that has not acted let the last exchange go by.
function missed(one, count, miss) {
  if (count || !miss || miss.scenario !== one.name) return null;
  return el("span", { class: "missed" }, `Closest: ${miss.operation}. ${miss.explanation}`);
}

export function filterScenarios(text) {
  const wanted = text.trim().toLowerCase();
  for (const item of document.querySelectorAll("#scenarios li")) {
    item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }
}

// What is injected now, in words nobody overlooks; `stop` gets the device of a scenario, or null.
export function showInjecting(status, rules, stop) {
  const hits = (one) => rules.rules.filter((rule) => rule.scenario === one.name && rule.device === one.device);
  const lines = status.scenarios.map((one) => {
    const count = hits(one).reduce((sum, rule) => sum + rule.hits, 0);
    return el(
      "div",
      { class: "wrap scenario" },
      el(
        "p",
        {},
        el("b", {}, `Injecting ${one.name}`),
        ` for ${one.device ?? "all devices"}, ${count ? plural(count, "exchange") : "no exchange"} so far`,
        missed(one, count, rules.nearest_miss),
      ),
      el("button", { type: "button", on: { click: () => stop(one.device) } }, "Stop", el("span", { class: "sr" }, ` ${one.name}`)),
    );
  });
  document.getElementById("sandbox").hidden = !status.sandbox;
  const banner = document.getElementById("injecting");
  if (banner.textContent !== lines.map((line) => line.textContent).join("")) {
    const focused = [...banner.querySelectorAll("button")].indexOf(document.activeElement);
    banner.replaceChildren(...lines);
    banner.querySelectorAll("button")[focused]?.focus();
  }
  document.body.classList.toggle("injects", status.scenarios.length > 0);
  const names = status.scenarios.map((one) => one.name);
  document.title = names.length ? `● ${names.join(", ")} – passlens panel` : "passlens panel";
  // Said when it changes; the count, which changes with each exchange, is for who looks.
  const said = document.getElementById("said");
  const whose = status.scenarios.map((one) => (one.device === null ? one.name : `${one.name} for ${one.device}`));
  const words = names.length ? `Injecting ${whose.join(", ")}.` : said.textContent && "Nothing is injected.";
  if (said.textContent !== words) said.textContent = words;
  running = status.scenarios;
  showPressed();
}

// The button of the scenario that runs for whom is chosen.
export function showPressed() {
  const device = chosenDevice();
  const name = running.find((one) => one.device === device)?.name;
  for (const button of document.querySelectorAll("button.run")) {
    button.setAttribute("aria-pressed", String(button.textContent === name));
  }
}
