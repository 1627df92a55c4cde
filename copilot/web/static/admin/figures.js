// How drafts are taken over days: the whole first, then shop by shop and issue by issue. There is no column of people, and
// what is of fewer than ten drafts the server does not tell: it could be one person's.

import { get } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled, table } from "./form.js";
import { serviceOf } from "./service.js";

/** @import {Session} from "../session.js" */
/**
 * @typedef {{seen: number, classes: Record<string, number>, open: number, erased: number, after_typing: number, never_seen: number,
 *   unread: {known: number, unread: number}, after: {sent: number, corrected: number, repeated: number, reopened: number, broken: number}}} Tally
 */
/** @typedef {{key: string, name: string, tally: Tally | null}} Line */
/** @typedef {{first: string, last: string, total: Tally | null, shops: Line[], issues: Line[]}} Figures */
/** @typedef {{from?: string, to?: string, shop?: string}} Asked */

const CLASSES = ["verbatim", "surface", "substance", "own_words", "rejected", "late", "overtaken"];

/**
 * @param {Session} session
 * @param {HTMLElement} place
 * @param {Asked} [asked]
 */
export async function showFigures(session, place, asked = {}) {
  const { t, me } = session;
  const found = await read(asked);
  const body = h("div", { class: "admin-part", id: "figures" });
  const beside = h("div", { id: "service" });
  let drawings = 0;
  const draw = (/** @type {Asked} */ of, /** @type {Figures} */ figures) => {
    const drawing = ++drawings;
    body.replaceChildren(...drawn(session, figures));
    beside.replaceChildren();
    // Platforms count a shop, never all of them; they take their time, and only the last question's answer counts.
    if (of.shop) void serviceOf(session, of.shop, figures.first, figures.last).then((part) => drawing === drawings && beside.replaceChildren(part));
  };
  const ask = async (/** @type {HTMLFormElement} */ form) => {
    const of = { from: entered(form, "from"), to: entered(form, "to"), shop: entered(form, "shop") };
    draw(of, await read(of));
  };
  const shops = [["", t("figures.every")], ...me.shops.map((one) => [one.id, one.name])];
  const fields = [
    labelled({ name: "from", label: t("figures.from"), kind: "date", value: found.first, required: true }),
    labelled({ name: "to", label: t("figures.to"), kind: "date", value: found.last, required: true }),
    labelled({ name: "shop", label: t("figures.shop"), kind: "choice", value: asked.shop ?? "", choices: /** @type {[string, string][]} */ (shops) }),
  ];
  const form = formOf(session, "", fields, t("figures.show"), ask, [], "");
  form.classList.add("admin-line");
  place.replaceChildren(form, body, beside);
  draw(asked, found);
}

/** @param {Asked} asked */
async function read(asked) {
  const given = Object.entries(asked).filter(([, value]) => value);
  return /** @type {Promise<Figures>} */ (get(`/api/figures?${new URLSearchParams(Object.fromEntries(given))}`));
}

/**
 * @param {Session} session
 * @param {Figures} figures
 * @returns {Node[]}
 */
function drawn(session, { total, shops, issues }) {
  const { t } = session;
  if (!total) return [h("p", { class: "hint", role: "status" }, t("figures.none"))];
  return [whole(session, total), part(session, "shops", shops), part(session, "issues", issues)];
}

/**
 * @param {Session} session
 * @param {Tally} total
 */
function whole(session, total) {
  const { t } = session;
  const { after, unread } = total;
  const classes = CLASSES.map((name) => [t(`figures.class.${name}`), String(total.classes[name] ?? 0), share(session, total, name), t(`figures.class.${name}.about`)]);
  const beside = [
    [t("figures.unread"), String(unread.unread), t("figures.unread.about", { known: unread.known })],
    ...["corrected", "repeated", "reopened", "broken"].map((name) => [t(`figures.${name}`), String(after[/** @type {"corrected"} */ (name)]), t("figures.after", { sent: after.sent })]),
  ];
  const apart = ["open", "erased", "after_typing", "never_seen"].map((name) => [t(`figures.${name}`), String(total[/** @type {"open"} */ (name)])]);
  return h(
    "section",
    { class: "admin-part" },
    h("h2", {}, t("figures.total")),
    h("p", {}, h("strong", {}, `${t("figures.seen")} ${total.seen}`), " ", h("span", { class: "hint" }, t("figures.seen.about"))),
    table([t("figures.what"), t("figures.count"), t("figures.share"), t("figures.means")], classes),
    h("h3", {}, t("figures.beside")),
    table([t("figures.what"), t("figures.count"), t("figures.means")], beside),
    h("h3", {}, t("figures.apart")),
    table([t("figures.what"), t("figures.count")], apart),
  );
}

/**
 * @param {Session} session
 * @param {"shops" | "issues"} name
 * @param {Line[]} lines
 */
function part(session, name, lines) {
  const { t } = session;
  const heads = [t("figures.what"), t("figures.seen"), ...CLASSES.map((one) => t(`figures.class.${one}`)), t("figures.unread"), t("figures.corrected"), t("figures.repeated"), t("figures.reopened"), t("figures.broken")];
  const rows = lines.map(({ name, tally }) => [name, ...(tally ? told(session, tally) : heads.slice(1).map((_, at) => (at === 0 ? t("figures.few") : "–")))]);
  const wide = table(heads, rows);
  // It scrolls sideways where there is little room, and must do so without a mouse.
  wide.classList.add("admin-wide");
  wide.tabIndex = 0;
  wide.setAttribute("role", "region");
  wide.setAttribute("aria-label", t(`figures.${name}`));
  return h("section", { class: "admin-part", id: `figures-${name}` }, h("h2", {}, t(`figures.${name}`)), wide, lines.some((one) => !one.tally) && h("p", { class: "hint" }, t("figures.few.about")));
}

/**
 * @param {Session} session
 * @param {Tally} tally
 */
function told(session, tally) {
  const { after, classes, seen, unread } = tally;
  return [
    String(seen),
    ...CLASSES.map((kind) => [String(classes[kind] ?? 0), h("br"), h("span", { class: "hint" }, share(session, tally, kind))]),
    ...[unread.unread, after.corrected, after.repeated, after.reopened, after.broken].map(String),
  ];
}

/**
 * @param {Session} session
 * @param {Tally} tally
 * @param {string} name
 */
function share({ language }, tally, name) {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format((tally.classes[name] ?? 0) / tally.seen);
}
