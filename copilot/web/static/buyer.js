// What a person keeps of a buyer and of this conversation: the tags of both, kept at once; and, for whoever manages the shop,
// that the buyer is forgotten everywhere. Of the buyer's tags only the changes are sent: the platform may tell others meanwhile.

import { h } from "./card/dom.js";
import { icon } from "./card/icons.js";

/** @import {Session} from "./session.js" */
/** @import {Conversation, Row} from "./types" */

const MOST = 20; // as many as the server takes
const LONGEST = 40;

/**
 * Words that are tags: one is written and entered, one is pressed to take it off.
 * @param {Session["t"]} t
 * @param {{id: string, of: string, name: string, tags: string[], known: string[], most: number}} about `id` of the field, `of` the chips
 */
function tagField(t, { id, of, name, tags: first, known, most }) {
  let tags = [...first];
  const chips = h("div", { id: of, class: "tags", role: "group", "aria-label": name });
  const field = h("input", { id, class: "dc-field", autocomplete: "off", maxlength: LONGEST, list: `${id}-known`, placeholder: t("tags.add"), "aria-label": `${name}: ${t("tags.add")}` });
  const choices = h("datalist", { id: `${id}-known` }, known.map((tag) => h("option", { value: tag })));
  const draw = () => {
    chips.replaceChildren(...tags.map((tag) => h("button", { type: "button", class: "tag", title: t("tags.remove", { tag }), "aria-label": t("tags.remove", { tag }), on: { click: () => drop(tag) } }, tag, icon("close"))));
    if (tags.length === 0) chips.replaceChildren(h("span", { class: "hint" }, t("tags.none")));
    field.disabled = tags.length >= most;
  };
  const drop = (/** @type {string} */ tag) => ((tags = tags.filter((one) => one !== tag)), draw(), field.focus());
  const add = () => {
    const tag = field.value.trim();
    field.value = "";
    if (tag && !tags.includes(tag) && tags.length < most) tags.push(tag);
    draw();
  };
  draw();
  return { nodes: [chips, field, choices], field, add, written: () => field.value.trim() !== "", tags: () => tags };
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Session} session
 * @param {Row} row
 * @param {Conversation["buyer"] | null} buyer whose conversation it is, where the platform says so and it has been read
 * @param {string[]} known tags of other conversations, to choose from
 * @param {{keep: (tags: string[]) => void, keepBuyer: (change: {add: string[], remove: string[]}) => void, forget: () => void}} act
 */
export function showBuyer(dialog, session, row, buyer, known, { keep, keepBuyer, forget }) {
  const { t } = session;
  const before = row.tags ?? [];
  const talk = tagField(t, { id: "tag", of: "talk-tags", name: t("tags.talk"), tags: before, known, most: MOST });
  const theirs = buyer && tagField(t, { id: "buyer-tag", of: "buyer-tags", name: t("tags.buyer"), tags: buyer.tags, known: [], most: 2 * MOST });
  const done = () => {
    dialog.close();
    if (talk.tags().join("\n") !== before.join("\n")) keep(talk.tags());
    if (!theirs) return;
    const add = theirs.tags().filter((tag) => !buyer.tags.includes(tag));
    const remove = buyer.tags.filter((tag) => !theirs.tags().includes(tag));
    if (add.length || remove.length) keepBuyer({ add, remove });
  };
  // Enter adds what is written; with nothing written it keeps all.
  const entered = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const written = [talk, theirs].filter((one) => one?.written());
    if (written.length === 0) done();
    for (const one of written) one?.add();
  };
  const level = buyer?.level ? h("p", { class: "hint", id: "buyer-level" }, t("buyer.level", { level: buyer.level })) : "";
  const ofBuyer = theirs ? [h("h3", {}, t("tags.buyer")), level, h("p", { class: "hint" }, t("tags.buyer.about")), ...theirs.nodes] : [];
  const acts = h("div", { class: "sheet-acts" }, h("button", { class: "dc-button dc-primary" }, t("tags.keep")), h("button", { type: "button", class: "dc-button", on: { click: () => dialog.close() } }, t("close"), h("kbd", {}, "Esc")));
  const form = h("form", { id: "tags-form", on: { submit: entered } }, h("h3", {}, t("tags.talk")), ...talk.nodes, ...ofBuyer, acts);
  dialog.replaceChildren(h("h2", { id: "buyer-title", tabindex: -1 }, t("tags.of", { name: row.buyer.nickname || t("buyer.unnamed") })), form, session.can("manage") ? forgetting(session, () => (dialog.close(), forget())) : "");
  if (!dialog.open) dialog.showModal();
  talk.field.focus();
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
