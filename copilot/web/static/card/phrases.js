// "/" and a few letters of a phrase's name in the text box: the shop's phrases that fit, chosen by arrows or a press.
// What is chosen is text like any other: it is checked, and it is the writer's.

import { h } from "./dom.js";

/** @import {Env, Phrase} from "./types" */

const MOST = 8; // shown at once
/** A slash that begins a word, with what was typed behind it. Chinese input methods write "、" with the same key. */
const ASKED = /(?:^|[\s,，。.!！?？])([/／、])([^\s/／、]{0,20})$/u;
const BLANK = /\{[^{}\n]{1,40}\}/u;
let lists = 0;

/**
 * The phrases that fit what was typed, those whose name begins with it first.
 * @param {Phrase[]} known
 * @param {string} typed
 */
export function fitting(known, typed) {
  const wanted = typed.toLowerCase();
  const rank = (/** @type {Phrase} */ one) => {
    if ([one.title, one.id].some((name) => name.toLowerCase().startsWith(wanted))) return 0;
    return [one.title, one.text].some((words) => words.toLowerCase().includes(wanted)) ? 1 : 2;
  };
  return known.filter((one) => rank(one) < 2).sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

export class Phrases {
  /** @type {Phrase[]} */
  #shown = [];
  #at = 0;
  #asked = 0;
  /** @type {Env} */
  #env;
  /** @type {HTMLTextAreaElement} */
  #box;
  /** @type {() => void} */
  #changed;

  /**
   * @param {Env} env
   * @param {HTMLTextAreaElement} box
   * @param {() => void} changed the box has another text now
   */
  constructor(env, box, changed) {
    [this.#env, this.#box, this.#changed] = [env, box, changed];
    this.root = h("ul", { class: "dc-phrases", role: "listbox", id: `dc-phrases-${(lists += 1)}`, "aria-label": env.t("phrases"), hidden: true });
    if (!env.phrases) return;
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.root.id);
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("blur", () => this.close());
  }

  /** The box was written in, or its caret moved. */
  async look() {
    const asked = (this.#asked += 1);
    const typed = this.#typed();
    if (typed === null || !this.#env.phrases) return this.close();
    const known = await this.#env.phrases();
    // Meanwhile more may have been typed.
    if (asked !== this.#asked || this.#typed() !== typed) return;
    this.#shown = fitting(known, typed);
    this.#at = 0;
    this.#draw();
  }

  close() {
    this.#asked += 1;
    if (this.#shown.length === 0) return;
    this.#shown = [];
    this.#draw();
  }

  /** @returns {string | null} what stands behind the slash before the caret */
  #typed() {
    const { value, selectionStart, selectionEnd } = this.#box;
    if (selectionStart !== selectionEnd) return null;
    return ASKED.exec(value.slice(0, selectionStart))?.[2] ?? null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#shown.length === 0 || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = this.#shown.length;
    if (event.key === "ArrowDown") this.#at = (this.#at + 1) % count;
    else if (event.key === "ArrowUp") this.#at = (this.#at + count - 1) % count;
    else if (event.key === "Enter" && !event.shiftKey) this.#put(/** @type {Phrase} */ (this.#shown[this.#at]));
    else if (event.key === "Escape") this.close();
    else return;
    // Prevented, it is no command of the page: Escape closes the list and leaves the box open.
    event.preventDefault();
    if (this.#shown.length > 0) this.#draw();
  }

  /** @param {Phrase} phrase */
  #put(phrase) {
    const box = this.#box;
    const to = box.selectionStart;
    const slash = to - (this.#typed() ?? "").length - 1;
    box.setRangeText(phrase.text, slash, to, "end");
    const blank = BLANK.exec(phrase.text);
    // The first value that is still to be filled in is chosen, so that the next key replaces it.
    if (blank) box.setSelectionRange(slash + blank.index, slash + blank.index + blank[0].length);
    this.close();
    this.#changed();
    box.focus({ preventScroll: true });
  }

  #draw() {
    const id = (/** @type {number} */ place) => `${this.root.id}-${place}`;
    const rows = this.#shown.map((one, place) =>
      h(
        "li",
        {
          role: "option",
          id: id(place),
          "aria-selected": String(place === this.#at),
          // A press must not take the focus out of the box before it counts.
          on: { mousedown: (/** @type {Event} */ event) => event.preventDefault(), click: () => this.#put(one) },
        },
        h("strong", {}, one.title),
        h("span", {}, one.text),
      ),
    );
    this.root.replaceChildren(...rows);
    this.root.hidden = rows.length === 0;
    if (rows.length > 0) this.#box.setAttribute("aria-activedescendant", id(this.#at));
    else this.#box.removeAttribute("aria-activedescendant");
  }
}
