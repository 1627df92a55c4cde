// What an agent may take over into a text of their own: single sentences of the draft, and facts of the draft and of the
// buyer's orders. Each is put in with a press, at the place where they write.

import { h } from "./dom.js";
import { day, money, when } from "./format.js";
import { markOf, unitPlaces } from "./marks.js";

/** @import {Env, Order, Snapshot} from "./types" */

/** A sentence ends behind its mark; a full stop only before a space: not within "$14.00" or "UPS 1Z.9". */
const END = /(?<=[。！？!?\n][”"'）)]*)(?![。！？!?”"'）)])|(?<=\.[”"')]*)(?=\s)/u;
const MOST = 12; // facts

/**
 * @param {string} text
 * @returns {string[]}
 */
export function sentences(text) {
  return text.split(END).map((one) => one.trim()).filter((one) => one !== "");
}

/**
 * What the draft states with a fact behind it, then what the platform says of the orders.
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @returns {{name: string, text: string}[]}
 */
export function facts(env, snapshot) {
  const draft = snapshot.card?.draft;
  const places = unitPlaces(draft?.text ?? "");
  const claimed = (draft?.claims ?? []).flatMap((claim) => {
    const mark = markOf(claim);
    const text = draft?.text.slice(places[claim.start], places[claim.end]).trim() ?? "";
    return mark === "value" || mark === "computed" ? [{ name: env.t(`claim.${mark}`), text }] : [];
  });
  const used = snapshot.card?.order?.id;
  const orders = snapshot.orders.filter((order) => used === undefined || order.id === used);
  const known = [...claimed, ...orders.flatMap((order) => ofOrder(env, order))];
  return known.filter((one, place) => one.text !== "" && known.findIndex((other) => other.text === one.text) === place).slice(0, MOST);
}

/**
 * @param {Env} env
 * @param {Order} order
 */
function ofOrder(env, order) {
  const parcels = order.shipments.flatMap((one) => [
    { name: one.carrier ?? env.t("insert.tracking"), text: one.tracking_no ?? "" },
    { name: env.t("insert.eta"), text: one.eta ? day(one.eta, env) : "" },
  ]);
  return [
    { name: env.t("order"), text: order.id },
    { name: env.t("insert.total"), text: order.total ? money(order.total) : "" },
    { name: env.t("insert.ship_by"), text: order.status === "to_ship" && order.ship_by ? when(order.ship_by, env) : "" },
    ...parcels,
  ];
}

/**
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @param {boolean} own whether the draft's sentences do not stand in the box already
 * @param {(text: string) => void} insert
 */
export function inserting(env, snapshot, own, insert) {
  const text = own && snapshot.card?.draft ? snapshot.card.draft.text : "";
  const lines = sentences(text).map((one) => h("li", {}, press(one, null, insert)));
  const known = facts(env, snapshot).map((one) => h("li", {}, press(one.text, one.name, insert)));
  if (lines.length + known.length === 0) return null;
  return h(
    "details",
    { class: "dc-insert" },
    h("summary", {}, env.t("insert")),
    lines.length > 0 && h("ul", { class: "dc-insert-lines", "aria-label": env.t("insert.sentences") }, lines),
    known.length > 0 && h("ul", { class: "dc-insert-facts", "aria-label": env.t("insert.facts") }, known),
  );
}

/**
 * @param {string} text
 * @param {string | null} name
 * @param {(text: string) => void} insert
 */
function press(text, name, insert) {
  return h("button", { type: "button", class: "dc-button dc-small", on: { click: () => insert(text) } }, name !== null && h("span", { class: "dc-insert-name" }, name), text);
}
