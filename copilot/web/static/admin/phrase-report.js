// Below the phrases: those that nobody sends any more, and what buyers ask that none of them answers; read on demand.

import { get } from "../api.js";
import { h } from "../card/dom.js";
import { when } from "../card/format.js";
import { entered, formOf, labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/**
 * @typedef {{days: number, whole: boolean, unused: {id: string, language: string, title: string, text: string}[],
 *   unanswered: {question: string, language: string, conversations: number, last_at: string}[]}} Report
 */

/**
 * @param {Session} session
 * @param {string} shop
 */
export function phraseReport(session, shop) {
  const { t } = session;
  const found = h("div", { role: "status" });
  const form = formOf(
    session,
    t("phrases.report"),
    [labelled({ name: "days", label: t("phrases.days"), kind: "number", value: 30, required: true })],
    t("figures.show"),
    async (form) => {
      const query = new URLSearchParams({ days: entered(form, "days") });
      found.replaceChildren(...drawn(session, shop, /** @type {Report} */ (await get(`/api/shops/${encodeURIComponent(shop)}/phrases/report?${query}`))));
    },
    [],
    "",
  );
  return h("section", { class: "admin-part", id: "phrase-report" }, form, found);
}

/**
 * @param {Session} session
 * @param {string} shop
 * @param {Report} report
 */
function drawn(session, shop, { unused, unanswered, whole, days }) {
  const { t } = session;
  const env = session.env(session.shop(shop), () => Promise.reject(new Error("nothing is checked here")));
  return [
    h("h3", {}, t("phrases.unused", { n: days })),
    unused.length ? table([t("knowledge.phrases.short"), t("knowledge.phrases.long"), t("knowledge.language")], unused.map((one) => [h("strong", {}, one.title), one.text, one.language])) : h("p", { class: "hint" }, t("phrases.unused.none")),
    h("h3", {}, t("phrases.unanswered")),
    unanswered.length ? table([t("phrases.question"), t("phrases.conversations"), t("phrases.last")], unanswered.map((one) => [one.question, String(one.conversations), when(one.last_at, env)])) : h("p", { class: "hint" }, t("phrases.unanswered.none")),
    ...(whole ? [] : [h("p", { class: "hint" }, t("phrases.part"))]),
  ];
}
