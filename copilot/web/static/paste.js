// The paste page: a buyer's words and an order number in, a draft out, to be copied. Nothing is sent and nothing stored.

import { post } from "./api.js";
import { showTrouble, watchTrouble } from "./beside.js";
import { h } from "./card/dom.js";
import { Editor } from "./card/editor.js";
import { icon } from "./card/icons.js";
import { draftView } from "./card/view.js";
import { commandOf } from "./keys.js";
import { orderCard } from "./orders.js";
import { element } from "./page.js";
import { explain, isSignedOut, Session, toLogin } from "./session.js";
import { translate } from "./words.js";

/** @import {Checked, DraftView, Env, Order, Owed} from "./card/types" */

/**
 * @typedef {{draft: DraftView | null, reason: string | null, reason_text: string | null, order: Order | null,
 *   order_state: string, order_why?: {id: string, why_text: string} | null, titles?: Record<string, string>, look_at: string[], owes: Owed[], cites?: {id: string, fit: "well" | "partly" | null, text: string}[]}} Pasted
 */

const session = await Session.begin();
const out = element("#out");
const words = element("#words", HTMLTextAreaElement);
const number = element("#order", HTMLInputElement);
const shops = element("#shop", HTMLSelectElement);
/** @type {Editor | null} */
let editor = null;
let asked = 0;
let typing = false; // since the last draft was asked for
/** @type {string | null} the order that the draft shown is about */
let about = null;
/** @type {Set<string>} what the draft states with a fact behind it */
let supported = new Set();

frame();
watchTrouble(() => session);
element("#form").addEventListener("submit", (event) => {
  event.preventDefault();
  void draft();
});
element("#language").addEventListener("click", () => void switchLanguage());
element("#leave").addEventListener("click", () => void session.leave());
document.addEventListener("keydown", (event) => {
  if (commandOf(event, session.keys.table) !== "send") return;
  event.preventDefault();
  if (editor?.root.contains(/** @type {Node} */ (event.target))) void editor.take();
  else void draft();
});
element("#form").addEventListener("input", () => (typing = true));
element("#do", HTMLButtonElement).disabled = false; // a press before anybody listens would send the form away
if (document.activeElement === document.body) words.focus();

function frame() {
  translate(session.t);
  showTrouble(session);
  element("#merchant").textContent = session.me.merchant.name;
  element("#person").replaceChildren(icon("user"), session.me.person.name);
  const chosen = shops.value;
  shops.replaceChildren(...session.me.shops.map((shop) => h("option", { value: shop.id }, shop.name)));
  if (chosen) shops.value = chosen;
  if (session.me.shops.length === 0) return say("alert", session.t("paste.no_shop"));
  if (!editor) say("paste", session.t("paste.none"));
}

async function switchLanguage() {
  await session.speak(session.language === "zh" ? "en" : "zh").catch(() => undefined);
  editor = null;
  frame();
}

/** @returns {Env} */
function env() {
  return session.env(session.shop(shops.value), async (text) => {
    const checked = /** @type {Checked} */ (await post("/api/check", { text, shop: shops.value, ...(about ? { order_id: about } : {}) }));
    // A bare check does not know the options; what the draft stated with a source stays supported in edited words.
    return { ...checked, needs_vouching: checked.needs_vouching.filter((claim) => !supported.has(claim)) };
  });
}

async function draft() {
  if (!words.value.trim()) return words.focus();
  const mine = (asked += 1);
  const button = element("#do", HTMLButtonElement);
  button.setAttribute("aria-busy", "true");
  editor = null;
  typing = false;
  out.replaceChildren(h("div", { class: "dc-silence dc-writing" }, h("p", { class: "dc-skeleton", "aria-hidden": "true" }), h("p", {}, session.t("paste.doing"))));
  try {
    const found = await post("/api/paste", { shop: shops.value, text: words.value, ...(number.value.trim() ? { order_id: number.value.trim() } : {}) });
    if (mine === asked) show(found);
  } catch (error) {
    if (isSignedOut(error)) return toLogin();
    if (mine === asked) say("alert", explain(error, session.t));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {Pasted} found */
function show(found) {
  about = found.order?.id ?? null;
  const here = env();
  const { t } = session;
  const parts = [found.draft ? draftPart(here, found, found.draft) : silencePart(found), orderPart(here, found)];
  out.replaceChildren(h("h2", {}, t("draft")), ...parts.filter((part) => part !== null));
  element("#live").textContent = found.draft ? t("paste.ready") : (found.reason_text ?? t("silence.blocked"));
  if (!typing) editor?.focus();
}

/**
 * @param {Env} here
 * @param {Pasted} found
 * @param {DraftView} draft
 */
function draftPart(here, found, draft) {
  supported = new Set(draft.claims.filter((claim) => claim.source !== null).map((claim) => claim.text));
  const order = found.order_why ?? null;
  const box = new Editor(here, {
    text: draft.text,
    draft: null,
    label: session.t("paste.box"),
    button: session.t("paste.copy"),
    symbol: "copy",
    strict: true,
    // As it was drafted it has passed with the order's facts in hand; a check of the words alone does not know all of them.
    known: { verdict: draft.verdict, claims: draft.claims, needs_vouching: [] },
    take: (text) => void copy(box, text),
    leave: null,
  });
  editor = box;
  const view = h("div", { class: "paste-view" }, draftView(here, draft, { order, titles: found.titles ?? {}, look_at: found.look_at, unknown: [], owes: found.owes, cites: found.cites ?? [] }));
  view.querySelector(".dc-text")?.replaceWith(box.root);
  const legend = view.querySelector(".dc-legend");
  if (legend) box.root.firstElementChild?.after(legend);
  return h("article", { class: "paste-card" }, view);
}

/** @param {Pasted} found */
function silencePart(found) {
  const reason = found.reason_text ?? session.t("silence.blocked");
  return h("div", { class: "dc-silence" }, h("p", { class: "dc-reason-line" }, icon("info"), h("strong", {}, session.t("silence.title")), h("span", {}, reason)));
}

/**
 * @param {Env} here
 * @param {Pasted} found
 */
function orderPart(here, found) {
  if (found.order) return orderCard(here, found.order, { used: true, open: true, use: null });
  const bad = found.order_state === "not_found" || found.order_state === "unavailable";
  return h("p", { class: `panel-empty${bad ? " bad" : ""}` }, icon(bad ? "alert" : "box"), session.t(`paste.order.${found.order_state}`));
}

/**
 * @param {Editor} box
 * @param {string} text
 */
async function copy(box, text) {
  try {
    await navigator.clipboard.writeText(text);
    box.relabel(session.t("paste.copied"));
    setTimeout(() => box.relabel(session.t("paste.copy")), 2000);
  } catch {
    box.box.focus();
    box.box.select();
    box.say(session.t("paste.copy_failed"));
  }
}

/**
 * @param {string} symbol
 * @param {string} text
 */
function say(symbol, text) {
  if (symbol === "alert") element("#live").textContent = text;
  out.replaceChildren(h("p", { class: "panel-empty" }, icon(symbol), text));
}
