// The rules that hold for a shop now: each with its severity, why it stands, what to say instead, and where it comes from.

import { get } from "../api.js";
import { h } from "../card/dom.js";
import { labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{id: string, family: string, severity: string, reason: string, suggestion: string, source: string}} Rule */

/**
 * @param {Session} session
 * @param {HTMLElement} place
 * @param {string} [chosen] the shop
 */
export async function showRules(session, place, chosen) {
  const { t, me } = session;
  const shop = chosen ?? me.shops[0]?.id;
  if (!shop) return place.replaceChildren(h("p", { class: "hint" }, t("shops.none")));
  const { pack, hash, rules } = /** @type {{pack: string, hash: string, rules: Rule[]}} */ (await get(`/api/shops/${encodeURIComponent(shop)}/pack`));
  const shops = labelled({ name: "shop", label: t("paste.shop"), kind: "choice", value: shop, choices: me.shops.map((one) => /** @type {[string, string]} */ ([one.id, one.name])) });
  shops.addEventListener("change", (event) => event.target instanceof HTMLSelectElement && void showRules(session, place, event.target.value));
  const body = h("div", {});
  const seek = h("input", { type: "search", class: "dc-field", id: "rules-seek", autocomplete: "off", placeholder: t("search.short"), "aria-label": t("search.short"), on: { input: () => draw() } });
  const draw = () => {
    const words = seek.value.trim().toLowerCase();
    const shown = rules.filter((rule) => Object.values(rule).join(" ").toLowerCase().includes(words));
    body.replaceChildren(table([t("rules.rule"), t("rules.severity"), t("rules.reason"), t("rules.suggestion"), t("rules.source")], shown.map((rule) => [h("span", { class: "dc-id rule-id" }, ...breakable(rule.id)), h("span", { class: "rule-severity" }, t(`severity.${rule.severity}`)), rule.reason, rule.suggestion, rule.source])));
  };
  draw();
  place.replaceChildren(h("div", { class: "admin-bar" }, shops, seek), h("p", {}, t("rules.pack", { pack, n: rules.length }), " ", h("span", { class: "dc-id" }, hash)), body);
}

/**
 * A rule's id, which may go on in another line behind a dot or an underscore.
 * @param {string} id
 * @returns {(Node | string)[]}
 */
function breakable(id) {
  return id.split(/(?<=[._])/).flatMap((part, place) => (place ? [document.createElement("wbr"), part] : [part]));
}
