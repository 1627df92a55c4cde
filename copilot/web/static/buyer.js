// What a person keeps of a buyer's conversation: its tags, all of them at once; and, for whoever manages the shop, that the
// buyer is forgotten everywhere.

import { h } from "./card/dom.js";
import { icon } from "./card/icons.js";

/** @import {Session} from "./session.js" */
/** @import {Row} from "./types" */

const MOST = 20; // as many as the server takes
const LONGEST = 40;

/**
 * @param {HTMLDialogElement} dialog
 * @param {Session} session
 * @param {Row} row
 * @param {string[]} known tags of other conversations, to choose from
 * @param {{keep: (tags: string[]) => void, forget: () => void}} act
 */
export function showBuyer(dialog, session, row, known, { keep, forget }) {
  const { t } = session;
  let tags = [...(row.tags ?? [])];
  const chips = h("div", { class: "tags", role: "group", "aria-label": t("tags") });
  const field = h("input", { id: "tag", class: "dc-field", autocomplete: "off", maxlength: LONGEST, list: "tags-known", placeholder: t("tags.add"), "aria-label": t("tags.add") });
  const choices = h("datalist", { id: "tags-known" }, known.map((tag) => h("option", { value: tag })));
  const draw = () => {
    chips.replaceChildren(...tags.map((tag) => h("button", { type: "button", class: "tag", title: t("tags.remove", { tag }), "aria-label": t("tags.remove", { tag }), on: { click: () => drop(tag) } }, tag, icon("close"))));
    if (tags.length === 0) chips.replaceChildren(h("span", { class: "hint" }, t("tags.none")));
    field.disabled = tags.length >= MOST;
  };
  const drop = (/** @type {string} */ tag) => ((tags = tags.filter((one) => one !== tag)), draw(), field.focus());
  const add = () => {
    const tag = field.value.trim();
    field.value = "";
    if (tag && !tags.includes(tag) && tags.length < MOST) tags.push(tag);
    draw();
  };
  // Enter adds what is written; with nothing written it keeps all.
  const form = h("form", { id: "tags-form", on: { submit: (event) => (event.preventDefault(), field.value.trim() ? add() : (dialog.close(), keep(tags))) } }, chips, field, choices, h("div", { class: "sheet-acts" }, h("button", { class: "dc-button dc-primary" }, t("tags.keep")), h("button", { type: "button", class: "dc-button", on: { click: () => dialog.close() } }, t("close"), h("kbd", {}, "Esc"))));
  draw();
  dialog.replaceChildren(h("h2", { id: "buyer-title", tabindex: -1 }, t("tags.of", { name: row.buyer.nickname || t("buyer.unnamed") })), form, session.can("manage") ? forgetting(session, () => (dialog.close(), forget())) : "");
  if (!dialog.open) dialog.showModal();
  field.focus();
}

/**
 * @param {Session} session
 * @param {() => void} forget
 */
function forgetting({ t }, forget) {
  const sure = h("input", { type: "checkbox", id: "forget-sure" });
  const button = h("button", { type: "button", id: "forget", class: "dc-button", disabled: true, on: { click: forget } }, t("forget"));
  sure.addEventListener("change", () => (button.disabled = !sure.checked));
  return h("details", { class: "forget" }, h("summary", {}, t("forget")), h("p", { class: "hint" }, t("forget.about")), h("label", { class: "forget-sure" }, sure, h("span", {}, t("forget.sure"))), button);
}
