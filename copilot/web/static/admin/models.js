// Models: which ones are asked and who gets the texts, as the server's environment says; and each shop's word that none may.

import { get, post } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{name: string, who: string, where: string, host: string | null, variable: string | null}} Model */
/** @typedef {{variable: string, value: string | null, given: boolean}} Set */
/**
 * @typedef {{id: string, slug: string, name: string, forbidden: boolean, deadline_seconds: number | null,
 *   today: {by_model: number, composed: number, tokens_in: number, tokens_out: number}}} Shop
 */
/** @typedef {{models: Model[], embedding: Model | null, forbidden: boolean, settings: Set[], shops: Shop[]}} Shown */

/**
 * @param {Session} session
 * @param {HTMLElement} place
 */
export async function showModels(session, place) {
  const { t } = session;
  const shown = /** @type {Shown} */ (await get("/api/models"));
  const again = () => showModels(session, place);
  place.replaceChildren(
    state(session, shown),
    h("section", { class: "admin-part" }, h("h2", {}, t("models.by_shop")), ...shown.shops.map((shop) => shopForm(session, shop, again))),
    h("section", { class: "admin-part" }, h("h2", {}, t("models.deployment")), h("p", { class: "admin-about" }, t("models.deployment.about")), settings(session, shown)),
  );
}

/**
 * Who is asked, in their order, or that nobody is.
 * @param {Session} session
 * @param {Shown} shown
 */
function state({ t }, { models, embedding, forbidden }) {
  const line = (/** @type {string} */ place, /** @type {Model} */ one) => [place, h("span", { class: "dc-id" }, one.name), one.who, [one.where, one.variable && h("span", { class: "admin-about" }, ` ${one.variable}`)]];
  const asked = models.map((one, at) => line(t("models.nth", { n: at + 1 }), one));
  const lines = embedding ? [...asked, line(t("models.embedding"), embedding)] : asked;
  return h(
    "section",
    { class: "admin-part" },
    forbidden ? h("p", { class: "admin-said bad" }, t("models.forbidden_here")) : "",
    lines.length ? table([t("models.order"), t("models.model"), t("models.who"), t("models.where")], lines) : h("p", {}, t("models.none")),
    models.length ? h("p", { class: "admin-about" }, t("models.leaves")) : "",
  );
}

/**
 * @param {Session} session
 * @param {Shown} shown
 */
function settings({ t }, shown) {
  const lines = shown.settings.map((one) => [t(`models.set.${one.variable}`), one.value ?? t("models.unset"), [h("span", { class: "dc-id" }, one.variable), ` ${one.given ? "" : t("models.default")}`]]);
  const named = shown.models.map((one) => one.name).join(", ");
  const all = [[t("models.set.COPILOT_MODEL"), named || t("models.unset"), h("span", { class: "dc-id" }, "COPILOT_MODEL")], ...lines];
  return table([t("models.what"), t("models.value"), t("models.set_in")], all);
}

/**
 * @param {Session} session
 * @param {Shop} shop
 * @param {() => Promise<void>} again
 */
function shopForm(session, shop, again) {
  const { t, language } = session;
  const number = (/** @type {number} */ one) => one.toLocaleString(language);
  const { by_model, composed, tokens_in, tokens_out } = shop.today;
  const due = shop.deadline_seconds !== null && h("p", { class: "admin-about" }, t("models.deadline", { n: shop.deadline_seconds }));
  const today = t("models.today", { by_model: number(by_model), composed: number(composed), in: number(tokens_in), out: number(tokens_out) });
  const field = labelled({ name: "forbidden", label: t("models.forbid"), kind: "check", value: shop.forbidden });
  const form = formOf(session, shop.name, [due, h("p", { class: "admin-about" }, today), field], t("admin.save"), async (of) => {
    await post(`/api/shops/${encodeURIComponent(shop.id)}/models`, { forbidden: entered(of, "forbidden") === "true" });
    await again();
  });
  form.id = `models-${shop.slug}`;
  return form;
}
