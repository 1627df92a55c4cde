// What is typed, in the buyer's language: asked for when the typing pauses, shown below the box, and sent in its place
// once both are checked and state the same. Sends nothing itself.

import { h } from "./dom.js";
import { findingList } from "./text.js";

/** @import {Env, Typed} from "./types" */

const PAUSE = 900; // ms without a key before a model is asked: longer than for the check, because it costs
const HAN = /[\u3400-\u9fff]/;

export class Pair {
  /** @type {Typed | null} */
  #found = null;
  #of = "";
  #timer = 0;
  #wanted = true;
  #asking = false;
  /** @type {Set<boolean>} scripts in which this buyer needs no translation */
  #plain = new Set();
  /** @type {Env} */
  #env;
  /** @type {string | null} */
  #draft;
  /** @type {() => void} */
  #changed;

  /**
   * @param {Env} env
   * @param {string | null} draft
   * @param {() => void} changed
   */
  constructor(env, draft, changed) {
    [this.#env, this.#draft, this.#changed] = [env, draft, changed];
    this.root = h("div", { class: "dc-pair", "aria-live": "polite" });
  }

  /** Whether a translation is on its way that is to be sent. */
  get pending() {
    return this.#wanted && (this.#asking || this.#found?.state === "pending");
  }

  /** Whether the translation is what leaves, and the rules do not let it. */
  get blocked() {
    return this.#wanted && this.#found?.state === "ready" && this.#found.verdict?.decision === "block";
  }

  /**
   * The translation of exactly this text, when it is to be sent.
   * @param {string} text
   */
  of(text) {
    const found = this.#found;
    return this.#wanted && this.#of === text && found?.state === "ready" ? found.text : null;
  }

  /** The text was changed: what was found is of another one. */
  forget() {
    clearTimeout(this.#timer);
    [this.#found, this.#of, this.#asking] = [null, "", false];
    this.#render();
  }

  /** @param {string} text that has passed the check */
  want(text) {
    const translate = this.#env.translate;
    if (!translate || this.#of === text || text.trim().length < 2 || this.#plain.has(HAN.test(text))) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(text, translate), PAUSE);
  }

  /**
   * @param {string} text
   * @param {NonNullable<Env["translate"]>} translate
   */
  async #ask(text, translate) {
    [this.#of, this.#asking] = [text, true];
    this.#say();
    const current = () => this.#of === text;
    let found = null;
    try {
      found = await translate(text, this.#draft, current, (early) => current() && this.#show(early));
    } catch {
      if (current()) this.forget();
      return;
    }
    if (!current()) return;
    this.#asking = false;
    if (found === null) this.#plain.add(HAN.test(text));
    this.#show(found);
  }

  /** @param {Typed | null} found */
  #show(found) {
    this.#found = found;
    this.#say();
  }

  #say() {
    this.#render();
    this.#changed();
  }

  #render() {
    const [env, found] = [this.#env, this.#found];
    if (!found) return this.root.replaceChildren();
    const words = found.text && h("span", { lang: found.language }, found.text);
    const line = h("p", { class: `dc-translation dc-translation-${found.state}` }, h("span", { class: "dc-translation-state" }, found.state_text), words);
    const findings = findingList(env, found.verdict?.findings ?? [], { numbers: false });
    const ready = found.state === "ready" || found.state === "pending";
    this.root.replaceChildren(...[line, findings, ready ? this.#choice() : null].filter((part) => part !== null));
  }

  #choice() {
    const box = h("input", {
      type: "checkbox",
      on: {
        change: () => {
          this.#wanted = box.checked;
          this.#changed();
        },
      },
    });
    box.checked = this.#wanted;
    return h("label", { class: "dc-pair-choice" }, box, h("span", {}, this.#env.t("pair.send")));
  }
}
