// Shows a text with its claims and findings marked. Reads a verdict; judges nothing.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { markOf, pieces } from "./marks.js";

/** @import {Claim, Env, Finding} from "./types" */

/** @type {Record<string, string>} */
export const SEVERITY_ICON = { block: "stop", warn: "alert", info: "info" };

/**
 * The text as spans; a finding's number stands behind it and in `findingList`.
 * @param {Env} env
 * @param {string} text
 * @param {Claim[]} claims
 * @param {Finding[]} findings
 * @param {{numbers?: boolean}} [how] without numbers the text keeps its exact width, as behind a text box
 * @returns {DocumentFragment}
 */
export function markedText(env, text, claims, findings, { numbers = true } = {}) {
  const whole = document.createDocumentFragment();
  for (const piece of pieces(text, claims, findings)) {
    const marks = new Set(piece.claims.map((claim) => `dc-claim-${markOf(claim)}`));
    const worst = worstOf(piece.findings.map((number) => findings[number]));
    if (worst) marks.add(`dc-finding dc-${worst}`);
    if (marks.size === 0) {
      whole.append(piece.text);
      continue;
    }
    whole.append(h("mark", { class: `dc-mark ${[...marks].join(" ")}`, title: hint(env, piece.claims) }, piece.text));
    if (numbers) for (const number of piece.ends) whole.append(h("sup", { class: "dc-number" }, String(number + 1)));
  }
  return whole;
}

/**
 * @param {(Finding | undefined)[]} findings
 * @returns {string | null}
 */
function worstOf(findings) {
  return ["block", "warn", "info"].find((severity) => findings.some((one) => one?.severity === severity)) ?? null;
}

/**
 * @param {Env} env
 * @param {Claim[]} claims
 */
function hint(env, claims) {
  const lines = claims.map((claim) => env.t(`claim.from.${markOf(claim)}`, { source: claim.source ?? "" }));
  return lines.length ? lines.join("\n") : null;
}

/**
 * Severity, reason and suggestion of each finding, or null when there are none.
 * @param {Env} env
 * @param {Finding[]} findings
 * @param {{numbers?: boolean}} [how] without numbers where the text has none either
 * @returns {HTMLElement | null}
 */
export function findingList(env, findings, { numbers = true } = {}) {
  if (findings.length === 0) return null;
  const lines = findings.map((finding, number) =>
    h(
      "li",
      { class: `dc-finding-line dc-${finding.severity}` },
      icon(SEVERITY_ICON[finding.severity] ?? "info"),
      h("span", { class: "dc-severity" }, env.t(`severity.${finding.severity}`)),
      h(
        "span",
        { class: "dc-finding-words" },
        numbers && h("sup", { class: "dc-number" }, String(number + 1)),
        finding.text && h("q", {}, finding.text),
        ` ${finding.reason}`,
        finding.suggestion && h("span", { class: "dc-suggestion" }, env.t("finding.suggestion", { text: finding.suggestion })),
      ),
    ),
  );
  return h("ul", { class: "dc-findings", "aria-label": env.t("findings") }, lines);
}

/**
 * Explains the colours that occur in a text, or null when none does.
 * @param {Env} env
 * @param {Claim[]} claims
 * @returns {HTMLElement | null}
 */
export function legend(env, claims) {
  const kinds = ["value", "computed", "promise", "unsupported"].filter((kind) => claims.some((one) => markOf(one) === kind));
  if (kinds.length === 0) return null;
  return h(
    "p",
    { class: "dc-legend" },
    kinds.map((kind) => h("span", {}, h("mark", { class: `dc-mark dc-claim-${kind}` }, env.t(`claim.${kind}`)))),
  );
}
