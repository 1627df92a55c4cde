// <draft-feedback>: a word on the draft above it, for whoever looks after drafts. A small button until it is wanted.
// Sends "draft-feedback" with the draft and the text; whoever hears it answers by `said` or `failed`.

import { h } from "./dom.js";

/** @import {Card} from "./types" */

const LONGEST = 2000;

export class DraftFeedback extends HTMLElement {
  #draft = "";
  #t = (/** @type {string} */ key) => key;
  #open = false;

  /**
   * @param {Card | null} card the draft that is shown; none: there is nothing to say a word on
   * @param {(key: string) => string} t
   */
  show(card, t) {
    const draft = card?.id ?? "";
    // Whoever types about a draft, or presses the button, goes on although it is shown anew.
    if (draft !== "" && draft === this.#draft && (this.#open || t === this.#t)) return;
    this.#draft = draft;
    this.#t = t;
    this.hidden = draft === "";
    this.#close("");
  }

  /** It was kept. */
  said() {
    this.#close(this.#t("feedback.said"));
  }

  /** @param {string} words that say why it was not */
  failed(words) {
    const state = this.querySelector(".hint");
    if (state) state.textContent = words;
  }

  /** @param {string} words */
  #close(words) {
    this.#open = false;
    const open = h("button", { type: "button", class: "top-link", "data-act": "feedback", on: { click: () => this.#ask() } }, this.#t("feedback"));
    this.replaceChildren(open, h("span", { class: "hint", role: "status" }, words));
  }

  #ask() {
    this.#open = true;
    const t = this.#t;
    const text = h("textarea", { class: "dc-field", rows: 2, maxlength: LONGEST, required: true, placeholder: t("feedback.about"), "aria-label": t("feedback.about") });
    const send = (/** @type {Event} */ event) => {
      event.preventDefault();
      const detail = { draft: this.#draft, text: text.value.trim() };
      if (detail.text) this.dispatchEvent(new CustomEvent("draft-feedback", { bubbles: true, detail }));
    };
    const leave = (/** @type {KeyboardEvent} */ event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.#close("");
    };
    const form = h(
      "form",
      { on: { submit: send, keydown: leave } },
      text,
      h("button", { class: "dc-button" }, t("feedback.send")),
      h("button", { type: "button", class: "dc-button", on: { click: () => this.#close("") } }, t("close")),
      h("span", { class: "hint", role: "status" }, t("feedback.hint")),
    );
    this.replaceChildren(form);
    text.focus();
  }
}

customElements.define("draft-feedback", DraftFeedback);
