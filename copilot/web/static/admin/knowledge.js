// What a shop knows: questions with answers, or phrases; found by words, changed, added, removed.

import { get, put, remove } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{id: string, language: string, category: string, question?: string, similar?: string[], answer?: string, audience?: string, origin?: string, title?: string, text?: string} & Record<string, any>} Thing */

const MOST = 1000;
const FIXED = ["origin", "original"]; // set by the server alone

/** @type {Record<string, {short: string, long: string, fields: string[]}>} */
const KINDS = {
  faq: { short: "question", long: "answer", fields: ["question", "answer", "similar", "category", "audience"] },
  phrases: { short: "title", long: "text", fields: ["title", "text", "category"] },
};
const CATEGORIES = ["daily_greeting", "pre_sale", "logistics", "after_sale", "other"];

/**
 * @param {Session} session
 * @param {HTMLElement} place
 * @param {"faq" | "phrases"} kind
 * @param {string} [chosen] the shop
 */
export async function showKnowledge(session, place, kind, chosen) {
  const { t, me } = session;
  const shop = chosen ?? me.shops[0]?.id;
  if (!shop) return place.replaceChildren(h("p", { class: "hint" }, t("shops.none")));
  const { items } = /** @type {{items: Thing[]}} */ (await get(`/api/${kind}?${new URLSearchParams({ shop, limit: String(MOST) })}`));
  const again = () => showKnowledge(session, place, kind, shop);
  const edit = h("div", {});
  const open = (/** @type {HTMLElement} */ form) => (edit.replaceChildren(form), form.scrollIntoView({ block: "nearest" }), /** @type {HTMLElement | null} */ (form.querySelector("input, textarea"))?.focus());
  const body = h("div", {});
  const seek = h("input", { type: "search", class: "dc-field", id: "knowledge-seek", autocomplete: "off", placeholder: t("search.short"), "aria-label": t("search.short"), on: { input: () => draw() } });
  const draw = () => {
    const words = seek.value.trim().toLowerCase();
    const shown = items.filter((one) => JSON.stringify([one.id, one.question, one.answer, one.title, one.text, one.similar]).toLowerCase().includes(words));
    body.replaceChildren(shown.length ? table([t(`knowledge.${kind}.short`), t(`knowledge.${kind}.long`), t("knowledge.language"), ""], shown.map((one) => line(session, kind, one, () => open(form(session, kind, shop, one, again))))) : h("p", { class: "hint" }, t("list.no_match")));
  };
  draw();
  const shops = labelled({ name: "shop", label: t("paste.shop"), kind: "choice", value: shop, choices: me.shops.map((one) => /** @type {[string, string]} */ ([one.id, one.name])) });
  shops.addEventListener("change", (event) => event.target instanceof HTMLSelectElement && void showKnowledge(session, place, kind, event.target.value));
  place.replaceChildren(
    h("div", { class: "admin-bar" }, shops, seek, h("button", { type: "button", class: "dc-button dc-primary", id: "knowledge-add", on: { click: () => open(form(session, kind, shop, null, again)) } }, t("knowledge.add"))),
    edit,
    body,
  );
}

/**
 * @param {Session} session
 * @param {"faq" | "phrases"} kind
 * @param {Thing} one
 * @param {() => void} open
 */
function line({ t }, kind, one, open) {
  const { short, long } = /** @type {typeof KINDS[string]} */ (KINDS[kind]);
  return [h("strong", {}, one[short]), one[long], one.language, h("button", { type: "button", class: "dc-button", "data-id": `${one.id}/${one.language}`, on: { click: open } }, t("admin.change"))];
}

/**
 * @param {Session} session
 * @param {"faq" | "phrases"} kind
 * @param {string} shop
 * @param {Thing | null} one null: a new one
 * @param {() => Promise<void>} again
 */
function form(session, kind, shop, one, again) {
  const { t } = session;
  const address = (/** @type {string} */ id, /** @type {string} */ language) => `/api/${kind}/${encodeURIComponent(id)}/${encodeURIComponent(language)}?${new URLSearchParams({ shop })}`;
  const { fields } = /** @type {typeof KINDS[string]} */ (KINDS[kind]);
  const key = one ? [] : [labelled({ name: "id", label: t("knowledge.id"), about: t("knowledge.id.about"), required: true }), labelled({ name: "language", label: t("knowledge.language"), value: session.language, required: true })];
  const rest = fields.map((name) => labelled({ name, label: t(`knowledge.${name}`), ...shapeOf(session, name, one) }));
  const away = one && h("button", { type: "button", class: "dc-button", on: { click: () => void removed() } }, t("knowledge.remove"));
  const removed = async () => {
    if (!one || !confirm(t("knowledge.remove.sure"))) return;
    await remove(address(one.id, one.language));
    await again();
  };
  return formOf(session, one ? `${one.id} · ${one.language}` : t("knowledge.add"), [...key, ...rest], t("admin.save"), async (of) => {
    const id = one?.id ?? entered(of, "id").trim();
    const language = one?.language ?? entered(of, "language").trim();
    // What the form does not show (validity, goods) stays as it is.
    const kept = Object.fromEntries(Object.entries(one ?? {}).filter(([name]) => !["id", "language", ...FIXED].includes(name)));
    const given = Object.fromEntries(fields.map((name) => [name, name === "similar" ? linesOf(entered(of, name)) : entered(of, name)]));
    await put(address(id, language), { ...kept, ...given });
    await again();
  }, [away]);
}

/** @param {string} text */
function linesOf(text) {
  return text.split("\n").map((one) => one.trim()).filter(Boolean);
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {Thing | null} one
 * @returns {Partial<import("./form.js").Field>}
 */
function shapeOf({ t }, name, one) {
  if (name === "category") return { kind: "choice", value: one?.category ?? "other", choices: CATEGORIES.map((id) => [id, t(`group.${id}`)]) };
  if (name === "audience") return { kind: "choice", value: one?.audience ?? "buyer", choices: [["buyer", t("knowledge.audience.buyer")], ["staff", t("knowledge.audience.staff")]] };
  if (name === "similar") return { kind: "long", value: (one?.similar ?? []).join("\n"), about: t("knowledge.similar.about") };
  return { kind: name === "answer" || name === "text" ? "long" : "text", value: one?.[name] ?? "", required: true };
}
