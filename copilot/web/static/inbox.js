// <conversation-list>: who waits, what is lost first on top. Gets a stretch of a list that may have thousands of rows and
// draws what is on screen; sends "open-conversation", and "need-rows" when another stretch is looked at. Reads nothing itself.

import { h, reconcile } from "./card/dom.js";
import { countdown } from "./card/format.js";
import { icon } from "./card/icons.js";
import { drawRow, never } from "./inbox-row.js";

/** @import {Session} from "./session.js" */
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
  /** @type {Set<Row>} the rows whose clocks run */
  #clocks = new Set();
  // Where it is scrolled and how much of it is seen, in px: asking the page would have it laid out in the middle of a change.
  #scroll = 0;
  #seen = 0;
  /** @type {Session | null} */
  #session = null;
  #list = h("ul", { class: "rows", role: "listbox", on: { keydown: (event) => this.#key(event) } });

  connectedCallback() {
    if (!this.#list.isConnected) this.append(this.#list);
    setInterval(() => this.#tick(), 1000);
    this.addEventListener("scroll", () => this.#measure(), { passive: true });
    new ResizeObserver(() => this.#measure()).observe(this);
  }

  /** @param {Session} session */
  set session(session) {
    this.#session = session;
    this.#list.setAttribute("aria-label", session.t("list"));
    this.#draw();
  }

  /** The first place that is on screen. */
  get top() {
    return Math.floor(this.#scroll / HEIGHT);
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
    this.#clocks = new Set((from ? [] : rows).filter((row) => row.deadline_at && row.waiting_since).slice(0, COUNTED));
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
    return [first, Math.min(this.top + Math.ceil(this.#seen / HEIGHT) + 1 + BEYOND, this.#total)];
  }

  #measure() {
    [this.#scroll, this.#seen] = [this.scrollTop, this.clientHeight];
    this.#scrolled();
  }

  #scrolled() {
    const [first, last] = this.#onScreen();
    if (this.#drawn === `${first}-${last}`) return;
    this.#draw();
    if (first < this.#from || last > this.#from + this.#rows.length) this.dispatchEvent(new CustomEvent("need-rows", { bubbles: true }));
  }

  /**
   * Another conversation is open: its row is brought on screen and marked.
   * @param {string} id
   */
  turnTo(id) {
    // First where it stands: nothing has changed yet, so nothing has to be laid out to know it.
    const place = this.placeOf(id);
    if (place >= 0) this.#bring(place);
    this.#open = id;
    this.#draw();
  }

  /** @param {number} place */
  #bring(place) {
    const above = place * HEIGHT;
    const to = Math.min(Math.max(this.#scroll, above + HEIGHT - this.#seen), above);
    if (to === this.#scroll) return;
    this.scrollTo(0, to);
    this.#scroll = to;
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
    const node = known ?? h("li", { role: "option", on: { click: () => this.#choose(row.id) } });
    drawRow(session, row, this.#clocks.has(row), node);
    node.setAttribute("aria-selected", String(row.id === this.#open));
    node.style.top = `${place * HEIGHT}px`;
    node.setAttribute("aria-posinset", String(place + 1));
    node.setAttribute("aria-setsize", String(this.#total));
    node.setAttribute("tabindex", stop ? "0" : "-1");
    return node;
  }

  #tick() {
    const session = this.#session;
    if (!session) return;
    for (const row of this.#clocks) {
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

customElements.define("conversation-list", ConversationList);
