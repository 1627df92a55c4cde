// What supervisors are asked: the count on top of the page and the list behind it. Decides nothing; tells the desk what
// a supervisor pressed.

import { h } from "./card/dom.js";
import { countdown, money } from "./card/format.js";
import { icon } from "./card/icons.js";
import { element } from "./page.js";

/** @import {Approval, Env} from "./card/types" */
/** @import {Session} from "./session.js" */

const SENIOR = ["owner", "general_admin", "supervisor"];

/** @typedef {{approvals: Approval[], counts: {open: number, late: number}}} Requests */
/** @typedef {{kind: "approve" | "lower" | "refuse", amount?: {amount: string, currency: string}, note?: string}} Ruling */

/** @param {Session} session */
export function rules(session) {
  return SENIOR.includes(session.me.person.role);
}

/**
 * @param {Session} session
 * @param {Requests | null} requests
 */
export function showAsked({ t }, requests) {
  const button = element("#approvals-open");
  const { open, late } = requests?.counts ?? { open: 0, late: 0 };
  button.hidden = requests === null;
  button.classList.toggle("late", late > 0);
  button.replaceChildren(t("approvals"), h("span", { class: "count" }, String(open)));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {(approval: Approval) => Env} envOf
 * @param {(key: string, values?: Record<string, string | number>) => string} t
 * @param {Approval[]} approvals
 * @param {(approval: Approval, ruling: Ruling) => void} rule
 * @param {(conversation: string) => void} look
 */
export function showApprovals(dialog, envOf, t, approvals, rule, look) {
  const hand = placeOf(dialog);
  // What is being typed is not taken away by news.
  const typed = new Map([...dialog.querySelectorAll("input")].map((input) => [input.id, input.value]));
  const rows = approvals.map((one) => row(envOf(one), one, rule, look));
  dialog.replaceChildren(
    h("h2", { id: "approvals-title", tabindex: -1 }, t("approvals")),
    rows.length > 0 ? h("ul", { class: "approvals" }, rows) : h("p", { class: "hint" }, t("approvals.none")),
    h("form", { method: "dialog" }, h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc"))),
  );
  for (const input of dialog.querySelectorAll("input")) input.value = typed.get(input.id) ?? input.value;
  if (!dialog.open) dialog.showModal();
  // Never onto another request's button: a second press must not rule on what was not looked at.
  (controlAt(dialog, hand) ?? dialog.querySelector("h2"))?.focus();
}

/**
 * Which control of which request has the focus.
 * @param {HTMLDialogElement} dialog
 */
function placeOf(dialog) {
  const row = document.activeElement?.closest("#approvals [data-id]");
  if (!row || !dialog.contains(row)) return null;
  return { id: row.getAttribute("data-id"), at: controls(row).findIndex((one) => one === document.activeElement) };
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {{id: string | null, at: number} | null} hand
 */
function controlAt(dialog, hand) {
  const row = [...dialog.querySelectorAll("[data-id]")].find((one) => one.getAttribute("data-id") === hand?.id);
  return row && hand ? (controls(row)[hand.at] ?? null) : null;
}

/**
 * @param {Element} row
 * @returns {HTMLElement[]}
 */
function controls(row) {
  return [...row.querySelectorAll("button, input")].filter((one) => one instanceof HTMLElement);
}

/**
 * @param {Env} env
 * @param {Approval} one
 * @param {(approval: Approval, ruling: Ruling) => void} rule
 * @param {(conversation: string) => void} look
 */
function row(env, one, rule, look) {
  const due = one.due ? countdown(one.due, env) : null;
  const amount = h("input", { id: `amount-${one.id}`, class: "dc-field", inputmode: "decimal", autocomplete: "off", size: 8, "aria-label": env.t("approvals.amount") });
  const note = h("input", { id: `note-${one.id}`, class: "dc-field", autocomplete: "off", maxlength: 2000, placeholder: env.t("approvals.note"), "aria-label": env.t("approvals.note") });
  const said = () => (note.value.trim() ? { note: note.value.trim() } : {});
  const lower = () => (amount.value.trim() ? rule(one, { kind: "lower", amount: { amount: amount.value.trim(), currency: one.cost.currency }, ...said() }) : amount.focus());
  return h(
    "li",
    { class: "approval", "data-id": one.id },
    h(
      "p",
      { class: "approval-head" },
      h("strong", {}, `${one.title} · ${money(one.cost)}`),
      h("span", {}, `${one.ceiling_text} · ${env.t("approvals.left", { left: money(one.left) })}`),
      due && h("span", { class: `dc-${due.level}` }, icon("clock"), due.text),
    ),
    h(
      "p",
      { class: "approval-about" },
      env.t("approvals.by", { who: one.asked_by.name || env.t("approvals.somebody"), buyer: one.buyer.nickname || env.t("buyer.unnamed") }),
      one.order_id && h("span", { class: "dc-id" }, ` ${one.order_id}`),
    ),
    one.own_text && h("p", { class: "dc-own-text" }, one.own_text),
    one.escalation && h("p", { class: "approval-why" }, one.escalation),
    one.note && h("p", { class: "approval-note" }, one.note),
    h(
      "div",
      { class: "dc-row approval-acts" },
      !one.mine && press(env.t("approvals.approve"), "dc-primary", () => rule(one, { kind: "approve", ...said() })),
      !one.mine && one.lowerable && amount,
      !one.mine && one.lowerable && press(env.t("approvals.lower"), "", lower),
      !one.mine && press(env.t("approvals.refuse"), "", () => rule(one, { kind: "refuse", ...said() })),
      press(env.t("approvals.look"), "dc-quiet-button", () => look(one.conversation)),
      !one.mine && note,
      one.mine && h("span", { class: "hint" }, env.t("approvals.mine")),
    ),
  );
}

/**
 * @param {string} text
 * @param {string} kind
 * @param {() => void} act
 */
function press(text, kind, act) {
  return h("button", { type: "button", class: `dc-button ${kind}`, on: { click: act } }, text);
}
