// A row of the list: who it is, what was said last, how it stands. One that has not changed stays as it was drawn.

import { h, renew } from "./card/dom.js";
import { when } from "./card/format.js";
import { icon } from "./card/icons.js";

/** @import {Session} from "./session.js" */
/** @import {Env} from "./card/types" */
/** @import {Row} from "./types" */

/**
 * @param {Session} session
 * @param {Row} row
 * @param {boolean} counted whether its clock runs here; the list winds it
 * @param {HTMLElement} node where it is drawn
 */
export function drawRow(session, row, counted, node) {
  const shop = session.shop(row.shop);
  const at = row.last && when(row.last.at, session.env(shop, never));
  renew(node, [session.language, session.me.person.id, shop, row, at, counted], () => {
    node.className = `row${row.waiting_since ? " row-waits" : ""}${row.unread && row.place !== "history" ? " row-unread" : ""}`;
    return [
      h("span", { class: `avatar platform-${shop?.platform ?? "other"}`, "aria-hidden": "true" }, [...nameOf(session.t, row)][0] ?? "·"),
      h("span", { class: "row-words" }, top(session, row, at ?? ""), h("span", { class: "row-last" }, preview(session, row)), foot(session, row, shop?.name ?? "")),
    ];
  });
}

/**
 * @param {Session["t"]} t
 * @param {Row} row
 */
function nameOf(t, row) {
  return row.buyer.nickname || t("buyer.unnamed");
}

/**
 * @param {Session} session
 * @param {Row} row
 * @param {string} at
 */
function top({ t }, row, at) {
  return h(
    "span",
    { class: "row-top" },
    h("strong", { class: "row-name", title: row.unread ? t("row.unread") : null }, nameOf(t, row)),
    row.marked && h("span", { class: "row-mark" }, icon("marked")),
    row.unanswered > 1 && h("span", { class: "row-count", title: t("row.unanswered", { n: row.unanswered }) }, String(row.unanswered)),
    h("span", { class: "row-time" }, at),
  );
}

/**
 * @param {Session} session
 * @param {Row} row
 * @param {string} shop
 */
function foot({ t, me }, row, shop) {
  const state = stateOf(row);
  return h(
    "span",
    { class: "row-foot" },
    h("span", { class: `chip chip-${state}` }, t(`row.${state}`)),
    row.place === "unassigned" && h("span", { class: "chip chip-unassigned" }, t("list.unassigned")),
    row.expiring && h("span", { class: "chip chip-failed" }, t("filter.expiring")),
    row.unreplied === "auto_answer_unverified" && h("span", { class: "chip chip-person" }, t("row.auto_answered")),
    ...(row.tags ?? []).slice(0, 2).map((tag) => h("span", { class: "row-tag" }, tag)),
    row.holder && row.holder.id !== me.person.id && h("span", { class: "row-holder" }, row.holder.name),
    h("span", { class: "row-shop" }, shop),
  );
}

/**
 * What stands on a row's chip: the worst first.
 * @param {Row} row
 * @returns {string}
 */
export function stateOf(row) {
  const reply = row.reply?.state;
  if (reply && ["failed", "unconfirmed", "held", "handed_over"].includes(reply)) return reply;
  const draft = row.draft?.state;
  if (draft === "proposed") return "ready";
  if (draft === "writing") return "writing";
  if (reply === "queued" || reply === "sending" || draft === "approved" || draft === "sending") return "sending";
  if (draft === "blocked" || draft === "rejected") return row.waiting_since ? "person" : "answered";
  return row.waiting_since ? "waiting" : "answered";
}

/**
 * @param {Session} session
 * @param {Row} row
 */
function preview(session, row) {
  if (!row.last) return "";
  const kind = session.t(`kind.${row.last.kind}`);
  // What a coupon is called is nobody's word.
  const words = row.last.kind === "coupon_card" ? `${kind} ${row.last.text}` : row.last.text || kind;
  return row.last.role === "buyer" ? words : session.t("row.shop_says", { text: words });
}

/** @type {Env["check"]} */
export const never = () => Promise.reject(new Error("nothing is checked in a list"));
