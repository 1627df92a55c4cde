// What an agent writes on the card: a changed draft, or a reply of their own. Keeps what was begun while it is out of
// sight, and says which act the written words are. Draws nothing.

import { Editor } from "./editor.js";
import { Unfinished } from "./unfinished.js";
import { decidable, identity } from "./which.js";

/** @import {Act, Card, Env, Snapshot} from "./types" */
/** @import {Begun} from "./unfinished.js" */

/** @typedef {{text: string, vouch: string[], source?: string | undefined}} Said `source` is what was typed when `text` is its translation */

/**
 * @typedef {object} Aim what stood there when somebody pressed
 * @property {Snapshot} shown
 * @property {boolean} own whether the words were not about the draft
 * @property {import("./types").Besides} besides
 */

/**
 * @typedef {object} Pen what the box's buttons do
 * @property {() => Aim} aim
 * @property {(said: Said, aim: Aim) => void} take
 * @property {(aim: Aim) => void} missed
 * @property {((said: {text: string, vouch: string[]}) => void) | null} ask asks a supervisor to allow the text
 * @property {() => void} leave
 */

export class Writing {
  /** @type {Editor | null} */
  editor = null;
  /** @type {import("./types").Besides} what an own reply is besides its words */
  besides = {};
  #unfinished = new Unfinished();
  /** @type {Begun | null} what was left by Escape; it is there again when the box is opened again */
  #aside = null;

  /** Whether somebody's words stand in the box. */
  get touched() {
    return this.editor?.touched ?? false;
  }

  /**
   * Whether words were begun in that conversation: in the box or behind it, or left there.
   * @param {string} conversation
   * @param {string | null} here the conversation that box belongs to
   */
  begun(conversation, here) {
    if (conversation !== here) return this.#unfinished.has(conversation);
    return this.touched || this.#aside !== null;
  }

  /** How many conversations hold a text that was begun and not sent. */
  get unfinished() {
    return this.#unfinished.count + (this.touched ? 1 : 0);
  }

  /** @param {boolean} busy */
  set busy(busy) {
    if (this.editor) this.editor.busy = busy;
  }

  /**
   * A box for a changed draft, or for a reply of the agent's own where `card` is null.
   * @param {Env} env
   * @param {Card & {draft: NonNullable<Card["draft"]>} | null} card
   * @param {Pen} pen
   */
  open(env, card, { aim, take, missed, ask, leave }) {
    this.editor = new Editor(env, {
      text: card?.draft.text ?? "",
      draft: card?.id ?? null,
      label: env.t(card ? "edit.label" : "own.label"),
      placeholder: env.t("own.placeholder"),
      button: env.t(card ? "act.send" : "act.send_own"),
      symbol: "send",
      aim,
      missed,
      take: (text, vouch, source, meant) => take({ text, vouch, source }, meant ?? aim()),
      ...(ask ? { ask: (/** @type {string} */ text, /** @type {string[]} */ vouch) => ask({ text, vouch }) } : {}),
      leave,
    });
    return this.editor;
  }

  /** Its words are gone: they were sent, or belong to what no longer stands there. */
  forget() {
    this.#aside = null;
  }

  /**
   * The box is closed, its words wait behind it.
   * @param {string | null} of the draft that they change; null: an own reply
   */
  setAside(of) {
    if (this.touched || this.#aside?.of === of) this.#aside = this.#begun(of);
    if (this.editor) this.editor.left = true;
    this.editor = null;
  }

  /**
   * @param {string | null} of
   * @returns {string | undefined} what waits behind the box for that draft, or for an own reply
   */
  waiting(of) {
    return this.#aside?.of === of ? this.#aside.text : undefined;
  }

  /**
   * Another conversation is looked at; the words wait where they were begun.
   * @param {string} conversation
   * @param {string | null} of
   */
  keep(conversation, of) {
    if (this.editor) this.#unfinished.keep(conversation, this.#begun(of));
  }

  /**
   * @param {string} conversation
   * @returns {Begun | null} what was begun there; it is handed out once
   */
  take(conversation) {
    return this.#unfinished.take(conversation);
  }

  /**
   * Words that had been begun there were sent from there.
   * @param {string} conversation
   * @param {string} text
   */
  sent(conversation, text) {
    const begun = this.#unfinished.take(conversation);
    if (begun && begun.text !== text) this.#unfinished.keep(conversation, begun);
  }

  /**
   * @param {string | null} of
   * @returns {Begun | null}
   */
  #begun(of) {
    return this.editor?.touched ? { of, text: this.editor.text } : null;
  }
}

/**
 * Which act the words are: the draft as it stands, a changed one, or a reply of the agent's own.
 * @param {Snapshot} shown
 * @param {boolean} own whether they are not, or no longer, about the draft
 * @param {Said} said
 * @returns {Act}
 */
export function actOf(shown, own, { text, vouch, source }) {
  const card = shown.card;
  const words = { text, vouch, ...(source ? { source } : {}) };
  if (own || !decidable(card)) return { kind: "reply", conversation: shown.conversation, ...words };
  return text === card.draft.text ? { kind: "accept", card } : { kind: "edit", card, ...words };
}

/**
 * The draft that a text in the box changes; null where it is an own reply.
 * @param {boolean} editing
 * @param {Snapshot | null} shown
 */
export function changes(editing, shown) {
  return editing ? identity(shown?.card) : null;
}
