// What agents said of drafts, the newest first; texts come masked. Nothing is added up, least of all by person.

import { get } from "../api.js";
import { h } from "../card/dom.js";
import { when } from "../card/format.js";
import { table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{id: string, draft: string, conversation: string, shop: string, by: {name: string}, text: string, draft_text: string | null, issues: string[], at: string}} Said */

/**
 * @param {Session} session
 * @param {HTMLElement} place
 * @param {{before?: string, known?: Said[]}} [asked]
 */
export async function showFeedback(session, place, { before = "", known = [] } = {}) {
  const { t } = session;
  const { feedback, next } = /** @type {{feedback: Said[], next: string | null}} */ (await get(`/api/feedback${before ? `?before=${encodeURIComponent(before)}` : ""}`));
  const rows = [...known, ...feedback];
  const env = session.env(undefined, () => Promise.reject(new Error("nothing is checked here")));
  const lines = rows.map((one) => [
    h("time", { datetime: one.at, class: "admin-nowrap" }, when(one.at, env)),
    session.shop(one.shop)?.name ?? "",
    one.by.name,
    one.text,
    h("a", { href: `/#${encodeURIComponent(one.conversation)}` }, one.draft_text ?? t("feedback.gone")),
  ]);
  place.replaceChildren(
    h("div", { class: "admin-bar" }, h("a", { class: "dc-button", href: "/api/feedback/export", download: "feedback.jsonl" }, t("feedback.export"))),
    lines.length ? table([t("log.at"), t("figures.shop"), t("log.by"), t("feedback.words"), t("feedback.draft")], lines) : h("p", { class: "hint" }, t("feedback.none")),
    next ? h("button", { type: "button", class: "dc-button", on: { click: () => void showFeedback(session, place, { before: next, known: rows }) } }, t("cases.more")) : "",
  );
}
