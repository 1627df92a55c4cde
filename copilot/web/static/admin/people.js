// People: who they are, what they may do, how many conversations they hold at once and which matters are theirs first.

import { get, post } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/**
 * @typedef {{id: string, login: string, name: string, role: string, language: string, active: boolean, scopes: string[], phone_bound: boolean | null, name_verified: boolean | null, receives: boolean,
 *   capacity: number | null, groups: string[], platform_name: string | null}} Person
 */

// The parts of an agent's work, as the server knows them (access/scopes.py).
const SCOPES = ["message_reply", "order_handling", "after_sale_review"];
// What an owner says of an agent's account on the platform (access/agents.py).
const VERIFIED = /** @type {const} */ (["phone_bound", "name_verified"]);
// The categories of matters, as the server knows them (domain/issue.py).
const GROUPS = ["daily_greeting", "pre_sale", "logistics", "after_sale", "other"];

/**
 * @param {Session} session
 * @param {HTMLElement} place
 */
export async function showPeople(session, place) {
  const { people, roles } = /** @type {{people: Person[], roles: string[]}} */ (await get("/api/people"));
  const again = () => showPeople(session, place);
  const { t } = session;
  const edit = h("div", {});
  const open = (/** @type {Node} */ form) => (edit.replaceChildren(form), form instanceof HTMLElement && form.querySelector("input, select")?.scrollIntoView({ block: "center" }), /** @type {HTMLElement | null} */ (edit.querySelector("input, select"))?.focus());
  const manage = session.can("manage");
  const lines = people.map((one) => [
    h("strong", { class: one.active ? "" : "away" }, one.name),
    h("span", { class: "dc-id" }, one.login),
    t(`role.${one.role}`),
    one.active ? (one.capacity === null ? t("people.no_limit") : String(one.capacity)) : t("people.away"),
    one.groups.map((group) => t(`group.${group}`)).join(t("list.and")),
    h("button", { type: "button", class: "dc-button", "data-person": one.login, on: { click: () => open(change(session, one, roles, manage, again)) } }, t("admin.change")),
  ]);
  place.replaceChildren(
    manage ? h("div", { class: "admin-bar" }, h("button", { type: "button", id: "person-add", class: "dc-button dc-primary", on: { click: () => open(add(session, roles, again)) } }, t("people.add"))) : "",
    edit,
    table([t("people.name"), t("people.login"), t("people.role"), t("people.capacity"), t("people.groups"), ""], lines),
  );
}

/**
 * @param {Session} session
 * @param {string[]} roles
 * @param {() => Promise<void>} again
 */
function add(session, roles, again) {
  const { t } = session;
  const fields = [
    labelled({ name: "login", label: t("people.login"), required: true }),
    labelled({ name: "name", label: t("people.name"), required: true }),
    labelled({ name: "role", label: t("people.role"), kind: "choice", value: "agent", choices: choicesOf(session, roles) }),
    labelled({ name: "password", label: t("people.first_password"), kind: "password", about: t("people.password.about"), required: true }),
  ];
  return formOf(session, t("people.add"), fields, t("people.add"), async (form) => {
    await post("/api/people", { ...Object.fromEntries(["login", "name", "role", "password"].map((name) => [name, entered(form, name)])), language: session.language });
    await again();
  });
}

/**
 * @param {Session} session
 * @param {Person} one
 * @param {string[]} roles
 * @param {boolean} manage
 * @param {() => Promise<void>} again
 */
function change(session, one, roles, manage, again) {
  const { t } = session;
  const at = `/api/people/${encodeURIComponent(one.id)}`;
  const receives = ["owner", "general_admin", "supervisor", "agent"].includes(one.role) && one.active;
  const own = manage && [
    labelled({ name: "name", label: t("people.name"), value: one.name, required: true }),
    labelled({ name: "role", label: t("people.role"), kind: "choice", value: one.role, choices: choicesOf(session, roles) }),
    labelled({ name: "active", label: t("people.active"), kind: "check", value: one.active }),
    one.role === "agent" ? h("fieldset", {}, h("legend", {}, t("people.scopes")), SCOPES.map((scope) => labelled({ name: `scope-${scope}`, label: t(`scope.${scope}`), kind: "check", value: one.scopes.includes(scope) })), h("p", { class: "hint" }, t("people.scopes.about"))) : "",
    ...(one.role === "agent" ? VERIFIED.map((flag) => labelled({ name: flag, label: t(`people.${flag}`), kind: "choice", value: String(one[flag] ?? ""), choices: [["", t("people.unsaid")], ["true", t("people.yes")], ["false", t("people.no")]] })) : []),
    labelled({ name: "password", label: t("people.new_password"), kind: "password", about: t("people.new_password.about") }),
  ];
  const reception = receives && [
    labelled({ name: "capacity", label: t("people.capacity"), kind: "number", value: one.capacity, hint: t("people.no_limit") }),
    h("fieldset", {}, h("legend", {}, t("people.groups")), GROUPS.map((group) => labelled({ name: `group-${group}`, label: t(`group.${group}`), kind: "check", value: one.groups.includes(group) }))),
    labelled({ name: "platform_name", label: t("people.platform_name"), value: one.platform_name, about: t("people.platform_name.about") }),
  ];
  return formOf(session, one.name, [own || "", reception || ""].flat(), t("admin.save"), async (form) => {
    const scopes = one.role === "agent" ? { scopes: SCOPES.filter((scope) => entered(form, `scope-${scope}`) === "true") } : {};
    const verified = Object.fromEntries(VERIFIED.filter((flag) => entered(form, flag)).map((flag) => [flag, entered(form, flag) === "true"]));
    if (manage) await post(at, { name: entered(form, "name"), role: entered(form, "role"), active: entered(form, "active") === "true", ...scopes, ...verified });
    const password = entered(form, "password");
    if (manage && password) await post(`${at}/password`, { password });
    if (receives && entered(form, "active") !== "false") {
      const capacity = entered(form, "capacity").trim();
      await post(`${at}/reception`, { capacity: capacity ? Number(capacity) : null, groups: GROUPS.filter((group) => entered(form, `group-${group}`) === "true"), platform_name: entered(form, "platform_name").trim() || null });
    }
    await again();
  });
}

/**
 * @param {Session} session
 * @param {string[]} roles
 * @returns {[string, string][]}
 */
function choicesOf(session, roles) {
  const mine = session.me.person.role === "owner" ? roles : roles.filter((role) => role !== "owner");
  return mine.map((role) => [role, session.t(`role.${role}`)]);
}
