// What the platform of the open conversation offers besides texts: its own pages, and the pictures, videos and cards that it
// takes. Read behind what is painted; a picture or a card is looked at once more before it leaves.

import { uuid } from "./acts.js";
import { oncePainted } from "./after.js";
import { get, post, put } from "./api.js";
import { h } from "./card/dom.js";
import { icon } from "./card/icons.js";
import { element } from "./page.js";
import { explain, isSignedOut, toLogin } from "./session.js";

/** @import {Session} from "./session.js" */
/** @import {Conversation, Pages, Takes} from "./types" */

/** @typedef {{session: Session, open: string | null, platformKnown: () => void}} Desk what of the desk it needs: told when more is known */

const LATER = 250; // ms after the paint: whoever only passes by asks for nothing
/** @type {Takes} */
const NOTHING = { files: [], cards: [] };
const TYPES = { image: "image/png,image/jpeg,image/webp,image/gif", video: "video/mp4" };

export class Platform {
  /** @type {Map<string, Takes>} by shop */
  #takes = new Map();
  /** @type {{of: string, pages: Pages} | null} of the conversation and orders that were looked at last */
  #pages = null;
  #timer = 0;

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.file = h("input", { type: "file", class: "unseen", tabindex: -1, "aria-hidden": "true" });
    this.file.addEventListener("change", () => this.file.files?.[0] && this.#ask(this.file.files[0]));
    element("#attach").append(icon("image"));
    element("#attach").addEventListener("click", () => this.#choose());
    element("#thread-link").append(icon("out"));
  }

  /** @type {Conversation | null} */
  #conversation = null;

  /**
   * Another conversation stands there, or the same one as it is now.
   * @param {Conversation} conversation
   */
  show(conversation) {
    this.#conversation = conversation;
    const { t } = this.desk.session;
    element("#attach").hidden = this.takes(conversation).files.length === 0;
    const page = this.pages(conversation)?.conversation;
    const link = element("#thread-link", HTMLAnchorElement);
    link.hidden = !page;
    if (page) link.href = page;
    for (const [part, words] of /** @type {const} */ ([[element("#attach"), t("attach")], [link, t("link.conversation")]])) {
      part.title = words;
      part.setAttribute("aria-label", words);
    }
    if (conversation.loading || (this.pages(conversation) && this.#takes.has(conversation.shop))) return;
    clearTimeout(this.#timer);
    oncePainted(() => (this.#timer = window.setTimeout(() => void this.#read(conversation), LATER)));
  }

  /** @param {Conversation} conversation @returns {Takes} what its platform takes from this person besides texts */
  takes({ shop }) {
    return this.desk.session.can("reply") ? (this.#takes.get(shop) ?? NOTHING) : NOTHING;
  }

  /** @param {Conversation} conversation @returns {Pages | null} the platform's pages, once they are known */
  pages(conversation) {
    return this.#pages?.of === keyOf(conversation) ? this.#pages.pages : null;
  }

  /** @param {Conversation} conversation */
  async #read(conversation) {
    const { id, shop } = conversation;
    if (this.desk.open !== id) return;
    const at = `/api/conversations/${encodeURIComponent(id)}`;
    try {
      const [pages, takes] = await Promise.all([get(`${at}/links`, "low"), this.#takes.get(shop) ?? get(`${at}/sendables`, "low")]);
      this.#takes.set(shop, takes);
      this.#pages = { of: keyOf(conversation), pages };
      if (this.desk.open === id) this.desk.platformKnown();
    } catch (error) {
      // There is nothing to press then, as where the platform offers nothing.
      if (isSignedOut(error)) toLogin();
    }
  }

  #choose() {
    const files = this.#conversation ? this.takes(this.#conversation).files : [];
    this.file.accept = files.map((kind) => TYPES[kind]).join();
    this.file.value = "";
    this.file.click();
  }

  /** @param {File} file */
  #ask(file) {
    const about = this.#conversation;
    if (!about) return;
    const picture = h("img", { class: "attach-picture", alt: file.name, hidden: true });
    if (file.type.startsWith("image/")) {
      // The page's policy shows pictures of ours and those that are written out, no others.
      const reader = new FileReader();
      reader.addEventListener("load", () => ((picture.src = String(reader.result)), (picture.hidden = false)));
      reader.readAsDataURL(file);
    }
    const id = uuid();
    const path = `/api/conversations/${encodeURIComponent(about.id)}/files/${id}?${new URLSearchParams({ name: file.name.slice(0, 100) })}`;
    this.#confirm(about, [picture, h("p", { class: "hint" }, file.name)], () => put(path, file));
  }

  /**
   * Shows the buyer one of their orders, after another look.
   * @param {Conversation} about
   * @param {string} order
   */
  card(about, order) {
    const id = uuid();
    const body = { id, card: "order", ref: order };
    this.#confirm(about, [h("p", {}, icon("box"), " ", this.desk.session.t("kind.order_card"), " ", h("span", { class: "dc-id" }, order))], () => post(`/api/conversations/${encodeURIComponent(about.id)}/cards`, body));
  }

  /**
   * @param {Conversation} about
   * @param {Node[]} what
   * @param {() => Promise<unknown>} send the same again changes nothing
   */
  #confirm(about, what, send) {
    const { t } = this.desk.session;
    const dialog = element("#sending", HTMLDialogElement);
    const said = h("p", { class: "face-said", role: "alert" });
    const go = h("button", { type: "button", id: "sending-go", class: "dc-button dc-primary" }, icon("send"), t("sending.go"));
    go.addEventListener("click", async () => {
      go.disabled = true;
      try {
        await send();
        dialog.close();
      } catch (error) {
        if (isSignedOut(error)) return toLogin();
        said.replaceChildren(explain(error, t));
        go.disabled = false;
      }
    });
    dialog.replaceChildren(
      h("h2", { id: "sending-title" }, t("sending.title", { name: about.buyer.nickname || t("buyer.unnamed") })),
      ...what,
      h("p", { class: "hint" }, t("sending.about")),
      said,
      h("form", { method: "dialog", class: "sheet-acts" }, go, h("button", { class: "dc-button" }, t("cancel"), h("kbd", {}, "Esc"))),
    );
    dialog.showModal();
    go.focus();
  }
}

/** @param {Conversation} conversation whose pages depend on it and on its orders */
function keyOf({ id, orders }) {
  return JSON.stringify([id, orders.orders.map((order) => [order.id, order.after_sales.length])]);
}
