// <conversation-list>: who waits, what is lost first on top. Gets rows, sends "open-conversation"; reads nothing itself.

import { h, reconcile } from "./card/dom.js";
import { countdown, when } from "./card/format.js";
import { icon } from "./card/icons.js";

/** @import {Session} from "./session.js" */
/** @import {Env} from "./card/types" */
/** @import {Row} from "./types" */

const COUNTED = 3; // so many rows show a running clock; more would be noise

export class ConversationList extends HTMLElement {
  /** @type {Row[]} */
  #rows = [];
  /** @type {string | null} */
  #open = null;
  /** @type {Session | null} */
  #session = null;
  #list = h("ul", { class: "rows", role: "listbox", on: { keydown: (event) => this.#key(event) } });

  connectedCallback() {
    if (!this.#list.isConnected) this.append(this.#list);
    setInterval(() => this.#tick(), 1000);
  }

  /** @param {Session} session */
  set session(session) {
    this.#session = session;
    this.#list.setAttribute("aria-label", session.t("list"));
    this.show(this.#rows, this.#open);
  }

  /** The ids in the order shown. */
  get ids() {
    return this.#rows.map((row) => row.id);
  }

  /**
   * @param {Row[]} rows
   * @param {string | null} open the id of the open conversation
   */
  show(rows, open) {
    this.#rows = rows;
    this.#open = open;
    const session = this.#session;
    if (!session) return;
    const hadFocus = this.contains(document.activeElement);
    reconcile(this.#list, rows, (row) => row.id, (row, known) => this.#row(session, row, known));
    const options = [...this.#list.children];
    const stop = options.find((node) => node.getAttribute("aria-selected") === "true") ?? options[0];
    for (const node of options) node.setAttribute("tabindex", node === stop ? "0" : "-1");
    if (hadFocus && !this.contains(document.activeElement) && stop instanceof HTMLElement) stop.focus();
    this.#tick();
  }

  /** @param {string} id */
  reveal(id) {
    this.#list.querySelector(`[data-key="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Session} session
   * @param {Row} row
   * @param {HTMLElement | null} known
   */
  #row(session, row, known) {
    const shop = session.shop(row.shop);
    const env = session.env(shop, never);
    const node = known ?? h("li", { role: "option", on: { click: () => this.#choose(row.id) } });
    node.className = `row${row.waiting_since ? " row-waits" : ""}`;
    node.setAttribute("aria-selected", String(row.id === this.#open));
    const name = row.buyer.nickname || session.t("buyer.unnamed");
    const state = stateOf(row);
    node.replaceChildren(
      h("span", { class: `avatar platform-${shop?.platform ?? "other"}`, "aria-hidden": "true" }, [...name][0] ?? "·"),
      h(
        "span",
        { class: "row-words" },
        h(
          "span",
          { class: "row-top" },
          h("strong", { class: "row-name" }, name),
          row.unanswered > 1 && h("span", { class: "row-count", title: session.t("row.unanswered", { n: row.unanswered }) }, String(row.unanswered)),
          h("span", { class: "row-time" }, row.last ? when(row.last.at, env) : ""),
        ),
        h("span", { class: "row-last" }, preview(session, row)),
        h(
          "span",
          { class: "row-foot" },
          h("span", { class: `chip chip-${state}` }, session.t(`row.${state}`)),
          h("span", { class: "row-shop" }, shop?.name ?? ""),
        ),
      ),
    );
    return node;
  }

  #tick() {
    const session = this.#session;
    if (!session) return;
    const clocks = this.#rows.filter((row) => row.deadline_at && row.waiting_since).slice(0, COUNTED);
    for (const row of clocks) {
      const place = this.#list.querySelector(`[data-key="${CSS.escape(row.id)}"] .row-time`);
      const left = countdown(row.deadline_at ?? "", session.env(session.shop(row.shop), never));
      if (!place || place.getAttribute("data-left") === left.text) continue;
      place.className = `row-time row-clock clock-${left.level}`;
      place.setAttribute("data-left", left.text);
      place.replaceChildren(icon("clock"), left.text);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = [...this.#list.children].indexOf(/** @type {Element} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#rows.length - 1 }[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || at < 0) return;
    const row = this.#rows[to ?? at];
    if (!row || (to === undefined && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (to === undefined) return this.#choose(row.id);
    const node = this.#list.children[to];
    if (node instanceof HTMLElement) node.focus();
  }

  /** @param {string} id */
  #choose(id) {
    this.dispatchEvent(new CustomEvent("open-conversation", { bubbles: true, detail: id }));
  }
}

/**
 * What stands on a row's chip: the worst first.
 * @param {Row} row
 * @returns {string}
 */
export function stateOf(row) {
  const reply = row.reply?.state;
  if (reply && ["failed", "unconfirmed", "held"].includes(reply)) return reply;
  const draft = row.draft?.state;
  if (draft === "proposed") return "ready";
  if (draft === "writing") return "writing";
  if (reply === "queued" || reply === "sending" || draft === "approved" || draft === "sending") return "sending";
  if (draft === "blocked" || draft === "rejected") return row.waiting_since ? "person" : "answered";
  return row.waiting_since ? "waiting" : "answered";
}

/** Whether a reply of this row needs a person. @param {Row} row */
export function inTray(row) {
  return row.reply?.state === "failed" || row.reply?.state === "unconfirmed";
}

/**
 * @param {Session} session
 * @param {Row} row
 */
function preview(session, row) {
  if (!row.last) return "";
  const words = row.last.text || session.t(`kind.${row.last.kind}`);
  return row.last.role === "buyer" ? words : session.t("row.shop_says", { text: words });
}

/** @type {Env["check"]} */
const never = () => Promise.reject(new Error("nothing is checked in a list"));

customElements.define("conversation-list", ConversationList);
