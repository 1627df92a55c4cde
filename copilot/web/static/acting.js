// Carries out what an agent decided on the card: sends it, after its moment where one is wanted, says how it went where it
// belongs, and goes on to whoever is due next.

import { problemOf, send, taken } from "./acts.js";
import { get } from "./api.js";
import { conversationOf } from "./card/which.js";
import { Due } from "./due.js";
import { toast } from "./frame.js";
import { Hold } from "./hold.js";
import { addressOf } from "./queue.js";
import { explain, isSignedOut, toLogin } from "./session.js";

/** @import {Desk} from "./app.js" */
/** @import {Act} from "./card/types" */
/** @import {Listing, Row} from "./types" */

const LONGEST_WAIT = 60_000; // ms that the server takes for a wait
const LOOKED_AT = 100; // rows from the top in which whoever is due next is sought

export class Acting {
  due = new Due();
  /** How many acts have been answered: what was read before an answer is older than what the card was told by it. */
  answered = 0;

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.hold = new Hold(desk.session.me.person.id);
  }

  /** @param {Act} act */
  async act(act) {
    const pressed = performance.now();
    const holds = this.hold.on;
    if (!(await this.#leaves(act))) {
      if (!this.desk.card.takenBack(act)) toast(this.desk.session.t("hold.taken_back"));
      return;
    }
    try {
      // A machine that slept in between has waited for no minute.
      await send(act, holds ? Math.min(Math.round(performance.now() - pressed), LONGEST_WAIT) : 0);
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      this.answered += 1;
      this.#refused(act, error);
      return this.desk.everything();
    }
    this.answered += 1;
    taken(act);
    this.due.took(act);
    this.desk.card.done(act);
    // What else changed by it is told by the stream.
    void this.desk.readList();
    void this.desk.readConversation();
    if (act.kind === "accept" && act.next) await this.#goOn(conversationOf(act));
  }

  /**
   * What is sent may have a moment in which it can be taken back.
   * @param {Act} act
   */
  #leaves(act) {
    if (!["accept", "edit", "reply"].includes(act.kind)) return true;
    const leaves = this.hold.moment();
    if (this.hold.waiting) this.desk.card.held(act);
    return leaves;
  }

  /**
   * Said on the card, or with the buyer's name where another one is looked at by now.
   * @param {Act} act
   * @param {unknown} error
   */
  #refused(act, error) {
    const { t } = this.desk.session;
    const problem = problemOf(error, t);
    const id = conversationOf(act);
    const { conversation } = this.desk;
    // The list may be drawn again before the conversation has been read: it must not bring the older card back.
    if (problem.card !== undefined && conversation?.id === id) this.desk.conversation = { ...conversation, card: problem.card };
    if (this.desk.card.failed(act, problem)) return;
    const sends = ["accept", "edit", "reply"].includes(act.kind);
    toast(t(sends ? "act.failed_in" : "act.refused_in", { name: this.#nameOf(id), text: problem.message }));
  }

  /**
   * Words that were pressed to be sent in a conversation, and must be looked at again, while another one is open.
   * @param {string} id
   */
  missed(id) {
    const { t } = this.desk.session;
    toast(t("act.failed_in", { name: this.#nameOf(id), text: t("act.missed") }));
  }

  /** @param {string} id */
  #nameOf(id) {
    const buyer = this.desk.listing?.conversations.find((row) => row.id === id)?.buyer ?? this.desk.talks.last(id)?.buyer;
    return buyer?.nickname || this.desk.session.t("buyer.unnamed");
  }

  /**
   * To whoever is due next in the chosen list; nobody is fetched back who has gone somewhere else meanwhile.
   * @param {string} from
   */
  async #goOn(from) {
    const person = this.desk.session.me.person.id;
    const topmost = this.desk.filter.sort === "lost" && this.desk.listing?.after === 0 ? this.desk.listing.conversations : [];
    try {
      const next = this.due.next(topmost, from, person) ?? this.due.next(await this.#mostLost(), from, person);
      if (this.desk.open !== from) return;
      if (next) this.desk.choose(next);
      else toast(this.desk.session.t("due.none"));
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      toast(explain(error, this.desk.session.t));
    }
  }

  /** @returns {Promise<Row[]>} the chosen list from its top, what is lost first above */
  async #mostLost() {
    const address = addressOf({ ...this.desk.filter, sort: "lost" });
    return /** @type {Listing} */ (await get(`${address}&after=0&limit=${LOOKED_AT}`, "high")).conversations;
  }
}
