// What stands where a draft would be when there is none: the reason in plain words, and orders to choose from.

import { h } from "./dom.js";
import { day, money } from "./format.js";
import { icon } from "./icons.js";
import { riskLine } from "./view.js";

/** @import {Card, Env, Order, Snapshot} from "./types" */

/**
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @param {((order: string) => void) | null} pick null when this person may not decide
 * @returns {HTMLElement}
 */
export function silence(env, snapshot, pick) {
  const card = snapshot.card;
  if (snapshot.loading) {
    return h("div", { class: "dc-silence dc-writing" }, h("p", { class: "dc-skeleton", "aria-hidden": "true" }), h("p", {}, env.t("thread.loading")));
  }
  if (card?.state === "writing" || (!card && snapshot.awaiting)) {
    const words = env.t(card ? "silence.writing" : "silence.waiting");
    return h("div", { class: "dc-silence dc-writing" }, h("p", { class: "dc-skeleton", "aria-hidden": "true" }), h("p", {}, words));
  }
  if (!card) {
    const [symbol, words] = quiet(snapshot);
    return h("div", { class: "dc-silence dc-quiet" }, icon(symbol), h("p", {}, env.t(words)));
  }
  const words = card.reason_text ?? env.t(`silence.${card.state}`);
  return h(
    "div",
    { class: "dc-silence" },
    card.draft === null && riskLine(env, card.risks ?? []),
    h("p", { class: "dc-reason-line" }, icon("info"), h("strong", {}, env.t("silence.title")), h("span", {}, words)),
    pick && card.candidates.length > 0 && candidates(env, card, snapshot.orders, pick),
  );
}

/**
 * @param {Snapshot} snapshot
 * @returns {[string, string]} icon and key of the words
 */
function quiet({ underway, buyerWaits }) {
  if (underway) return ["clock", "silence.underway"];
  return buyerWaits ? ["info", "silence.none"] : ["check", "silence.nothing"];
}

/**
 * @param {Env} env
 * @param {Card} card
 * @param {Order[]} orders
 * @param {(order: string) => void} pick
 */
function candidates(env, card, orders, pick) {
  return h(
    "div",
    { class: "dc-candidates", role: "group", "aria-label": env.t("candidates") },
    h("p", { class: "dc-hint" }, env.t("candidates")),
    card.candidates.map((id) => candidateButton(env, id, orders, pick)),
  );
}

/**
 * An order as a button: what was bought, when, for how much.
 * @param {Env} env
 * @param {string} id
 * @param {Order[]} orders
 * @param {(order: string) => void} pick
 */
export function candidateButton(env, id, orders, pick) {
  const order = orders.find((one) => one.id === id);
  const first = order?.items[0];
  const rest = (order?.items.length ?? 1) - 1;
  const facts = [
    order && env.t(`order.status.${order.status}`),
    order?.created_at ? day(order.created_at, env) : null,
    order?.total ? money(order.total) : null,
  ].filter(Boolean);
  return h(
    "button",
    { type: "button", class: "dc-candidate", on: { click: () => pick(id) } },
    h("strong", {}, first ? `${first.name}${rest > 0 ? env.t("order.more", { n: rest }) : ""}` : `${env.t("order")} ${id}`),
    h("span", {}, facts.join(" · ")),
    h("span", { class: "dc-id" }, id),
  );
}
