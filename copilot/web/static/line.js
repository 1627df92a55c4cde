// Whether the page is connected: watches the event stream, says when it has been broken for a while, and finds out
// whether the login is over.

import { get } from "./api.js";
import { icon } from "./card/icons.js";
import { element } from "./page.js";
import { isSignedOut, toLogin } from "./session.js";

const BROKEN_FOR = 2000; // ms without a stream before people are told
const AWAY = 30_000; // ms a page may be hidden before it reads everything again

/**
 * @param {EventTarget} stream
 * @param {{t: (key: string) => string}} session
 * @param {() => void} everything reads all that is shown again
 */
export function watchLine(stream, session, everything) {
  let timer = 0;
  let hiddenAt = 0;
  stream.addEventListener("open", () => {
    clearTimeout(timer);
    timer = 0;
    element("#offline").hidden = true;
    everything();
  });
  stream.addEventListener("broken", () => (timer ||= window.setTimeout(() => void broken(session.t), BROKEN_FOR)));
  stream.addEventListener("reset", everything);
  addEventListener("online", everything);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > AWAY) everything();
  });
}

/** @param {(key: string) => string} t */
async function broken(t) {
  const banner = element("#offline");
  banner.hidden = false;
  banner.replaceChildren(icon("offline"), t("offline"));
  try {
    await get("/api/me");
  } catch (error) {
    if (isSignedOut(error)) toLogin();
  }
}
