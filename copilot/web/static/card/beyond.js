// What stands beside a draft when a supervisor has a say: who must look, what the agent may not give, what became of
// asking for it.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @import {Card, Env, Verdict} from "./types" */

/**
 * @typedef {object} Asking what the buttons do; null when this person may not
 * @property {(option: string) => void} ask
 * @property {(text: string) => void} send sends the words that were allowed
 */

/**
 * @param {Env} env
 * @param {Card | null} card
 * @param {Asking | null} asking
 */
export function authority(env, card, asking) {
  if (!card) return null;
  const parts = [escalated(card), left(env, card, asking), asked(env, card, asking)].filter((part) => part !== null);
  return parts.length > 0 ? h("div", { class: "dc-authority" }, parts) : null;
}

/** @param {Card} card */
function escalated(card) {
  const escalation = card.escalation;
  return escalation ? h("p", { class: "dc-escalation" }, icon("alert"), h("span", {}, escalation.text)) : null;
}

/**
 * @param {Env} env
 * @param {Card} card
 * @param {Asking | null} asking
 */
function left(env, card, asking) {
  const beyond = card.beyond ?? [];
  if (beyond.length === 0 || card.state !== "proposed") return null;
  const open = card.approval?.state === "requested";
  const lines = beyond.map((one) =>
    h(
      "li",
      { class: "dc-beyond" },
      h("span", {}, one.text),
      asking &&
        !open &&
        h("button", { type: "button", class: "dc-button dc-small", on: { click: () => asking.ask(one.key) } }, env.t("ask.supervisor"), h("span", { class: "unseen" }, ` ${one.title}`)),
    ),
  );
  return h("div", {}, h("p", { class: "dc-hint" }, env.t("ask.beyond")), h("ul", { class: "dc-beyonds", "aria-label": env.t("ask.beyond") }, lines));
}

/**
 * @param {Env} env
 * @param {Card} card
 * @param {Asking | null} asking
 */
function asked(env, card, asking) {
  const approval = card.approval;
  if (!approval || approval.state === "withdrawn") return null;
  const words = approval.own_text;
  const ready = words && approval.state === "approved" && approval.revision === card.revision && card.state === "proposed";
  return h(
    "div",
    { class: `dc-approval dc-approval-${approval.state}`, role: "status" },
    h("p", {}, icon(approval.state === "requested" ? "clock" : approval.state === "refused" ? "stop" : "check"), h("span", {}, approval.text)),
    approval.ruling_note && h("p", { class: "dc-ruling" }, approval.ruling_note),
    words && approval.state !== "refused" && h("p", { class: "dc-own-text" }, words),
    ready && asking && h("button", { type: "button", class: "dc-button", on: { click: () => asking.send(words) } }, icon("send"), env.t("ask.send")),
  );
}

/**
 * Whether a supervisor could let the text out: nothing blocks it but what its writer may give.
 * @param {Verdict | null} verdict
 */
export function onlyAuthority(verdict) {
  const blocks = verdict?.findings.filter((one) => one.severity === "block") ?? [];
  return blocks.length > 0 && blocks.every((one) => one.rule === "over_authority.ceiling");
}
