// Whose conversation is whose, on the page: the lists and filters with their counts, the acts in the thread's head, and
// the sheet of colleagues. Tells the desk what was pressed, decides nothing.

import { h, renew } from "./card/dom.js";
import { icon } from "./card/icons.js";
import { portrait } from "./face.js";
import { element } from "./page.js";

/** @import {Session} from "./session.js" */
/** @import {Filter} from "./frame.js" */
/** @import {Colleague, Listing, Row, Team} from "./types" */

export const FILTERS = ["unread", "unreplied", "expiring", "marked", "ended"];
const SORTS = ["lost", "waiting", "newest"];

/** The server's address of the list that was chosen. @param {Filter} filter */
export function addressOf({ which, shop, narrow, sort, tray }) {
  const list = which === "mine" ? "in_progress" : narrow === "ended" ? "all" : which;
  const query = new URLSearchParams({ list, sort });
  if (which === "mine") query.set("mine", "true");
  if (narrow) query.set("filter", narrow);
  if (shop) query.set("shop", shop);
  if (tray) query.set("failed", "true");
  return `/api/conversations?${query}`;
}

/**
 * The filters, each with how many it shows; those that show none stand back.
 * @param {Session} session
 * @param {Listing | null} listing
 * @param {Filter} filter
 * @param {(change: Partial<Filter>) => void} choose
 */
export function showFilters({ t }, listing, filter, choose) {
  const place = element("#narrow");
  const counts = /** @type {Record<string, number> | undefined} */ (listing?.counts);
  const held = place.contains(document.activeElement) ? document.activeElement?.getAttribute("data-narrow") : null;
  const shown = FILTERS.filter((name) => counts?.[name] || filter.narrow === name);
  const chip = (/** @type {string} */ name) =>
    h(
      "button",
      { type: "button", "data-narrow": name, "aria-pressed": String(filter.narrow === name), on: { click: () => choose({ narrow: filter.narrow === name ? null : name }) } },
      t(`filter.${name}`),
      h("span", { class: "count" }, String(counts?.[name] ?? 0)),
    );
  const renewed = renew(place, [filter.narrow, shown.map((name) => [t(`filter.${name}`), counts?.[name]])], () => shown.map(chip));
  for (const one of renewed ? place.children : []) if (one instanceof HTMLElement && one.dataset["narrow"] === held) one.focus();
  const sort = element("#sort", HTMLSelectElement);
  renew(sort, SORTS.map((name) => t(`sort.${name}`)), () => SORTS.map((name) => h("option", { value: name }, t(`sort.${name}`))));
  sort.value = filter.sort;
}

/**
 * What can be done with the open conversation, and with whom it is.
 * @param {Session} session
 * @param {Row | undefined} row
 * @param {Team | null} team
 */
export function showHolding(session, row, team) {
  const { t } = session;
  const place = element("#holding");
  /** @type {HTMLElement[]} */
  const nodes = [];
  const act = (/** @type {string} */ name, /** @type {string} */ kind = "") =>
    h("button", { type: "button", class: `top-link ${kind}`, "data-act": name, on: { click: () => tell(place, name) } }, t(`act.${name}`), h("kbd", {}, session.keys.named(name)));
  if (row && session.can("reply")) {
    const me = row.holder?.id === session.me.person.id;
    const several = Boolean(team?.applicable) && row.how !== "platform";
    if (row.holder && !me) nodes.push(h("span", { class: "with" }, icon("user"), t("with", { who: row.holder.name })));
    if (several && row.place === "unassigned") nodes.push(act("take", "act-first"));
    if (several && (me || row.place === "unassigned" || senior(session))) nodes.push(act("give"));
    nodes.push(
      h(
        "button",
        { type: "button", class: "icon-button mark", "aria-pressed": String(Boolean(row.marked)), "aria-label": t("act.mark"), title: row.marked ? t("marked.by", { who: row.marked.by.name }) : t("act.mark"), on: { click: () => tell(place, "mark") } },
        icon(row.marked ? "marked" : "mark"),
      ),
    );
    nodes.unshift(...(row.tags ?? []).map((tag) => h("span", { class: "tag" }, tag)));
    nodes.push(act("tags"));
    if (row.place !== "history" && row.how !== "platform" && (me || senior(session))) nodes.push(act("end"));
  }
  const held = place.contains(document.activeElement) ? document.activeElement?.getAttribute("data-act") : null;
  const keys = ["take", "give", "tags", "end"].map((name) => session.keys.named(name));
  if (!renew(place, [session.language, keys, team?.applicable, row && [row.id, row.place, row.how, row.holder, row.marked, row.tags]], () => nodes)) return;
  for (const node of nodes) if (held && node.getAttribute("data-act") === held) node.focus();
}

/**
 * Whether new conversations come by themselves: a switch, where there is one.
 * @param {Session} session
 * @param {Team | null} team
 */
export function showToggle({ me, t }, team) {
  const button = element("#receives");
  const mine = team?.people.find((one) => one.id === me.person.id);
  button.hidden = !team?.applicable || !mine?.receiving;
  const busy = element("#busy");
  busy.hidden = !mine?.receiving;
  busy.setAttribute("aria-pressed", String(Boolean(mine?.busy)));
  busy.title = t("busy.why");
  busy.textContent = t("busy");
  if (!mine) return;
  button.setAttribute("aria-pressed", String(mine.receives));
  button.title = t(mine.receives ? "receives.on.why" : "receives.off.why");
  const load = mine.capacity === null ? String(mine.held) : `${mine.held}/${mine.capacity}`;
  const words = t(mine.receives ? "receives.on" : "receives.off");
  renew(button, [words, load], () => [h("span", { class: "lamp" }), words, h("span", { class: "count" }, load)]);
}

/**
 * The sheet of colleagues: to whom the conversation, or everything that one holds, is given.
 * @param {HTMLDialogElement} dialog
 * @param {Session} session
 * @param {Team} team
 * @param {{title: string, all: boolean}} what
 * @param {(to: string | null, note: string) => void} give
 */
export function showTeam(dialog, { me, t }, team, what, give) {
  const note = h("input", { id: "give-note", class: "dc-field", autocomplete: "off", maxlength: 2000, placeholder: t("give.note"), "aria-label": t("give.note") });
  const chosen = (/** @type {string | null} */ to) => (dialog.close(), give(to, note.value.trim()));
  const people = team.people.filter((one) => one.id !== me.person.id);
  dialog.replaceChildren(
    h("h2", { id: "team-title", tabindex: -1 }, what.title),
    what.all ? h("p", { class: "hint" }, t("give.all.hint")) : "",
    h("ul", { class: "team" }, people.map((one) => person(one, t, () => chosen(one.id)))),
    h("button", { type: "button", class: "dc-button", on: { click: () => chosen(null) } }, icon("inbox"), t("give.queue")),
    note,
    h("form", { method: "dialog" }, h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc"))),
  );
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("h2")?.focus();
}

/**
 * @param {Colleague} one
 * @param {Session["t"]} t
 * @param {() => void} give
 */
function person(one, t, give) {
  const load = one.capacity === null ? t("team.held", { n: one.held }) : t("team.load", { n: one.held, most: one.capacity });
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "dc-button colleague", "data-person": one.id, on: { click: give } },
      h("span", { class: `lamp ${one.online ? "lamp-on" : ""}` }),
      one.avatar && portrait(one.avatar),
      h("strong", {}, one.name),
      h("span", { class: "team-state" }, t(one.page_open ? (one.receives ? (one.busy ? "busy" : "team.online") : "team.paused") : "team.away"), " · ", load),
    ),
  );
}

/** @param {Session} session */
export function senior(session) {
  return session.can("assign");
}

/**
 * @param {HTMLElement} from
 * @param {string} name
 */
function tell(from, name) {
  from.dispatchEvent(new CustomEvent("queue-act", { bubbles: true, detail: name }));
}
