// <conversation-list>: who waits, what is lost first on top. Gets a stretch of a list that may have thousands of rows and
// draws what is on screen; sends "open-conversation", and "need-rows" when another stretch is looked at. Reads nothing itself.

import { h, reconcile } from "./card/dom.js";
import { countdown, when } from "./card/format.js";
import { icon } from "./card/icons.js";

/** @import {Session} from "./session.js" */
/** @import {Env} from "./card/types" */
/** @import {Row} from "./types" */

const COUNTED = 3; // so many rows show a running clock; more would be noise
const HEIGHT = 84; // px of a row, --row-height in desk.css
const BEYOND = 6; // rows drawn above and below what is on screen

/** @typedef {{rows: Row[], from: number, total: number}} Stretch rows of a list, `from` of its `total` stand before them */

export class ConversationList extends HTMLElement {
  /** @type {Row[]} */
  #rows = [];
  #from = 0;
  #total = 0;
  /** @type {string | null} */
  #open = null;
  /** @type {number | null} the place that the hand is on its way to */
  #wish = null;
  #drawn = "";
  /** @type {Session | null} */
  #session = null;
  #list = h("ul", { class: "rows", role: "listbox", on: { keydown: (event) => this.#key(event) } });

  connectedCallback() {
    if (!this.#list.isConnected) this.append(this.#list);
    setInterval(() => this.#tick(), 1000);
    this.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#scrolled()).observe(this);
  }

  /** @param {Session} session */
  set session(session) {
    this.#session = session;
    this.#list.setAttribute("aria-label", session.t("list"));
    this.#draw();
  }

  /** The first place that is on screen. */
  get top() {
    return Math.floor(this.scrollTop / HEIGHT);
  }

  /** @param {number} place @returns {string | undefined} the conversation there, as far as it is known */
  idAt(place) {
    return this.#rows[place - this.#from]?.id;
  }

  /** @param {string | null} id @returns {number} its place, -1 when it does not stand in what is known of the list */
  placeOf(id) {
    const at = this.#rows.findIndex((row) => row.id === id);
    return at < 0 ? -1 : at + this.#from;
  }

  get total() {
    return this.#total;
  }

  /**
   * @param {Stretch} stretch
   * @param {string | null} open the id of the open conversation
   */
  show({ rows, from, total }, open) {
    this.#rows = rows;
    this.#from = from;
    this.#total = Math.max(total, from + rows.length);
    this.#open = open;
    this.#draw();
    if (this.#wish !== null && this.idAt(this.#wish)) this.#goTo(this.#wish);
  }

  /** Draws what is on screen; the row that has the focus and the one that Tab leads to are always there. */
  #draw() {
    const session = this.#session;
    if (!session) return;
    const focused = this.contains(document.activeElement) ? this.#placeOf(document.activeElement) : -1;
    const [first, last] = this.#onScreen();
    const stop = Math.max(this.placeOf(this.#open), this.#from);
    const places = new Set([stop, ...(focused < 0 ? [] : [focused])]);
    for (let place = first; place < last; place += 1) places.add(place);
    const shown = [...places].filter((place) => this.idAt(place) !== undefined).sort((one, other) => one - other);
    this.#drawn = `${first}-${last}`;
    this.#list.style.height = `${this.#total * HEIGHT}px`;
    const hadFocus = focused >= 0;
    reconcile(this.#list, shown, (place) => this.idAt(place) ?? "", (place, known) => this.#placed(session, place, known, place === stop));
    if (hadFocus && !this.contains(document.activeElement)) this.#nodeAt(this.idAt(focused) ? focused : stop)?.focus({ preventScroll: true });
    this.#tick();
  }

  /** @returns {[number, number]} the places to draw */
  #onScreen() {
    const first = Math.max(this.top - BEYOND, 0);
    return [first, Math.min(this.top + Math.ceil(this.clientHeight / HEIGHT) + 1 + BEYOND, this.#total)];
  }

  #scrolled() {
    const [first, last] = this.#onScreen();
    if (this.#drawn === `${first}-${last}`) return;
    this.#draw();
    if (first < this.#from || last > this.#from + this.#rows.length) this.dispatchEvent(new CustomEvent("need-rows", { bubbles: true }));
  }

  /** @param {string} id */
  reveal(id) {
    const place = this.placeOf(id);
    if (place >= 0) this.#bring(place);
  }

  /** @param {number} place */
  #bring(place) {
    const above = place * HEIGHT;
    const below = above + HEIGHT - this.clientHeight;
    if (this.scrollTop > above) this.scrollTo(0, above);
    else if (this.scrollTop < below) this.scrollTo(0, below);
    this.#scrolled();
  }

  /**
   * Brings the hand to a place; when its row is not known yet, as soon as it is.
   * @param {number} place
   */
  #goTo(place) {
    this.#wish = this.idAt(place) ? null : place;
    this.#bring(place);
    this.#nodeAt(place)?.focus({ preventScroll: true });
  }

  /** @param {number} place */
  #nodeAt(place) {
    const node = this.#list.querySelector(`[aria-posinset="${place + 1}"]`);
    return node instanceof HTMLElement ? node : null;
  }

  /** @param {Element | null} node */
  #placeOf(node) {
    return Number(node?.getAttribute("aria-posinset") ?? 0) - 1;
  }

  /**
   * @param {Session} session
   * @param {number} place
   * @param {HTMLElement | null} known
   * @param {boolean} stop whether Tab leads to it
   */
  #placed(session, place, known, stop) {
    const row = /** @type {Row} */ (this.#rows[place - this.#from]);
    const node = this.#row(session, row, known);
    node.style.top = `${place * HEIGHT}px`;
    node.setAttribute("aria-posinset", String(place + 1));
    node.setAttribute("aria-setsize", String(this.#total));
    node.setAttribute("tabindex", stop ? "0" : "-1");
    return node;
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
    node.className = `row${row.waiting_since ? " row-waits" : ""}${row.unread && row.place !== "history" ? " row-unread" : ""}`;
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
          h("strong", { class: "row-name", title: row.unread ? session.t("row.unread") : null }, name),
          row.marked && h("span", { class: "row-mark" }, icon("marked")),
          row.unanswered > 1 && h("span", { class: "row-count", title: session.t("row.unanswered", { n: row.unanswered }) }, String(row.unanswered)),
          h("span", { class: "row-time" }, row.last ? when(row.last.at, env) : ""),
        ),
        h("span", { class: "row-last" }, preview(session, row)),
        h(
          "span",
          { class: "row-foot" },
          h("span", { class: `chip chip-${state}` }, session.t(`row.${state}`)),
          row.place === "unassigned" && h("span", { class: "chip chip-unassigned" }, session.t("list.unassigned")),
          row.expiring && h("span", { class: "chip chip-failed" }, session.t("filter.expiring")),
          row.unreplied === "auto_answer_unverified" && h("span", { class: "chip chip-person" }, session.t("row.auto_answered")),
          ...(row.tags ?? []).slice(0, 2).map((tag) => h("span", { class: "row-tag" }, tag)),
          row.holder && row.holder.id !== session.me.person.id && h("span", { class: "row-holder" }, row.holder.name),
          h("span", { class: "row-shop" }, shop?.name ?? ""),
        ),
      ),
    );
    return node;
  }

  #tick() {
    const session = this.#session;
    if (!session) return;
    const clocks = (this.#from ? [] : this.#rows).filter((row) => row.deadline_at && row.waiting_since).slice(0, COUNTED);
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
    const at = this.#placeOf(document.activeElement);
    if (event.altKey || event.ctrlKey || event.metaKey || at < 0) return;
    if (event.key === "Tab") return this.#tab(event, at + (event.shiftKey ? -1 : 1));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#total - 1 }[event.key];
    const chosen = to === undefined && (event.key === "Enter" || event.key === " ") ? this.idAt(at) : undefined;
    if (to === undefined ? !chosen : to < 0 || to >= this.#total) return;
    event.preventDefault();
    if (to !== undefined) this.#goTo(to);
    else if (chosen) this.#choose(chosen);
  }

  /**
   * Tab moves on through the conversations while the list has the focus; behind the last one, and with Escape, it leaves.
   * @param {KeyboardEvent} event
   * @param {number} to
   */
  #tab(event, to) {
    const id = this.idAt(to);
    if (!id) return;
    event.preventDefault();
    this.#goTo(to);
    this.dispatchEvent(new CustomEvent("step-to-conversation", { bubbles: true, detail: id }));
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
const never = () => Promise.reject(new Error("nothing is checked in a list"));

customElements.define("conversation-list", ConversationList);
