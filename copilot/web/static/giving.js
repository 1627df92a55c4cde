// What a person does with a conversation: takes, marks, tags, ends it, gives one or everything away, forgets its buyer. Keeps
// nothing.

import { post } from "./api.js";
import { showBuyer } from "./buyer.js";
import { h } from "./card/dom.js";
import { toast } from "./frame.js";
import { element } from "./page.js";
import { showTeam } from "./queue.js";
import { explain, isSignedOut, toLogin } from "./session.js";

/** @import {Session} from "./session.js" */
/** @import {Conversation, Listing, Row, Team} from "./types" */

/**
 * @typedef {{row: Row | undefined, open: string | null, conversation: Conversation | null, team: Team | null, listing: Listing | null, everything: () => void,
 *   quietly: (path: string, body?: object) => Promise<void>}} Desk what of the desk it needs
 */

export class Giving {
  /**
   * @param {Session} session
   * @param {Desk} desk
   */
  constructor(session, desk) {
    this.session = session;
    this.desk = desk;
  }

  /** @param {string} name */
  act(name) {
    const { row, open: id } = this.desk;
    if (!row || !id || !this.session.can("reply")) return;
    const at = `/api/conversations/${encodeURIComponent(id)}`;
    if (name === "take" && row.place === "unassigned") void this.desk.quietly(`${at}/take`);
    if (name === "mark") void this.desk.quietly(`${at}/mark`, { marked: !row.marked });
    if (name === "end" && row.place !== "history" && (!row.waiting_since || confirm(this.session.t("act.end.sure")))) void this.desk.quietly(`${at}/end`);
    if (name === "give") this.#give(row, at);
    if (name === "tags") this.#tag(row, at);
  }

  /**
   * @param {Row} row
   * @param {string} at
   */
  #tag(row, at) {
    const known = [...new Set((this.desk.listing?.conversations ?? []).flatMap((one) => one.tags ?? []))];
    const shown = this.desk.conversation;
    const buyer = shown?.id === row.id && !shown.loading && shown.buyer.id ? shown.buyer : null;
    showBuyer(element("#tags", HTMLDialogElement), this.session, row, buyer, known, {
      keep: (tags) => void this.desk.quietly(`${at}/tags`, { tags }),
      keepBuyer: (change) => void this.desk.quietly(`${at}/buyer-tags`, change),
      forget: () => void this.#forget(at),
    });
  }

  /** @param {string} at */
  async #forget(at) {
    const { t } = this.session;
    try {
      const { conversations } = /** @type {{conversations: number}} */ (await post(`${at}/erase-buyer`));
      toast(t("forget.done", { n: conversations }));
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      toast(explain(error, t));
    }
    this.desk.everything();
  }

  /**
   * @param {Row} row
   * @param {string} at
   */
  #give(row, at) {
    const { team } = this.desk;
    if (!team?.applicable || row.how === "platform") return;
    const { t } = this.session;
    const dialog = element("#team", HTMLDialogElement);
    const give = (/** @type {string | null} */ to, /** @type {string} */ note) =>
      void this.desk.quietly(`${at}/give`, { to, holder: row.holder?.id ?? null, ...(note ? { note } : {}) });
    showTeam(dialog, this.session, team, { title: t("give.title"), all: false }, give);
    if (row.holder?.id !== this.session.me.person.id) return;
    const everything = h("button", { type: "button", id: "give-all", class: "dc-button", on: { click: () => this.#giveAll(team) } }, t("give.all"));
    dialog.querySelector("form")?.before(everything);
  }

  /** @param {Team} team */
  #giveAll(team) {
    const { t, me } = this.session;
    const give = async (/** @type {string | null} */ to, /** @type {string} */ note) => {
      try {
        const { moved } = await post("/api/handover", { holder: me.person.id, to, ...(note ? { note } : {}) });
        toast(t("give.done", { n: moved.length }));
      } catch (error) {
        if (isSignedOut(error)) return toLogin();
        toast(explain(error, t));
      }
      this.desk.everything();
    };
    showTeam(element("#team", HTMLDialogElement), this.session, team, { title: t("give.all.title"), all: true }, (to, note) => void give(to, note));
  }
}
