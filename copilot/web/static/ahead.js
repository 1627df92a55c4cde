// Reads the conversations that are likely to be opened next before anybody asks, behind everything that somebody waits for,
// and reads each again when something happened to it: a step shows what is there, and waits for nobody.

import { get } from "./api.js";

/** @import {Talks} from "./talks.js" */
/** @import {Conversation} from "./types" */

const AT_ONCE = 2; // conversations that are being read
const GATHER = 40; // ms in which what happens to them is gathered

export class Ahead {
  /** @type {Set<string>} what is being read */
  #asked = new Set();
  /** @type {string[]} the likeliest first */
  #wanted = [];
  #timer = 0;

  /** @param {Talks} talks where it is kept */
  constructor(talks) {
    this.talks = talks;
  }

  /** @param {(string | null | undefined)[]} ids the likeliest first */
  want(ids) {
    this.#wanted = [...new Set(ids)].filter((id) => typeof id === "string");
    this.#go();
  }

  /** Something happened somewhere. */
  again() {
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.#go();
    }, GATHER);
  }

  #go() {
    for (const id of this.#wanted) {
      if (this.#asked.size >= AT_ONCE) return;
      if (!this.#asked.has(id) && !this.talks.fresh(id)) void this.#read(id);
    }
  }

  /** @param {string} id */
  async #read(id) {
    this.#asked.add(id);
    const moment = this.talks.moment(id);
    try {
      this.talks.keep(/** @type {Conversation} */ (await get(`/api/conversations/${encodeURIComponent(id)}`, "low")), moment);
    } catch {
      // Whoever opens it is told why it cannot be read.
      this.#wanted = this.#wanted.filter((one) => one !== id);
    } finally {
      this.#asked.delete(id);
      this.#go();
    }
  }
}
