// Who is due next: of those who wait for a person, the one that is lost first. Remembers what was just decided, which a
// list that was read before still shows as waiting.

import { stateOf } from "./inbox-row.js";

/** @import {Act} from "./card/types" */
/** @import {Change, Row} from "./types" */

export class Due {
  /** @type {Set<string>} drafts that were decided here */
  #decided = new Set();

  /** @param {Act} act that the server took */
  took(act) {
    if (act.kind !== "reply" && act.kind !== "ask") this.#decided.add(act.card.id);
  }

  /** @param {Change} change a draft that comes back is up again */
  changed({ topic, ref }) {
    if (topic === "draft.proposed") this.#decided.delete(ref);
  }

  /**
   * @param {Row[]} rows what is lost first on top
   * @param {string | null} from the conversation that was just left
   * @param {string} person who goes on; what colleagues have is theirs
   * @returns {string | null}
   */
  next(rows, from, person) {
    const mine = (/** @type {Row} */ row) => !row.holder || row.holder.id === person || row.how === "platform";
    const waits = (/** @type {Row} */ row) => row.waiting_since !== null && !["sending", "answered"].includes(stateOf(row)) && !this.#decided.has(row.draft?.id ?? "");
    return rows.find((row) => row.id !== from && mine(row) && waits(row))?.id ?? null;
  }
}
