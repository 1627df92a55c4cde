// <order-panel>: the buyer's orders as the platform last told them, and what the shop owes. Sends "read-orders" to have
// them read again, "use-order" when a person says which one it is, and "write-first" to write about one that is over.

import { onceChanged } from "./after.js";
import { h } from "./card/dom.js";
import { ago, money, when } from "./card/format.js";
import { icon } from "./card/icons.js";

/** @import {AfterSale, Env, Item, Order, Shipment} from "./card/types" */
/** @import {Commitment, Conversation, Pages} from "./types" */

const SCANS = 3; // so many scans of a parcel are shown at first

export class OrderPanel extends HTMLElement {
  /** @type {(() => void) | null} */
  #age = null;
  #from = "";
  #of = "";

  connectedCallback() {
    setInterval(() => this.#age?.(), 15_000);
  }

  /**
   * @param {Env} env
   * @param {Conversation} conversation
   * @param {{canUse: boolean, canWrite?: boolean, reading: boolean, pages?: Pages | null, card?: ((order: string) => void) | null}} how
   */
  show(env, conversation, { canUse, canWrite = false, reading, pages = null, card = null }) {
    const from = JSON.stringify([env.language, env.zone, conversation.orders, conversation.commitments, conversation.card, canUse, canWrite, reading, pages, card !== null]);
    // What has not changed stays: an order somebody unfolded, and where the keyboard is.
    if (from === this.#from) return;
    this.#from = from;
    const held = this.contains(document.activeElement);
    const used = conversation.card?.order?.id ?? null;
    const orders = [...conversation.orders.orders].sort((a, b) => Number(b.id === used) - Number(a.id === used));
    const candidates = new Set(conversation.card?.candidates ?? []);
    const panel = /** @type {HTMLElement} */ (this);
    // Another buyer's orders begin at the top; to ask where these stand would have the page laid out.
    const same = conversation.id === this.#of;
    const scrolled = same ? panel.scrollTop : 0;
    const unfolded = same ? [...panel.querySelectorAll("details[open]")].map((one) => one.getAttribute("data-key")) : [];
    this.#of = conversation.id;
    this.replaceChildren(
      this.#head(env, conversation, reading),
      ...owed(env, conversation.commitments),
      ...orders.map((order, place) =>
        orderCard(env, order, {
          used: order.id === used,
          open: order.id === used || candidates.has(order.id) || (used === null && place === 0),
          page: pages?.orders[order.id] ?? null,
          card: card ? () => card(order.id) : null,
          write: canWrite ? () => this.#write(conversation.shop, order.id) : null,
          use: canUse && candidates.has(order.id) && order.id !== used ? () => this.#use(order.id) : null,
        }),
      ),
      ...empty(env, conversation),
    );
    // More became known of these orders: what somebody unfolded stays so.
    for (const one of panel.querySelectorAll("details")) if (unfolded.includes(one.getAttribute("data-key"))) one.open = true;
    onceChanged(() => (panel.scrollTop = scrolled));
    if (held) panel.querySelector("button")?.focus({ preventScroll: true });
  }

  /**
   * @param {Env} env
   * @param {Conversation} conversation
   * @param {boolean} reading
   */
  #head(env, conversation, reading) {
    const age = h("span", { class: "age" });
    const asOf = conversation.orders.as_of;
    this.#age = () => age.replaceChildren(asOf ? env.t("orders.as_of", { ago: ago(asOf, env) }) : "");
    this.#age();
    const again = () => !reading && this.dispatchEvent(new CustomEvent("read-orders", { bubbles: true }));
    return h(
      "header",
      { class: "panel-head" },
      h("h2", {}, env.t("orders")),
      age,
      h(
        "button",
        { type: "button", class: `icon-button${reading ? " turning" : ""}`, "aria-label": env.t("orders.again"), title: env.t("orders.again"), "aria-disabled": String(reading), on: { click: again } },
        icon("refresh"),
      ),
    );
  }

  /**
   * @param {string} shop
   * @param {string} order
   */
  #write(shop, order) {
    this.dispatchEvent(new CustomEvent("write-first", { bubbles: true, detail: { shop, order } }));
  }

  /** @param {string} order */
  #use(order) {
    this.dispatchEvent(new CustomEvent("use-order", { bubbles: true, detail: order }));
  }
}

/**
 * @param {Env} env
 * @param {Conversation} conversation
 */
function empty(env, conversation) {
  if (conversation.orders.orders.length > 0) return [];
  const bad = conversation.orders.state === "unavailable";
  return [h("p", { class: `panel-empty${bad ? " bad" : ""}` }, icon(bad ? "alert" : "box"), env.t(`orders.${conversation.orders.state}`))];
}

/**
 * @param {Env} env
 * @param {Commitment[]} commitments
 */
function owed(env, commitments) {
  const open = commitments.filter((one) => one.state === "owed");
  if (open.length === 0) return [];
  const lines = open.map((one) => {
    const late = one.due !== null && Date.parse(one.due) < env.now();
    return h("li", { class: late ? "late" : "" }, icon("owe"), h("span", {}, one.text), late && one.due && h("time", { datetime: one.due }, env.t("owed.late", { at: when(one.due, env) })));
  });
  return [h("section", { class: "owed" }, h("h3", {}, env.t("owed")), h("ul", {}, lines))];
}

/**
 * One order: what was bought, where it is, what is being asked back.
 * @param {Env} env
 * @param {Order} order
 * @param {{used: boolean, open: boolean, use: (() => void) | null, write?: (() => void) | null, page?: string | null, card?: (() => void) | null}} how
 */
export function orderCard(env, order, { used, open, use, write = null, page = null, card = null }) {
  const first = order.items[0]?.name ?? `${env.t("order")} ${order.id}`;
  return h(
    "details",
    { class: `order${used ? " order-used" : ""}`, open, "data-key": order.id },
    h(
      "summary",
      {},
      h("span", { class: `status status-${order.status}` }, env.t(`order.status.${order.status}`)),
      h("span", { class: "order-first" }, first),
      order.total && h("span", { class: "order-total" }, money(order.total)),
    ),
    h("p", { class: "order-number" }, h("span", { class: "dc-id" }, order.id), copyButton(env, order.id), page && pageLink(env, page), card && h("button", { type: "button", class: "icon-button", "aria-label": env.t("order.card"), title: env.t("order.card"), on: { click: card } }, icon("send")), used && h("span", { class: "order-mark" }, env.t("order.used"))),
    use && h("button", { type: "button", class: "dc-button order-use", on: { click: use } }, env.t("order.use")),
    write && h("button", { type: "button", class: "dc-button order-use", on: { click: write } }, icon("pen"), env.t("first.order")),
    h("ul", { class: "items" }, order.items.map((item) => itemLine(item))),
    times(env, order),
    order.shipments.map((shipment, place) => parcel(env, shipment, `${order.id} ${place}`)),
    order.after_sales.map((one) => afterSale(env, one)),
  );
}

/**
 * To the platform's own page of the order.
 * @param {Env} env
 * @param {string} page
 */
function pageLink(env, page) {
  return h("a", { class: "icon-button", href: page, target: "_blank", rel: "noopener noreferrer", "aria-label": env.t("link.order"), title: env.t("link.order") }, icon("out"));
}

/**
 * @param {Env} env
 * @param {string} text
 */
function copyButton(env, text) {
  const button = h("button", { type: "button", class: "icon-button", "aria-label": env.t("copy.number"), title: env.t("copy.number") }, icon("copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.replaceChildren(icon("check"));
    setTimeout(() => button.replaceChildren(icon("copy")), 1200);
  });
  return button;
}

/** @param {Item} item */
function itemLine(item) {
  return h(
    "li",
    {},
    h("span", { class: "item-name" }, item.name, item.sku && h("span", { class: "item-sku" }, item.sku)),
    h("span", { class: "item-price" }, item.price ? money(item.price) : "", item.quantity !== 1 && ` × ${item.quantity}`),
  );
}

/**
 * @param {Env} env
 * @param {Order} order
 */
function times(env, order) {
  /** @type {[string, string | null | undefined][]} */
  const known = [
    ["created", order.created_at],
    ["paid", order.paid_at],
    ["ship_by", order.status === "to_ship" ? order.ship_by : null],
    ["delivered", order.delivered_at],
  ];
  const lines = known.flatMap(([name, at]) => {
    if (!at) return [];
    const late = name === "ship_by" && Date.parse(at) < env.now();
    return [h("div", { class: late ? "late" : "" }, h("dt", {}, env.t(`order.${name}`)), h("dd", {}, when(at, env)))];
  });
  return h("dl", { class: "times" }, lines);
}

/**
 * @param {Env} env
 * @param {Shipment} shipment
 * @param {string} key
 */
function parcel(env, shipment, key) {
  const scans = [...shipment.events].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const line = (/** @type {{at: string, text: string}} */ scan) =>
    h("li", {}, h("time", { datetime: scan.at }, when(scan.at, env)), h("span", {}, scan.text));
  const older = scans.slice(SCANS);
  return h(
    "section",
    { class: "parcel" },
    h(
      "h3",
      {},
      icon("truck"),
      h("span", {}, shipment.carrier ?? env.t("parcel")),
      shipment.tracking_no && h("span", { class: "dc-id" }, shipment.tracking_no),
      shipment.tracking_no && copyButton(env, shipment.tracking_no),
    ),
    shipment.eta && h("p", { class: "eta" }, env.t("parcel.eta", { at: when(shipment.eta, env) })),
    scans.length > 0 && h("ol", { class: "scans" }, scans.slice(0, SCANS).map(line)),
    older.length > 0 && h("details", { class: "older", "data-key": key }, h("summary", {}, env.t("parcel.older", { n: older.length })), h("ol", { class: "scans" }, older.map(line))),
  );
}

/**
 * @param {Env} env
 * @param {AfterSale} one
 */
function afterSale(env, one) {
  /** @type {[string, string | null | undefined][]} */
  const steps = [
    ["received", one.received_at],
    ["refunded", one.refunded_at],
    ["deadline", one.deadline],
  ];
  return h(
    "section",
    { class: "after-sale" },
    h(
      "h3",
      {},
      icon("back"),
      h("span", {}, env.t(`after_sale.${one.kind}`)),
      one.amount && h("span", { class: "order-total" }, money(one.amount)),
      h("span", { class: "status" }, env.t(`after_sale.status.${one.status}`)),
    ),
    h(
      "dl",
      { class: "times" },
      steps.flatMap(([name, at]) => (at ? [h("div", {}, h("dt", {}, env.t(`after_sale.${name}`)), h("dd", {}, when(at, env)))] : [])),
      one.refund_to && h("div", {}, h("dt", {}, env.t("after_sale.refund_to")), h("dd", {}, one.refund_to)),
    ),
  );
}

customElements.define("order-panel", OrderPanel);
