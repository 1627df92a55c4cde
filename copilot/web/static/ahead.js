// Reads the conversations that are likely to be opened next before anybody asks, behind everything that somebody waits for.

import { get } from "./api.js";

/** @import {Talks} from "./talks.js" */
/** @import {Conversation} from "./types" */

export class Ahead {
  /** @type {Set<string>} what is being read */
  #asked = new Set();

  /** @param {Talks} talks where it is kept */
  constructor(talks) {
    this.talks = talks;
  }

  /** @param {(string | undefined)[]} ids */
  want(ids) {
    for (const id of ids) if (id !== undefined && !this.#asked.has(id) && !this.talks.fresh(id)) void this.#read(id);
  }

  /** @param {string} id */
  async #read(id) {
    this.#asked.add(id);
    const moment = this.talks.moment(id);
    try {
      this.talks.keep(/** @type {Conversation} */ (await get(`/api/conversations/${encodeURIComponent(id)}`, "low")), moment);
    } catch {
      // Whoever opens it is told why it cannot be read.
    } finally {
      this.#asked.delete(id);
    }
  }
}
