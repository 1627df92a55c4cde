// Tokens of other programs: which there are, making one, whose secret is shown this once, and taking one back.

import { get, post } from "../api.js";
import { h } from "../card/dom.js";
import { when } from "../card/format.js";
import { entered, formOf, labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{id: string, name: string, role: string, created_at: string, used_at: string | null, revoked_at: string | null}} Token */

/**
 * @param {Session} session
 * @param {HTMLElement} place
 */
export async function showTokens(session, place) {
  const { t } = session;
  const { roles } = await read();
  const list = h("div", {});
  const draw = async () => list.replaceChildren(listed(session, (await read()).tokens, draw));
  const once = h("section", { id: "token-once", role: "status" });
  const fields = [
    labelled({ name: "name", label: t("tokens.name"), about: t("tokens.name.about"), required: true }),
    labelled({ name: "role", label: t("people.role"), kind: "choice", value: "agent", choices: roles.map((role) => /** @type {[string, string]} */ ([role, t(`tokens.role.${role}`)])) }),
  ];
  const form = formOf(session, t("tokens.add"), fields, t("tokens.add"), async (of) => {
    const { secret } = /** @type {{secret: string}} */ (await post("/api/tokens", { name: entered(of, "name"), role: entered(of, "role") }));
    of.reset();
    once.replaceChildren(shownOnce(session, secret, () => once.replaceChildren()));
    once.querySelector("input")?.select();
    await draw();
  }, [], "");
  form.id = "token-form";
  place.replaceChildren(form, once, list);
  await draw();
}

async function read() {
  return /** @type {{tokens: Token[], roles: string[]}} */ (await get("/api/tokens"));
}

/**
 * The secret, until it is put away or another section is shown; nobody can read it again.
 * @param {Session} session
 * @param {string} secret
 * @param {() => void} away
 */
function shownOnce({ t }, secret, away) {
  return h(
    "div",
    { class: "admin-form admin-once" },
    h("label", {}, h("span", {}, t("tokens.once")), h("input", { class: "dc-field dc-id", readonly: true, value: secret, spellcheck: "false", autocomplete: "off" }), h("span", { class: "admin-about" }, t("tokens.once.about"))),
    h("div", { class: "admin-acts" }, h("button", { type: "button", class: "dc-button", on: { click: away } }, t("tokens.kept"))),
  );
}

/**
 * @param {Session} session
 * @param {Token[]} tokens
 * @param {() => Promise<void>} again
 */
function listed(session, tokens, again) {
  const { t } = session;
  if (!tokens.length) return h("p", { class: "hint" }, t("tokens.none"));
  const time = (/** @type {string | null} */ at) => (at ? h("time", { datetime: at, class: "admin-nowrap" }, when(at, session.env(undefined, never))) : t("tokens.never"));
  const lines = tokens.map((one) => [
    h("strong", { class: one.revoked_at ? "away" : "" }, one.name),
    t(`role.${one.role}`),
    time(one.created_at),
    time(one.used_at),
    one.revoked_at ? h("span", {}, t("tokens.revoked"), " ", time(one.revoked_at)) : takeBack(session, one, again),
  ]);
  return table([t("tokens.name"), t("people.role"), t("tokens.made"), t("tokens.used"), ""], lines);
}

/**
 * A button that asks before it does what cannot be undone.
 * @param {Session} session
 * @param {Token} token
 * @param {() => Promise<void>} again
 */
function takeBack(session, token, again) {
  const { t } = session;
  const act = formOf(session, "", [h("p", {}, t("tokens.revoke.sure"))], t("tokens.revoke"), async () => {
    await post(`/api/tokens/${encodeURIComponent(token.id)}/revoke`);
    await again();
  });
  const ask = h("button", { type: "button", class: "dc-button", "data-token": token.name, on: { click: () => (ask.replaceWith(act), act.querySelector("button")?.focus()) } }, t("tokens.revoke"));
  return ask;
}

const never = () => Promise.reject(new Error("nothing is checked here"));
