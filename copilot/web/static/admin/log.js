// The audit log: who did what to which object, the newest first; ids and names of settings, never a buyer's words.

import { get } from "../api.js";
import { h } from "../card/dom.js";
import { when } from "../card/format.js";
import { labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{id: string, at: string, by: {id: string, name: string} | null, action: string, object: string | null, name: string | null, detail: Record<string, unknown> | null}} Done */

/**
 * @param {Session} session
 * @param {HTMLElement} place
 * @param {{action?: string, before?: string, known?: Done[]}} [asked]
 */
export async function showLog(session, place, { action = "", before = "", known = [] } = {}) {
  const { t } = session;
  const query = new URLSearchParams({ ...(action ? { action } : {}), ...(before ? { before } : {}) });
  const { log, next, actions } = /** @type {{log: Done[], next: string | null, actions: string[]}} */ (await get(`/api/audit?${query}`));
  const rows = [...known, ...log];
  const kinds = [...new Set(actions.map((one) => one.split(".")[0] ?? one))];
  const choices = [["", t("log.every")], ...kinds.map((kind) => [kind, t(`log.kind.${kind}`)])];
  const narrow = labelled({ name: "action", label: t("log.kind"), kind: "choice", value: action, choices: /** @type {[string, string][]} */ (choices) });
  narrow.addEventListener("change", (event) => event.target instanceof HTMLSelectElement && void showLog(session, place, { action: event.target.value }));
  const lines = rows.map((one) => [h("time", { datetime: one.at, class: "admin-nowrap" }, when(one.at, session.env(undefined, never))), one.by?.name ?? t("log.command"), said(session, one.action), one.name ?? h("span", { class: "dc-id" }, one.object ?? ""), detailOf(session, one.detail)]);
  place.replaceChildren(
    h("div", { class: "admin-bar" }, narrow),
    lines.length ? table([t("log.at"), t("log.by"), t("log.action"), t("log.object"), t("log.detail")], lines) : h("p", { class: "hint" }, t("log.none")),
    next ? h("button", { type: "button", class: "dc-button", on: { click: () => void showLog(session, place, { action, before: next, known: rows }) } }, t("cases.more")) : "",
  );
}

/**
 * @param {Session} session
 * @param {Record<string, unknown> | null} detail names of settings, ids and roles, never what was typed
 */
function detailOf({ t, me }, detail) {
  const plain = (/** @type {unknown} */ value) => (typeof value === "string" ? value : JSON.stringify(value));
  const told = Object.entries(detail ?? {}).map(([name, value]) => {
    const words = t(`log.detail.${name}`);
    const shop = name === "shop" && me.shops.find((one) => one.id === value)?.name;
    const role = ["role", "from", "to"].includes(name) && typeof value === "string" && t(`role.${value}`);
    return t("log.detail.line", { name: words, value: shop || role || (Array.isArray(value) ? value.map(plain).join(", ") : plain(value)) });
  });
  return told.length ? h("span", { class: "dc-id" }, told.join(" · ")) : "";
}

/**
 * What was done, in words where there are some.
 * @param {Session} session
 * @param {string} action
 */
function said({ t }, action) {
  const words = t(`did.${action}`);
  return words === action.split(".").at(-1)?.replaceAll("_", " ") ? h("span", { class: "dc-id" }, action) : words;
}

const never = () => Promise.reject(new Error("nothing is checked here"));
