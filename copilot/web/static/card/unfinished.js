// Texts that were begun in a conversation and left there: they wait until somebody comes back.

/** @typedef {{of: string | null, text: string}} Begun `of` names the draft that is being edited; null: an own reply */

export class Unfinished {
  /** @type {Map<string, Begun>} */
  #kept = new Map();

  get count() {
    return this.#kept.size;
  }

  /**
   * @param {string} conversation
   * @param {Begun | null} begun null: nothing worth keeping
   */
  keep(conversation, begun) {
    if (begun) this.#kept.set(conversation, begun);
    else this.#kept.delete(conversation);
  }

  /** @param {string} conversation */
  has(conversation) {
    return this.#kept.has(conversation);
  }

  /**
   * What was begun there; it is handed out once.
   * @param {string} conversation
   * @returns {Begun | null}
   */
  take(conversation) {
    const begun = this.#kept.get(conversation) ?? null;
    this.#kept.delete(conversation);
    return begun;
  }
}
