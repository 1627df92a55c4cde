// What stands on the card below its head, by what its holder is doing with it. Reads, and calls back; keeps nothing.

import { authority } from "./beyond.js";
import { h } from "./dom.js";
import { actions, again, context, outcome } from "./face.js";
import { inserting } from "./insert.js";
import { rejectForm } from "./reject.js";
import { silence } from "./silence.js";
import { draftView, riskLine } from "./view.js";
import { decidable } from "./which.js";

/** @import {Asking} from "./beyond.js" */
/** @import {Choosing} from "./chips.js" */
/** @import {Doing} from "./face.js" */
/** @import {Env, Rejection, Snapshot} from "./types" */

/**
 * @typedef {object} Held how the card is held
 * @property {"read" | "edit" | "reject" | "own"} mode
 * @property {HTMLElement | null} box the open text box
 * @property {string | null} atOrder the order at which its words are left; null: they go into the chat
 * @property {boolean} acted an act of this person is on its way
 * @property {boolean} still presses are refused for the moment
 */

/**
 * @typedef {object} Hands what the parts of the card do
 * @property {Doing} doing
 * @property {Asking | null} asking
 * @property {Choosing | null} choosing
 * @property {(said: Rejection) => void} reject
 * @property {() => void} leave
 * @property {(text: string) => void} insert puts `text` into the open box
 * @property {(text: string) => void} write opens the agent's own reply with `text` in it
 */

/**
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @param {Held} held
 * @param {Hands} hands
 * @returns {(Node | null)[]}
 */
export function body(env, snapshot, { mode, box, atOrder, acted, still }, hands) {
  const card = snapshot.card;
  if (box) {
    const own = mode === "own";
    const taking = inserting(env, snapshot, own, hands.insert);
    return own ? [atOrder ? h("p", { class: "dc-context" }, env.t("own.at_order", { order: atOrder })) : null, box, taking] : [riskLine(env, card?.risks ?? []), context(env, card), box, taking];
  }
  const draft = card?.draft && card.state !== "rejected" ? draftView(env, card.draft, card, hands.choosing) : null;
  const pick = snapshot.canDecide && !acted ? (/** @type {string} */ order) => hands.reject({ reason: "wrong_order", order }) : null;
  const words = !draft || card?.state === "blocked" ? silence(env, snapshot, pick) : null;
  if (mode === "reject") return [draft, rejectForm(env, snapshot, hands.reject, hands.leave)];
  const said = outcome(env, card);
  const row = (acted && decidable(card)) || said ? null : actions(env, snapshot, hands.doing, still);
  return [words, draft, authority(env, card, hands.asking), said, again(env, snapshot, hands.write), row];
}
