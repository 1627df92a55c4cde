// What a shop knows and says by itself: questions with answers, phrases, greetings, auto replies. Found by words, changed,
// added, removed; what each kind looks like is told by its kind.

import { get, put, remove } from "../api.js";
import { h } from "../card/dom.js";
import { tryOut } from "./auto.js";
import { entered, formOf, labelled, table } from "./form.js";
import { fieldsOf, given, KINDS } from "./kinds.js";
import { phraseReport } from "./phrase-report.js";

/** @import {Session} from "../session.js" */
/** @import {KindName, Thing} from "./kinds.js" */

const MOST = 1000;
const FIXED = ["origin", "original"]; // set by the server alone

/**
 * @param {Session} session
 * @param {HTMLElement} place
 * @param {KindName} kind
 * @param {string} [chosen] the shop
 */
export async function showKnowledge(session, place, kind, chosen) {
  const { t, me } = session;
  const shop = chosen ?? me.shops[0]?.id;
  if (!shop) return place.replaceChildren(h("p", { class: "hint" }, t("shops.none")));
  const { items } = /** @type {{items: Thing[]}} */ (await get(`/api/${kind}?${new URLSearchParams({ shop, limit: String(MOST) })}`));
  const again = () => showKnowledge(session, place, kind, shop);
  const edit = h("div", {});
  const open = (/** @type {HTMLElement} */ form) => (edit.replaceChildren(form), form.scrollIntoView({ block: "nearest" }), /** @type {HTMLElement | null} */ (form.querySelector("input, textarea, select"))?.focus());
  const body = h("div", {});
  const seek = h("input", { type: "search", class: "dc-field", id: "knowledge-seek", autocomplete: "off", placeholder: t("search.short"), "aria-label": t("search.short"), on: { input: () => draw() } });
  const draw = () => {
    const words = seek.value.trim().toLowerCase();
    const shown = items.filter((one) => JSON.stringify([one["id"], KINDS[kind].fields.map((name) => one[name])]).toLowerCase().includes(words));
    body.replaceChildren(shown.length ? table([t(`knowledge.${kind}.short`), t(`knowledge.${kind}.long`), t("knowledge.language"), ""], shown.map((one) => line(session, kind, one, () => open(form(session, kind, shop, one, again))))) : h("p", { class: "hint" }, t(items.length ? "list.no_match" : "knowledge.none")));
  };
  draw();
  const shops = labelled({ name: "shop", label: t("paste.shop"), kind: "choice", value: shop, choices: me.shops.map((one) => /** @type {[string, string]} */ ([one.id, one.name])) });
  shops.addEventListener("change", (event) => event.target instanceof HTMLSelectElement && void showKnowledge(session, place, kind, event.target.value));
  place.replaceChildren(
    h("div", { class: "admin-bar" }, shops, seek, h("button", { type: "button", class: "dc-button dc-primary", id: "knowledge-add", on: { click: () => open(form(session, kind, shop, null, again)) } }, t("knowledge.add"))),
    edit,
    body,
    kind === "auto-replies" ? tryOut(session, shop) : "",
    kind === "phrases" && session.can("watch") ? phraseReport(session, shop) : "",
  );
}

/**
 * @param {Session} session
 * @param {KindName} kind
 * @param {Thing} one
 * @param {() => void} open
 */
function line(session, kind, one, open) {
  const { short, long, key } = KINDS[kind];
  const id = key.map((part) => one[part]).join("/");
  return [h("strong", {}, short(session, one)), one[long], session.t(`language.${one["language"]}`), h("button", { type: "button", class: "dc-button", "data-id": id, on: { click: open } }, session.t("admin.change"))];
}

/**
 * @param {Session} session
 * @param {KindName} kind
 * @param {string} shop
 * @param {Thing | null} one null: a new one
 * @param {() => Promise<void>} again
 */
function form(session, kind, shop, one, again) {
  const { t } = session;
  const { key } = KINDS[kind];
  const address = (/** @type {string[]} */ parts) => `/api/${kind}/${parts.map(encodeURIComponent).join("/")}?${new URLSearchParams({ shop })}`;
  const named = one ? [] : key.map((part) => labelled({ name: part, label: t(`knowledge.${part}`), required: true, ...(part === "id" ? { about: t("knowledge.id.about") } : { value: session.language }) }));
  const away = one && h("button", { type: "button", class: "dc-button", on: { click: () => void removed() } }, t("knowledge.remove"));
  const removed = async () => {
    if (!one || !confirm(t("knowledge.remove.sure"))) return;
    await remove(address(key.map((part) => one[part])));
    await again();
  };
  const title = one ? key.map((part) => one[part]).join(" · ") : t("knowledge.add");
  return formOf(session, title, [...named, ...fieldsOf(session, kind, one)], t("admin.save"), async (of) => {
    const parts = key.map((part) => one?.[part] ?? entered(of, part).trim());
    // What the form does not show (validity, goods) stays as it is.
    const kept = Object.fromEntries(Object.entries(one ?? {}).filter(([name]) => ![...key, ...FIXED].includes(name)));
    await put(address(parts), { ...kept, ...given(of, kind) });
    await again();
  }, [away]);
}
