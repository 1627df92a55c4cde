// The desk: puts list, thread, card and orders together and keeps them true. What each part looks like is its own matter.

import { tellAbsence } from "./absent.js";
import { Acting } from "./acting.js";
import { behindPaint, oncePainted } from "./after.js";
import { Ahead } from "./ahead.js";
import { Alarm } from "./alarm.js";
import { get, post, serverNow, setClock } from "./api.js";
import "./card/draft-card.js";
import "./card/feedback.js";
import { icon } from "./card/icons.js";
import { coalesced } from "./coalesce.js";
import { Controls } from "./controls.js";
import { First } from "./first.js";
import { showCounts, showListState, showPerson, showSelf, showShops, showThreadHead, showThreadState, toast } from "./frame.js";
import { Giving } from "./giving.js";
import "./inbox.js";
import "./orders.js";
import { element } from "./page.js";
import { phrasesOf } from "./phrases.js";
import { Platform } from "./platform.js";
import { previewOf } from "./preview.js";
import { addressOf, showFilters, showHolding, showToggle } from "./queue.js";
import { Search } from "./search.js";
import { explain, isSignedOut, Session, toLogin } from "./session.js";
import { Sheets } from "./sheets.js";
import { snapshotOf } from "./snapshot.js";
import { Stream } from "./stream.js";
import { Talks } from "./talks.js";
import "./thread.js";
import { translating } from "./typed.js";
import { translate } from "./words.js";

/** @import {Filter} from "./frame.js" */
/** @import {Change, Conversation, Listing, Row, Team} from "./types" */

const STRETCH = 100; // rows of the list that are read at once
const AHEAD = 40; // of them above the first one on screen
const TURNING = 1500; // ms the orders' button turns at least
const SEEN = "conversation.viewed"; // somebody looked at it: its row changes, and nothing in it
const APART = 250; // ms between two readings of the list by itself: at a peak something happens all the time
const ADDRESS = 100; // ms after which the address follows the conversation

export class Desk {
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
  /** @type {string | null} the conversation that opened by itself and that nobody has gone into yet */
  offered = null;
  /** @type {string | null} the conversation whose card the hand is on its way to */
  wanted = null;
  /** @type {Filter} */
  filter = { which: "open", shop: null, tray: false, narrow: null, sort: "lost" };
  /** @type {Row | undefined} the row of the open conversation as the list last showed it */
  shown;
  /** @type {Team | null} */
  team = null;
  /** @type {string | null} the conversation around which the list is read next */
  around = null;
  /** Whether the open conversation does not stand in the chosen list at all. */
  lost = false;
  /** @type {string} the newest message that was told as seen */
  seen = "";
  readingOrders = false;
  expectTimer = 0;
  addressTimer = 0;
  talks = new Talks();
  ahead = new Ahead(this.talks);
  /** @type {Map<string, string>} the draft each row last had, to say which are new */
  known = new Map();
  readList = coalesced(() => this.#readList(), APART);
  readConversation = coalesced(async () => undefined);
  readTeam = coalesced(() => this.#readTeam(), APART);

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.acting = new Acting(this);
    this.first = new First(this);
    this.search = new Search(this);
    this.sheets = new Sheets(session, this);
    this.giving = new Giving(session, this);
    this.platform = new Platform(this);
    const shows = (/** @type {string} */ id) => id === this.open && !document.hidden;
    this.alarm = new Alarm(session.me.person.alert, { shows, rows: () => this.listing?.conversations ?? [] });
    this.stream = new Stream(`${session.me.merchant.slug} ${session.me.person.id}`);
  }

  begin() {
    new Controls(this).wire();
    this.#frame();
    // The pages beside the desk lead to what did not leave.
    if (new URLSearchParams(location.search).has("failed")) {
      this.filter.tray = true;
      history.replaceState(null, "", location.pathname + location.hash);
    }
    // Whoever opens the page waits for the list. When the stream stands, all that is shown is read again.
    void this.readList(true).then(() => behindPaint(() => this.#beside()));
    this.asked();
  }

  #beside() {
    this.stream.open();
    void this.readTeam();
    this.sheets.read();
  }

  /** Opens the conversation that the address names. */
  asked() {
    const asked = decodeURIComponent(location.hash.slice(1));
    if (asked && asked !== this.open) this.choose(asked);
  }

  /**
   * @param {string} id
   * @param {{hand?: boolean}} [how] whether the hand goes to the card
   */
  choose(id, { hand = true } = {}) {
    if (hand) document.body.dataset["view"] = "thread";
    this.offered = null;
    this.wanted = hand ? id : null;
    if (this.open === id) return this.#handOver();
    this.open = id;
    this.conversation = this.talks.fresh(id);
    // The next one is read beside the one before, not behind it.
    this.readConversation = coalesced(() => this.#readConversation(id));
    // Nobody waits for the address, and browsers let it change only so often.
    clearTimeout(this.addressTimer);
    this.addressTimer = window.setTimeout(() => history.replaceState(null, "", `#${encodeURIComponent(id)}`), ADDRESS);
    this.list.turnTo(id);
    this.#showConversation();
    // What is known as it is stands there; it is looked at again once it was painted.
    void this.readConversation(this.conversation === null);
  }

  /**
   * Opens a conversation with a box to write in.
   * @param {string} id
   */
  async writeIn(id) {
    this.choose(id);
    await this.readConversation(true);
    if (this.open === id) this.card.write("");
  }

  /** Brings the hand to the card that it was meant for, as soon as that is there; what somebody types in is left alone. */
  #handOver() {
    if (this.wanted === null || this.wanted !== this.conversation?.id || isField(document.activeElement)) return;
    // To focus what has the focus would lay out the page once more.
    if (document.activeElement !== this.card) this.card.focus({ preventScroll: true });
    if (document.activeElement === this.card) this.wanted = null;
  }

  /**
   * Whoever goes to another part meanwhile is not fetched back from it.
   * @param {EventTarget | null} to
   */
  elsewhere(to) {
    if (!(to instanceof Node && (this.card.contains(to) || this.list.contains(to)))) this.wanted = null;
  }

  /** @param {number} step */
  move(step) {
    // What opened by itself is the most urgent: the first step goes into it, and not past it.
    if (step > 0 && this.offered !== null && this.offered === this.open) return this.choose(this.offered);
    const at = this.list.placeOf(this.open);
    if (at < 0 && this.open && this.list.total > STRETCH && !this.lost) return void this.#moveFrom(this.open, step);
    const to = at < 0 ? (step > 0 ? 0 : this.list.total - 1) : at + step;
    const id = this.list.idAt(to) ?? this.open;
    if (id) this.choose(id);
  }

  /**
   * One step from a conversation that stands where the list is not looked at: first it is looked at there.
   * @param {string} from
   * @param {number} step
   */
  async #moveFrom(from, step) {
    this.around = from;
    await this.readList(true);
    this.lost = this.list.placeOf(from) < 0;
    if (this.open === from) this.move(step);
    this.lost = false;
  }

  async #readList() {
    const asked = addressOf(this.filter);
    const stretch = this.around ? `around=${encodeURIComponent(this.around)}` : `after=${Math.max(this.list.top - AHEAD, 0)}`;
    this.around = null;
    try {
      const listing = /** @type {Listing} */ (await get(`${asked}&${stretch}&limit=${STRETCH}`));
      if (asked !== addressOf(this.filter)) return;
      setClock(listing.now);
      this.#announce(listing.conversations);
      const opens = this.listing === null;
      this.listing = listing;
      this.showList();
      // The rows are there before the first of them opens by itself.
      if (opens) oncePainted(() => this.#first());
      else this.#first();
      this.#readAhead();
      await this.#readRow();
      if (this.conversation) {
        this.#showCard(this.conversation);
        this.#showOrders(this.conversation);
      } else if (!this.thread.hidden) this.#showConversation();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      if (!this.listing) showListState(explain(error, this.session.t), true);
    }
  }

  /** The steps from here and the most urgent ones come next, but never before what is asked for. */
  #readAhead() {
    const at = this.list.placeOf(this.open);
    const next = [at + 1, 0, 1, at + 2, at - 1].map((place) => this.list.idAt(place));
    if (this.conversation) this.ahead.want(next.filter((id) => id !== this.open));
  }

  /** Of the open conversation, when the list no longer shows it: with whom it is now. */
  async #readRow() {
    const id = this.open;
    if (!id || this.list.placeOf(id) >= 0) return;
    const { conversations } = /** @type {Listing} */ (await get(`/api/conversations?list=all&around=${encodeURIComponent(id)}&limit=1`));
    const row = conversations.find((one) => one.id === id);
    if (!row || this.open !== id) return;
    this.shown = row;
    this.#showQueue();
  }

  /** The first conversation opens by itself where there is room for it; the hand stays where it is. */
  #first() {
    const first = this.list.idAt(0);
    if (this.open || !first || !matchMedia("(min-width: 721px)").matches) return;
    this.choose(first, { hand: false });
    this.offered = first;
  }

  async #readTeam() {
    try {
      this.team = /** @type {Team} */ (await get("/api/team"));
      this.#showQueue();
      this.#showSelf();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
    }
  }

  /** The row of the open conversation, wherever it is shown. */
  get row() {
    const rows = [...(this.listing?.conversations ?? []), ...(this.search.found ?? [])];
    const found = rows.find((one) => one.id === this.open);
    // Scrolled away, or in another list now, it is what was last read of it.
    if (found) this.shown = found;
    return this.shown?.id === this.open ? this.shown : undefined;
  }

  /** How the others see who sits here, by what the team was last told. */
  #showSelf() {
    const { person } = this.session.me;
    const me = this.team?.people.find((one) => one.id === person.id);
    showSelf(me?.name ?? person.name, me?.avatar ?? null);
  }

  #showQueue() {
    const { session, team } = this;
    showToggle(session, team);
    for (const which of ["mine", "unassigned"]) element(`[data-list=${which}]`).hidden = !team?.applicable;
    element(".tabs").classList.toggle("tabs-four", Boolean(team?.applicable));
    showFilters(session, this.listing, this.filter, (change) => this.narrow(change));
    showHolding(session, this.row, team);
  }

  /** What the person looks at has been seen, once it is there. */
  tellSeen() {
    oncePainted(() => this.#tellSeen());
  }

  #tellSeen() {
    const newest = this.conversation?.messages.at(-1)?.id;
    if (!newest || newest === this.seen || document.hidden || !this.session.can("reply") || !this.row?.unread) return;
    this.seen = newest;
    void post(`/api/conversations/${encodeURIComponent(this.conversation?.id ?? "")}/view`, { message: newest }).catch(() => (this.seen = ""));
  }

  /** @param {string} id */
  async #readConversation(id) {
    // Passed by before anybody asked.
    if (this.open !== id) return;
    const moment = this.talks.moment(id);
    const { answered } = this.acting;
    try {
      const conversation = /** @type {Conversation} */ (await get(`/api/conversations/${encodeURIComponent(id)}`, "high"));
      this.talks.keep(conversation, moment);
      if (this.open !== id) return;
      // It is read again behind every answer.
      if (this.conversation && answered !== this.acting.answered) return;
      setClock(conversation.now);
      this.conversation = conversation;
      this.#showConversation();
      this.#readAhead();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      if (this.open === id && !this.conversation) this.#showNothing(explain(error, this.session.t), true);
    }
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

  showList() {
    const { t } = this.session;
    const all = this.listing?.conversations ?? [];
    const rows = this.search.among(all);
    const whole = { rows, from: this.listing?.after ?? 0, total: this.listing?.total ?? rows.length };
    this.list.show(this.search.words ? { rows, from: 0, total: rows.length } : whole, this.open);
    showCounts(this.session, this.listing, this.filter);
    this.#showQueue();
    this.tellSeen();
    if (!this.listing) return showListState(t("thread.loading"), false);
    showListState(rows.length ? null : t(all.length ? "list.no_match" : `list.empty.${this.filter.which}`), false);
  }

  #showConversation() {
    const { t } = this.session;
    const conversation = this.conversation ?? (this.row && previewOf(this.row, this.talks.last(this.row.id)));
    if (!conversation) return this.#showNothing(t(this.open ? "thread.loading" : "thread.none"), false);
    for (const part of this.#parts) part.hidden = false;
    showThreadState(null, false);
    showThreadHead(this.session, conversation);
    showHolding(this.session, this.row, this.team);
    this.tellSeen();
    const env = this.#env(conversation);
    this.thread.show(env, conversation, { canReply: this.session.can("reply"), person: this.session.me.person.id });
    this.platform.show(conversation);
    this.#showOrders(conversation);
    this.card.env = env;
    this.#showCard(conversation);
  }

  /** The parts that show a conversation. */
  get #parts() {
    return [this.thread, this.card, this.orders, element("#thread-head")];
  }

  /**
   * @param {string} why
   * @param {boolean} bad
   */
  #showNothing(why, bad) {
    for (const part of this.#parts) part.hidden = true;
    this.card.show(null);
    element("draft-feedback").show(null, this.session.t);
    showThreadState(why, bad);
  }

  /** @param {Conversation} conversation */
  #showOrders(conversation) {
    const over = this.row?.place === "history";
    const canWrite = over && this.first.shop(conversation.shop) !== undefined;
    const { platform, readingOrders: reading } = this;
    const card = platform.takes(conversation).cards.includes("order") ? (/** @type {string} */ id) => platform.card(conversation, id) : null;
    this.orders.show(this.#env(conversation), conversation, { canUse: this.session.can("decide"), canWrite, reading, pages: platform.pages(conversation), card });
  }

  /** More is known of what the platform offers. */
  platformKnown() {
    if (!this.conversation) return;
    this.platform.show(this.conversation);
    this.#showOrders(this.conversation);
  }

  /** @param {Conversation} conversation */
  #env(conversation) {
    const about = { conversation: conversation.id };
    const env = this.session.env(this.session.shop(conversation.shop), (text, draft) => post("/api/check", { text, ...about, ...(draft ? { draft } : {}) }));
    if (!this.session.can("reply")) return env;
    return { ...env, translate: translating(conversation.id), phrases: phrasesOf(conversation.shop, env.language) };
  }

  /** @param {Conversation} conversation */
  #showCard(conversation) {
    const row = this.row?.id === conversation.id ? this.row : undefined;
    const may = { canDecide: this.session.can("decide"), canReply: this.session.can("reply"), goesOn: true };
    const { snapshot, left } = snapshotOf(conversation, row, this.filter.shop !== null, may);
    this.card.show(snapshot);
    element("draft-feedback").show(conversation.card, this.session.t);
    this.#handOver();
    clearTimeout(this.expectTimer);
    if (left > 0) this.expectTimer = window.setTimeout(() => this.conversation && this.#showCard(this.conversation), left + 100);
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
    this.acting.due.changed(change);
    this.alarm.heard(change);
    void tellAbsence(this.session, change).catch(() => undefined);
    // Of an erased buyer nothing is left.
    if (change.topic === "conversation.changed") this.talks.forget(change.conversation);
    else if (change.topic !== SEEN) this.talks.happened(change.conversation);
    this.ahead.again();
    void this.readList();
    if (/^(reception|conversation)\./.test(change.topic) && change.topic !== SEEN) void this.readTeam();
    this.sheets.changed(change);
    const here = !change.conversation || change.conversation === this.open;
    if (here && change.topic !== SEEN) void this.readConversation();
  }

  everything() {
    void this.readList();
    void this.readConversation();
    void this.readTeam();
    this.sheets.read();
  }

  /** @param {Partial<Filter>} change */
  narrow(change) {
    Object.assign(this.filter, change);
    this.list.scrollTo(0, 0);
    this.#frame();
    void this.readList(true);
  }

  /** Keys stand on buttons. */
  keysChanged() {
    this.#showQueue();
    this.card.renew();
  }

  async switchLanguage() {
    try {
      await this.session.speak(this.session.language === "zh" ? "en" : "zh");
    } catch (error) {
      toast(explain(error, this.session.t));
    }
    this.talks.forget(null);
    this.#frame();
    this.everything();
  }

  /** What does not change with the conversations: names, shops, words. */
  #frame() {
    translate(this.session.t);
    this.list.session = this.session;
    showPerson(this.session);
    this.#showSelf();
    this.sheets.show();
    showShops(this.session, this.filter, (shop) => this.narrow({ shop }));
    element("#back").replaceChildren(icon("back"));
    this.showList();
    this.#showConversation();
  }
}

/** @param {Element | null} node */
function isField(node) {
  return node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement;
}

new Desk(await Session.begin()).begin();
