// <draft-card>: one conversation's draft, and everything an agent can do about it. Gets snapshots in, sends "card-act"
// events out; talks to no server. What stands under the agent's hand never changes by itself: a newer draft waits
// behind an announcement, and for a moment after every change no press counts.

import { authority } from "./beyond.js";
import { h } from "./dom.js";
import { draftView, riskLine } from "./view.js";
import { Editor } from "./editor.js";
import { actions, again, announcement, context, decidable, head, noteBar, outcome, tick } from "./face.js";
import { rejectForm } from "./reject.js";
import { SETTLE } from "./settle.js";
import { silence } from "./silence.js";
import { Unfinished } from "./unfinished.js";

/** @import {Act, Card, Env, Rejection, Snapshot, Verdict} from "./types" */
/** @import {Note} from "./face.js" */
/** @import {Begun} from "./unfinished.js" */

/** @typedef {"read" | "edit" | "reject" | "own"} Mode */
/** @typedef {{code: string, message: string, card?: Card | null, verdict?: Verdict | null, askable?: boolean}} Problem */

export class DraftCard extends HTMLElement {
  /** @type {Env | null} */
  #env = null;
  /** @type {Snapshot | null} */
  #shown = null;
  /** @type {Snapshot | null} */
  #next = null;
  /** @type {Mode} */
  #mode = "read";
  /** @type {Editor | null} */
  #editor = null;
  /** @type {Note | null} */
  #note = null;
  /** @type {Act | null} */
  #acted = null;
  /** the agent has answered otherwise: the draft that stands here is let go */
  #answered = false;
  #changedAt = -SETTLE;
  #clock = 0;
  #unfinished = new Unfinished();
  /** @type {Begun | null} what was left by Escape; it is there again when the box is opened again */
  #aside = null;

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.addEventListener("focusout", () => setTimeout(() => this.#released()));
    this.#clock = window.setInterval(() => this.#env && tick(this.#env, this, this.#shown), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
  }

  /** @param {Env} env */
  set env(env) {
    const other = this.#env?.language !== env.language || this.#env.zone !== env.zone;
    this.#env = env;
    this.setAttribute("aria-label", env.t("draft"));
    if (other && this.#shown && !this.#editor) this.#render();
  }

  /** How many conversations hold a text that was begun and not sent. */
  get unfinished() {
    return this.#unfinished.count + (this.#editor?.touched ? 1 : 0);
  }

  /**
   * Takes what is now known of a conversation; null when none is open.
   * @param {Snapshot | null} snapshot
   */
  show(snapshot) {
    const before = this.#shown;
    if (before?.conversation !== snapshot?.conversation) {
      this.#keep();
      this.#adopt(snapshot);
      this.#restore();
    } else if (!before || !snapshot) {
      this.#adopt(snapshot);
    } else if (identity(before.card) === identity(snapshot.card)) {
      this.#update(before, snapshot);
    } else if (this.#held(before)) {
      this.#next = snapshot;
      this.#relabel();
      this.#bars();
    } else {
      const sent = this.#acted && this.#acted.kind !== "reject" && this.#acted.kind !== "ignore" && !snapshot.card;
      this.#adopt(snapshot);
      if (sent) this.#say({ level: "good", text: this.#words("sent") });
    }
  }

  /** The words that one press would send now; null where none would. */
  get acceptable() {
    const card = this.#shown?.card;
    const ready = this.#mode === "read" && !this.#still && !this.#acted && !this.#next && this.#shown?.canDecide;
    return ready && decidable(card) && card.stakes !== "T2" ? card.draft.text : null;
  }

  /**
   * Carries out a command of the keyboard.
   * @param {string} command "accept" "edit" "reject" "own" "newer" "leave" "send"
   * @returns {boolean} whether it meant anything here
   */
  command(command) {
    const card = this.#shown?.card;
    const ready = this.#mode === "read" && !this.#next && decidable(card) && this.#shown?.canDecide === true;
    /** @type {Record<string, () => boolean>} */
    const commands = {
      accept: () => ready && (this.#accept(), true),
      edit: () => ready && (this.#edit(), true),
      reject: () => ready && (this.#open("reject"), true),
      own: () => this.#shown?.canReply === true && (this.#own(), true),
      newer: () => this.#next !== null && (this.#showNext(), true),
      leave: () => this.#mode !== "read" && (this.#leave(), true),
      send: () => this.#editor !== null && (void this.#editor.take(), true),
    };
    return commands[command]?.() ?? false;
  }

  /**
   * Opens the agent's own reply with `text` in it.
   * @param {string} text
   */
  write(text) {
    if (this.#shown?.canReply && !this.#editor) this.#own(text);
  }

  /**
   * Says which order it is about: the draft is written again for it.
   * @param {string} order
   */
  useOrder(order) {
    if (this.#editor?.touched) {
      this.#say({ level: "warn", text: this.#words("finish_first") });
      return this.#editor.focus();
    }
    this.#editor = null;
    this.#reject({ reason: "wrong_order", order });
  }

  /** The server took what the last "card-act" asked for. */
  done() {
    const act = this.#acted;
    if (this.#editor) this.#editor.busy = false;
    if (act?.kind === "ask") {
      this.#acted = null;
      this.#note = { level: "good", text: this.#words("ask.done") };
    }
    if (act && ("text" in act || act.kind === "ask")) {
      this.#aside = null;
      this.#mode = "read";
      this.#editor = null;
      if (this.#next) return this.#showNext();
    }
    if (act?.kind === "reply") [this.#acted, this.#answered] = [null, true];
    this.#render();
    if (document.activeElement === document.body) this.focus({ preventScroll: true });
  }

  /**
   * The server refused it.
   * @param {Problem} problem
   */
  failed(problem) {
    const act = this.#acted;
    this.#acted = null;
    if (this.#editor) this.#editor.busy = false;
    const stale = problem.code === "stale_draft" && problem.card !== undefined && this.#shown;
    if (problem.verdict !== undefined && this.#editor) this.#editor.refused(problem.verdict);
    const wanted = problem.askable && act ? this.#wanted(act) : null;
    if (!stale) return this.#say({ level: "bad", text: problem.message, ...(wanted ? { press: wanted } : {}) });
    const snapshot = { ...stale, card: problem.card ?? null };
    if (this.#mode === "edit" || this.#mode === "own") {
      this.#next = snapshot;
      this.#relabel();
    } else {
      this.#adopt(snapshot);
    }
    this.#say({ level: "warn", text: this.#words(decidable(snapshot.card) ? "stale" : "stale.decided") });
  }

  /**
   * What a supervisor could be asked for instead of what was refused: the very words.
   * @param {Act} act
   */
  #wanted(act) {
    if (act.kind !== "edit" && act.kind !== "accept") return null;
    const text = act.kind === "edit" ? act.text : (act.card.draft?.text ?? "");
    const vouch = act.kind === "edit" ? act.vouch : [];
    return { text: this.#words("ask.supervisor"), act: () => this.#ask({ text, vouch }) };
  }

  /** @param {{option: string} | {text: string, vouch: string[]}} wanted */
  #ask(wanted) {
    const card = this.#shown?.card;
    if (decidable(card) && !this.#acted && !this.#next) this.#act({ kind: "ask", card, wanted });
  }

  #asking() {
    const card = this.#shown?.card;
    if (!this.#shown?.canDecide || this.#acted || !decidable(card)) return null;
    return {
      ask: (/** @type {string} */ option) => this.#ask({ option }),
      send: (/** @type {string} */ text) => this.#act({ kind: "edit", card, text, vouch: [] }),
    };
  }

  /** @param {Snapshot} shown */
  #held(shown) {
    if (this.#acted) return false;
    if (this.#answered && this.#mode === "read") return false;
    if (this.#mode === "edit" || this.#mode === "reject" || this.#editor?.touched) return true;
    return decidable(shown.card) && this.contains(document.activeElement);
  }

  /**
   * The same draft, perhaps in another state.
   * @param {Snapshot} before
   * @param {Snapshot} now
   */
  #update(before, now) {
    const announced = this.#next !== null;
    this.#next = null;
    this.#shown = now;
    if (this.#mode !== "read") {
      this.#relabel();
      if (announced) this.#bars();
      return;
    }
    if (!decidable(before.card) && decidable(now.card)) this.#returned();
    // The text is the same; state, words of another language, or orders may not be.
    if (announced || JSON.stringify(before) !== JSON.stringify(now)) this.#render();
  }

  /** Nobody's hand is on the card any more: what waited may be shown. */
  #released() {
    if (this.#next && this.#mode === "read" && !this.contains(document.activeElement)) this.#adopt(this.#next);
  }

  /** Accepted, but not sent: the same draft is up for a decision again. */
  #returned() {
    this.#acted = null;
    this.#note = { level: "warn", text: this.#words("returned") };
    this.#settle();
  }

  /** @param {Snapshot | null} snapshot */
  #adopt(snapshot) {
    const focused = this.contains(document.activeElement);
    const other = this.#shown?.conversation !== snapshot?.conversation || identity(this.#shown?.card) !== identity(snapshot?.card);
    this.#shown = snapshot;
    this.#next = null;
    this.#mode = "read";
    this.#editor = null;
    this.#note = null;
    this.#acted = null;
    this.#answered = false;
    if (other) {
      this.#aside = null;
      this.#settle();
    }
    this.#render();
    this.scrollTop = 0;
    if (focused) this.focus({ preventScroll: true });
  }

  #settle() {
    const at = (this.#changedAt = performance.now());
    setTimeout(() => {
      if (this.#changedAt === at) this.querySelector(".dc-accept")?.setAttribute("aria-disabled", "false");
    }, SETTLE);
  }

  get #still() {
    return performance.now() - this.#changedAt < SETTLE;
  }

  #showNext() {
    const next = this.#next;
    if (!next) return;
    const text = this.#editor?.touched ? this.#editor.text : "";
    this.#adopt(next);
    this.focus({ preventScroll: true });
    if (text && next.canReply) {
      this.#own(text);
      this.#say({ level: "warn", text: this.#words("kept") });
    }
  }

  #keep() {
    if (!this.#shown || !this.#editor) return;
    this.#unfinished.keep(this.#shown.conversation, this.#begun());
  }

  /** @returns {Begun | null} */
  #begun() {
    if (!this.#editor?.touched) return null;
    return { of: this.#mode === "edit" && !this.#next ? identity(this.#shown?.card) : null, text: this.#editor.text };
  }

  #restore() {
    const kept = this.#shown && this.#unfinished.take(this.#shown.conversation);
    if (!kept || !this.#shown) return;
    const card = this.#shown.card;
    if (decidable(card) && kept.of === identity(card)) this.#writeEdit(card, kept.text, false);
    else this.#own(kept.text, false);
  }

  #accept() {
    const card = this.#shown?.card;
    if (this.#still || this.#acted || this.#next || !decidable(card)) return;
    if (card.stakes === "T2") this.#edit();
    else this.#act({ kind: "accept", card });
  }

  #edit() {
    const card = this.#shown?.card;
    if (!decidable(card) || this.#acted || this.#still) return;
    this.#writeEdit(card, this.#aside?.of === identity(card) ? this.#aside.text : undefined, true);
  }

  /**
   * @param {Card & {draft: NonNullable<Card["draft"]>}} card
   * @param {string | undefined} text
   * @param {boolean} focus
   */
  #writeEdit(card, text, focus) {
    this.#write("edit", { text: card.draft.text, draft: card.id, label: "edit.label", button: this.#words("act.send") }, text, focus);
  }

  /**
   * @param {string} [text]
   * @param {boolean} [focus]
   */
  #own(text, focus = true) {
    if (this.#mode === "own" && this.#editor) return this.#editor.focus();
    const begun = text ?? (this.#aside?.of === null ? this.#aside.text : undefined);
    this.#write("own", { text: "", draft: null, label: "own.label", button: this.#words("act.send_own") }, begun, focus);
  }

  /**
   * @param {"edit" | "own"} mode
   * @param {{text: string, draft: string | null, label: string, button: string}} how
   * @param {string | undefined} text what was typed already
   * @param {boolean} focus
   */
  #write(mode, how, text, focus) {
    if (!this.#env) return;
    this.#mode = mode;
    this.#editor = new Editor(this.#env, {
      ...how,
      label: this.#words(how.label),
      placeholder: this.#words("own.placeholder"),
      symbol: "send",
      take: (words, vouch, source) => this.#take(words, vouch, source),
      ...(mode === "edit" ? { ask: (/** @type {string} */ words, /** @type {string[]} */ vouch) => this.#ask({ text: words, vouch }) } : {}),
      leave: () => this.#leave(),
    });
    if (text !== undefined) this.#editor.fill(text);
    this.#render();
    if (focus) this.#editor.focus();
  }

  /**
   * @param {string} text
   * @param {string[]} vouch
   * @param {string} [source] what was typed, when `text` is its translation
   */
  #take(text, vouch, source) {
    const shown = this.#shown;
    if (!shown || this.#acted) return;
    const card = shown.card;
    if (this.#mode === "own" || this.#next || !decidable(card)) {
      this.#act({ kind: "reply", conversation: shown.conversation, text, vouch, ...(source ? { source } : {}) });
    } else if (text === card.draft.text) {
      this.#act({ kind: "accept", card });
    } else {
      this.#act({ kind: "edit", card, text, vouch, ...(source ? { source } : {}) });
    }
  }

  /** @param {Rejection} rejection */
  #reject(rejection) {
    const card = this.#shown?.card;
    if (!card || this.#acted || this.#still) return;
    this.#mode = "read";
    this.#act({ kind: "reject", card, rejection });
    this.focus({ preventScroll: true });
  }

  #ignore() {
    const card = this.#shown?.card;
    if (decidable(card) && !this.#acted && !this.#still) this.#act({ kind: "ignore", card });
  }

  /** @param {Act} act */
  #act(act) {
    this.#acted = act;
    this.#note = null;
    if (this.#editor) this.#editor.busy = true;
    else this.#render();
    this.dispatchEvent(new CustomEvent("card-act", { bubbles: true, detail: act }));
  }

  /** @param {"reject"} mode */
  #open(mode) {
    if (this.#acted || this.#still) return;
    this.#mode = mode;
    this.#render();
    this.querySelector("input")?.focus();
  }

  #leave() {
    const of = this.#mode === "edit" ? identity(this.#shown?.card) : null;
    if (this.#editor?.touched || this.#aside?.of === of) this.#aside = this.#begun();
    this.#mode = "read";
    this.#editor = null;
    if (this.#next) return this.#showNext();
    this.#render();
    this.focus({ preventScroll: true });
  }

  #relabel() {
    if (this.#mode !== "edit" || !this.#editor) return;
    const overtaken = this.#next !== null || !decidable(this.#shown?.card);
    if (overtaken) this.#editor.relabel(this.#words("act.send_own"));
  }

  /** @param {Note} note */
  #say(note) {
    this.#note = note;
    if (this.#editor || this.#mode === "reject") this.#bars();
    else this.#render();
  }

  /** @param {string} key */
  #words(key) {
    return this.#env?.t(key) ?? "";
  }

  /** Renews the lines above the draft without touching what is being written below them. */
  #bars() {
    const place = this.querySelector(".dc-bars");
    const env = this.#env;
    if (!place || !env) return;
    const next = this.#next;
    place.replaceChildren(
      ...[next && announcement(env, next, () => this.#showNext()), this.#note && noteBar(this.#note)].filter((bar) => bar !== null),
    );
    this.classList.toggle("dc-overtaken", next !== null && this.#mode === "read");
  }

  #render() {
    const [env, snapshot] = [this.#env, this.#shown];
    if (!env || !snapshot) return this.replaceChildren();
    const inside = document.activeElement !== this && this.contains(document.activeElement);
    this.replaceChildren(head(env, snapshot), h("div", { class: "dc-bars" }), h("div", { class: "dc-body" }, this.#body(env, snapshot)));
    this.dataset["state"] = snapshot.card?.state ?? "none";
    this.classList.toggle("dc-acting", this.#acted !== null);
    this.#bars();
    tick(env, this, snapshot);
    if (inside && !this.#editor) this.focus({ preventScroll: true });
  }

  /**
   * @param {Env} env
   * @param {Snapshot} snapshot
   * @returns {(Node | null)[]}
   */
  #body(env, snapshot) {
    const card = snapshot.card;
    if (this.#editor) return this.#mode === "own" ? [this.#editor.root] : [riskLine(env, card?.risks ?? []), context(env, card), this.#editor.root];
    const draft = card?.draft && card.state !== "rejected" ? draftView(env, card.draft, card) : null;
    const words = !draft || card?.state === "blocked" ? silence(env, snapshot, this.#picker(snapshot)) : null;
    if (this.#mode === "reject") return [draft, rejectForm(env, snapshot, (said) => this.#reject(said), () => this.#leave())];
    const said = outcome(env, card);
    const row = (this.#acted && decidable(card)) || said ? null : actions(env, snapshot, this.#doing(), this.#still);
    return [words, draft, authority(env, card, this.#asking()), said, again(env, snapshot, (text) => this.#own(text)), row];
  }

  /** @param {Snapshot} snapshot */
  #picker(snapshot) {
    if (!snapshot.canDecide || this.#acted) return null;
    return (/** @type {string} */ order) => this.#reject({ reason: "wrong_order", order });
  }

  #doing() {
    return {
      accept: () => this.#accept(),
      edit: () => this.#edit(),
      reject: () => this.#open("reject"),
      ignore: () => this.#ignore(),
      own: () => this.#own(),
    };
  }
}

/** @param {Card | null | undefined} card */
function identity(card) {
  return card ? `${card.id} ${card.revision} ${card.text_hash}` : "";
}

customElements.define("draft-card", DraftCard);
