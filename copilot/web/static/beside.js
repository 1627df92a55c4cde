// On the pages beside the desk: how many replies did not leave, and the way to them.

import { get } from "./api.js";
import { renew } from "./card/dom.js";
import { icon } from "./card/icons.js";
import { coalesced } from "./coalesce.js";
import { element } from "./page.js";

/** @import {Session} from "./session.js" */

const PACE = 30_000; // ms between two looks; the desk itself is told by events
let troubled = 0;

/**
 * @param {() => Session | null} whose who sits here now; null: nobody
 * @returns {() => void} has it looked at soon, because something may have changed
 */
export function watchTrouble(whose) {
  const look = coalesced(async () => {
    if (document.hidden) return;
    // Somebody who may not read conversations has no tray; who has left is led to the login by what they do next.
    const listing = whose() && (await get("/api/conversations?failed=true&limit=1").catch(() => null));
    troubled = listing?.counts.failed ?? 0;
    showTrouble(whose());
  });
  addEventListener("visibilitychange", () => void look());
  setInterval(() => void look(), PACE);
  void look(true);
  return () => void look();
}

/**
 * What is known, in the reader's language.
 * @param {Session | null} session
 */
export function showTrouble(session) {
  const tray = element("#tray");
  tray.hidden = troubled === 0 || session === null;
  const words = session?.t("tray", { n: troubled }) ?? "";
  renew(tray, words, () => [icon("alert"), words]);
}
