"use strict";
// Filters, and opening what a link points to. The page is whole without this: it only hides and opens.
(() => {
  const form = document.getElementById("filters");
  const steps = [...document.querySelectorAll("li.step")];
  const nodes = new Map();
  for (const node of document.querySelectorAll("a.node")) {
    nodes.set(node.dataset.x, [...(nodes.get(node.dataset.x) || []), node]);
  }

  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) {
      if (target.closest("li").hidden) form.reset();
      target.open = true;
      target.scrollIntoView();
      target.querySelector("summary").focus({ preventScroll: true });
    }
  }

  function filter() {
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const operation = form.elements.operation.value;
    const device = form.elements.device ? form.elements.device.value : "";
    let shown = 0;
    for (const step of steps) {
      const fits =
        step.dataset.severities.split(" ").some((one) => severities.has(one)) &&
        (!operation || step.dataset.operation === operation) &&
        (!device || step.dataset.device === device);
      step.hidden = !fits;
      shown += fits;
      for (const node of nodes.get(step.dataset.x) || []) node.classList.toggle("off", !fits);
    }
    for (const finding of document.querySelectorAll("li.finding")) {
      finding.hidden = !severities.has(finding.dataset.severity);
    }
    for (const section of document.querySelectorAll("section.device")) {
      section.hidden = !section.querySelector("li.step:not([hidden])");
    }
    document.getElementById("shown").textContent = `${shown} of ${steps.length} exchanges shown`;
  }

  function setAll(open) {
    for (const step of steps) step.querySelector("details").open = open;
  }

  if (form) {
    const expand = document.getElementById("expand");
    form.hidden = false;
    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    expand.addEventListener("click", () => {
      const open = expand.getAttribute("aria-pressed") !== "true";
      expand.setAttribute("aria-pressed", String(open));
      setAll(open);
    });
    filter();
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open], .message)")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => closed.forEach((one) => (one.open = false)));
  addEventListener("hashchange", openTarget);
  for (const link of document.querySelectorAll("a[href^='#x']")) {
    link.addEventListener("click", () => setTimeout(openTarget));
  }
  if (location.hash) openTarget();
})();
