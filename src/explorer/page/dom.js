// Elements of the page, made without any text being read as HTML.

/** An element with properties, attributes, listeners ("onclick") and children. */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "selected") element[key] = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  add(element, children);
  return element;
}

/** Adds children: elements, texts, lists of them, or nothing. */
export function add(element, children) {
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child);
  }
  return element;
}

/** Puts new children in place of the old, and gives the focus back to the element of the same id. */
export function fill(element, ...children) {
  const focused = document.activeElement?.id;
  const inside = focused && element.contains(document.activeElement);
  element.replaceChildren();
  add(element, children);
  if (inside) document.getElementById(focused)?.focus({ preventScroll: true });
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A short line in a colour and a pattern, for legends. */
export function sample(colour, dash) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ width: 30, height: 12, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const line = document.createElementNS(SVG, "line");
  const own = { x1: 1, x2: 29, y1: 6, y2: 6, stroke: colour, "stroke-width": 3 };
  for (const [key, value] of Object.entries(own)) line.setAttribute(key, value);
  if (dash.length) line.setAttribute("stroke-dasharray", dash.join(" "));
  svg.append(line);
  return svg;
}
