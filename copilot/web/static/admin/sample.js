// The blind sample of a week: what buyers wrote and what was sent, masked and without a name, to be read one after another.

import { get } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{id: string, shop: string, issue: string, language: string | null, buyer: string[], text: string}} Sampled */
/** @typedef {{monday: string, of: number, drafts: Sampled[]}} Sample */

/**
 * @param {Session} session
 * @param {HTMLElement} place
 */
export async function showSample(session, place) {
  const { t } = session;
  const found = await read("");
  const body = h("div", { class: "admin-part", id: "sample" });
  const draw = (/** @type {Sample} */ sample) => body.replaceChildren(...drawn(session, sample));
  const week = labelled({ name: "week", label: t("sample.week"), kind: "date", value: found.monday, required: true });
  const form = formOf(session, "", [week], t("figures.show"), async (form) => draw(await read(entered(form, "week"))), [], "");
  form.classList.add("admin-line");
  draw(found);
  place.replaceChildren(form, body);
}

/** @param {string} week */
async function read(week) {
  return /** @type {Promise<Sample>} */ (get(`/api/figures/sample${week ? `?week=${encodeURIComponent(week)}` : ""}`));
}

/**
 * @param {Session} session
 * @param {Sample} sample
 * @returns {Node[]}
 */
function drawn({ t }, { monday, of, drafts }) {
  const told = drafts.length > 0 ? t("sample.of", { monday, of, n: drafts.length }) : t("sample.none", { monday });
  const cards = drafts.map((one) =>
    h(
      "li",
      { class: "admin-part sampled" },
      h("h2", {}, one.issue, " ", h("span", { class: "hint" }, one.shop)),
      h("h3", {}, t("sample.buyer")),
      one.buyer.map((line) => h("p", { lang: one.language }, line)),
      h("h3", {}, t("sample.sent")),
      h("p", { lang: one.language }, one.text),
    ),
  );
  return [h("p", { role: "status" }, told), h("ol", { class: "sampled-list" }, cards)];
}
