// A text box whose text is checked while it is written: findings stand under it, claims that nothing supports ask for
// the writer's word. Sends nothing itself; the server judges again.

import { onlyAuthority } from "./beyond.js";
import { h } from "./dom.js";
import { Pair } from "./editor-pair.js";
import { icon } from "./icons.js";
import { Phrases } from "./phrases.js";
import { SETTLE } from "./settle.js";
import { findingList, markedText } from "./text.js";

/** @import {Checked, Env} from "./types" */

const QUIET = 350; // ms without a key before a text is checked
let boxes = 0;

/**
 * @typedef {object} EditorOptions
 * @property {string} text
 * @property {string | null} draft whose facts the text is held against
 * @property {string} label
 * @property {string} button
 * @property {string} symbol the button's icon
 * @property {string} [placeholder]
 * @property {Checked} [known] what the check is known to say of `text`
 * @property {boolean} [strict] without an answer of the check nothing can be taken
 * @property {() => import("./writing.js").Aim} [aim] what a press is about: the check that follows takes its time
 * @property {(text: string, vouch: string[], source?: string, aim?: import("./writing.js").Aim) => void} take `source` is what was typed when `text` is its translation
 * @property {(aim: import("./writing.js").Aim) => void} [missed] what was pressed for cannot leave as it is, and nobody looks at it any more
 * @property {(() => void) | null} leave
 * @property {(text: string, vouch: string[]) => void} [ask] asks a supervisor to allow the text
 */

export class Editor {
  /** @type {Checked | null} */
  #checked = null;
  #checkedText = "";
  #timer = 0;
  /** @type {"idle" | "waiting" | "done" | "unreachable"} */
  #state = "idle";
  /** @type {Set<string>} */
  #vouched = new Set();
  #openedAt = performance.now();
  #busy = false;
  #composing = false;
  /** @type {Env} */
  #env;
  /** @type {EditorOptions} */
  #how;

  /**
   * @param {Env} env
   * @param {EditorOptions} how
   */
  constructor(env, how) {
    this.#env = env;
    this.#how = how;
    const id = `dc-editor-${(boxes += 1)}`;
    this.mirror = h("div", { class: "dc-mirror", "aria-hidden": "true" });
    this.box = h("textarea", {
      class: "dc-box",
      rows: 3,
      "aria-label": how.label,
      "aria-describedby": id,
      placeholder: how.placeholder ?? null,
      on: {
        input: () => {
          this.#changed();
          if (!this.#composing) void this.phrases.look();
        },
        scroll: () => (this.mirror.scrollTop = this.box.scrollTop),
        compositionstart: () => (this.#composing = true),
        compositionend: () => {
          this.#composing = false;
          void this.phrases.look();
        },
      },
    });
    this.box.value = how.text;
    this.phrases = new Phrases(env, this.box, () => this.#changed());
    this.under = h("div", { class: "dc-under", id });
    this.pair = new Pair(env, how.draft, () => this.#render());
    this.status = h("span", { class: "dc-check", role: "status" });
    this.button = h(
      "button",
      { type: "button", class: "dc-button dc-primary", on: { click: () => void this.take() } },
      icon(how.symbol),
      h("span", {}, how.button),
      h("kbd", {}, env.keys("send")),
    );
    const [leave, ask] = [how.leave, how.ask];
    this.asking = h("button", { type: "button", class: "dc-button", hidden: true, on: { click: () => this.#ask() } }, env.t("ask.supervisor"));
    this.root = h(
      "div",
      { class: "dc-editor" },
      h("div", { class: "dc-write" }, this.mirror, this.box),
      this.phrases.root,
      this.under,
      this.pair.root,
      h(
        "div",
        { class: "dc-actions" },
        this.button,
        ask && this.asking,
        leave && h("button", { type: "button", class: "dc-button", on: { click: leave } }, env.t("leave"), h("kbd", {}, env.keys("leave"))),
        this.status,
      ),
    );
    if (how.known) [this.#checked, this.#checkedText, this.#state] = [how.known, how.text, "done"];
    this.#render();
    if (how.text.trim() && !how.known) this.#schedule(0);
  }

  /** Whether somebody has left it without sending, also after a press whose check was still on its way. */
  left = false;

  /** Whether losing the text would lose somebody's work. */
  get touched() {
    return this.#composing || (this.box.value !== this.#how.text && this.box.value.trim() !== "");
  }

  get text() {
    return this.box.value;
  }

  /** @param {string} text */
  fill(text) {
    this.box.value = text;
    this.#changed();
  }

  /**
   * Puts `text` where the hand writes, apart from what stands around it.
   * @param {string} text
   */
  insert(text) {
    const { box } = this;
    const [from, to] = [box.selectionStart, box.selectionEnd];
    const apart = /[A-Za-z0-9.,!?]$/.test(box.value.slice(0, from)) && /^[A-Za-z0-9$]/.test(text) ? " " : "";
    box.setRangeText(apart + text, from, to, "end");
    this.#changed();
    box.focus({ preventScroll: true });
  }

  focus() {
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  /** @param {string} text what the button does from now on */
  relabel(text) {
    this.button.querySelector("span")?.replaceChildren(text);
  }

  /** @param {string} text said beside the button until the next change */
  say(text) {
    this.status.textContent = text;
  }

  /** @param {boolean} busy */
  set busy(busy) {
    this.#busy = busy;
    this.#render();
  }

  /**
   * Shows what the server said instead of taking the text.
   * @param {Checked["verdict"] | null} verdict
   */
  refused(verdict) {
    if (verdict) this.#checked = { verdict, claims: this.#checked?.claims ?? [], needs_vouching: this.#checked?.needs_vouching ?? [] };
    this.#checkedText = "";
    this.#schedule(0);
  }

  /** Takes the text if the check lets it pass; otherwise shows why not. */
  async take() {
    if (this.#busy || this.#composing || performance.now() - this.#openedAt < SETTLE) return;
    const text = this.box.value;
    if (!text.trim()) return;
    const aim = this.#how.aim?.();
    if (this.#checkedText !== text) await this.#check();
    const open = this.#openClaims();
    if (aim && !this.root.isConnected && (this.#blocked() || this.pair.pending || open.length)) return this.#how.missed?.(aim);
    if (this.box.value !== text || this.#blocked() || this.pair.pending) return;
    if (open.length) {
      this.under.querySelector("input")?.focus();
      return;
    }
    const vouch = this.#needed().filter((claim) => this.#vouched.has(claim));
    const translation = this.pair.of(text);
    if (translation === null) this.#how.take(text, vouch, undefined, aim);
    else this.#how.take(translation, vouch, text, aim);
  }

  /** Asks a supervisor for what only they can give, once the writer stands for the rest. */
  #ask() {
    if (this.#busy || this.#checkedText !== this.box.value) return;
    if (this.#openClaims().length) return this.under.querySelector("input")?.focus();
    this.#how.ask?.(this.box.value, this.#needed().filter((claim) => this.#vouched.has(claim)));
  }

  #changed() {
    this.#openedAt = -SETTLE;
    this.pair.forget();
    this.#schedule(QUIET);
    this.#mark();
  }

  /** @param {number} wait */
  #schedule(wait) {
    clearTimeout(this.#timer);
    this.#state = this.box.value.trim() ? "waiting" : "idle";
    if (this.#state === "waiting") this.#timer = window.setTimeout(() => void this.#check(), wait);
    else this.#checked = null;
    this.#render();
  }

  async #check() {
    clearTimeout(this.#timer);
    const text = this.box.value;
    if (this.#how.known && text === this.#how.text) return this.#found(text, this.#how.known);
    try {
      const found = await this.#env.check(text, this.#how.draft);
      if (this.box.value !== text) return;
      this.#found(text, found);
    } catch {
      if (this.box.value !== text) return;
      this.#checked = null;
      this.#state = "unreachable";
      this.#render();
    }
  }

  /**
   * @param {string} text
   * @param {Checked} checked
   */
  #found(text, checked) {
    this.#checked = checked;
    this.#checkedText = text;
    this.#state = "done";
    if (checked.verdict.decision !== "block" && text !== this.#how.text) this.pair.want(text);
    this.#render();
  }

  #needed() {
    return [...new Set(this.#checked?.needs_vouching ?? [])];
  }

  #openClaims() {
    return this.#needed().filter((claim) => !this.#vouched.has(claim));
  }

  #blocked() {
    return this.#checked?.verdict.decision === "block" || this.pair.blocked || (this.#how.strict === true && this.#state !== "done");
  }

  #render() {
    const env = this.#env;
    const needed = this.#needed();
    // What asks for the writer's word says so itself, below.
    const findings = (this.#checked?.verdict.findings ?? []).filter((one) => one.severity === "block" || !needed.includes(one.text));
    const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.value : null;
    this.under.replaceChildren(...[findingList(env, findings, { numbers: false }), this.#spends(), this.#vouching()].filter((part) => part !== null));
    for (const box of this.under.querySelectorAll("input")) if (box.value === focused) box.focus();
    const open = this.#openClaims().length > 0;
    this.button.setAttribute("aria-disabled", String(this.#busy || this.#blocked() || this.pair.pending || open || !this.box.value.trim()));
    this.asking.hidden = this.#state !== "done" || this.#busy || !onlyAuthority(this.#checked?.verdict ?? null);
    this.status.replaceChildren(...this.#words());
    this.#mark();
  }

  #words() {
    const env = this.#env;
    if (this.#busy) return [env.t("check.sending")];
    if (this.#state === "waiting") return [env.t("check.waiting")];
    if (this.#state === "unreachable") return [icon("alert"), env.t("check.unreachable")];
    if (this.#state === "idle" || !this.#checked) return [];
    if (this.#checked.verdict.decision === "block") return [icon("stop"), env.t("check.block")];
    if (this.#openClaims().length) return [icon("alert"), env.t("check.vouch")];
    if (this.pair.blocked) return [icon("stop"), env.t("check.block")];
    if (this.pair.pending) return [env.t("pair.pending")];
    return [icon("check"), env.t(this.#checked.verdict.decision === "warn" ? "check.warn" : "check.pass")];
  }

  /** What the words give and what is left, before anything refuses them. */
  #spends() {
    const spends = this.#checked?.spends;
    return spends ? h("p", { class: "dc-hint dc-spends" }, icon("owe"), h("span", {}, spends.text)) : null;
  }

  #vouching() {
    const claims = this.#needed();
    if (claims.length === 0) return null;
    const lines = claims.map((claim) => {
      const box = h("input", { type: "checkbox", value: claim, on: { change: () => this.#vouch(claim) } });
      box.checked = this.#vouched.has(claim);
      return h("label", { class: "dc-vouch" }, box, h("span", {}, this.#env.t("vouch", { claim })));
    });
    return h("fieldset", { class: "dc-vouching" }, h("legend", {}, this.#env.t("vouch.title")), lines);
  }

  /** @param {string} claim */
  #vouch(claim) {
    if (!this.#vouched.delete(claim)) this.#vouched.add(claim);
    this.#render();
  }

  #mark() {
    const text = this.box.value;
    const known = this.#checkedText === text ? this.#checked : null;
    const marked = markedText(this.#env, text, known?.claims ?? [], known?.verdict.findings ?? [], { numbers: false });
    // The last line break of a text box takes up a line, that of a block does not.
    this.mirror.replaceChildren(marked, "\n");
  }
}
