// Reads the conversations that are likely to be opened next before anybody asks, so that a step does not wait for the
// server. Forgets one as soon as anything happened to it. Whoever opens one reads it again all the same.

import { get } from "./api.js";

/** @import {Conversation} from "./types" */

export class Ahead {
  /** @type {Map<string, {read: Conversation | null}>} */
  #known = new Map();

  /**
   * These are kept from now on, and no others.
   * @param {(string | undefined)[]} ids
   */
  want(ids) {
    for (const id of this.#known.keys()) if (!ids.includes(id)) this.#known.delete(id);
    for (const id of ids) if (id !== undefined && !this.#known.has(id)) void this.#read(id);
  }

  /**
   * @param {string} id
   * @returns {Conversation | null} what is known of it, if nothing happened to it since
   */
  find(id) {
    return this.#known.get(id)?.read ?? null;
  }

  /** @param {string | null} id null: anything may have happened */
  forget(id) {
    if (id === null) this.#known.clear();
    else this.#known.delete(id);
  }

  /** @param {string} id */
  async #read(id) {
    /** @type {{read: Conversation | null}} */
    const place = { read: null };
    this.#known.set(id, place);
    try {
      // What was forgotten meanwhile stands in no place that anybody looks at.
      place.read = /** @type {Conversation} */ (await get(`/api/conversations/${encodeURIComponent(id)}`));
    } catch {
      // Whoever opens it is told why it cannot be read.
      if (this.#known.get(id) === place) this.#known.delete(id);
    }
  }
}
