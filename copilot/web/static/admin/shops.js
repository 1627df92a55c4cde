// Shops: whether they are drafted for, the platform's settings, who may show the panel. A stored value is never shown: it is kept or replaced.

import { get, post } from "../api.js";
import { h } from "../card/dom.js";
import { embedding } from "./embedding.js";
import { entered, formOf, labelled } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{name: string, title: string, about: string | null, kind: "text" | "secret" | "number" | "switch" | "choice", required: boolean, given: boolean, choices: string[]}} Setting */
/**
 * @typedef {{id: string, slug: string, name: string, platform: string, market: string, adapter: string, platform_shop_id: string,
 *   pack: string, profile: string, zone: string, posture: string, panel: string[], settings: Setting[] | null}} Shop
 */

const POSTURES = ["draft_only", "auto", "off"];

/**
 * @param {Session} session
 * @param {HTMLElement} place
 */
export async function showShops(session, place) {
  const { shops } = /** @type {{shops: Shop[]}} */ (await get("/api/shops"));
  const again = () => showShops(session, place);
  const { t } = session;
  const opened = new Set([...place.querySelectorAll("details[open]")].map((one) => one.id));
  place.replaceChildren(...shops.map((shop) => card(session, shop, opened, again)));
  if (shops.length === 0) place.replaceChildren(h("p", { class: "hint" }, t("shops.none")));
}

/**
 * @param {Session} session
 * @param {Shop} shop
 * @param {Set<string>} opened
 * @param {() => Promise<void>} again
 */
function card(session, shop, opened, again) {
  const { t } = session;
  const id = `shop-${shop.slug}`;
  const about = [shop.platform_shop_id, shop.adapter, shop.market, shop.zone, shop.pack].join(" · ");
  return h(
    "details",
    { class: "admin-card", id, open: opened.has(id) || null },
    h("summary", {}, h("strong", {}, shop.name), " ", h("span", { class: "admin-about" }, about)),
    posture(session, shop),
    shop.settings ? settings(session, shop, shop.settings, again) : h("p", { class: "admin-said bad" }, t("shops.no_adapter")),
    embedding(session, shop),
  );
}

/**
 * @param {Session} session
 * @param {Shop} shop
 */
function posture(session, shop) {
  const { t } = session;
  const choices = POSTURES.map((one) => /** @type {[string, string]} */ ([one, t(`posture.${one}`)]));
  const field = labelled({ name: "posture", label: t("shops.posture"), kind: "choice", value: shop.posture, choices });
  return formOf(session, "", [field], t("admin.save"), (form) => post(`/api/shops/${encodeURIComponent(shop.id)}/posture`, { posture: entered(form, "posture") }));
}

/**
 * @param {Session} session
 * @param {Shop} shop
 * @param {Setting[]} known
 * @param {() => Promise<void>} again
 */
function settings(session, shop, known, again) {
  const { t } = session;
  const fields = known.map((one) => labelled(fieldOf(session, one)));
  return formOf(session, t("shops.settings"), [h("p", { class: "admin-about" }, t("shops.settings.about")), ...fields], t("admin.save"), async (form) => {
    const values = Object.fromEntries(known.map((one) => [one.name, entered(form, one.name).trim()]).filter(([, value]) => value !== ""));
    await post(`/api/shops/${encodeURIComponent(shop.id)}/settings`, { values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === CLEAR ? null : value])) });
    await again();
  });
}

const CLEAR = "\u2014"; // a dash takes an optional setting away

/**
 * @param {Session} session
 * @param {Setting} one
 * @returns {import("./form.js").Field}
 */
function fieldOf({ t }, one) {
  const hint = one.given ? t("shops.kept") : one.required ? t("shops.needed") : t("shops.optional");
  const common = { name: one.name, label: one.title, about: one.about, hint };
  const keep = /** @type {[string, string]} */ (["", hint]);
  if (one.kind === "choice") return { ...common, kind: "choice", value: "", choices: [keep, ...one.choices.map((choice) => /** @type {[string, string]} */ ([choice, choice]))] };
  if (one.kind === "switch") return { ...common, kind: "choice", value: "", choices: [keep, ["true", t("yes")], ["false", t("no")]] };
  return { ...common, kind: one.kind === "secret" ? "password" : "text" };
}
