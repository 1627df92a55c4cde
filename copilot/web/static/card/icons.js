// The page's drawn icons, 16 × 16, in the colour of the text around them. Decoration only: labels say what they mean.

/** @type {Record<string, string>} */
const PATHS = {
  mark: "M8 2l1.8 3.8 4.2.6-3 2.9.7 4.2L8 11.5l-3.7 2 .7-4.2-3-2.9 4.2-.6L8 2Z",
  marked: "M8 2l1.8 3.8 4.2.6-3 2.9.7 4.2L8 11.5l-3.7 2 .7-4.2-3-2.9 4.2-.6L8 2Z",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM14 14l-3.4-3.4",
  send: "M14 2 7.2 8.8M14 2 9.6 14 7.2 8.8 2 6.4 14 2Z",
  edit: "M10.5 3 13 5.5 5.5 13H3v-2.5L10.5 3ZM9 4.5 11.5 7",
  reject: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6 6l4 4M10 6l-4 4",
  skip: "M3 4l5 4-5 4V4ZM9 4l5 4-5 4V4Z",
  check: "M3 8.5 6.5 12 13 4.5",
  alert: "M8 2.2 14.3 13.4H1.7L8 2.2ZM8 6.4v3.4M8 11.6v.2",
  stop: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5L5.5 2ZM8 5v3.6M8 10.8v.2",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.4v3.4M8 5.2v.2",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  box: "M2.5 5 8 2l5.5 3v6L8 14l-5.5-3V5ZM2.5 5 8 8l5.5-3M8 8v6",
  truck: "M1.5 4h8v7h-8V4ZM9.5 6.5h3l2 2.4V11h-5M4.5 13a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM11.8 13a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8Z",
  back: "M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7",
  refresh: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 2v3h-3",
  copy: "M5.5 5.5h8v8h-8v-8ZM10.5 5.5v-3h-8v8h3",
  keyboard: "M1.5 4h13v8h-13V4ZM4 6.5h.1M6.6 6.5h.1M9.2 6.5h.1M11.8 6.5h.1M5 9.5h6",
  image: "M2 3h12v10H2V3ZM2 11l3.5-3.5 3 3L10.5 8 14 11.5M10.6 5.6h.1",
  video: "M2 4h8.5v8H2V4ZM10.5 7 14 5v6l-3.5-2",
  offline: "M2 2l12 12M5 9.6a4.5 4.5 0 0 1 3-1.1M2.6 7a8 8 0 0 1 2.7-1.7M8 4.5A8 8 0 0 1 13.4 7M8 12.4v.1",
  owe: "M4 2h8v12l-2-1.4L8 14l-2-1.4L4 14V2ZM6.4 5.4h3.2M6.4 8h3.2",
  book: "M8 4.2C6.4 3 4.4 2.8 2 3v9.6c2.4-.2 4.4 0 6 1.2 1.6-1.2 3.6-1.4 6-1.2V3c-2.4-.2-4.4 0-6 1.2ZM8 4.2v9.6",
  unknown: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.4a1.7 1.7 0 1 1 2.4 1.6c-.5.2-.7.6-.7 1.1M8 11.2v.1",
  pen: "M3 13c2-1 3-1 4 0s3 .6 6-1M4 10 11 3l2 2-7 7H4v-2Z",
  robot: "M3.5 6h9v7h-9V6ZM8 6V3.2M6 9v.6M10 9v.6M1.8 8.6v2M14.2 8.6v2",
  newer: "M8 13V3M4 7l4-4 4 4",
  user: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8ZM3 13.6c.6-2.6 2.5-3.8 5-3.8s4.4 1.2 5 3.8",
  leave: "M9.5 2.5h-6v11h6M6.5 8h8M12 5.5 14.5 8 12 10.5",
  paste: "M5.5 3H3.5v11h9V3h-2M5.5 2h5v2.5h-5V2ZM6 8h4M6 10.6h4",
  onward: "M2 4l5 4-5 4V4ZM9 3.5 13.5 8 9 12.5",
  add: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  out: "M9.5 3H13v3.5M13 3 7.5 8.5M11 9.5V13H3V5h3.5",
  inbox: "M2 9l2-6h8l2 6v4H2V9ZM2 9h3.5l1 2h3l1-2H14",
};

/**
 * @param {string} name one of the names above
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.append(path);
  return svg;
}
