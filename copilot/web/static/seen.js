// Tells the server which draft came before somebody's eyes, once the card can be seen at all. Shows nothing, and nothing
// waits for it: what cannot be told is not counted.

import { oncePainted } from "./after.js";
import { post } from "./api.js";

/** @import {Seen} from "./card/types" */

/** @param {HTMLElement} card */
export function watchSeen(card) {
  /** @type {Seen | null} what stands on the card and has not been told */
  let waiting = null;
  let inSight = false;
  const tell = () => {
    if (!waiting || !inSight || document.hidden) return;
    const { draft, ...seen } = waiting;
    waiting = null;
    void post(`/api/drafts/${encodeURIComponent(draft)}/sight`, seen).catch(() => null);
  };
  card.addEventListener("card-seen", (event) => {
    waiting = /** @type {CustomEvent<Seen | null>} */ (event).detail;
    oncePainted(tell);
  });
  document.addEventListener("visibilitychange", tell);
  new IntersectionObserver((entries) => {
    inSight = entries.at(-1)?.isIntersecting ?? false;
    tell();
  }).observe(card);
}
