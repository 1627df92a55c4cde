// Writing first: where the words sought are the number of an order and nobody is found for them, its buyer can be written
// to; and a conversation that is over is opened again about one of its orders. Sends nothing to the buyer.

import { post } from "./api.js";
import { h } from "./card/dom.js";
import { icon } from "./card/icons.js";
import { toast } from "./frame.js";
import { element } from "./page.js";
import { explain, isSignedOut, toLogin } from "./session.js";

/** @import {Session} from "./session.js" */
/** @import {Shop} from "./types" */

/** @typedef {{session: Session, filter: {shop: string | null}, writeIn: (conversation: string) => Promise<void>}} Desk what of the desk it needs */

const NUMBER = /^(?=(?:.*\d){6})[\w-]{6,64}$/; // as platforms number orders

export class First {
  #busy = false;

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /**
   * @param {string | undefined} id of a shop
   * @returns {Shop | undefined} the shop, where its platform lets this person write first
   */
  shop(id) {
    const shop = id === undefined ? undefined : this.desk.session.shop(id);
    return shop?.writes_first && this.desk.session.can("reply") ? shop : undefined;
  }

  /**
   * Under the list: what can be done where nobody was found.
   * @param {string | null} sought the words, when nothing was found for them; null otherwise
   */
  offer(sought) {
    const place = element("#write-first");
    const { session, filter } = this.desk;
    const shops = sought !== null && NUMBER.test(sought) ? session.me.shops.filter((one) => (filter.shop ?? one.id) === one.id && this.shop(one.id)) : [];
    place.hidden = shops.length === 0;
    const made = shops.map((shop) =>
      h("button", { type: "button", class: "dc-button", "data-shop": shop.id, on: { click: () => void this.write(shop.id, sought ?? "") } }, icon("pen"), session.t("first.search", { order: sought ?? "", shop: shop.name })),
    );
    if (place.dataset["for"] !== `${sought} ${session.language}`) place.replaceChildren(...made, h("p", { class: "hint" }, session.t("first.about")));
    place.dataset["for"] = `${sought} ${session.language}`;
  }

  /**
   * Opens the conversation with the buyer of an order, and a box to write in.
   * @param {string} shop
   * @param {string} order
   */
  async write(shop, order) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const { id } = /** @type {{id: string}} */ (await post(`/api/shops/${encodeURIComponent(shop)}/conversations`, { order }));
      await this.desk.writeIn(id);
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      toast(explain(error, this.desk.session.t));
    } finally {
      this.#busy = false;
    }
  }
}
