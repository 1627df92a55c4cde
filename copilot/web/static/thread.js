// <message-thread>: what was said, and what is on its way. Sends "settle-reply" when a person says
// what became of one that is unconfirmed or lies with them to send.

import { behindPaint, onceChanged } from "./after.js";
import { h, reconcile } from "./card/dom.js";
import { day, when } from "./card/format.js";
import { icon } from "./card/icons.js";
import { pressable } from "./larger.js";
import { translationView } from "./card/view.js";

/** @import {Besides, Env} from "./card/types" */
/** @import {Conversation, Message, Reply} from "./types" */

/** @typedef {{key: string, day: string} | {key: string, note: string} | {key: string, message: Message, last: boolean} | {key: string, reply: Reply, onCard: boolean}} Line */

/** @type {Record<string, string>} */
const SENDABLES = { image: "image", video: "video", order: "box" };
const LINE = 60; // px that a line takes at least: so many of another conversation as fill the window are there at once
const NEAR = 80; // px from the end within which the thread follows what comes

export class MessageThread extends HTMLElement {
  /** @type {string | null} */
  #conversation = null;
  #follows = true;
  /** @type {WeakMap<HTMLElement, string>} what each line was made of; one that stays keeps its picture and selection */
  #made = new WeakMap();
  /** @type {Line[]} what stands there, or is about to */
  #latest = [];
  #lines = h("ol", { class: "lines" });

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "log");
    this.setAttribute("aria-live", "off"); // new drafts are announced by the desk, whichever conversation is open
    if (!this.#lines.isConnected) this.append(this.#lines);
    this.addEventListener("scroll", () => (this.#follows = this.scrollHeight - this.scrollTop - this.clientHeight < NEAR));
    const size = new ResizeObserver(() => this.#follows && this.toEnd());
    for (const part of [this, this.#lines]) size.observe(part); // the lines grow when a picture has arrived
  }

  /**
   * @param {Env} env
   * @param {Conversation} conversation
   * @param {{canReply: boolean, person: string}} who reads, by id
   */
  show(env, conversation, { canReply, person }) {
    const other = this.#conversation !== conversation.id;
    if (other) this.#follows = true;
    this.#conversation = conversation.id;
    this.setAttribute("aria-label", env.t("thread"));
    const held = this.contains(document.activeElement);
    if (other) this.#lines.replaceChildren();
    this.setAttribute("aria-busy", String(conversation.loading === true));
    const lines = linesOf(env, conversation);
    const who = { buyer: conversation.buyer.nickname, person, canReply };
    this.#latest = lines;
    const seen = other ? Math.ceil(window.innerHeight / LINE) : lines.length;
    this.#put(env, lines.slice(-seen), who);
    if (lines.length > seen) behindPaint(() => this.#latest === lines && this.#put(env, lines, who));
    if (held && document.activeElement === document.body) /** @type {HTMLElement} */ (this).focus({ preventScroll: true });
    onceChanged(() => this.#follows && this.toEnd());
  }

  /**
   * @param {Env} env
   * @param {Line[]} lines
   * @param {{buyer: string | null, person: string, canReply: boolean}} who
   */
  #put(env, lines, who) {
    reconcile(this.#lines, lines, (line) => line.key, (line, known) => {
      const from = JSON.stringify([env.language, who.canReply, who.buyer, line]);
      if (known && this.#made.get(known) === from) return known;
      const made = this.#line(env, line, who);
      this.#made.set(made, from);
      return made;
    });
  }

  /**
   * @param {Env} env
   * @param {Line} line
   * @param {{buyer: string | null, person: string, canReply: boolean}} who
   */
  #line(env, line, who) {
    if ("day" in line) return h("li", { class: "day" }, line.day);
    if ("note" in line) return h("li", { class: "day" }, line.note);
    if ("reply" in line) return this.#reply(env, line, who.canReply);
    const ours = line.last && who.canReply && line.message.by?.id === who.person;
    return messageLine(env, line.message, who, ours ? () => this.#correct(line.message) : null);
  }

  /**
   * What was sent cannot be taken back; it can be put right, in its own language.
   * @param {Message} message
   */
  #correct({ id, text }) {
    const begun = /\p{Script=Han}/u.test(text) ? "更正一下，刚才说错了：" : "A correction to my last message: ";
    this.dispatchEvent(new CustomEvent("reword-reply", { bubbles: true, detail: { text: begun, corrects: id } }));
  }

  toEnd() {
    this.scrollTop = this.scrollHeight;
  }

  /**
   * @param {Env} env
   * @param {{reply: Reply, onCard: boolean}} line
   * @param {boolean} canReply
   */
  #reply(env, { reply, onCard }, canReply) {
    const settle = (/** @type {string} */ state) =>
      this.dispatchEvent(new CustomEvent("settle-reply", { bubbles: true, detail: { id: reply.id, state } }));
    const reword = (/** @type {Besides} */ besides = {}) =>
      this.dispatchEvent(new CustomEvent("reword-reply", { bubbles: true, detail: { text: reply.text, ...besides } }));
    const button = (/** @type {string} */ words, /** @type {() => void} */ press) =>
      h("button", { type: "button", class: "dc-button dc-small", on: { click: press } }, words);
    const orders = reply.at_orders ?? [];
    const symbol = { failed: "stop", unconfirmed: "alert", held: "alert", handed_over: "alert" }[reply.state] ?? "clock";
    return h(
      "li",
      { class: `line line-shop line-pending pending-${reply.state}` },
      reply.sendable && !reply.text ? h("p", { class: "bubble bubble-card" }, icon(SENDABLES[reply.sendable] ?? "info"), env.t(`sendable.${reply.sendable}`)) : h("p", { class: "bubble" }, reply.text),
      h(
        "p",
        { class: "about" },
        icon(symbol),
        h("strong", {}, env.t(`reply.${reply.state}`)),
        h("span", {}, reply.error ?? env.t(`reply.${reply.state}.then`)),
      ),
      canReply &&
        ["unconfirmed", "handed_over"].includes(reply.state) &&
        h(
          "p",
          { class: "settle" },
          button(env.t(reply.state === "handed_over" ? "settle.by_hand" : "settle.sent"), () => settle("sent")),
          button(env.t(reply.state === "handed_over" ? "settle.dropped" : "settle.failed"), () => settle("failed")),
        ),
      canReply &&
        reply.state === "failed" &&
        (!onCard || orders.length > 0) &&
        h(
          "p",
          { class: "settle" },
          ...orders.map((order) => button(env.t("reply.at_order", { order }), () => reword({ at_order: order }))),
          !onCard && !reply.sendable && orders.length === 0 && button(env.t("reply.again"), () => reword()),
        ),
    );
  }
}

/**
 * @param {Env} env
 * @param {Conversation} conversation
 * @returns {Line[]}
 */
function linesOf(env, conversation) {
  /** @type {Line[]} */
  const lines = [];
  let last = "";
  const newest = conversation.messages.findLast((message) => message.role !== "system");
  if (conversation.loading) lines.push({ key: "loading", note: env.t("thread.loading") });
  for (const message of conversation.messages) {
    const today = message.sent_at ? day(message.sent_at, env) : last;
    if (today !== last) lines.push({ key: `day ${today}`, day: today });
    last = today;
    lines.push({ key: `message ${message.id}`, message, last: message === newest });
  }
  for (const reply of conversation.replies) lines.push({ key: `reply ${reply.id}`, reply, onCard: reply.source_id === conversation.card?.id });
  return lines;
}

/**
 * @param {Env} env
 * @param {Message} message
 * @param {{buyer: string | null, person: string}} who
 * @param {(() => void) | null} correct begins a correction of it; null where that is not offered
 */
function messageLine(env, message, { buyer, person }, correct) {
  const side = message.role === "buyer" ? "buyer" : message.role === "system" ? "system" : "shop";
  const from = side === "buyer" ? (buyer ?? env.t("buyer.unnamed")) : author(env, message, person);
  return h(
    "li",
    { class: `line line-${side}${message.recalled_at ? " recalled" : ""}` },
    content(env, message),
    message.translation && message.translation.state !== "no_model" && translationView(message.translation),
    h(
      "p",
      { class: "about" },
      from && h("span", {}, from),
      correct && h("button", { type: "button", class: "link-button", on: { click: correct } }, env.t("correct")),
      message.sent_at && h("time", { datetime: message.sent_at }, when(message.sent_at, env)),
    ),
  );
}

/**
 * Who wrote it and how it left: through this desk, or in the platform's own window.
 * @param {Env} env
 * @param {Message} message
 * @param {string} person who reads
 */
function author(env, message, person) {
  if (message.role === "system") return "";
  const name = message.by?.id === person ? env.t("sent_by.you") : (message.by?.name ?? message.agent);
  const native = message.role === "bot" ? "platform_bot" : (message.sent_by ?? "person");
  const how = message.draft ? "draft" : message.by ? "typed" : native;
  // A text of ours that names an order was left there.
  const place = message.kind === "text" && message.by && message.order_id ? env.t("sent_at_order", { order: message.order_id }) : "";
  return [name, env.t(`sent_by.${how}`), place].filter(Boolean).join(" · ");
}

/**
 * @param {Env} env
 * @param {Message} message
 */
function content(env, message) {
  if (message.recalled_at) return h("p", { class: "bubble" }, message.text || env.t("recalled"));
  if (message.kind === "text") return h("p", { class: "bubble" }, message.text);
  if (message.kind === "image" || message.kind === "video") return media(env, message);
  const id = message.order_id ?? message.product_id ?? "";
  return h(
    "p",
    { class: "bubble bubble-card" },
    icon(message.kind === "order_card" || message.kind === "return_card" ? "box" : "info"),
    h("span", {}, env.t(`kind.${message.kind}`), id && h("span", { class: "dc-id" }, id), message.text && h("span", {}, message.text)),
  );
}

/**
 * A picture where there is one that can be loaded, else a plain word for it.
 * @param {Env} env
 * @param {Message} message
 */
function media(env, message) {
  const word = h("p", { class: "bubble bubble-card" }, icon(message.kind), env.t(`kind.${message.kind}`), message.text && ` ${message.text}`);
  const address = message.media?.url ?? "";
  if (message.kind !== "image" || !/^(https?:\/)?\//.test(address)) return word;
  const picture = h("img", {
    class: "picture",
    src: address,
    alt: message.text || env.t("kind.image"),
    loading: "lazy",
    referrerpolicy: "no-referrer",
    width: message.media?.width,
    height: message.media?.height,
  });
  const shown = pressable(env, picture, address);
  picture.addEventListener("error", () => shown.replaceWith(word));
  return shown;
}

customElements.define("message-thread", MessageThread);
