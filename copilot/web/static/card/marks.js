// Turns spans that count code points (as the server counts) into pieces of a JavaScript string (which counts UTF-16
// units), and decides how each piece is marked. Knows no elements.

/** @import {Claim, Finding} from "./types" */

/**
 * @typedef {object} Piece one stretch of text under the same marks
 * @property {string} text
 * @property {Claim[]} claims
 * @property {number[]} findings places in the list of findings
 * @property {number[]} ends findings that end with this piece, where their numbers are shown
 */

/** Kinds a reader wants to see at a glance; the others are marked only when nothing supports them. */
const VALUES = new Set(["amount", "date", "time", "duration", "percent", "quantity", "number"]);
const PROMISES = new Set(["promise", "action"]);

/**
 * Places in UTF-16 units by code point; one more entry than there are code points.
 * @param {string} text
 * @returns {number[]}
 */
export function unitPlaces(text) {
  const places = [0];
  let at = 0;
  for (const point of text) places.push((at += point.length));
  return places;
}

/**
 * "value" was read from the platform, "computed" by code from the shop's terms, "promise" binds the shop,
 * "unsupported" rests on nothing; null is not marked.
 * @param {Claim} claim
 * @returns {"value" | "computed" | "promise" | "unsupported" | null}
 */
export function markOf(claim) {
  if (claim.source === null) return "unsupported";
  if (PROMISES.has(claim.kind)) return "promise";
  if (!VALUES.has(claim.kind)) return null;
  return /^(option|hold|terms|case)\./.test(claim.source) ? "computed" : "value";
}

/**
 * Cuts `text` where any mark begins or ends. Spans beyond the text are cut to it; empty ones are left out.
 * @param {string} text
 * @param {Claim[]} claims
 * @param {Finding[]} findings
 * @returns {Piece[]}
 */
export function pieces(text, claims, findings) {
  const places = unitPlaces(text);
  const last = places.length - 1;
  const clamp = (/** @type {number} */ place) => Math.min(Math.max(place, 0), last);
  const marked = claims.filter((claim) => markOf(claim) !== null);
  const cuts = new Set([0, last]);
  for (const span of [...marked, ...findings]) cuts.add(clamp(span.start)).add(clamp(span.end));
  const sorted = [...cuts].sort((a, b) => a - b);
  const covers = (/** @type {{start: number, end: number}} */ span, /** @type {number} */ from) =>
    clamp(span.start) <= from && from < clamp(span.end);
  return sorted.slice(0, -1).map((from, place) => {
    const to = sorted[place + 1] ?? last;
    const here = findings.flatMap((finding, number) => (covers(finding, from) ? [number] : []));
    return {
      text: text.slice(places[from], places[to]),
      claims: marked.filter((claim) => covers(claim, from)),
      findings: here,
      ends: here.filter((number) => clamp(findings[number]?.end ?? 0) === to),
    };
  });
}
