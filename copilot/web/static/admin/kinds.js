// What a shop's kinds of things look like on the administration page: their columns, the fields of their forms, and how
// what was entered becomes what the server takes.

import { h } from "../card/dom.js";
import { entered, labelled } from "./form.js";

/** @import {Session} from "../session.js" */
/** @import {Field} from "./form.js" */
/** @typedef {Record<string, any>} Thing as the server has it */
/** @typedef {"faq" | "phrases" | "greetings" | "auto-replies"} KindName */

/**
 * @typedef {object} Kind
 * @property {string[]} key the parts of its address
 * @property {(session: Session, one: Thing) => string} short what is told of it first
 * @property {string} long the field with its text
 * @property {string[]} fields
 */

const CATEGORIES = ["daily_greeting", "pre_sale", "logistics", "after_sale", "other"];
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const LINES = ["similar", "keywords", "cards"]; // one a line
const WINDOW = ["starts", "ends", "days"];

/** @type {Record<KindName, Kind>} */
export const KINDS = {
  faq: { key: ["id", "language"], short: (_, one) => one["question"], long: "answer", fields: ["question", "answer", "similar", "category", "audience"] },
  phrases: { key: ["id", "language"], short: (_, one) => one["title"], long: "text", fields: ["title", "text", "category"] },
  greetings: { key: ["language"], short: (_, one) => one["language"], long: "text", fields: ["text", "cards"] },
  "auto-replies": { key: ["id", "language"], short: whenOf, long: "text", fields: ["trigger", "text", "keywords", "busy_from", ...WINDOW, "active"] },
};

/**
 * When an auto reply fires, in a few words.
 * @param {Session} session
 * @param {Thing} one
 */
function whenOf({ t }, one) {
  const window = one["starts"] ? t("auto.between", { starts: one["starts"], ends: one["ends"] }) : "";
  const days = (one["days"] ?? []).map((/** @type {string} */ day) => t(`day.${day}`)).join(t("list.and"));
  const what = { keywords: (one["keywords"] ?? []).join(t("list.and")), busy: one["busy_from"] ? t("auto.from", { n: one["busy_from"] }) : "" }[/** @type {string} */ (one["trigger"])];
  return [t(`trigger.${one["trigger"]}`), what, window, days, one["active"] === false ? t("auto.off") : ""].filter(Boolean).join(" · ");
}

/**
 * The fields of a form, filled with what ``one`` holds. Those that mean nothing under the chosen trigger are hidden.
 * @param {Session} session
 * @param {KindName} kind
 * @param {Thing | null} one null: a new one
 * @returns {HTMLElement[]}
 */
export function fieldsOf(session, kind, one) {
  const made = KINDS[kind].fields.map((name) => /** @type {const} */ ([name, name === "days" ? daysOf(session, one) : labelled({ name, label: session.t(`knowledge.${name}`), ...shapeOf(session, name, one) })]));
  const trigger = made.find(([name]) => name === "trigger")?.[1].querySelector("select");
  const settle = () => made.forEach(([name, field]) => (field.hidden = !means(name, trigger?.value ?? "")));
  trigger?.addEventListener("change", settle);
  if (trigger) settle();
  return made.map(([, field]) => field);
}

/**
 * What was entered, as the server takes it; what is hidden says nothing.
 * @param {HTMLFormElement} form
 * @param {KindName} kind
 * @returns {Thing}
 */
export function given(form, kind) {
  const trigger = entered(form, "trigger");
  return Object.fromEntries(KINDS[kind].fields.map((name) => [name, means(name, trigger) ? valueOf(form, name) : nothing(name)]));
}

/** @param {string} name @param {string} trigger */
function means(name, trigger) {
  if (name === "keywords") return trigger === "keywords";
  if (name === "busy_from") return trigger === "busy";
  return true;
}

/** @param {string} name */
function nothing(name) {
  return LINES.includes(name) ? [] : null;
}

/** @param {HTMLFormElement} form @param {string} name */
function valueOf(form, name) {
  if (name === "days") return DAYS.filter((day) => entered(form, `days-${day}`) === "true");
  const text = entered(form, name);
  if (LINES.includes(name)) return text.split("\n").map((one) => one.trim()).filter(Boolean);
  if (name === "active") return text === "true";
  if (name === "busy_from") return text.trim() ? Number(text) : null;
  if (WINDOW.includes(name)) return text.trim() || null;
  return text;
}

/** @param {Session} session @param {Thing | null} one */
function daysOf({ t }, one) {
  const chosen = one?.["days"] ?? [];
  return h("fieldset", { class: "admin-inline" }, h("legend", {}, t("knowledge.days")), DAYS.map((day) => labelled({ name: `days-${day}`, label: t(`day.${day}`), kind: "check", value: chosen.includes(day) })));
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {Thing | null} one
 * @returns {Partial<Field>}
 */
function shapeOf({ t }, name, one) {
  const value = one?.[name];
  const wrong = ["keywords", "starts", "ends", "busy_from", "cards"].includes(name) ? { wrong: t(`wrong.${name}`) } : {};
  if (name === "category") return { kind: "choice", value: value ?? "other", choices: CATEGORIES.map((id) => [id, t(`group.${id}`)]) };
  if (name === "audience") return { kind: "choice", value: value ?? "buyer", choices: ["buyer", "staff"].map((id) => [id, t(`knowledge.audience.${id}`)]) };
  if (name === "trigger") return { kind: "choice", value: value ?? "keywords", choices: ["keywords", "after_hours", "busy"].map((id) => [id, t(`trigger.${id}`)]) };
  if (name === "active") return { kind: "check", value: value ?? true };
  if (LINES.includes(name)) return { kind: "long", value: (value ?? []).join("\n"), about: t(`knowledge.${name}.about`), ...wrong };
  if (name === "busy_from") return { kind: "number", value: value ?? null, about: t("knowledge.busy_from.about"), ...wrong };
  if (name === "starts" || name === "ends") return { kind: "time", value: value ?? null, ...(name === "ends" ? { about: t("knowledge.ends.about") } : {}), ...wrong };
  return { kind: name === "answer" || name === "text" ? "long" : "text", value: value ?? "", required: true };
}
