// Keeps one event stream open against all odds: reconnects, goes on where it broke off, and forgets what it has told
// already. Runs in the shared worker, or in the page where there is none.

// A browser hears only what it is told to listen for: tests hold this list against what the desk tells.
const TOPICS = [
  "message.received",
  ...["changed", "assigned", "viewed", "ended"].map((what) => `conversation.${what}`),
  "reception.changed",
  "shop.changed",
  "absence.raised",
  "draft.translated",
  "translation.ready",
  ...["writing", "proposed", "approved", "sending", "sent", "unconfirmed", "failed"].map((state) => `draft.${state}`),
  ...["handed_over", "abandoned", "rejected", "superseded", "expired", "blocked"].map((state) => `draft.${state}`),
  ...["queued", "sending", "sent", "unconfirmed", "failed", "held", "handed_over"].map((state) => `reply.${state}`),
  ...["owed", "soon", "broken", "done", "withdrawn"].map((state) => `commitment.${state}`),
  ...["requested", "soon", "overdue", "approved", "lowered", "refused", "withdrawn"].map((state) => `approval.${state}`),
];
const REMEMBERED = 500;
const LONGEST_WAIT = 15_000; // ms

/**
 * @typedef {{type: "change", change: {id: string, topic: string, ref: string, shop: string | null, conversation: string | null, alert: boolean}}
 *   | {type: "reset"} | {type: "state", state: "open" | "broken"}} Told
 */

/** @typedef {EventTarget & {readyState: number, close: () => void}} Source an EventSource or what behaves like one */

/**
 * @param {(told: Told) => void} tell
 * @param {(address: string) => Source} [from]
 * @returns {{close: () => void}}
 */
export function connect(tell, from = (address) => new EventSource(address)) {
  /** @type {Source | null} */
  let source = null;
  let place = "";
  let wait = 500;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  /** @type {Set<string>} */
  const told = new Set();

  open();
  return { close };

  function open() {
    source = from(place ? `/api/events?after=${encodeURIComponent(place)}` : "/api/events");
    source.addEventListener("open", () => {
      wait = 500;
      tell({ type: "state", state: "open" });
    });
    source.addEventListener("error", () => broken());
    source.addEventListener("ready", (event) => stand(/** @type {MessageEvent<string>} */ (event)));
    source.addEventListener("reset", (event) => {
      place = "";
      told.clear();
      stand(/** @type {MessageEvent<string>} */ (event));
      tell({ type: "reset" });
    });
    for (const topic of TOPICS) source.addEventListener(topic, (event) => changed(topic, /** @type {MessageEvent<string>} */ (event)));
  }

  /** @param {MessageEvent<string>} event */
  function stand(event) {
    if (event.lastEventId) place = event.lastEventId;
  }

  /**
   * @param {string} topic
   * @param {MessageEvent<string>} event
   */
  function changed(topic, event) {
    if (event.lastEventId && told.has(event.lastEventId)) return;
    stand(event);
    if (event.lastEventId) told.add(event.lastEventId);
    if (told.size > REMEMBERED) told.delete([...told][0] ?? "");
    const { ref = "", shop = null, conversation = null, alert = false } = parsed(event.data);
    tell({ type: "change", change: { id: event.lastEventId, topic, ref, shop, conversation, alert } });
  }

  /** The browser reconnects by itself after a break, but gives up after an answer that is no stream. */
  function broken() {
    tell({ type: "state", state: "broken" });
    // 2 is closed.
    if (source?.readyState !== 2) return;
    clearTimeout(again);
    again = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function close() {
    clearTimeout(again);
    source?.close();
  }
}

/**
 * @param {string} data
 * @returns {any}
 */
function parsed(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}
