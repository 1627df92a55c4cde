// On the pages beside the desk: how many replies did not leave, and the way to them.

import { get } from "./api.js";
import { icon } from "./card/icons.js";
import { element } from "./page.js";

/** @import {Session} from "./session.js" */

const PACE = 30_000; // ms between two looks; the desk itself is told by events
let troubled = 0;

/** @param {Session} session */
export function watchTrouble(session) {
  const look = async () => {
    if (document.hidden) return;
    // Somebody who may not read conversations has no tray; who has left is led to the login by what they do next.
    const listing = await get("/api/conversations?failed=true&limit=1").catch(() => null);
    troubled = listing?.counts.failed ?? 0;
    showTrouble(session);
  };
  addEventListener("visibilitychange", () => void look());
  setInterval(() => void look(), PACE);
  void look();
}

/**
 * What is known, in the reader's language.
 * @param {Session} session
 */
export function showTrouble(session) {
  const tray = element("#tray");
  tray.hidden = troubled === 0;
  tray.replaceChildren(icon("alert"), session.t("tray", { n: troubled }));
}
