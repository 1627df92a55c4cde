// The search box: what of the list holds the words that stand in it, and what the server finds for them besides.

import { post } from "./api.js";
import { element } from "./page.js";
import { isSignedOut, toLogin } from "./session.js";

/** @import {First} from "./first.js" */
/** @import {Filter} from "./frame.js" */
/** @import {Listing, Row} from "./types" */

/** @typedef {{filter: Filter, first: First, showList: () => void}} Desk what of the desk it needs */

const SEEKING = 250; // ms of quiet after which the server is asked for what is sought

export class Search {
  /** @type {Row[] | null} what the server found for the words in the box */
  found = null;
  #timer = 0;

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  get box() {
    return element("#search", HTMLInputElement);
  }

  get words() {
    return this.box.value.trim();
  }

  /**
   * The rows that hold the words, then what else was found; all of them while nothing is sought.
   * @param {Row[]} rows
   */
  among(rows) {
    const sought = this.words.toLowerCase();
    const here = rows.filter((row) => `${row.buyer.nickname ?? ""} ${row.last?.text ?? ""}`.toLowerCase().includes(sought));
    const known = new Set(here.map((row) => row.id));
    return sought ? [...here, ...(this.found ?? []).filter((row) => !known.has(row.id))] : here;
  }

  /** Other words stand in the box. */
  changed() {
    this.found = null;
    this.desk.first.offer(null);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#seek(), SEEKING);
    this.desk.showList();
  }

  clear() {
    this.box.value = "";
    this.changed();
  }

  async #seek() {
    const { words } = this;
    if (!words) return;
    try {
      const { shop } = this.desk.filter;
      const found = /** @type {Listing} */ (await post("/api/conversations/search", { words, ...(shop ? { shop } : {}) }));
      if (words !== this.words) return;
      this.found = found.conversations;
      this.desk.showList();
      this.desk.first.offer(this.found.length ? null : words);
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
    }
  }
}
