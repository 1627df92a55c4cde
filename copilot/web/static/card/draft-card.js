// <draft-card>: one conversation's draft, and everything an agent can do about it. Gets snapshots in, sends "card-act"
// events out; talks to no server.

import { body } from "./body.js";
import { chipsOf, choiceOf } from "./chips.js";
import { HeldCard } from "./held-card.js";
import { conversationOf, decidable, identity } from "./which.js";
import { actOf, changes } from "./writing.js";

/** @import {Act, Card, Env, Rejection, Snapshot, Verdict} from "./types" */

/** @typedef {{code: string, message: string, card?: Card | null, verdict?: Verdict | null, askable?: boolean}} Problem */

export class DraftCard extends HeldCard {
  /** @type {Set<Act>} what was asked of the server and has no answer yet, also of conversations that stand here no more */
  #asked = new Set();

  /** The words that one press would send now; null where none would. */
  get acceptable() {
    const card = this.#decidable();
    return card && this.mode === "read" && !this.still && card.stakes !== "T2" ? card.draft.text : null;
  }

  /**
   * Carries out a command of the keyboard.
   * @param {string} command "accept" "accept_next" "edit" "reject" "option1" "own" "newer" "leave" "send"
   * @returns {boolean} whether it meant anything here
   */
  command(command) {
    const ready = this.mode === "read" && !this.next && this.shown?.canDecide === true && decidable(this.shown.card);
    /** @type {Record<string, () => boolean>} */
    const commands = {
      accept: () => ready && (this.#accept(false), true),
      accept_next: () => ready && (this.#accept(this.shown?.goesOn === true), true),
      edit: () => ready && (this.#edit(), true),
      reject: () => ready && (this.#askWhy(), true),
      own: () => this.shown?.canReply === true && (this.own(), true),
      newer: () => this.next !== null && (this.showNext(), true),
      leave: () => this.mode !== "read" && (this.#leave(), true),
      send: () => this.writing.editor !== null && (void this.writing.editor.take(), true),
    };
    const option = /^option(\d)$/.exec(command)?.[1];
    if (option) return ready && this.#press(Number(option));
    return commands[command]?.() ?? false;
  }

  /**
   * Opens the agent's own reply with `text` in it.
   * @param {string} text
   * @param {import("./types").Besides} [besides] what it is besides its words
   */
  write(text, besides = {}) {
    if (!this.shown?.canReply || this.writing.editor) return;
    this.#write(null, text, true, besides);
  }

  /**
   * Says which order it is about: the draft is written again for it.
   * @param {string} order
   */
  useOrder(order) {
    if (this.writing.touched) {
      this.say({ level: "warn", text: this.words("finish_first") });
      return this.writing.editor?.focus();
    }
    this.writing.editor = null;
    this.#reject({ reason: "wrong_order", order });
  }

  /**
   * The server took what the "card-act" asked for.
   * @param {Act} act
   */
  done(act) {
    const { acted } = this;
    this.#asked.delete(act);
    // Another conversation may stand here by now, or a newer draft.
    if ("text" in act) this.writing.sent(conversationOf(act), act.source ?? act.text);
    if (act !== acted) return;
    this.taken = act;
    this.writing.busy = false;
    if (act.kind === "ask") this.acted = null;
    if ("text" in act || act.kind === "ask" || act === this.boxed) {
      this.writing.forget();
      this.mode = "read";
      this.writing.editor = null;
      if (this.next) return this.showNext();
    }
    if (act.kind === "reply") {
      this.acted = null;
      this.answered = true;
    }
    if (act.kind === "ask") this.say({ level: "good", text: this.words("ask.done") });
    // A box that was opened meanwhile keeps the hand, and what an input method is composing in it.
    else if (!this.writing.editor) this.render();
    if (document.activeElement === document.body) this.focus({ preventScroll: true });
  }

  /**
   * It was taken back before it left: the card is as it was.
   * @param {Act} act
   * @returns {boolean} whether it could be said here
   */
  takenBack(act) {
    this.#asked.delete(act);
    if (act !== this.acted) return false;
    this.acted = null;
    this.writing.busy = false;
    this.say({ level: "good", text: this.words("hold.taken_back") });
    return true;
  }

  /**
   * It leaves in a moment.
   * @param {Act} act
   */
  held(act) {
    if (act === this.acted) this.say({ level: "warn", text: this.words("hold.waits") });
  }

  /**
   * The server refused it.
   * @param {Act} act
   * @param {Problem} problem
   * @returns {boolean} whether it could be said here: another conversation may stand here by now
   */
  failed(act, problem) {
    this.#asked.delete(act);
    if (act !== this.acted) return this.#failedBefore(act, problem);
    this.acted = null;
    this.writing.busy = false;
    const stale = problem.code === "stale_draft" && problem.card !== undefined && this.shown;
    if (problem.verdict !== undefined) this.writing.editor?.refused(problem.verdict);
    const wanted = problem.askable ? this.#wanted(act) : null;
    if (!stale) return this.say({ level: "bad", text: problem.message, ...(wanted ? { press: wanted } : {}) }), true;
    const snapshot = { ...stale, card: problem.card ?? null };
    if (this.writing.editor) this.wait(snapshot);
    else this.adopt(snapshot);
    this.#overtaken(snapshot);
    return true;
  }

  /** Says that nothing was sent, because something newer stands there: what is shown, or what waits behind it. */
  #overtaken(newer = this.shown) {
    this.say({ level: "warn", text: this.words(decidable(newer?.card) ? "stale" : "stale.decided") });
  }

  /**
   * What was refused is not what stands here now; it is said here as long as it was about this conversation.
   * @param {Act} act
   * @param {Problem} problem
   */
  #failedBefore(act, problem) {
    if (this.acted || conversationOf(act) !== this.shown?.conversation) return false;
    // What took its place may have been shown before the refusal came.
    if (problem.code === "stale_draft") this.#overtaken();
    else this.say({ level: "bad", text: problem.message });
    return true;
  }

  /** The card, where this person can decide it and nothing else of theirs is on its way. */
  #decidable() {
    const card = this.shown?.card;
    return this.shown?.canDecide && !this.next && !this.acted && decidable(card) ? card : null;
  }

  /** @param {boolean} next whether the next conversation is wanted once it was taken */
  #accept(next) {
    const card = this.#decidable();
    if (!card || this.still) return;
    if (card.stakes === "T2") this.#edit();
    else this.#act({ kind: "accept", card, ...(next ? { next } : {}) });
  }

  #askWhy() {
    if (this.acted || this.still) return;
    this.mode = "reject";
    this.render();
    this.querySelector("input")?.focus();
  }

  /** @param {Rejection} rejection */
  #reject(rejection) {
    const card = this.shown?.card;
    if (!card || this.acted || this.still) return;
    this.mode = "read";
    this.#act({ kind: "reject", card, rejection });
    this.focus({ preventScroll: true });
  }

  /**
   * Includes or leaves out an option by its place.
   * @param {number} place counted from 1
   */
  #press(place) {
    const card = this.#decidable();
    if (!card) return false;
    const chips = chipsOf(card.draft, card.titles ?? {}, card.left_out ?? []);
    const choice = choiceOf(chips, chips[place - 1]);
    if (choice) this.#reject(choice);
    return choice !== null;
  }

  #ignore() {
    const card = this.#decidable();
    if (card && !this.still) this.#act({ kind: "ignore", card });
  }

  /** @param {{option: string} | {text: string, vouch: string[]}} wanted */
  #ask(wanted) {
    const card = this.#decidable();
    if (card) this.#act({ kind: "ask", card, wanted });
  }

  /**
   * What a supervisor could be asked for instead of what was refused: the very words.
   * @param {Act} act
   */
  #wanted(act) {
    if (act.kind !== "edit" && act.kind !== "accept") return null;
    const text = act.kind === "edit" ? act.text : (act.card.draft?.text ?? "");
    const vouch = act.kind === "edit" ? act.vouch : [];
    return { text: this.words("ask.supervisor"), act: () => this.#ask({ text, vouch }) };
  }

  /** @param {Act} act */
  #act(act) {
    this.acted = act;
    if (this.writing.editor) this.writing.busy = true;
    this.say(null);
    this.#tell(act);
  }

  /** @param {Act} act */
  #tell(act) {
    this.#asked.add(act);
    this.dispatchEvent(new CustomEvent("card-act", { bubbles: true, detail: act }));
  }

  #edit() {
    const card = this.#decidable();
    if (card && !this.still) this.#write(card, this.writing.waiting(identity(card)));
  }

  /**
   * @override
   * @param {string} [text]
   */
  own(text) {
    if (this.mode === "own" && this.writing.editor) return this.writing.editor.focus();
    this.#write(null, text ?? this.writing.waiting(null));
  }

  /**
   * @override
   * @param {Snapshot} snapshot
   */
  restore(snapshot) {
    const kept = this.writing.take(snapshot.conversation);
    if (!kept) return;
    const card = snapshot.card;
    this.#write(decidable(card) && kept.of === identity(card) ? card : null, kept.text, false);
    // Words that are on their way already are no words to be sent again.
    const sending = [...this.#asked].find((act) => "text" in act && conversationOf(act) === snapshot.conversation && (act.source ?? act.text) === kept.text);
    if (!sending) return;
    [this.acted, this.boxed, this.writing.busy] = [sending, sending, true];
  }

  /**
   * @param {Card & {draft: NonNullable<Card["draft"]>} | null} card the draft that is changed; null: a reply of their own
   * @param {string | undefined} text what was typed already
   * @param {boolean} [focus]
   * @param {import("./types").Besides} [besides] what a reply of their own is besides its words
   */
  #write(card, text, focus = true, besides = {}) {
    const env = this.surroundings;
    if (!env) return;
    this.mode = card ? "edit" : "own";
    const editor = this.writing.open(env, card, {
      aim: () => this.#aim(),
      take: (said, aim) => (this.writing.editor === editor ? this.#take(said, aim) : !editor.left && this.#takeFrom(said, aim)),
      missed: (aim) => void (!editor.left && this.shown?.conversation !== aim.shown.conversation && this.dispatchEvent(new CustomEvent("card-missed", { bubbles: true, detail: aim.shown.conversation }))),
      ask: card ? (said) => this.#ask(said) : null,
      leave: () => this.#leave(),
    });
    this.writing.besides = besides;
    if (text !== undefined) editor.fill(text);
    this.render();
    if (focus) editor.focus();
  }

  /** What a press in the box is about. Only an open box asks, and it stands over a snapshot. */
  #aim() {
    return { shown: /** @type {Snapshot} */ (this.shown), own: this.mode === "own" || this.next !== null, besides: this.writing.besides };
  }

  /**
   * @param {import("./writing.js").Said} said
   * @param {import("./writing.js").Aim} aim
   */
  #take(said, aim) {
    if (!this.shown || (this.acted && this.acted !== this.taken)) return;
    // What happened to the draft while its words were checked counts: they are the agent's own then.
    this.boxed = meant(said, { ...aim, shown: this.shown, own: aim.own || this.mode === "own" || this.next !== null });
    this.#act(this.boxed);
  }

  /**
   * The check took its time and somebody else is looked at by now: the words go to whom they were written to. Who came
   * back meanwhile finds them in the box and presses again.
   * @param {import("./writing.js").Said} said
   * @param {import("./writing.js").Aim} aim
   */
  #takeFrom(said, aim) {
    if (this.shown?.conversation === aim.shown.conversation) return;
    this.#tell(meant(said, aim));
  }

  #leave() {
    this.writing.setAside(changes(this.mode === "edit", this.shown));
    this.mode = "read";
    if (this.next) return this.showNext();
    this.render();
    this.focus({ preventScroll: true });
  }

  /**
   * @override
   * @param {Env} env
   * @param {Snapshot} snapshot
   */
  body(env, snapshot) {
    const { mode, still } = this;
    const card = this.#decidable();
    const { editor, besides } = this.writing;
    const held = { mode, box: editor?.root ?? null, atOrder: besides.at_order ?? null, acted: this.acted !== null, still };
    return body(env, snapshot, held, {
      doing: {
        accept: () => this.#accept(false),
        acceptNext: snapshot.goesOn ? () => this.#accept(true) : null,
        edit: () => this.#edit(),
        reject: () => this.#askWhy(),
        ignore: () => this.#ignore(),
        own: () => this.own(),
      },
      asking: card && { ask: (option) => this.#ask({ option }), send: (text) => this.#act({ kind: "edit", card, text, vouch: [] }) },
      choosing: card && { choose: (choice) => this.#reject(choice), still },
      reject: (said) => this.#reject(said),
      leave: () => this.#leave(),
      insert: (text) => this.writing.editor?.insert(text),
      write: (text) => this.own(text),
    });
  }
}

/**
 * @param {import("./writing.js").Said} said
 * @param {import("./writing.js").Aim} aim
 * @returns {Act}
 */
function meant(said, { shown, own, besides }) {
  const act = actOf(shown, own, said);
  return act.kind === "reply" ? { ...act, ...besides } : act;
}

customElements.define("draft-card", DraftCard);
