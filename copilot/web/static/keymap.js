// The keys as one person has them: the table of keys with what they changed in this browser. Shows nothing.

import { fits, KEYS, PLACES } from "./keys.js";

/** @import {Key} from "./keys.js" */

const KEPT = "copilot.keys";
const NAMES = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Enter: "↵", Escape: "Esc", Meta: "⌘", Shift: "⇧" };
const LONE = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);

export class Keymap {
  /** @type {Record<string, string[]>} the presses of each changed line of the table; none: it is switched off */
  #changed;
  #place;

  /** @param {string} person whose keys they are */
  constructor(person) {
    this.#place = `${KEPT} ${person}`;
    this.#changed = kept(this.#place);
  }

  /** @returns {Key[]} the table as it is for them */
  get table() {
    return KEYS.map((key) => ({ ...key, presses: this.#changed[lineOf(key)] ?? key.presses }));
  }

  /**
   * @param {string} command
   * @returns {string} its key as people read it; empty where it has none
   */
  named(command) {
    const press = this.table.find((key) => key.command === command && key.presses.length > 0)?.presses[0];
    return press ? readable(press) : "";
  }

  /**
   * Whoever has the press already where `key` is meant, if anybody.
   * @param {Key} key
   * @param {string} press
   */
  holder(key, press) {
    const meets = (/** @type {Key} */ other) => PLACES.some((place) => fits(key.where, place) && fits(other.where, place));
    return this.table.find((other) => lineOf(other) !== lineOf(key) && other.presses.includes(press) && meets(other))?.command ?? null;
  }

  /**
   * @param {Key} key
   * @param {string[]} presses none: it is switched off
   */
  change(key, presses) {
    this.#changed[lineOf(key)] = presses;
    this.#keep();
  }

  /** As shipped again. */
  reset() {
    this.#changed = {};
    this.#keep();
  }

  get changed() {
    return Object.keys(this.#changed).length > 0;
  }

  #keep() {
    try {
      localStorage.setItem(this.#place, JSON.stringify(this.#changed));
    } catch {
      // A browser that keeps nothing has them until the page is closed.
    }
  }
}

/**
 * Whether a press may stand for something there: what types a letter is never a command where people type, and Tab
 * always leads on.
 * @param {Key["where"]} where
 * @param {string} press
 */
export function mayMean(where, press) {
  const key = press.split("+").at(-1) || "+";
  if (key === "Tab" || LONE.has(key)) return false;
  const types = fits(where, "field") && !/^(Ctrl|Meta|Alt)\+/.test(press);
  return !types || key === "Escape" || /^F\d+$/.test(key);
}

/**
 * A press as people read it: "⇧ ↵", "Alt 1", "J".
 * @param {string} press
 */
export function readable(press) {
  const parts = press === "+" ? ["+"] : press.split("+");
  return parts.map((part) => /** @type {Record<string, string>} */ (NAMES)[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" ");
}

/** @param {Key} key */
const lineOf = (key) => `${key.command} ${key.where}`;

/**
 * What was kept, as far as it still means something; anything may stand in a browser's store.
 * @param {string} place
 * @returns {Record<string, string[]>}
 */
function kept(place) {
  try {
    const found = /** @type {unknown} */ (JSON.parse(localStorage.getItem(place) ?? "{}"));
    const lines = Object.entries(found && typeof found === "object" ? found : {});
    return Object.fromEntries(
      KEYS.flatMap((key) => {
        const presses = lines.find(([line]) => line === lineOf(key))?.[1];
        const good = Array.isArray(presses) && presses.every((press) => typeof press === "string" && mayMean(key.where, press));
        return good ? [[lineOf(key), presses]] : [];
      }),
    );
  } catch {
    return {};
  }
}
