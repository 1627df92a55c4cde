// The keys: one table, from which the commands and the help sheet come. Decides what a press means, does nothing itself.

/**
 * @typedef {object} Key
 * @property {string} command
 * @property {string[]} presses "j", "Alt+ArrowDown", "Ctrl+Enter"; letters whatever their case
 * @property {"page" | "card" | "field" | "thread" | "anywhere"} where page: not while a field has the focus
 * @property {boolean} [again] whether holding the key repeats it
 */

/** @type {Key[]} */
export const KEYS = [
  { command: "next", presses: ["j"], where: "page", again: true },
  { command: "previous", presses: ["k"], where: "page", again: true },
  { command: "next", presses: ["Alt+ArrowDown"], where: "anywhere", again: true },
  { command: "previous", presses: ["Alt+ArrowUp"], where: "anywhere", again: true },
  { command: "accept", presses: ["Enter"], where: "card" },
  { command: "accept_next", presses: ["Shift+Enter"], where: "card" },
  { command: "option1", presses: ["Alt+1"], where: "page" },
  { command: "option2", presses: ["Alt+2"], where: "page" },
  { command: "option3", presses: ["Alt+3"], where: "page" },
  { command: "edit", presses: ["e"], where: "page" },
  { command: "reject", presses: ["r"], where: "page" },
  { command: "own", presses: ["w"], where: "page" },
  { command: "newer", presses: ["n"], where: "page" },
  { command: "send", presses: ["Ctrl+Enter", "Meta+Enter"], where: "field" },
  { command: "leave", presses: ["Escape"], where: "anywhere" },
  { command: "take", presses: ["t"], where: "page" },
  { command: "give", presses: ["g"], where: "page" },
  { command: "mark", presses: ["m"], where: "page" },
  { command: "tags", presses: ["l"], where: "page" },
  { command: "end", presses: ["d"], where: "page" },
  { command: "owed", presses: ["o"], where: "page" },
  { command: "cases", presses: ["c"], where: "page" },
  { command: "approvals", presses: ["a"], where: "page" },
  { command: "search", presses: ["/"], where: "page" },
  { command: "search", presses: ["Ctrl+f", "Meta+f"], where: "thread" },
  { command: "help", presses: ["?"], where: "page" },
];

/** Where the focus can be. */
export const PLACES = /** @type {const} */ (["field", "control", "card", "thread", "page"]);

/** Whether an input method is composing: its Enter chooses a word and must never act. */
export const isComposing = (/** @type {KeyboardEvent} */ event) => event.isComposing || event.keyCode === 229;

/**
 * The command of a press, or null. Enter on a button belongs to the button.
 * @param {KeyboardEvent} event
 * @param {Key[]} [table]
 * @returns {string | null}
 */
export function commandOf(event, table = KEYS) {
  if (isComposing(event) || event.defaultPrevented) return null;
  const press = pressOf(event);
  const where = placeOf(event.target);
  const key = table.find((one) => one.presses.some((wanted) => same(wanted, press)) && fits(one.where, where));
  return key && (!event.repeat || key.again) ? key.command : null;
}

/**
 * What was pressed, as the table writes it. A digit with Alt is the digit, whatever else the layout writes there.
 * @param {KeyboardEvent} event
 */
export function pressOf(event) {
  const digit = event.altKey ? /^Digit(\d)$/.exec(event.code)?.[1] : undefined;
  const key = digit ?? event.key;
  // Of what types something, Shift is part already: "?" is "?".
  const shift = event.shiftKey && (key.length > 1 || digit !== undefined);
  const names = [event.ctrlKey && "Ctrl", event.metaKey && "Meta", event.altKey && "Alt", shift && "Shift"].filter(Boolean);
  return [...names, key].join("+");
}

/**
 * @param {string} wanted
 * @param {string} press
 */
function same(wanted, press) {
  return wanted.length === 1 ? wanted === press.toLowerCase() : wanted === press;
}

/**
 * @param {EventTarget | null} target
 * @returns {typeof PLACES[number]}
 */
function placeOf(target) {
  if (!(target instanceof Element)) return "page";
  if (target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])")) return "field";
  if (target.closest("button, a[href], input, [role=option]")) return "control";
  if (target.closest("message-thread")) return "thread";
  return target.closest("draft-card") ? "card" : "page";
}

/**
 * Whether a key that is meant `where` counts while the focus is there.
 * @param {Key["where"]} where
 * @param {typeof PLACES[number]} place
 */
export function fits(where, place) {
  if (where === "anywhere") return true;
  if (where === "field") return place === "field";
  if (where === "thread") return place === "thread";
  if (where === "card") return ["card", "thread", "page"].includes(place);
  return place !== "field";
}
