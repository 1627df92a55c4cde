// The sheet of keys behind "?"; it is written from the one table of keys.

import { h } from "./card/dom.js";
import { KEYS } from "./keys.js";

const NAMES = { ArrowDown: "↓", ArrowUp: "↑", Enter: "↵", Escape: "Esc", Meta: "⌘" };

/**
 * @param {HTMLDialogElement} dialog
 * @param {(key: string) => string} t
 */
export function showHelp(dialog, t) {
  const commands = [...new Set(KEYS.map((key) => key.command))];
  const lines = commands.flatMap((command) => {
    const presses = KEYS.filter((key) => key.command === command).flatMap((key) => key.presses);
    return [h("dt", {}, presses.map((press) => pressed(press))), h("dd", {}, t(command === "send" ? "key.send.help" : `key.${command}`))];
  });
  dialog.replaceChildren(
    h("h2", { id: "help-title" }, t("help")),
    h("dl", { class: "keys" }, lines),
    h("p", { class: "hint" }, t("help.hint")),
    h("form", { method: "dialog" }, h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc"))),
  );
  dialog.showModal();
}

/** @param {string} press */
function pressed(press) {
  const parts = press.split("+").map((part) => /** @type {Record<string, string>} */ (NAMES)[part] ?? part.toUpperCase().replace(/^(CTRL|ALT)$/, (name) => name[0] + name.slice(1).toLowerCase()));
  return h("kbd", {}, parts.join(" "));
}
