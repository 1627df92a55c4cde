// The lists that lie over the desk: what is owed, what supervisors are asked, the cases. Reads them and keeps them true.

import { get } from "./api.js";
import { rules, showApprovals, showAsked } from "./approvals.js";
import { CASES, showCases, showCasesButton } from "./cases.js";
import { coalesced } from "./coalesce.js";
import { showOwed, showOwedList } from "./owed.js";
import { element } from "./page.js";
import { isSignedOut, toLogin } from "./session.js";

/** @import {Requests} from "./approvals.js" */
/** @import {CaseFilter} from "./cases.js" */
/** @import {Session} from "./session.js" */
/** @import {CaseList, Change, OwedList, OwedRow} from "./types" */

/** @typedef {"owed" | "approvals" | "cases"} Name */
/** @typedef {{choose: (id: string) => void, quietly: (path: string, body?: object) => Promise<void>}} Desk */

export class Sheets {
  /** @type {OwedList | null} */
  owed = null;
  /** @type {Requests | null} */
  requests = null;
  /** @type {CaseList | null} */
  cases = null;
  /** @type {CaseFilter} */
  filter = { list: CASES[0], issue: null };
  readOwed = coalesced(() => this.#take(async () => void (this.owed = await get("/api/commitments"))));
  readRequests = coalesced(() => this.#take(async () => void (this.requests = await get("/api/approvals"))));
  readCases = coalesced(() => this.#take(() => this.#readCases(null)));

  /**
   * @param {Session} session
   * @param {Desk} desk
   */
  constructor(session, desk) {
    this.session = session;
    this.desk = desk;
  }

  read() {
    void this.readOwed();
    if (rules(this.session)) void this.readRequests();
    if (this.#isOpen("cases")) void this.readCases();
  }

  /** @param {Change} change */
  changed({ topic }) {
    if (topic.startsWith("commitment.")) void this.readOwed();
    if (topic.startsWith("approval.") && rules(this.session)) void this.readRequests();
    if (this.#isOpen("cases") && /^(commitment\.|conversation\.changed|message\.received|reply\.sent)/.test(topic)) void this.readCases();
  }

  /** Shows what is known: the counts on top of the page, and the list that is open. */
  show() {
    showOwed(this.session, this.owed);
    showAsked(this.session, this.requests);
    showCasesButton(this.session);
    for (const name of /** @type {const} */ (["owed", "approvals", "cases"])) if (this.#isOpen(name)) this.#draw(name);
  }

  /**
   * @param {Name} name
   * @returns {boolean} whether there is such a list for this person
   */
  open(name) {
    if (name === "owed" ? !this.owed : name === "approvals" && !this.requests) return false;
    if (name === "cases") void this.readCases(true);
    this.#draw(name);
    return true;
  }

  /** @param {Name} name */
  #isOpen(name) {
    return element(`#${name}`, HTMLDialogElement).open;
  }

  /** @param {() => Promise<void>} reading */
  async #take(reading) {
    try {
      await reading();
      this.show();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
    }
  }

  /** @param {string | null} after where the next page begins */
  async #readCases(after) {
    const { list, issue } = this.filter;
    const query = new URLSearchParams({ list, ...(issue ? { issue } : {}), ...(after ? { after } : {}) });
    const read = /** @type {CaseList} */ (await get(`/api/cases?${query}`));
    if (list !== this.filter.list || issue !== this.filter.issue) return;
    this.cases = after && this.cases ? { ...read, cases: [...this.cases.cases, ...read.cases] } : read;
  }

  /** @param {Name} name */
  #draw(name) {
    const dialog = element(`#${name}`, HTMLDialogElement);
    const { session, desk } = this;
    const envOf = (/** @type {{shop: string}} */ one) => session.env(session.shop(one.shop), () => Promise.reject(new Error("nothing is checked here")));
    const look = (/** @type {string} */ id) => (dialog.close(), desk.choose(id));
    if (name === "owed" && this.owed) {
      const settle = (/** @type {OwedRow} */ one, /** @type {string} */ state, /** @type {string} */ evidence) =>
        void desk.quietly(`/api/commitments/${encodeURIComponent(one.id)}/settle`, { state, ...(evidence ? { evidence } : {}) });
      showOwedList(dialog, envOf, session, this.owed.commitments, settle, look);
    }
    if (name === "approvals" && this.requests)
      showApprovals(dialog, envOf, session.t, this.requests.approvals, (one, ruling) => void desk.quietly(`/api/approvals/${encodeURIComponent(one.id)}/ruling`, ruling), look);
    if (name === "cases")
      showCases(dialog, envOf, session, this.cases, this.filter, {
        choose: (change) => (Object.assign(this.filter, change), this.#draw("cases"), void this.readCases(true)),
        more: (after) => void this.#take(() => this.#readCases(after)),
        resolve: (one) => void desk.quietly(`/api/conversations/${encodeURIComponent(one.conversation)}/cases/${encodeURIComponent(one.id)}/resolve`),
        look,
      });
  }
}
