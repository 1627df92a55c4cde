// Every case of every conversation: what the buyer wanted, what was offered, promised and is due. Decides nothing.

import { h } from "./card/dom.js";
import { countdown, when } from "./card/format.js";
import { icon } from "./card/icons.js";
import { element } from "./page.js";

/** @import {Env} from "./card/types" */
/** @import {Session} from "./session.js" */
/** @import {CaseLine, CaseList} from "./types" */

export const CASES = /** @type {const} */ (["open", "owed", "serious", "resolved", "all"]);

/** @typedef {{list: typeof CASES[number], issue: string | null}} CaseFilter */
/**
 * @typedef {{choose: (change: Partial<CaseFilter>) => void, more: (after: string) => void, resolve: (one: CaseLine) => void,
 *   look: (conversation: string) => void}} CaseActs
 */

/** @param {Session} session */
export function showCasesButton({ t }) {
  const button = element("#cases-open");
  button.hidden = false;
  button.replaceChildren(t("cases"));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {(line: CaseLine) => Env} envOf
 * @param {Session} session
 * @param {CaseList | null} listing
 * @param {CaseFilter} filter
 * @param {CaseActs} acts
 */
export function showCases(dialog, envOf, session, listing, filter, acts) {
  const { t } = session;
  const active = dialog.contains(document.activeElement) ? document.activeElement?.id : "";
  const above = dialog.scrollTop;
  const lines = (listing?.cases ?? []).map((one) => line(envOf(one), one, session.can("reply"), acts));
  const next = listing?.next;
  dialog.replaceChildren(
    h("h2", { id: "cases-title", tabindex: -1 }, t("cases")),
    h("div", { class: "narrow", role: "group", "aria-label": t("cases.which") }, CASES.map((list) => tab(t, list, listing, filter, acts))),
    issues(t, listing, filter, acts),
    lines.length > 0 ? h("ul", { class: "approvals" }, lines) : h("p", { class: "hint", role: "status" }, t(listing ? "cases.none" : "thread.loading")),
    h(
      "form",
      { method: "dialog", class: "dc-row" },
      next && h("button", { type: "button", id: "cases-more", class: "dc-button", on: { click: () => acts.more(next) } }, t("cases.more")),
      h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc")),
    ),
  );
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = above;
  // Never onto another case's button: a second press must not end what was not looked at.
  const again = active ? document.getElementById(active) : null;
  (again ?? dialog.querySelector("h2"))?.focus({ preventScroll: true });
}

/**
 * @param {Session["t"]} t
 * @param {typeof CASES[number]} list
 * @param {CaseList | null} listing
 * @param {CaseFilter} filter
 * @param {CaseActs} acts
 */
function tab(t, list, listing, filter, acts) {
  const press = { click: () => acts.choose({ list }) };
  return h("button", { type: "button", id: `cases-${list}`, "aria-pressed": String(filter.list === list), on: press }, t(`cases.${list}`), h("span", { class: "count" }, String(listing?.counts[list] ?? "")));
}

/**
 * What the cases are about, to narrow the list to one matter.
 * @param {Session["t"]} t
 * @param {CaseList | null} listing
 * @param {CaseFilter} filter
 * @param {CaseActs} acts
 */
function issues(t, listing, filter, acts) {
  const known = Object.entries(listing?.by_issue ?? {});
  const name = (/** @type {string} */ issue) => listing?.cases.find((one) => one.issue === issue)?.text ?? issue;
  const options = known.map(([issue, n]) => h("option", { value: issue, selected: filter.issue === issue }, `${name(issue)} (${n})`));
  const select = h("select", { id: "cases-issue", class: "dc-field", "aria-label": t("cases.issue"), on: { change: (event) => acts.choose({ issue: event.target.value || null }) } }, h("option", { value: "" }, t("cases.issue.any")), options);
  return known.length > 1 || filter.issue ? h("p", { class: "dc-row" }, select) : "";
}

/**
 * @param {Env} env
 * @param {CaseLine} one
 * @param {boolean} may
 * @param {CaseActs} acts
 */
function line(env, one, may, acts) {
  const { t } = env;
  const due = one.due ? countdown(one.due, env) : null;
  const about = [one.buyer.nickname || t("buyer.unnamed"), one.holder && t("with", { who: one.holder.name }), one.raised_at && when(one.raised_at, env)].filter(Boolean).join(" · ");
  const offered = one.offered.map((option) => option.title).join(t("list.and"));
  const fact = (/** @type {string} */ name, /** @type {string} */ text) => h("p", { class: "approval-note" }, h("span", { class: "hint" }, t(`cases.fact.${name}`)), " ", text);
  return h(
    "li",
    { class: `approval owed-row ${one.late ? "owed-late" : ""}`, "data-id": one.id },
    h("p", { class: "approval-head" }, h("strong", {}, one.text), h("span", { class: "chip" }, one.state_text), due && h("span", { class: `dc-${due.level}` }, icon("clock"), due.text)),
    h("p", { class: "approval-about" }, about, one.order_id && h("span", { class: "dc-id" }, ` ${one.order_id}`)),
    offered && fact("offered", one.chosen ? `${offered} → ${one.chosen.title}` : one.refused ? `${offered} → ${t("cases.refused")}` : offered),
    one.asked.length > 0 && fact("asked", one.asked.join(t("list.and"))),
    one.promised.map((promise) => fact(promise.state === "done" ? "done" : promise.late ? "late" : "promised", promise.text)),
    one.resolved_text && fact("resolved", one.resolved_text),
    one.follow_up_text && fact("follow_up", one.follow_up_text),
    h(
      "div",
      { class: "dc-row approval-acts" },
      h("button", { type: "button", id: `case-look-${one.id}`, class: "dc-button", on: { click: () => acts.look(one.conversation) } }, t("approvals.look")),
      may && one.state !== "resolved" && h("button", { type: "button", id: `case-end-${one.id}`, class: "dc-button", on: { click: () => acts.resolve(one) } }, t("cases.resolve")),
    ),
  );
}
