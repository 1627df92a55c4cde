// Forms of the administration page: labelled fields, what was refused beside the field it is about, one line that says so.

import { ApiError } from "../api.js";
import { h } from "../card/dom.js";
import { explain, isSignedOut, toLogin } from "../session.js";

/** @import {Child} from "../card/dom.js" */
/** @import {Session} from "../session.js" */

/**
 * @typedef {object} Field
 * @property {string} name as the server calls it
 * @property {string} label
 * @property {"text" | "password" | "number" | "time" | "date" | "long" | "choice" | "check"} [kind]
 * @property {string | number | boolean | null} [value]
 * @property {[string, string][]} [choices] value and words
 * @property {string | null} [about]
 * @property {string | null} [hint] stands in the empty field
 * @property {boolean} [required]
 * @property {string} [wrong] what to do when the server refuses it, in the reader's language
 */

/** @param {Field} field @returns {HTMLLabelElement} */
export function labelled(field) {
  const about = field.about ? h("span", { class: "admin-about" }, field.about) : "";
  const input = inputOf(field);
  if (field.kind === "check") return h("label", { class: "admin-check" }, input, h("span", {}, field.label), about);
  return h("label", {}, h("span", {}, field.label), input, about);
}

/** @param {Field} field */
function inputOf({ name, kind = "text", value, choices = [], hint, required, wrong }) {
  const common = { name, class: "dc-field", required: required || null, "data-wrong": wrong ?? null };
  if (kind === "choice") return h("select", common, choices.map(([id, words]) => h("option", { value: id, selected: id === value }, words)));
  if (kind === "check") return h("input", { name, type: "checkbox", checked: Boolean(value) });
  if (kind === "long") return h("textarea", { ...common, rows: 4, maxlength: 10_000, placeholder: hint ?? null }, String(value ?? ""));
  // A browser must offer none of its stored passwords for somebody else's, nor for a platform's secret.
  return h("input", { ...common, type: kind, value: value === null || value === undefined ? null : String(value), placeholder: hint ?? null, autocomplete: kind === "password" ? "new-password" : "off", spellcheck: "false", step: kind === "number" ? "any" : null });
}

/**
 * A form that sends what was entered; what the server refuses is told beside the field, and nothing typed is lost.
 * @param {Session} session
 * @param {string} title
 * @param {Child[]} fields
 * @param {string} word what the button says
 * @param {(form: HTMLFormElement) => Promise<unknown>} act
 * @param {Child[]} more further buttons
 * @param {string} [done] what is said when it went well
 */
export function formOf(session, title, fields, word, act, more = [], done = session.t("admin.saved")) {
  const said = h("p", { class: "admin-said", role: "status" });
  const button = h("button", { class: "dc-button dc-primary" }, word);
  const form = h("form", { class: "admin-form", novalidate: true }, title && h("h2", {}, title), fields, h("div", { class: "admin-acts" }, button, more), said);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(session, form, said, button, act, done);
  });
  // Something else that is tried with what was entered, told in the same place.
  form.addEventListener("try", (event) => {
    if (event instanceof CustomEvent) void attempt(session, form, said, button, event.detail, "");
  });
  return form;
}

/**
 * @param {Session} session
 * @param {HTMLFormElement} form
 * @param {HTMLElement} said
 * @param {HTMLButtonElement} button
 * @param {(form: HTMLFormElement) => Promise<unknown>} act
 * @param {string} done
 */
async function attempt(session, form, said, button, act, done) {
  if (button.disabled) return;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  said.classList.remove("bad");
  said.textContent = "";
  button.disabled = true;
  try {
    await act(form);
    said.textContent = done;
  } catch (error) {
    if (isSignedOut(error)) return toLogin();
    said.classList.add("bad");
    const named = error instanceof ApiError && error.body.field ? form.elements.namedItem(String(error.body.field)) : null;
    const why = (named instanceof HTMLElement && named.dataset["wrong"]) || (error instanceof ApiError && error.body.why);
    said.textContent = explain(error, session.t, why || "");
    if (named instanceof HTMLElement) {
      named.setAttribute("aria-invalid", "true");
      named.focus();
    }
  } finally {
    button.disabled = false;
  }
}

/**
 * What stands in a field of the form.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function entered(form, name) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement && field.type === "checkbox") return String(field.checked);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement ? field.value : "";
}

/**
 * @param {string[]} heads
 * @param {(Child | Child[])[][]} lines
 */
export function table(heads, lines) {
  return h(
    "div",
    { class: "admin-scroll" },
    h("table", { class: "admin-table" }, h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, lines.map((line) => h("tr", {}, line.map((cell) => h("td", {}, ...(Array.isArray(cell) ? cell : [cell]))))))),
  );
}
