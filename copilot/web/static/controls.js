// What keys, buttons and the parts of the page ask of the desk. Decides who does it, does nothing itself.

import { post } from "./api.js";
import { decidable } from "./card/which.js";
import { showFace } from "./face.js";
import { toast } from "./frame.js";
import { showHelp } from "./help.js";
import { commandOf } from "./keys.js";
import { watchLine } from "./line.js";
import { element } from "./page.js";
import { watchSeen } from "./seen.js";
import { explain } from "./session.js";
import { showToday } from "./today.js";

/** @import {Desk} from "./app.js" */
/** @import {Change} from "./types" */

export class Controls {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** Listens to everything from now on; once. */
  wire() {
    const { desk } = this;
    this.#wireParts();
    this.#wireButtons();
    watchSeen(desk.card);
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("focusin", (event) => desk.elsewhere(event.target));
    document.addEventListener("visibilitychange", () => desk.tellSeen());
    desk.stream.addEventListener("change", (event) => desk.changed(/** @type {CustomEvent<Change>} */ (event).detail));
    watchLine(desk.stream, desk.session, () => this.#again());
    addEventListener("hashchange", () => desk.asked());
    addEventListener("beforeunload", (event) => (desk.card.unfinished || desk.acting.hold.waiting) && event.preventDefault());
  }

  /** Something may have happened that nobody told. */
  #again() {
    this.desk.talks.happened(null);
    this.desk.everything();
  }

  #wireParts() {
    const { desk } = this;
    const listen = (/** @type {string} */ name, /** @type {(detail: any) => void} */ what) =>
      document.addEventListener(name, (event) => what(/** @type {CustomEvent} */ (event).detail));
    listen("open-conversation", (id) => this.#enter(id));
    listen("step-to-conversation", (id) => desk.choose(id, { hand: false }));
    listen("need-rows", () => !desk.search.found && void desk.readList(true));
    listen("queue-act", (name) => desk.giving.act(name));
    listen("card-act", (act) => void desk.acting.act(act));
    listen("card-missed", (id) => desk.acting.missed(id));
    listen("settle-reply", ({ id, state }) => void desk.quietly(`/api/replies/${encodeURIComponent(id)}/settle`, { state }));
    listen("reword-reply", ({ text, ...besides }) => desk.card.write(text, besides));
    listen("write-first", ({ shop, order }) => void desk.first.write(shop, order));
    listen("draft-feedback", (said) => void this.#feedback(said));
    listen("read-orders", () => void desk.readOrders());
    listen("use-order", (order) => desk.card.useOrder(order));
  }

  #wireButtons() {
    const { desk } = this;
    const press = (/** @type {string} */ selector, /** @type {() => void} */ what) => element(selector).addEventListener("click", what);
    press("#tray", () => desk.narrow({ which: "open", tray: !desk.filter.tray }));
    for (const which of ["open", "all", "mine", "unassigned"]) press(`[data-list=${which}]`, () => desk.narrow({ which, tray: false }));
    for (const name of /** @type {const} */ (["owed", "approvals", "cases"])) press(`#${name}-open`, () => desk.sheets.open(name));
    element("#today-open").hidden = !desk.session.can("reply");
    press("#today-open", () => void showToday(element("#today", HTMLDialogElement), desk.session));
    press("#person", () => void showFace(element("#face", HTMLDialogElement), desk.session, () => void desk.readTeam(true)));
    press("#receives", () => void desk.quietly("/api/me/reception", { receives: element("#receives").getAttribute("aria-pressed") !== "true" }));
    press("#busy", () => void desk.quietly("/api/me/reception", { busy: element("#busy").getAttribute("aria-pressed") !== "true" }));
    element("#sort").addEventListener("change", () => desk.narrow({ sort: element("#sort", HTMLSelectElement).value }));
    press("#language", () => void desk.switchLanguage());
    press("#help-open", () => this.#help());
    press("#leave", () => void desk.session.leave());
    press("#back", () => (document.body.dataset["view"] = "list"));
    press("#orders-open", () => this.#toggleOrders());
    element("#search").addEventListener("input", () => desk.search.changed());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (document.querySelector("dialog[open]")) return;
    const command = commandOf(event, this.desk.session.keys.table);
    if (command && this.#command(command, event.target)) event.preventDefault();
  }

  /**
   * @param {string} command
   * @param {EventTarget | null} from
   * @returns {boolean} whether it meant anything
   */
  #command(command, from) {
    const { desk } = this;
    if (command === "leave" && desk.acting.hold.takeBack()) return true;
    if (command === "next" || command === "previous") return desk.move(command === "next" ? 1 : -1), true;
    if (command === "help") return this.#help(), true;
    if (command === "approvals" || command === "owed" || command === "cases") return desk.sheets.open(command);
    if (["take", "give", "mark", "tags", "end"].includes(command)) return desk.row !== undefined && (desk.giving.act(command), true);
    if (command === "leave" && from instanceof Node && desk.list.contains(from)) return this.#toCard();
    if (command === "search") return desk.search.box.focus(), true;
    // Enter from beside the card only brings the hand to it; what is sent was looked at first.
    if ((command === "accept" || command === "accept_next") && !(from instanceof Node && desk.card.contains(from))) return this.#toCard();
    if (command === "leave" && from === desk.search.box) return this.#leaveSearch(), true;
    return desk.card.command(command);
  }

  /**
   * Opened from the list: what waits for somebody is taken with it.
   * @param {string} id
   */
  #enter(id) {
    const { desk } = this;
    desk.choose(id);
    if (desk.filter.which === "unassigned" && desk.row?.place === "unassigned") desk.giving.act("take");
  }

  /** @param {{draft: string, text: string}} said */
  async #feedback({ draft, text }) {
    const place = element("draft-feedback");
    try {
      await post(`/api/drafts/${encodeURIComponent(draft)}/feedback`, { text });
      place.said();
    } catch (error) {
      place.failed(explain(error, this.desk.session.t));
    }
  }

  #toCard() {
    const { card, conversation } = this.desk;
    if (card.hidden || !decidable(conversation?.card)) return false;
    card.focus({ preventScroll: true });
    return true;
  }

  #leaveSearch() {
    const { card, search } = this.desk;
    search.clear();
    if (card.hidden) search.box.blur();
    else card.focus();
  }

  #help() {
    const { desk } = this;
    const { session } = desk;
    showHelp(element("#help", HTMLDialogElement), {
      t: session.t,
      keys: session.keys,
      hold: desk.acting.hold,
      alarm: session.can("reply") ? desk.alarm : null,
      changed: () => desk.keysChanged(),
      failed: (error) => toast(explain(error, session.t)),
    });
  }

  #toggleOrders() {
    const open = document.body.classList.toggle("orders-open");
    element("#orders-open").setAttribute("aria-expanded", String(open));
  }
}
