// One exchange as the HTML report has it: a line, and what stands below when it is opened.

import { clock, el, plural, spaced } from "./element.js";

const SEVERITIES = ["error", "warning", "note"];

// A list item; `again` of the exchange can be renewed with `renew`.
export function exchangeItem(exchange) {
  const { entry } = exchange;
  const details = el("details", { id: `x${exchange.number}` }, summary(exchange));
  // The body is made when somebody looks: most exchanges are never opened.
  details.addEventListener("toggle", () => details.open && details.append(body(exchange)), { once: true });
  const item = el("li", { class: `step ${exchange.look}`, "data-number": exchange.number }, details);
  if (isMade(entry)) item.classList.add("injected");
  return item;
}

// By a scenario, that is: where the sandbox is on, it answers everything, and the page says so once.
function isMade(entry) {
  return entry.injected !== null && entry.injected.scenario !== "sandbox";
}

export function renew(item, exchange) {
  item.querySelector(".again").textContent = exchange.again ?? "";
}

function summary(exchange) {
  const { entry, lines } = exchange;
  const action = entry.action && [entry.action.name, entry.action.type, entry.action.reason].filter(Boolean).join(" · ");
  const more = lines.length > 1 && el("span", { class: "small" }, ` and ${lines.length - 1} more`);
  return el(
    "summary",
    {},
    el("span", { class: "disc", "aria-hidden": "true" }, String(exchange.number)),
    el(
      "span",
      { class: "head" },
      el(
        "span",
        { class: "line" },
        spaced([
          el("h4", {}, el("span", { class: "sr" }, `Exchange ${exchange.number}: `), entry.operation),
          entry.outcome && el("span", { class: "tag" }, entry.outcome),
          action && el("span", { class: "t" }, action),
          lines.length > 0 && el("span", { class: exchange.denied ? "t refused" : "t" }, lines[0], more),
          entry.error && el("span", { class: "t refused" }, entry.error),
        ]),
      ),
      el(
        "span",
        { class: "meta" },
        spaced([
          el("span", {}, entry.status === null ? "no response" : `status ${entry.status}`),
          entry.started && el("time", { datetime: entry.started }, clock(entry.started)),
          exchange.gap && el("span", {}, exchange.gap),
          entry.service_provider && el("span", { class: "t" }, entry.service_provider),
          entry.code && el("span", { class: "t" }, `code ${entry.code}`),
          isMade(entry) && el("span", { class: "tag made" }, `injected: ${entry.injected.scenario}`),
          el("b", { class: "again" }, exchange.again ?? ""),
        ]),
      ),
    ),
    el("span", { class: "chips" }, chips(entry.findings)),
  );
}

function chips(findings) {
  return spaced(
    SEVERITIES.map((severity) => {
      const count = findings.filter((finding) => finding.severity === severity).length;
      return count > 0 && el("span", { class: `chip ${severity}` }, plural(count, severity));
    }),
  );
}

function body(exchange) {
  const { entry, lines } = exchange;
  return el(
    "div",
    { class: "body" },
    lines.length > 1 && el("ul", { class: "results" }, lines.map((line) => el("li", { class: "t" }, line))),
    entry.diagnosis && el("p", { class: "why t" }, el("b", {}, "Why. "), entry.diagnosis),
    exchange.next_steps && el("p", { class: "next" }, el("b", {}, "Next: "), exchange.next_steps),
    exchange.injection && el("p", { class: isMade(entry) ? "notice made" : "notice" }, el("b", {}, "Injected by passlens: "), exchange.injection),
    entry.findings.length > 0 && el("ul", { class: "findings" }, entry.findings.map(finding)),
    facts(entry),
    exchange.partner_status && el("p", { class: "small t" }, `Partner status: ${exchange.partner_status}`),
    exchange.decoded.map(decoded),
  );
}

function finding(one) {
  return el(
    "li",
    { class: `finding ${one.severity}` },
    el("p", { class: "said" }, el("span", { class: `chip ${one.severity}` }, one.severity), " ", el("b", { class: "t" }, one.message)),
    el("p", { class: "place" }, `${one.code} ${one.name} `, el("span", {}, "at"), " ", el("code", {}, one.at)),
    (one.actual || one.expected) &&
      el("dl", { class: "versus" }, one.actual && pair("actual", one.actual), one.expected && pair("expected", one.expected)),
    el("p", { class: "small" }, `${one.source}; basis: ${one.basis}; side: ${one.side}`),
  );
}

function facts(entry) {
  const named = ["partner", "mvpd", "code"].filter((name) => entry[name]).map((name) => pair(name, entry[name]));
  const took = entry.duration_ms !== null && pair("took", `${Math.round(entry.duration_ms)} ms`);
  const request = pair("request", `${entry.method ?? ""} ${entry.host ?? ""}${entry.path ?? ""}`);
  request.classList.add("whole");
  return el("dl", { class: "facts" }, request, named, took);
}

function decoded(header) {
  const rows = header.rows.map(([name, value]) => pair(name, value));
  return el("div", {}, el("h5", {}, header.name), el("dl", { class: "facts decoded" }, rows));
}

function pair(name, value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}
