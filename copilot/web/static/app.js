// The desk: puts list, thread, card and orders together and keeps them true. What each part looks like is its own matter.

import { problemOf, send, taken } from "./acts.js";
import { get, post, serverNow, setClock } from "./api.js";
import { rules, showApprovals, showAsked } from "./approvals.js";
import "./card/draft-card.js";
import { decidable } from "./card/face.js";
import { icon } from "./card/icons.js";
import { coalesced } from "./coalesce.js";
import { showCounts, showListState, showPerson, showShops, showThreadHead, showThreadState, toast } from "./frame.js";
import { showHelp } from "./help.js";
import { inTray } from "./inbox.js";
import { commandOf } from "./keys.js";
import { watchLine } from "./line.js";
import "./orders.js";
import { element } from "./page.js";
import { explain, isSignedOut, Session, toLogin } from "./session.js";
import { snapshotOf } from "./snapshot.js";
import { Stream } from "./stream.js";
import "./thread.js";
import { translate } from "./words.js";

/** @import {Act, Approval} from "./card/types" */
/** @import {Requests} from "./approvals.js" */
/** @import {Filter} from "./frame.js" */
/** @import {Change, Conversation, Listing, Row} from "./types" */

const TURNING = 1500; // ms the orders' button turns at least

class Desk {
  list = element("conversation-list");
  thread = element("message-thread");
  card = element("draft-card");
  orders = element("order-panel");
  /** @type {Listing | null} */
  listing = null;
  /** @type {Requests | null} */
  requests = null;
  /** @type {Conversation | null} */
  conversation = null;
  /** @type {string | null} */
  open = null;
  /** @type {Filter} */
  filter = { which: "open", shop: null, tray: false };
  readingOrders = false;
  expectTimer = 0;
  /** @type {Map<string, string>} the draft each row last had, to say which are new */
  known = new Map();
  readList = coalesced(() => this.#readList());
  readConversation = coalesced(() => this.#readConversation());
  readRequests = coalesced(() => this.#readRequests());

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
    void this.readRequests();
    this.#asked();
  }

  /** Opens the conversation that the address names. */
  #asked() {
    const asked = decodeURIComponent(location.hash.slice(1));
    if (asked && asked !== this.open) this.choose(asked);
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
    const at = this.open ? ids.indexOf(this.open) : -1;
    const to = at < 0 ? (step > 0 ? 0 : ids.length - 1) : at + step;
    const id = ids[to];
    if (id) this.choose(id);
  }

  async #readList() {
    const { which, shop } = this.filter;
    try {
      const listing = /** @type {Listing} */ (await get(`/api/conversations?list=${which}${shop ? `&shop=${encodeURIComponent(shop)}` : ""}`));
      if (which !== this.filter.which || shop !== this.filter.shop) return;
      setClock(listing.now);
      this.#announce(listing.conversations);
      this.listing = listing;
      this.#showList();
      if (this.conversation) this.#showCard(this.conversation);
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      if (!this.listing) showListState(explain(error, this.session.t), true);
    }
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
      if (this.open === id && !this.conversation) showThreadState(explain(error, this.session.t), true);
    }
  }

  async #readRequests() {
    if (!rules(this.session)) return;
    try {
      this.requests = /** @type {Requests} */ (await get("/api/approvals"));
      this.#showRequests();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
    }
  }

  #showRequests() {
    showAsked(this.session, this.requests);
    if (element("#approvals", HTMLDialogElement).open) this.openRequests();
  }

  openRequests() {
    if (!this.requests) return;
    const dialog = element("#approvals", HTMLDialogElement);
    const envOf = (/** @type {Approval} */ one) => this.session.env(this.session.shop(one.shop), () => Promise.reject(new Error("nothing is checked here")));
    const look = (/** @type {string} */ id) => (dialog.close(), this.choose(id));
    showApprovals(dialog, envOf, this.session.t, this.requests.approvals, (one, ruling) => void this.quietly(`/api/approvals/${encodeURIComponent(one.id)}/ruling`, ruling), look);
  }

  /** @param {Row[]} rows */
  #announce(rows) {
    const { t } = this.session;
    const fresh = rows.filter((row) => row.draft?.state === "proposed" && this.known.get(row.id) !== row.draft.id);
    for (const row of fresh) if (row.draft) this.known.set(row.id, row.draft.id);
    if (this.listing === null || fresh.length === 0) return;
    const names = fresh.map((row) => row.buyer.nickname || t("buyer.unnamed")).join(t("list.and"));
    element("#live").textContent = t("live.draft", { name: names });
  }

  #showList() {
    const { t } = this.session;
    const sought = element("#search", HTMLInputElement).value.trim().toLowerCase();
    const all = this.listing?.conversations ?? [];
    const rows = all.filter((row) => (!this.filter.tray || inTray(row)) && `${row.buyer.nickname ?? ""} ${row.last?.text ?? ""}`.toLowerCase().includes(sought));
    this.list.show(rows, this.open);
    showCounts(this.session, this.listing, this.filter);
    if (!this.listing) return showListState(t("thread.loading"), false);
    showListState(rows.length ? null : t(all.length ? "list.no_match" : `list.empty.${this.filter.which}`), false);
  }

  #showConversation() {
    const { t } = this.session;
    const conversation = this.conversation;
    for (const part of [this.thread, this.card, this.orders, element("#thread-head")]) part.hidden = conversation === null;
    if (!conversation) {
      this.card.show(null);
      return showThreadState(t(this.open ? "thread.loading" : "thread.none"), false);
    }
    showThreadState(null, false);
    showThreadHead(this.session, conversation);
    const env = this.#env(conversation);
    this.thread.show(env, conversation, { canReply: this.session.can("reply"), person: this.session.me.person.id });
    this.orders.show(env, conversation, { canUse: this.session.can("decide"), reading: this.readingOrders });
    this.card.env = env;
    this.#showCard(conversation);
  }

  /** @param {Conversation} conversation */
  #env(conversation) {
    const about = { conversation: conversation.id };
    return this.session.env(this.session.shop(conversation.shop), (text, draft) => post("/api/check", { text, ...about, ...(draft ? { draft } : {}) }));
  }

  /** @param {Conversation} conversation */
  #showCard(conversation) {
    const row = this.listing?.conversations.find((one) => one.id === conversation.id);
    const may = { canDecide: this.session.can("decide"), canReply: this.session.can("reply") };
    const { snapshot, left } = snapshotOf(conversation, row, this.filter.shop !== null, may);
    this.card.show(snapshot);
    clearTimeout(this.expectTimer);
    if (left > 0) this.expectTimer = window.setTimeout(() => this.conversation && this.#showCard(this.conversation), left + 100);
  }

  /** @param {Act} act */
  async act(act) {
    try {
      await send(act);
      taken(act);
      this.card.done();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      this.card.failed(problemOf(error, this.session.t));
    }
    this.everything();
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  async quietly(path, body = {}) {
    try {
      await post(path, body);
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      toast(explain(error, this.session.t));
    }
    this.everything();
  }

  async readOrders() {
    if (!this.open) return;
    const stop = serverNow() + TURNING;
    this.readingOrders = true;
    this.#showConversation();
    await this.quietly(`/api/conversations/${encodeURIComponent(this.open)}/lookup`);
    setTimeout(() => {
      this.readingOrders = false;
      void this.readConversation();
    }, stop - serverNow());
  }

  /** @param {Change} change */
  changed(change) {
    void this.readList();
    if (change.topic.startsWith("approval.")) void this.readRequests();
    if (!change.conversation || change.conversation === this.open) void this.readConversation();
  }

  everything() {
    void this.readList();
    void this.readRequests();
    void this.readConversation();
  }

  #wire() {
    this.#wireParts();
    document.addEventListener("keydown", (event) => this.#key(event));
    this.stream.addEventListener("change", (event) => this.changed(/** @type {CustomEvent<Change>} */ (event).detail));
    watchLine(this.stream, this.session, () => this.everything());
    addEventListener("hashchange", () => this.#asked());
    addEventListener("beforeunload", (event) => this.card.unfinished && event.preventDefault());
  }

  #wireParts() {
    const listen = (/** @type {string} */ name, /** @type {(detail: any) => void} */ what) =>
      document.addEventListener(name, (event) => what(/** @type {CustomEvent} */ (event).detail));
    listen("open-conversation", (id) => this.choose(id));
    listen("card-act", (act) => void this.act(act));
    listen("settle-reply", ({ id, state }) => void this.quietly(`/api/replies/${encodeURIComponent(id)}/settle`, { state }));
    listen("reword-reply", (text) => this.card.write(text));
    listen("read-orders", () => void this.readOrders());
    listen("use-order", (order) => this.card.useOrder(order));
    const press = (/** @type {string} */ selector, /** @type {() => void} */ what) => element(selector).addEventListener("click", what);
    press("#tray", () => this.#choose({ which: "open", tray: !this.filter.tray }));
    press("[data-list=open]", () => this.#choose({ which: "open", tray: false }));
    press("[data-list=all]", () => this.#choose({ which: "all", tray: false }));
    press("#language", () => void this.#switchLanguage());
    press("#help-open", () => this.#help());
    press("#approvals-open", () => this.openRequests());
    press("#leave", () => void this.session.leave());
    press("#back", () => (document.body.dataset["view"] = "list"));
    press("#orders-open", () => this.#toggleOrders());
    element("#search").addEventListener("input", () => this.#showList());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (element("#help", HTMLDialogElement).open || element("#approvals", HTMLDialogElement).open) return;
    const command = commandOf(event);
    if (command && this.#command(command, event.target)) event.preventDefault();
  }

  /**
   * @param {string} command
   * @param {EventTarget | null} from
   * @returns {boolean} whether it meant anything
   */
  #command(command, from) {
    if (command === "next" || command === "previous") return this.move(command === "next" ? 1 : -1), true;
    if (command === "help") return this.#help(), true;
    if (command === "approvals") return this.requests !== null && (this.openRequests(), true);
    if (command === "search") return element("#search").focus(), true;
    // Enter from beside the card only brings the hand to it; what is sent was looked at first.
    if (command === "accept" && !(from instanceof Node && this.card.contains(from))) return this.#toCard();
    if (command === "leave" && from === element("#search")) return this.#leaveSearch(), true;
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
    if (this.card.hidden) search.blur();
    else this.card.focus();
  }

  #help() {
    showHelp(element("#help", HTMLDialogElement), this.session.t);
  }

  /** @param {Partial<Filter>} change */
  #choose(change) {
    Object.assign(this.filter, change);
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
    translate(this.session.t);
    this.list.session = this.session;
    showPerson(this.session);
    this.#showRequests();
    showShops(this.session, this.filter, (shop) => this.#choose({ shop }));
    element("#back").replaceChildren(icon("back"));
    this.#showList();
    this.#showConversation();
  }
}

/** @param {Element | null} node */
function isField(node) {
  return node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement;
}

new Desk(await Session.begin()).begin();
