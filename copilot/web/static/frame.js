// What stands around the conversations: tabs, shops, the tray of troubled replies, the head of the thread, short notes.

import { h, renew } from "./card/dom.js";
import { icon } from "./card/icons.js";
import { portrait } from "./face.js";
import { element } from "./page.js";

/** @import {Session} from "./session.js" */
/** @import {Conversation, Listing} from "./types" */

/** @typedef {{which: string, shop: string | null, tray: boolean, narrow: string | null, sort: string}} Filter */

/**
 * @param {Session} session
 * @param {Listing | null} listing
 * @param {Filter} filter
 */
export function showCounts({ t }, listing, filter) {
  const counts = listing?.counts;
  const title = counts?.open ? `(${counts.open}) reply-copilot` : "reply-copilot";
  if (document.title !== title) document.title = title;
  for (const which of /** @type {const} */ (["open", "mine", "unassigned", "all"])) {
    const tab = element(`[data-list=${which}]`);
    const count = counts?.[which];
    renew(tab, [t(`list.${which}`), count], () => [t(`list.${which}`), count === undefined ? "" : h("span", { class: "count" }, String(count))]);
    tab.setAttribute("aria-pressed", String(filter.which === which));
  }
  const tray = element("#tray");
  tray.hidden = !counts?.failed && !filter.tray;
  tray.setAttribute("aria-pressed", String(filter.tray));
  const failed = t("tray", { n: counts?.failed ?? 0 });
  renew(tray, failed, () => [icon("alert"), failed]);
}

/**
 * Under an empty or unreadable list: why there is nothing to see.
 * @param {string | null} text
 * @param {boolean} bad
 */
export function showListState(text, bad) {
  state(element("#list-state"), text, bad);
}

/**
 * Where no conversation is shown: why.
 * @param {string | null} text
 * @param {boolean} bad
 */
export function showThreadState(text, bad) {
  state(element("#thread-state"), text, bad);
}

/**
 * @param {HTMLElement} place
 * @param {string | null} text
 * @param {boolean} bad
 */
function state(place, text, bad) {
  place.hidden = text === null;
  place.classList.toggle("bad", bad);
  if (text !== null) place.replaceChildren(icon(bad ? "alert" : "inbox"), text);
}

/**
 * @param {Session} session
 * @param {Filter} filter
 * @param {(shop: string | null) => void} choose
 */
export function showShops({ me, t }, filter, choose) {
  const shops = [{ id: null, name: t("list.all_shops"), platform: "" }, ...me.shops];
  const buttons = shops.map((shop) =>
    h(
      "button",
      { type: "button", "aria-pressed": String(filter.shop === shop.id), on: { click: () => choose(shop.id) } },
      shop.id !== null && h("span", { class: `dot platform-${shop.platform}` }),
      shop.name,
    ),
  );
  element("#shops").replaceChildren(...(me.shops.length > 1 ? buttons : []));
}

/** @param {Session} session */
export function showPerson({ me }) {
  element("#admin-link").hidden = !me.can.some((action) => ["assign", "sample", "hear"].includes(action));
  element("#merchant").textContent = me.merchant.name;
}

/**
 * @param {string} name
 * @param {string | null} avatar the picture that may be shown
 */
export function showSelf(name, avatar) {
  renew(element("#person"), [name, avatar], () => [portrait(avatar), name]);
}

/**
 * @param {Session} session
 * @param {Conversation} conversation
 */
export function showThreadHead(session, conversation) {
  const { t } = session;
  const shop = session.shop(conversation.shop);
  const { nickname, level, tags } = conversation.buyer;
  const name = nickname || t("buyer.unnamed");
  renew(element("#buyer"), [name, level, tags, session.language], () => [name, level ? h("span", { class: "tag level", title: t("buyer.level", { level }) }, level) : "", ...tags.map((tag) => h("span", { class: "tag" }, tag))]);
  const closed = shop?.transport === "not_public" && h("span", { class: "transport", title: t("transport.not_public.why") }, t("transport.not_public"));
  renew(element("#thread-shop"), [shop, session.language], () => [h("span", { class: `dot platform-${shop?.platform ?? "other"}` }), shop?.name ?? "", closed || ""]);
}

/** @param {string} text */
export function toast(text) {
  const node = element("#toast");
  node.textContent = text;
  node.hidden = false;
  setTimeout(() => (node.hidden = true), 5000);
}
