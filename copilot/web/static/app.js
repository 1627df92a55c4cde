// The desk: puts list, thread, card and orders together and keeps them true. What each part looks like is its own matter.

import { ApiError, get, post, setClock } from "./api.js";
import { coalesced } from "./coalesce.js";
import "./card/draft-card.js";
import { decidable } from "./card/face.js";
import { h } from "./card/dom.js";
import { icon } from "./card/icons.js";
import { showHelp } from "./help.js";
import { inTray } from "./inbox.js";
import { commandOf } from "./keys.js";
import "./orders.js";
import { element } from "./page.js";
import { explain, isSignedOut, Session, toLogin } from "./session.js";
import { Stream } from "./stream.js";
import "./thread.js";
import { translate } from "./words.js";

/** @import {Act, Card} from "./card/types" */
/** @import {Change, Conversation, Listing, Row} from "./types" */

const BROKEN_FOR = 2000; // ms without a stream before people are told
const AWAY = 30_000; // ms a page may be hidden before it reads everything again

class Desk {
  list = element("conversation-list");
  thread = element("message-thread");
  card = element("draft-card");
  orders = element("order-panel");
  /** @type {Listing | null} */
  listing = null;
  /** @type {Conversation | null} */
  conversation = null;
  /** @type {string | null} */
  open = null;
  which = "open";
  /** @type {string | null} */
  shop = null;
  tray = false;
  reading = false;
  brokenTimer = 0;
  hiddenAt = 0;
  /** @type {Map<string, string>} the draft each row last had, to say which are new */
  known = new Map();
  readList = coalesced(() => this.#readList());
  readConversation = coalesced(() => this.#readConversation());

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.stream = new Stream(`${session.me.merchant.slug} ${session.me.person.id}`);
  }

  begin() {
    this.#wire();
    this.#frame();
    this.stream.open();
    void this.readList();
    const asked = decodeURIComponent(location.hash.slice(1));
    if (asked) this.choose(asked);
  }

  /** @param {string} id */
  choose(id) {
    document.body.dataset["view"] = "thread";
    if (this.open === id) return this.card.focus({ preventScroll: true });
    this.open = id;
    this.conversation = null;
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    this.#showList();
    this.list.reveal(id);
    this.#showConversation();
    void this.readConversation().then(() => {
      if (this.open === id && !isField(document.activeElement)) this.card.focus({ preventScroll: true });
    });
  }

  /** @param {number} step */
  move(step) {
    const ids = this.list.ids;
    if (ids.length === 0) return;
    const at = this.open ? ids.indexOf(this.open) : -1;
    const to = at < 0 ? (step > 0 ? 0 : ids.length - 1) : Math.min(Math.max(at + step, 0), ids.length - 1);
    const id = ids[to];
    if (id && id !== this.open) this.choose(id);
  }

  async #readList() {
    try {
      const listing = /** @type {Listing} */ (await get(`/api/conversations?list=${this.which}${this.shop ? `&shop=${encodeURIComponent(this.shop)}` : ""}`));
      setClock(listing.now);
      this.#announce(listing.conversations);
      this.listing = listing;
      this.#listState(null);
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      this.#listState(error);
    }
    this.#showList();
  }

  async #readConversation() {
    const id = this.open;
    if (!id) return;
    try {
      const conversation = /** @type {Conversation} */ (await get(`/api/conversations/${encodeURIComponent(id)}`));
      if (this.open !== id) return;
      setClock(conversation.now);
      this.conversation = conversation;
      this.#showConversation();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      if (this.open === id && !this.conversation) this.#threadState(explain(error, this.session.t), true);
    }
  }

  /** @param {Row[]} rows */
  #announce(rows) {
    const { t } = this.session;
    const first = this.listing === null;
    const fresh = rows.filter((row) => row.draft?.state === "proposed" && this.known.get(row.id) !== row.draft.id);
    for (const row of rows) if (row.draft?.state === "proposed") this.known.set(row.id, row.draft.id);
    if (first || fresh.length === 0) return;
    const names = fresh.map((row) => row.buyer.nickname || t("buyer.unnamed")).join(t("list.and"));
    element("#live").textContent = t("live.draft", { name: names });
  }

  #rows() {
    const sought = element("#search", HTMLInputElement).value.trim().toLowerCase();
    return (this.listing?.conversations ?? []).filter((row) => {
      if (this.tray && !inTray(row)) return false;
      return !sought || `${row.buyer.nickname ?? ""} ${row.last?.text ?? ""}`.toLowerCase().includes(sought);
    });
  }

  #showList() {
    const { t } = this.session;
    const rows = this.#rows();
    this.list.show(rows, this.open);
    const counts = this.listing?.counts;
    document.title = counts?.open ? `(${counts.open}) reply-copilot` : "reply-copilot";
    for (const which of ["open", "all"]) {
      const tab = element(`[data-list=${which}]`);
      const count = counts && (which === "open" ? counts.open : counts.all);
      tab.replaceChildren(t(`list.${which}`), count !== undefined ? h("span", { class: "count" }, String(count)) : "");
      tab.setAttribute("aria-pressed", String(this.which === which));
    }
    const tray = element("#tray");
    tray.hidden = !counts?.failed && !this.tray;
    tray.setAttribute("aria-pressed", String(this.tray));
    tray.replaceChildren(icon("alert"), t("tray", { n: counts?.failed ?? 0 }));
    const state = element("#list-state");
    if (this.listing && !state.classList.contains("bad")) {
      state.hidden = rows.length > 0;
      state.replaceChildren(icon("inbox"), t(this.listing.conversations.length ? "list.no_match" : `list.empty.${this.which}`));
    }
  }

  /** @param {unknown} error */
  #listState(error) {
    const state = element("#list-state");
    state.classList.toggle("bad", error !== null);
    state.hidden = error === null;
    if (error !== null) state.replaceChildren(icon("alert"), explain(error, this.session.t));
  }

  #showConversation() {
    const { t, me } = this.session;
    const conversation = this.conversation;
    const shown = conversation !== null;
    for (const part of [this.thread, this.card, element("#thread-head")]) part.hidden = !shown;
    this.orders.hidden = !shown;
    if (!conversation) {
      this.card.show(null);
      return this.#threadState(t(this.open ? "thread.loading" : "thread.none"), false);
    }
    this.#threadState("", false);
    const shop = this.session.shop(conversation.shop);
    const env = this.session.env(shop, (text, draft) => post("/api/check", { text, conversation: conversation.id, ...(draft ? { draft } : {}) }));
    element("#buyer").replaceChildren(conversation.buyer.nickname || t("buyer.unnamed"), ...conversation.buyer.tags.map((tag) => h("span", { class: "tag" }, tag)));
    element("#thread-shop").replaceChildren(h("span", { class: `dot platform-${shop?.platform ?? "other"}` }), shop?.name ?? "", shop?.transport === "not_public" ? h("span", { class: "transport", title: t("transport.not_public.why") }, t("transport.not_public")) : "");
    const canReply = me.can.includes("reply");
    this.thread.show(env, conversation, canReply);
    this.orders.show(env, conversation, { canUse: this.session.can("decide"), reading: this.reading });
    const waits = this.listing?.conversations.find((row) => row.id === conversation.id)?.waiting_since ?? null;
    this.card.env = env;
    this.card.show({
      conversation: conversation.id,
      card: conversation.card,
      orders: conversation.orders.orders,
      buyerWaits: waits !== null && lastIsBuyer(conversation) && !conversation.replies.some((reply) => reply.state !== "failed" && reply.state !== "held"),
      canDecide: this.session.can("decide"),
      canReply,
    });
  }

  /**
   * @param {string} text
   * @param {boolean} bad
   */
  #threadState(text, bad) {
    const state = element("#thread-state");
    state.hidden = text === "";
    state.classList.toggle("bad", bad);
    state.replaceChildren(icon(bad ? "alert" : "inbox"), text);
  }

  /** @param {Act} act */
  async act(act) {
    try {
      await this.#send(act);
      this.card.done();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      const api = error instanceof ApiError ? error : null;
      this.card.failed({
        code: api?.code ?? "page",
        message: explain(error, this.session.t),
        ...(api?.body.card !== undefined ? { card: /** @type {Card | null} */ (api.body.card) } : {}),
        ...(api?.status === 422 ? { verdict: api.body.verdict ?? null } : {}),
      });
    }
    void this.readConversation();
    void this.readList();
  }

  /** @param {Act} act */
  #send(act) {
    if (act.kind === "reply") {
      return post(`/api/conversations/${encodeURIComponent(act.conversation)}/replies`, { id: this.#replyId(act), text: act.text, vouch: act.vouch });
    }
    const { card } = act;
    return post(`/api/drafts/${encodeURIComponent(card.id)}/decision`, {
      kind: act.kind,
      revision: card.revision,
      text_hash: card.text_hash,
      ...(act.kind === "edit" ? { text: act.text, vouch: act.vouch } : {}),
      ...(act.kind === "reject" ? { rejection: act.rejection } : {}),
    });
  }

  /** @type {{key: string, id: string}} */
  #lastReply = { key: "", id: "" };

  /**
   * The same text tried again is the same reply: an answer that was lost must not make two.
   * @param {Act & {kind: "reply"}} act
   */
  #replyId(act) {
    const key = `${act.conversation} ${act.text}`;
    if (this.#lastReply.key !== key) this.#lastReply = { key, id: uuid() };
    return this.#lastReply.id;
  }

  /** @param {string} path */
  async quietly(path, body = {}) {
    try {
      await post(path, body);
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      toast(explain(error, this.session.t));
    }
    await this.readConversation();
  }

  async readOrders() {
    if (!this.open) return;
    this.reading = true;
    this.#showConversation();
    await this.quietly(`/api/conversations/${encodeURIComponent(this.open)}/lookup`);
    setTimeout(() => {
      this.reading = false;
      void this.readConversation();
    }, 1500);
  }

  /** @param {string} order */
  useOrder(order) {
    const card = this.conversation?.card;
    if (card) void this.act({ kind: "reject", card, rejection: { reason: "wrong_order", order } });
  }

  /** @param {Change} change */
  changed(change) {
    void this.readList();
    if (!change.conversation || change.conversation === this.open) void this.readConversation();
  }

  everything() {
    void this.readList();
    void this.readConversation();
  }

  #wire() {
    this.addEvents();
    document.addEventListener("keydown", (event) => this.#key(event));
    this.stream.addEventListener("change", (event) => this.changed(/** @type {CustomEvent<Change>} */ (event).detail));
    this.stream.addEventListener("reset", () => this.everything());
    this.stream.addEventListener("open", () => this.#connected());
    this.stream.addEventListener("broken", () => (this.brokenTimer ||= window.setTimeout(() => void this.#broken(), BROKEN_FOR)));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.hiddenAt = Date.now();
      else if (Date.now() - this.hiddenAt > AWAY) this.everything();
    });
    addEventListener("online", () => this.everything());
    addEventListener("beforeunload", (event) => this.card.unfinished && event.preventDefault());
  }

  addEvents() {
    const listen = (/** @type {string} */ name, /** @type {(detail: any) => void} */ what) =>
      document.addEventListener(name, (event) => what(/** @type {CustomEvent} */ (event).detail));
    listen("open-conversation", (id) => this.choose(id));
    listen("card-act", (act) => void this.act(act));
    listen("reword-reply", (text) => this.card.write(text));
    listen("settle-reply", ({ id, state }) => void this.quietly(`/api/replies/${encodeURIComponent(id)}/settle`, { state }));
    listen("read-orders", () => void this.readOrders());
    listen("use-order", (order) => this.useOrder(order));
    const press = (/** @type {string} */ selector, /** @type {() => void} */ what) => element(selector).addEventListener("click", what);
    press("#tray", () => this.#filter({ tray: !this.tray }));
    press("[data-list=open]", () => this.#filter({ which: "open" }));
    press("[data-list=all]", () => this.#filter({ which: "all" }));
    press("#language", () => void this.#switchLanguage());
    press("#help-open", () => this.help());
    press("#leave", () => void this.session.leave());
    press("#back", () => (document.body.dataset["view"] = "list"));
    press("#orders-open", () => this.#toggleOrders());
    element("#search").addEventListener("input", () => this.#showList());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (element("#help", HTMLDialogElement).open) return;
    const command = commandOf(event);
    if (command && this.command(command, event.target)) event.preventDefault();
  }

  /**
   * @param {string} command
   * @param {EventTarget | null} [from]
   * @returns {boolean}
   */
  command(command, from = null) {
    if (command === "next" || command === "previous") return this.move(command === "next" ? 1 : -1), true;
    if (command === "help") return this.help(), true;
    if (command === "search") return element("#search").focus(), true;
    // Enter from beside the card only brings the hand to it; what is sent was looked at first.
    if (command === "accept" && !(from instanceof Node && this.card.contains(from))) return this.#toCard();
    if (command === "leave" && from === element("#search")) return this.#leaveSearch();
    return this.card.command(command);
  }

  #toCard() {
    if (this.card.hidden || !decidable(this.conversation?.card)) return false;
    this.card.focus({ preventScroll: true });
    return true;
  }

  #leaveSearch() {
    const search = element("#search", HTMLInputElement);
    search.value = "";
    this.#showList();
    (this.card.hidden ? search : this.card).focus();
    if (this.card.hidden) search.blur();
    return true;
  }

  help() {
    showHelp(element("#help", HTMLDialogElement), this.session.t);
  }

  #connected() {
    clearTimeout(this.brokenTimer);
    this.brokenTimer = 0;
    element("#offline").hidden = true;
    this.everything();
  }

  async #broken() {
    const banner = element("#offline");
    banner.hidden = false;
    banner.replaceChildren(icon("offline"), this.session.t("offline"));
    try {
      await get("/api/me");
    } catch (error) {
      if (isSignedOut(error)) toLogin();
    }
  }

  /** @param {{which?: string, shop?: string | null, tray?: boolean}} change */
  #filter({ which = this.which, shop = this.shop, tray = false }) {
    Object.assign(this, { which: tray ? "open" : which, shop, tray });
    this.#frame();
    void this.readList();
  }

  async #switchLanguage() {
    try {
      await this.session.speak(this.session.language === "zh" ? "en" : "zh");
    } catch (error) {
      toast(explain(error, this.session.t));
    }
    this.#frame();
    this.everything();
  }

  #toggleOrders() {
    const open = document.body.classList.toggle("orders-open");
    element("#orders-open").setAttribute("aria-expanded", String(open));
  }

  /** What does not change with the conversations: names, shops, words. */
  #frame() {
    const { me, t } = this.session;
    translate(t);
    this.list.session = this.session;
    element("#merchant").textContent = me.merchant.name;
    element("#person").replaceChildren(icon("user"), me.person.name);
    element("#back").replaceChildren(icon("back"));
    const shops = [{ id: null, name: t("list.all_shops"), platform: "" }, ...me.shops];
    element("#shops").replaceChildren(
      ...(me.shops.length > 1 ? shops : []).map((shop) =>
        h(
          "button",
          { type: "button", "aria-pressed": String(this.shop === shop.id), on: { click: () => this.#filter({ shop: shop.id, tray: this.tray }) } },
          shop.id !== null && h("span", { class: `dot platform-${shop.platform}` }),
          shop.name,
        ),
      ),
    );
    this.#showList();
    this.#showConversation();
  }
}

/** @param {Conversation} conversation */
function lastIsBuyer(conversation) {
  return conversation.messages.findLast((message) => message.role !== "system")?.role === "buyer";
}

/** @param {Element | null} node */
function isField(node) {
  return node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement;
}

/** Works also where the page is not served over https. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @param {string} text */
function toast(text) {
  const node = element("#toast");
  node.textContent = text;
  node.hidden = false;
  setTimeout(() => (node.hidden = true), 5000);
}

new Desk(await Session.begin()).begin();
