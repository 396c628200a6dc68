// Elements made of attributes and children. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function el(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function svg(name, attributes, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

// Attributes and children that are null or false are left out; `on` holds listeners by the names of their events.
function filled(node, { on = {}, ...attributes } = {}, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  node.append(...children.flat().filter((child) => child !== null && child !== false && child !== undefined));
  return node;
}

// Blanks between parts that stand in one line, so that they are words apart for who hears them, too.
export function spaced(parts) {
  return parts.filter((part) => part !== null && part !== false).flatMap((part, place) => (place ? [" ", part] : [part]));
}

export function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// The time of day of an ISO time, by the clock of whoever looks.
export function clock(text) {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleTimeString([], { hourCycle: "h23" });
}
