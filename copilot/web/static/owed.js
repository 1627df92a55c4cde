// What the shop has promised and not yet done: the count on top of the page and the list behind it, the first due on top.

import { h } from "./card/dom.js";
import { countdown } from "./card/format.js";
import { icon } from "./card/icons.js";
import { element } from "./page.js";

/** @import {Env} from "./card/types" */
/** @import {Session} from "./session.js" */
/** @import {OwedList, OwedRow} from "./types" */

/**
 * @param {Session} session
 * @param {OwedList | null} owed
 */
export function showOwed({ t }, owed) {
  const button = element("#owed-open");
  button.hidden = owed === null;
  button.classList.toggle("late", Boolean(owed?.counts.late));
  button.replaceChildren(t("owed.list"), h("span", { class: "count" }, String(owed?.counts.open ?? 0)));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {(row: OwedRow) => Env} envOf
 * @param {Session} session
 * @param {OwedRow[]} rows
 * @param {(row: OwedRow, state: "done" | "withdrawn", evidence: string) => void} settle
 * @param {(conversation: string) => void} look
 */
export function showOwedList(dialog, envOf, session, rows, settle, look) {
  const { t } = session;
  const active = dialog.contains(document.activeElement) ? document.activeElement?.id : "";
  const typed = new Map([...dialog.querySelectorAll("input")].map((input) => [input.id, input.value]));
  const lines = rows.map((one) => line(envOf(one), one, session.can("reply"), settle, look));
  dialog.replaceChildren(
    h("h2", { id: "owed-title", tabindex: -1 }, t("owed")),
    lines.length > 0 ? h("ul", { class: "approvals" }, lines) : h("p", { class: "hint" }, t("owed.none")),
    h("form", { method: "dialog" }, h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc"))),
  );
  for (const input of dialog.querySelectorAll("input")) input.value = typed.get(input.id) ?? "";
  if (!dialog.open) dialog.showModal();
  // Never onto another promise's button: a second press must not tick off what was not looked at.
  const again = active ? document.getElementById(active) : null;
  (again ?? dialog.querySelector("h2"))?.focus();
}

/**
 * @param {Env} env
 * @param {OwedRow} one
 * @param {boolean} may
 * @param {(row: OwedRow, state: "done" | "withdrawn", evidence: string) => void} settle
 * @param {(conversation: string) => void} look
 */
function line(env, one, may, settle, look) {
  const { t } = env;
  const due = one.due ? countdown(one.due, env) : null;
  const evidence = h("input", { id: `evidence-${one.id}`, class: "dc-field", autocomplete: "off", maxlength: 2000, placeholder: t("owed.evidence"), "aria-label": t("owed.evidence") });
  const button = (/** @type {string} */ name, /** @type {string} */ kind, /** @type {() => void} */ act) =>
    h("button", { type: "button", id: `${name}-${one.id}`, class: `dc-button ${kind}`, on: { click: act } }, t(`owed.${name}`));
  return h(
    "li",
    { class: `approval owed-row ${one.late ? "owed-late" : ""}`, "data-id": one.id },
    h("p", { class: "approval-head" }, h("strong", {}, one.text), due && h("span", { class: `dc-${due.level}` }, icon("clock"), due.text)),
    h("p", { class: "approval-about" }, one.buyer.nickname || t("buyer.unnamed"), one.order_id && h("span", { class: "dc-id" }, ` ${one.order_id}`)),
    one.todo && h("p", { class: "approval-note" }, one.todo, " ", one.link && h("a", { href: one.link, target: "_blank", rel: "noopener noreferrer" }, t("owed.link"))),
    h(
      "div",
      { class: "dc-row approval-acts" },
      may && button("done", "dc-primary", () => settle(one, "done", evidence.value.trim())),
      may && button("withdrawn", "", () => settle(one, "withdrawn", evidence.value.trim())),
      h("button", { type: "button", id: `look-${one.id}`, class: "dc-button dc-quiet-button", on: { click: () => look(one.conversation) } }, t("approvals.look")),
      may && evidence,
    ),
  );
}
