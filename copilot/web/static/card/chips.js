// The buyer's options as chips: which the draft offers, which the agent left out, what each costs. Pressing one asks for
// the draft to be written again without it, or with it; the last one stays.

import { h } from "./dom.js";
import { money } from "./format.js";
import { icon } from "./icons.js";

/** @import {DraftView, Env, LeftOut, Money, Option, Rejection} from "./types" */

/**
 * @typedef {object} Choosing what pressing a chip does
 * @property {(rejection: Rejection) => void} choose
 * @property {boolean} still whether presses are refused for the moment
 */

/** @typedef {{key: string, name: string, cost: Money | null, option: Option | null}} Chip `option` null: it is left out */

/**
 * The chips in the order in which the options stand when all are offered, so that a key always means the same one.
 * @param {DraftView} draft
 * @param {Record<string, string>} titles what the options are called in the reader's language, by letter
 * @param {LeftOut[]} leftOut
 * @returns {Chip[]}
 */
export function chipsOf(draft, titles, leftOut) {
  const offered = draft.options.map((option) => ({ key: option.key ?? "", name: titles[option.id] ?? option.title, cost: option.cost, option }));
  /** @type {Chip[]} */
  const chips = [...offered];
  // Each goes back to the place of the letter that it would have.
  for (const one of [...leftOut].sort((a, b) => a.letter.localeCompare(b.letter))) {
    const place = one.letter.charCodeAt(0) - "A".charCodeAt(0);
    chips.splice(place, 0, { key: one.key, name: one.title, cost: one.cost, option: null });
  }
  return chips;
}

/**
 * What pressing a chip asks for; null where it would leave the draft without any option.
 * @param {Chip[]} chips
 * @param {Chip | undefined} pressed
 * @returns {Rejection | null}
 */
export function choiceOf(chips, pressed) {
  if (!pressed?.key) return null;
  const without = chips.filter((chip) => (chip === pressed ? chip.option !== null : chip.option === null)).map((chip) => chip.key);
  return without.length < chips.length ? { reason: "options", without } : null;
}

/**
 * @param {Env} env
 * @param {DraftView} draft
 * @param {{titles?: Record<string, string>, left_out?: LeftOut[]}} around
 * @param {Choosing | null} choosing null where this person cannot choose
 */
export function optionChips(env, draft, { titles = {}, left_out: leftOut = [] }, choosing) {
  const chips = chipsOf(draft, titles, leftOut);
  if (chips.length === 0) return null;
  const presses = choosing !== null && chips.length > 1;
  const lines = chips.map((chip, place) => h("li", { class: `dc-option${chip.option ? "" : " dc-option-out"}` }, presses && toggle(env, chips, place, choosing), words(env, draft, chip)));
  return h("ul", { class: "dc-options", "aria-label": env.t("options") }, lines);
}

/**
 * @param {Env} env
 * @param {Chip[]} chips
 * @param {number} place
 * @param {Choosing} choosing
 */
function toggle(env, chips, place, { choose, still }) {
  const chip = /** @type {Chip} */ (chips[place]);
  const choice = choiceOf(chips, chip);
  return h(
    "button",
    {
      type: "button",
      class: "dc-option-toggle",
      "data-settles": choice !== null,
      "aria-pressed": String(chip.option !== null),
      "aria-disabled": String(still || choice === null),
      title: env.t(choice === null ? "option.last" : chip.option ? "option.leave_out" : "option.include"),
      on: { click: () => choice && choose(choice) },
    },
    icon(chip.option ? "check" : "add"),
    h("kbd", {}, env.keys(`option${place + 1}`)),
    h("span", { class: "unseen" }, env.t("option.offer", { name: chip.name })),
  );
}

/**
 * @param {Env} env
 * @param {DraftView} draft
 * @param {Chip} chip
 * @returns {(Node | string | null | false)[]}
 */
function words(env, draft, chip) {
  const { option } = chip;
  return [
    // A letter is only said to the buyer where there is something to choose.
    option && draft.options.length > 1 && h("span", { class: "dc-letter" }, option.id),
    h("span", { class: "dc-option-words" }, h("strong", {}, chip.name), option ? below(env, draft, option, chip.name) : h("span", { class: "dc-action" }, env.t("option.out"))),
    h("span", { class: "dc-cost" }, chip.cost ? money(chip.cost) : env.t("option.no_cost")),
  ];
}

/**
 * The draft's own word for an option, and what a person does then; neither where it would say the name again.
 * @param {Env} env
 * @param {DraftView} draft
 * @param {Option} option
 * @param {string} name
 */
function below(env, draft, option, name) {
  const known = name.toLowerCase();
  const same = (/** @type {string} */ words) => known.includes(words.toLowerCase()) || words.toLowerCase().includes(known);
  const action = env.t(`action.${option.action}`);
  const lines = [
    !same(option.title) && h("span", { lang: draft.language }, option.title),
    !same(action) && h("span", {}, env.t("option.action", { action })),
  ].filter((line) => line !== false);
  return lines.length > 0 && h("span", { class: "dc-action" }, lines);
}
