// The picture of a journey, drawn as the HTML report draws it; the control API says what stands where.

import { el, svg } from "./element.js";

// `open` is called with the number of the step that was chosen.
export function figure(pictures, open) {
  return el(
    "figure",
    { class: "picture" },
    pictures.map((picture) => drawn(picture, open)),
  );
}

function drawn(picture, open) {
  const { width, height } = picture;
  return svg(
    "svg",
    { class: picture.layout, role: "img", "aria-label": `${picture.title}. ${picture.description}`, viewBox: `0 0 ${width} ${height}`, width, height },
    picture.attempts.map((one) => [
      svg("rect", { class: "attempt", x: one.x, y: 6, width: one.width, height: picture.bottom - 6, rx: 8 }),
      svg("text", { class: "code", x: one.x + one.width / 2, y: 22 }, one.label),
    ]).flat(),
    picture.stages.map((stage) => [
      svg("line", { class: "lane", x1: picture.left, x2: width, y1: stage.y, y2: stage.y }),
      svg("text", { class: "stage", x: 0, y: stage.y + 4 }, stage.name),
    ]).flat(),
    picture.lines.map((line) => svg("path", { class: line.pause ? "way pause" : "way", d: line.path })),
    picture.nodes.map((node) => step(node, picture, open)).flat(),
  );
}

function step(node, picture, open) {
  const { x, y } = node;
  const group = svg(
    "g",
    { class: `node ${node.look}${node.refused ? " refused" : ""}`, on: { click: () => open(node.number) } },
    svg("circle", { cx: x, cy: y, r: 14 }),
    svg("text", { class: node.number > 999 ? "n long" : "n", x, y: y + 4 }, String(node.number)),
    badge(node),
    node.injected && svg("circle", { class: "ring", cx: x, cy: y, r: 18 }),
    svg("text", { class: "label", x, y: y + 27 }, `${node.refused ? "✕ " : ""}${node.label}`),
    svg("title", {}, node.title),
  );
  return node.gap ? [group, svg("text", { class: "gap", x, y: picture.height - 7 }, node.gap)] : [group];
}

function badge({ worst, x, y }) {
  if (worst === "note") return svg("circle", { class: "badge", cx: x + 9, cy: y - 10, r: 5 });
  if (worst === "error") {
    return svg(
      "g",
      {},
      svg("path", { class: "badge", d: `M${x + 5} ${y - 17}h7l5 5v7l-5 5h-7l-5-5v-7z` }),
      svg("path", { class: "mark", d: `M${x + 8.5} ${y - 13.5}v5.5m0 2.4v1.6` }),
    );
  }
  if (worst === "warning") {
    return svg(
      "g",
      {},
      svg("path", { class: "badge", d: `M${x + 9} ${y - 19}l8.5 15h-17z` }),
      svg("path", { class: "mark", d: `M${x + 9} ${y - 13.5}v4.5m0 1.9v1.3` }),
    );
  }
  return null;
}
