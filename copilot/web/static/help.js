// The sheet of keys behind "?": written from the one table of keys; a press on a key changes it. Whether what is sent
// waits a moment, and how the desk calls, is chosen here too.

import { alarmWish } from "./alarm-wish.js";
import { h } from "./card/dom.js";
import { Keymap, mayMean, readable } from "./keymap.js";
import { isComposing, pressOf } from "./keys.js";

/** @import {Alarm} from "./alarm.js" */
/** @import {Hold} from "./hold.js" */
/** @import {Key} from "./keys.js" */

/**
 * @typedef {object} Habits how this person works
 * @property {(key: string, values?: Record<string, string>) => string} t
 * @property {Keymap} keys
 * @property {Hold} hold
 * @property {Alarm | null} alarm none for whoever answers nobody
 * @property {(error: unknown) => void} failed
 * @property {() => void} changed called when a key means something else from now on
 */

/**
 * @param {HTMLDialogElement} dialog
 * @param {Habits} habits
 */
export function showHelp(dialog, habits) {
  draw(dialog, habits, "");
  if (!dialog.open) dialog.showModal();
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Habits} habits
 * @param {string} said what became of the last change
 */
function draw(dialog, habits, said) {
  const { t, keys, hold, alarm, changed } = habits;
  const name = (/** @type {string} */ command) => t(command === "send" ? "key.send.help" : `key.${command}`);
  const again = (/** @type {string} */ words, /** @type {string} */ held) => {
    draw(dialog, habits, words);
    const node = dialog.querySelector(`[data-line="${held}"]`);
    if (node instanceof HTMLElement) node.focus();
  };
  const change = (/** @type {Key} */ key, /** @type {string | null} */ press) => {
    const holder = press === null ? null : keys.holder(key, press);
    const line = `${key.command} ${key.where}`;
    if (press !== null && !mayMean(key.where, press)) return again(t("keys.typed", { key: readable(press) }), line);
    if (press !== null && holder) return again(t("keys.taken", { key: readable(press), what: name(holder) }), line);
    keys.change(key, press === null ? [] : [press]);
    changed();
    again(press === null ? t("keys.off.done", { what: name(key.command) }) : t("keys.done", { key: readable(press), what: name(key.command) }), line);
  };
  const { table } = keys;
  const commands = [...new Set(table.map((key) => key.command))];
  const reset = h("button", { type: "button", id: "keys-reset", class: "dc-button", on: { click: () => (keys.reset(), changed(), again(t("keys.reset.done"), "")) } }, t("keys.reset"));
  const wish = h("input", { type: "checkbox", id: "hold", checked: hold.on, on: { change: () => (hold.on = wish.checked) } });
  dialog.replaceChildren(
    h("h2", { id: "help-title" }, t("help")),
    h(
      "dl",
      { class: "keys" },
      commands.flatMap((command) => [
        h("dt", {}, table.filter((key) => key.command === command).map((key) => presser(key, name(command), t, (press) => change(key, press)))),
        h("dd", {}, name(command)),
      ]),
    ),
    h("label", { class: "hold" }, wish, h("span", {}, t("hold"))),
    ...(alarm ? alarmWish(alarm, t, habits.failed) : []),
    h("p", { class: "hint" }, t("help.hint")),
    h("p", { id: "keys-said", class: "hint", role: "status" }, said || t("keys.hint")),
    h("form", { method: "dialog", class: "sheet-acts" }, h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc")), keys.changed && reset),
  );
}

/**
 * A key as a button: pressed, it takes the next press of the keyboard for its own; Escape leaves it as it is, Backspace
 * switches it off.
 * @param {Key} key
 * @param {string} name
 * @param {(key: string, values?: Record<string, string>) => string} t
 * @param {(press: string | null) => void} change
 */
function presser(key, name, t, change) {
  let waits = false;
  const presses = key.presses.map((press) => h("kbd", {}, readable(press)));
  const shown = () => [...(presses.length ? presses : [h("span", { class: "key-off" }, t("keys.off"))]), h("span", { class: "unseen" }, t("keys.change", { what: name }))];
  const rest = () => ((waits = false), node.replaceChildren(...shown()));
  const node = h(
    "button",
    {
      type: "button",
      class: "key-change",
      "data-line": `${key.command} ${key.where}`,
      on: {
        click: () => ((waits = true), node.replaceChildren(t("keys.press"))),
        blur: rest,
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (!waits || isComposing(event) || event.repeat || event.key === "Tab") return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === "Escape") return rest();
          if (event.key === "Backspace" || event.key === "Delete") return change(null);
          const press = pressOf(event);
          if (!/^(Shift|Control|Alt|Meta|AltGraph)$/.test(event.key)) change(press.length === 1 ? press.toLowerCase() : press);
        },
      },
    },
    shown(),
  );
  return node;
}
