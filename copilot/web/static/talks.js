// What was read of conversations, so that a step to one that is known waits for nobody. Says of each whether anything
// happened since; whoever opens one reads it again all the same.

/** @import {Conversation} from "./types" */

const KEPT = 60; // conversations

/** @typedef {{read: Conversation, fresh: boolean}} Known */

export class Talks {
  /** @type {Map<string, Known>} the longest untouched first */
  #known = new Map();
  /** @type {Map<string, number>} how often something happened to each */
  #happened = new Map();
  #all = 0;

  /**
   * What stands for now: hand it to `keep` with what was read from then on.
   * @param {string} id
   */
  moment(id) {
    return this.#all + (this.#happened.get(id) ?? 0);
  }

  /**
   * @param {Conversation} read
   * @param {number} moment when reading it began
   */
  keep(read, moment) {
    this.#known.delete(read.id);
    this.#known.set(read.id, { read, fresh: moment === this.moment(read.id) });
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
  }

  /**
   * @param {string} id
   * @returns {Conversation | null} the conversation as it is, when it was read since anything happened to it
   */
  fresh(id) {
    const known = this.#known.get(id);
    return known?.fresh ? known.read : null;
  }

  /**
   * @param {string} id
   * @returns {Conversation | null} what was last read of it; more may have been said, and its draft may be over
   */
  last(id) {
    return this.#known.get(id)?.read ?? null;
  }

  /**
   * Something was said or decided in it.
   * @param {string | null} id null: anywhere
   */
  happened(id) {
    if (id === null) this.#all += 1;
    else this.#happened.set(id, (this.#happened.get(id) ?? 0) + 1);
    for (const [one, known] of this.#known) if (id === null || one === id) known.fresh = false;
  }

  /**
   * What was read of it may be gone, or in other words.
   * @param {string | null} id null: all of them
   */
  forget(id) {
    this.happened(id);
    if (id === null) this.#known.clear();
    else this.#known.delete(id);
  }
}
