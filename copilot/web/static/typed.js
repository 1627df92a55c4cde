// Has a typed text translated: asks, and looks again until a worker is done. Shows nothing.

import { ApiError, get, post } from "./api.js";

/** @import {Env, Typed} from "./card/types" */

const LOOK = 500; // ms between two looks
const LONGEST = 60_000; // ms after which nobody waits any longer

/**
 * @param {string} conversation
 * @returns {NonNullable<Env["translate"]>}
 */
export function translating(conversation) {
  return async (text, draft, current, early) => {
    const found = await asked(text, conversation, draft);
    const until = performance.now() + LONGEST;
    let shown = found;
    while (shown?.state === "pending" && found?.id && current() && performance.now() < until) {
      early(shown);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      if (!current()) return null;
      shown = /** @type {Typed} */ (await get(`/api/translations/${encodeURIComponent(found.id)}`));
    }
    return shown;
  };
}

/**
 * The translation that was begun; null where none is due, because the buyer reads what was typed.
 * @param {string} text
 * @param {string} conversation
 * @param {string | null} draft
 * @returns {Promise<Typed | null>}
 */
async function asked(text, conversation, draft) {
  try {
    // What is wrong with the typed text itself, its check says.
    return { .../** @type {Typed} */ (await post("/api/translations", { text, ...(draft ? { draft } : { conversation }) })), verdict: null };
  } catch (error) {
    if (error instanceof ApiError && (error.status === 422 || error.status === 403)) return null;
    throw error;
  }
}
