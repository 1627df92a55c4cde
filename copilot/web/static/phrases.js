// The shop's phrases for the text box: read when somebody first asks for them, and again after a while.

import { get } from "./api.js";

/** @import {Phrase} from "./card/types" */

const FRESH = 60_000; // ms
const MOST = 1000;

/** @type {Map<string, {at: number, read: Promise<Phrase[]>}>} */
const known = new Map();

/**
 * Those in the page's language first: the others are for buyers who read them.
 * @param {string} shop
 * @param {string} language
 * @returns {() => Promise<Phrase[]>} nothing where they cannot be read: a text can be written without them
 */
export function phrasesOf(shop, language) {
  return async () => {
    const now = performance.now();
    let kept = known.get(shop);
    if (!kept || now - kept.at > FRESH) {
      kept = { at: now, read: read(shop) };
      known.set(shop, kept);
    }
    const own = (/** @type {Phrase} */ one) => (one.language.startsWith(language) ? 0 : 1);
    return [...(await kept.read)].sort((a, b) => own(a) - own(b));
  };
}

/** @param {string} shop */
async function read(shop) {
  try {
    const found = /** @type {{items: Phrase[]}} */ (await get(`/api/phrases?shop=${encodeURIComponent(shop)}&limit=${MOST}`));
    return found.items;
  } catch {
    known.delete(shop);
    return [];
  }
}
