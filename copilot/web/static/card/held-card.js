// What stands on the card and when something else may take its place: nothing changes under the agent's hand, a newer
// draft waits behind an announcement, and for a moment after every change no press counts. Decides nothing.

import { onceChanged } from "../after.js";
import { h } from "./dom.js";
import { announcement, head, noteBar, tick } from "./face.js";
import { Settling } from "./settle.js";
import { decidable, identity } from "./which.js";
import { changes, Writing } from "./writing.js";

/** @import {Act, Env, Snapshot} from "./types" */
/** @import {Note} from "./face.js" */

/** @typedef {"read" | "edit" | "reject" | "own"} Mode */

export class HeldCard extends HTMLElement {
  /** @protected @type {Env | null} */
  surroundings = null;
  /** @protected @type {Snapshot | null} */
  shown = null;
  /** @protected @type {Snapshot | null} what waits behind the announcement */
  next = null;
  /** @protected @type {Mode} */
  mode = "read";
  /** @protected @type {Act | null} what was asked of the server and has no answer yet, or is on its way out */
  acted = null;
  /** @protected @type {Act | null} what was sent out of the box, with words of its own or as they stood there */
  boxed = null;
  /** @protected @type {Act | null} what the server took: it may still be on its way out, and more can be written */
  taken = null;
  /** @protected whether the agent has answered otherwise: the draft that stands here is let go */
  answered = false;
  /** @protected */
  writing = new Writing();
  /** which draft came while somebody was writing: it stood behind their box, not before their eyes */
  #behind = "";
  /** @type {Note | null} */
  #note = null;
  #settling = new Settling();
  #clock = 0;

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.addEventListener("focusout", () => setTimeout(() => this.#released()));
    this.addEventListener("input", () => this.next && this.#covered(this.next));
    this.#clock = window.setInterval(() => this.surroundings && tick(this.surroundings, this, this.shown), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
  }

  /** @param {Env} env */
  set env(env) {
    const other = this.surroundings?.language !== env.language || this.surroundings.zone !== env.zone;
    this.surroundings = env;
    this.setAttribute("aria-label", env.t("draft"));
    if (other && this.shown && !this.writing.editor) this.render();
  }

  /** What it says of its surroundings may have changed; what is being written stays. */
  renew() {
    if (!this.writing.editor && this.mode === "read") this.render();
  }

  /** How many conversations hold a text that was begun and not sent. */
  get unfinished() {
    return this.writing.unfinished;
  }

  /** Whether presses are refused for the moment. */
  get still() {
    return this.#settling.still;
  }

  /**
   * Takes what is now known of a conversation; null when none is open.
   * @param {Snapshot | null} snapshot
   */
  show(snapshot) {
    const before = this.shown;
    if (before?.conversation !== snapshot?.conversation || before?.loading) {
      if (before) this.writing.keep(before.conversation, changes(this.mode === "edit" && !this.next, before));
      this.adopt(snapshot);
      if (snapshot && !snapshot.loading) this.restore(snapshot);
    } else if (!before || !snapshot) {
      this.adopt(snapshot);
    } else if (identity(before.card) === identity(snapshot.card)) {
      this.#update(before, snapshot);
    } else if (this.#held(before)) {
      this.wait(snapshot);
    } else {
      const sent = this.acted && this.acted.kind !== "reject" && this.acted.kind !== "ignore" && !snapshot.card;
      this.adopt(snapshot);
      if (sent) this.say({ level: "good", text: this.words("sent") });
    }
  }

  /**
   * What somebody has begun to write here goes on.
   * @protected
   * @param {Snapshot} _snapshot
   */
  restore(_snapshot) {}

  /**
   * What stands below head and notes.
   * @protected
   * @param {Env} _env
   * @param {Snapshot} _snapshot
   * @returns {(Node | null)[]}
   */
  body(_env, _snapshot) {
    return [];
  }

  /** @param {Snapshot} shown */
  #held(shown) {
    const inHand = this.contains(document.activeElement);
    // A box never closes under somebody who writes, unless it was these words that were sent.
    const box = this.writing.touched || (this.writing.editor !== null && inHand);
    if (box && !(this.acted && ("text" in this.acted || this.acted === this.boxed))) return true;
    if (this.acted || (this.answered && this.mode === "read")) return false;
    if (this.mode === "edit" || this.mode === "reject") return true;
    return decidable(shown.card) && inHand;
  }

  /**
   * The same draft, perhaps in another state.
   * @param {Snapshot} before
   * @param {Snapshot} now
   */
  #update(before, now) {
    const announced = this.next !== null;
    this.next = null;
    this.shown = now;
    if (this.mode !== "read") {
      this.#relabel();
      if (announced) this.#bars();
      return;
    }
    if (!decidable(before.card) && decidable(now.card)) this.#returned();
    // The text is the same; state, words of another language, or orders may not be.
    if (announced || JSON.stringify(before) !== JSON.stringify(now)) this.render();
  }

  /** Nobody's hand is on the card any more: what waited may be shown. */
  #released() {
    if (this.next && this.mode === "read" && !this.contains(document.activeElement)) this.adopt(this.next);
  }

  /** Accepted, but not sent: the same draft is up for a decision again. */
  #returned() {
    this.acted = null;
    this.#note = { level: "warn", text: this.words("returned") };
    this.#settle();
  }

  /**
   * Something newer stands behind what the hand is on.
   * @protected
   * @param {Snapshot} snapshot
   */
  wait(snapshot) {
    this.next = snapshot;
    if (this.writing.begun(snapshot.conversation, this.shown?.conversation ?? null)) this.#covered(snapshot);
    // What was decided about the draft before is over; words that are on their way are not.
    if (this.acted && !("text" in this.acted)) this.acted = null;
    this.#relabel();
    this.#bars();
  }

  /**
   * @protected
   * @param {Snapshot | null} snapshot
   */
  adopt(snapshot) {
    const focused = this.contains(document.activeElement);
    const before = this.shown;
    const begun = snapshot !== null && (this.writing.begun(snapshot.conversation, before?.conversation ?? null) || this.#behind === identity(snapshot.card));
    const other = before?.conversation !== snapshot?.conversation || identity(before?.card) !== identity(snapshot?.card);
    this.shown = snapshot;
    this.next = null;
    this.mode = "read";
    this.writing.editor = null;
    this.#note = null;
    this.acted = null;
    this.answered = false;
    if (other) {
      this.writing.forget();
      this.#settle();
    }
    this.render();
    onceChanged(() => (this.scrollTop = 0));
    if (focused && document.activeElement !== this) this.focus({ preventScroll: true });
    this.#seen(snapshot, begun);
  }

  /**
   * Words are written over what waits: when it comes to be shown they may be gone, sent or taken back.
   * @param {Snapshot} waiting
   */
  #covered(waiting) {
    this.#behind = identity(waiting.card);
  }

  /**
   * A text that can be decided stands here from now on, or none does.
   * @param {Snapshot | null} snapshot
   * @param {boolean} typed whether words had been begun before
   */
  #seen(snapshot, typed) {
    const card = snapshot?.canDecide && !snapshot.loading && decidable(snapshot.card) ? snapshot.card : null;
    const detail = card && { draft: card.id, revision: card.revision, text_hash: card.text_hash, typed };
    this.dispatchEvent(new CustomEvent("card-seen", { detail }));
  }

  #settle() {
    this.#settling.begin(() => {
      for (const press of this.querySelectorAll("[data-settles]")) press.setAttribute("aria-disabled", "false");
    });
  }

  /**
   * What waited is shown; words that were begun go on as a reply of the agent's own.
   * @protected
   */
  showNext() {
    const next = this.next;
    if (!next) return;
    const text = this.writing.touched ? (this.writing.editor?.text ?? "") : "";
    this.adopt(next);
    this.focus({ preventScroll: true });
    if (text && next.canReply) {
      this.own(text);
      this.say({ level: "warn", text: this.words("kept") });
    }
  }

  /**
   * Opens the agent's own reply.
   * @protected
   * @param {string} [_text]
   */
  own(_text) {}

  #relabel() {
    const { editor } = this.writing;
    if (this.mode !== "edit" || !editor) return;
    if (this.next !== null || !decidable(this.shown?.card)) editor.relabel(this.words("act.send_own"));
  }

  /**
   * @protected
   * @param {Note | null} note null: nothing more is said
   */
  say(note) {
    this.#note = note;
    if (this.writing.editor || this.mode === "reject") this.#bars();
    else this.render();
  }

  /**
   * @protected
   * @param {string} key
   */
  words(key) {
    return this.surroundings?.t(key) ?? "";
  }

  /** Renews the lines above the draft without touching what is being written below them. */
  #bars() {
    const place = this.querySelector(".dc-bars");
    const env = this.surroundings;
    if (!place || !env) return;
    const next = this.next;
    place.replaceChildren(
      ...[next && announcement(env, next, () => this.showNext()), this.#note && noteBar(this.#note)].filter((bar) => bar !== null),
    );
    this.classList.toggle("dc-overtaken", next !== null && this.mode === "read");
  }

  /** @protected */
  render() {
    const [env, snapshot] = [this.surroundings, this.shown];
    if (!env || !snapshot) return this.replaceChildren();
    const inside = document.activeElement !== this && this.contains(document.activeElement);
    this.replaceChildren(head(env, snapshot), h("div", { class: "dc-bars" }), h("div", { class: "dc-body" }, this.body(env, snapshot)));
    this.dataset["state"] = snapshot.loading ? "loading" : (snapshot.card?.state ?? "none");
    this.classList.toggle("dc-acting", this.acted !== null);
    this.#bars();
    tick(env, this, snapshot);
    if (inside && !this.writing.editor) this.focus({ preventScroll: true });
  }
}
