// The panel: the desk's own card for the one conversation that the tool around it shows. Signed in apart from the desk.

import { problemOf, send, taken } from "../acts.js";
import { get, post, setClock, useBearer } from "../api.js";
import { showTrouble, watchTrouble } from "../beside.js";
import "../card/draft-card.js";
import { coalesced } from "../coalesce.js";
import { connect } from "../connection.js";
import { commandOf } from "../keys.js";
import { element } from "../page.js";
import { phrasesOf } from "../phrases.js";
import { watchSeen } from "../seen.js";
import { before, explain, isSignedOut, Session } from "../session.js";
import { snapshotOf } from "../snapshot.js";
import { translating } from "../typed.js";
import { speak, translate } from "../words.js";
import { enter } from "./enter.js";
import { Handed } from "./handed.js";
import { Host } from "./host.js";
import { FetchSource } from "./source.js";

/** @import {Act} from "../card/types" */
/** @import {Told} from "../connection.js" */
/** @import {Conversation, Listing} from "../types" */

const COMMANDS = /^(accept|edit|reject|option\d|own|newer|send|leave)$/;
const BROKEN_FOR = 2000; // ms without a stream before people are told
const LOOK = 200; // ms between two looks whether the card's words may be inserted

class Panel {
  host = new Host();
  card = element("draft-card");
  t = speak(before());
  /** @type {Session | null} */
  session = null;
  /** @type {string | null} as the host calls it */
  named = null;
  /** @type {string | null} as we call it */
  open = null;
  /** @type {Conversation | null} */
  conversation = null;
  /** @type {{close: () => void} | null} */
  line = null;
  brokenTimer = 0;
  expectTimer = 0;
  read = coalesced(() => this.#read());
  /** Has it looked at whether a reply did not leave, in whichever conversation. */
  trouble = () => {};
  handed = new Handed(this.host, () => void this.read(), (error) => this.#failed(error));

  begin() {
    translate(this.t);
    this.host.addEventListener("open", (event) => void this.#named(/** @type {CustomEvent<string>} */ (event).detail));
    element("#enter").addEventListener("click", () => void this.#enter());
    element("#insert").addEventListener("click", () => this.#insert());
    element("#leave").addEventListener("click", () => void this.#leave());
    document.addEventListener("card-act", (event) => void this.#act(/** @type {CustomEvent<Act>} */ (event).detail));
    document.addEventListener("keydown", (event) => {
      const command = commandOf(event, this.session?.keys.table.filter((key) => COMMANDS.test(key.command)) ?? []);
      const beside = !(event.target instanceof Node && this.card.contains(event.target));
      if (command === "accept" && beside) return;
      if (command && !this.card.hidden && this.card.command(command)) event.preventDefault();
    });
    watchSeen(this.card);
    setInterval(() => this.#offer(), LOOK);
    this.trouble = watchTrouble(() => this.session);
    this.host.begin();
    this.#show();
  }

  async #enter() {
    if (!this.host.origin) return;
    try {
      await enter(this.host.origin, this.session?.language ?? before());
      this.session = new Session(await get("/api/me"));
      this.t = this.session.t;
      translate(this.t);
      this.line?.close();
      this.line = connect((told) => this.#told(told), (address) => new FetchSource(address));
      this.open = null;
      if (this.named) await this.#find(this.named);
      else this.#show();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #leave() {
    await post("/api/logout").catch(() => null);
    this.#out();
  }

  /** Nobody is signed in any more; what was begun stays in the card until somebody is. */
  #out() {
    this.line?.close();
    [this.line, this.session] = [null, null];
    useBearer("");
    element("#offline").hidden = true;
    this.#show();
  }

  /** @param {string} name */
  async #named(name) {
    if (name === this.named && this.open) return;
    this.named = name;
    [this.open, this.conversation] = [null, null];
    this.#show();
    if (this.session) await this.#find(name);
  }

  /** @param {string} name */
  async #find(name) {
    try {
      const asked = new URLSearchParams({ host: this.host.origin ?? "", ref: name });
      const { conversation } = await get(`/api/panel/conversation?${asked}`);
      if (this.named !== name) return;
      this.open = conversation;
      await this.read(true);
    } catch (error) {
      if (this.named === name) this.#failed(error);
    }
  }

  async #read() {
    const id = this.open;
    if (!id || !this.session) return;
    try {
      const path = encodeURIComponent(id);
      const [conversation, listing] = await Promise.all([
        /** @type {Promise<Conversation>} */ (get(`/api/conversations/${path}`)),
        /** @type {Promise<Listing>} */ (get(`/api/conversations?list=all&around=${path}&limit=1`)),
      ]);
      if (this.open !== id || !this.session) return;
      setClock(conversation.now);
      this.conversation = conversation;
      this.row = listing.conversations.find((row) => row.id === id);
      this.#show();
    } catch (error) {
      if (this.open === id) this.#failed(error);
    }
  }

  /** @param {Act} act */
  async #act(act) {
    try {
      await send(act);
      taken(act);
      this.card.done(act);
    } catch (error) {
      if (isSignedOut(error)) this.#out();
      this.card.failed(act, problemOf(error, this.t));
    }
    void this.read();
  }

  /** @param {Told} told */
  #told(told) {
    if (told.type === "change" ? told.change.topic.startsWith("reply.") : told.type === "reset" || told.state === "open") this.trouble();
    if (told.type === "reset") return void this.read();
    if (told.type === "state") return this.#line(told.state);
    const { topic, conversation } = told.change;
    if (conversation && conversation !== this.open) return;
    void this.read();
    const sent = topic === "reply.sent" && conversation !== null && this.named !== null;
    if (sent) this.host.tell({ type: "reply-copilot:sent", conversation: this.named ?? "" });
  }

  /** @param {"open" | "broken"} state */
  #line(state) {
    if (state === "open") {
      clearTimeout(this.brokenTimer);
      this.brokenTimer = 0;
      element("#offline").hidden = true;
      return void this.read();
    }
    this.brokenTimer ||= window.setTimeout(() => {
      element("#offline").textContent = this.t("offline");
      element("#offline").hidden = false;
      void get("/api/me").catch((error) => isSignedOut(error) && this.#out());
    }, BROKEN_FOR);
  }

  #insert() {
    const text = this.card.acceptable;
    if (text !== null && this.named) this.host.tell({ type: "reply-copilot:insert", conversation: this.named, text });
  }

  /** The words of the card may be inserted exactly while one press would send them. */
  #offer() {
    const able = this.session !== null && !this.card.hidden && this.card.acceptable !== null;
    element("#insert").hidden = !able;
  }

  /** @param {unknown} error */
  #failed(error) {
    if (isSignedOut(error)) return this.#out();
    this.#say(error instanceof Error && "status" in error && error.status === 404 ? this.t("panel.unknown") : explain(error, this.t), true);
  }

  #show() {
    const { session, conversation } = this;
    clearTimeout(this.expectTimer);
    showTrouble(session);
    element("#enter").hidden = session !== null || this.host.origin === null;
    element("#leave").hidden = session === null;
    this.card.hidden = !session || !conversation;
    element("#buyer").textContent = (session && conversation && (conversation.buyer.nickname || this.t("buyer.unnamed"))) || "reply-copilot";
    this.handed.show(session?.can("reply") ? conversation : null, this.named);
    if (!session) return this.#say(this.t(this.host.origin ? "panel.out" : "panel.alone"), false);
    if (!conversation) {
      this.card.show(null);
      return this.#say(this.t(this.named ? "thread.loading" : "panel.none"), false);
    }
    this.#say(null, false);
    const about = { conversation: conversation.id };
    const env = session.env(session.shop(conversation.shop), (text, draft) => post("/api/check", { text, ...about, ...(draft ? { draft } : {}) }));
    const writing = { translate: translating(conversation.id), phrases: phrasesOf(conversation.shop, env.language) };
    this.card.env = session.can("reply") ? { ...env, ...writing } : env;
    const may = { canDecide: session.can("decide"), canReply: session.can("reply") };
    const { snapshot, left } = snapshotOf(conversation, this.row, false, may);
    this.card.show(snapshot);
    if (left > 0) this.expectTimer = window.setTimeout(() => this.#show(), left + 100);
  }

  /** @type {import("../types").Row | undefined} */
  row;

  /**
   * @param {string | null} text
   * @param {boolean} bad
   */
  #say(text, bad) {
    const state = element("#state");
    state.hidden = text === null;
    state.classList.toggle("bad", bad);
    if (text !== null) state.textContent = text;
  }
}

new Panel().begin();
