// The page around the panel: hears which conversation it shows and what became of a text it was given, tells it texts to
// insert and that a reply went out.
// Listens to the window that holds it and to listed origins only; what it hears never says who somebody is.
// The contract stands in docs/panel.md.

import { element } from "../page.js";

const FETCH = "chatwoot-dashboard-app:fetch-info";
const LONGEST = 200; // of an id

/** @returns {string[]} */
function listed() {
  const meta = element("meta[name=panel-origins]", HTMLMetaElement);
  return meta.content.split(" ").filter(Boolean);
}

export class Host extends EventTarget {
  /** @type {string | null} the origin that has spoken, or the one the browser names */
  origin = null;
  #origins = listed();

  /** Begins to listen and asks the host to speak. Events: "open" (detail: its id of the conversation), "sent" and
   *  "dropped" (detail: of which conversation and reply). */
  begin() {
    if (parent === window) return;
    addEventListener("message", (event) => this.#hear(event));
    const around = window.location.ancestorOrigins?.[0];
    if (around !== undefined && this.#origins.includes(around)) this.origin = around;
    for (const origin of this.origin ? [this.origin] : this.#origins) {
      parent.postMessage({ type: "reply-copilot:ready", version: 1 }, origin);
      parent.postMessage(FETCH, origin);
    }
  }

  /** @param {MessageEvent<unknown>} event */
  #hear(event) {
    if (event.source !== parent || !this.#origins.includes(event.origin)) return;
    if (this.origin !== null && this.origin !== event.origin) return;
    const ended = endedBy(event.data);
    if (ended !== null) {
      if (this.origin !== null) this.dispatchEvent(new CustomEvent(ended.what, { detail: ended.of }));
      return;
    }
    const id = opened(event.data);
    if (id === null) return;
    this.origin = event.origin;
    this.dispatchEvent(new CustomEvent("open", { detail: id }));
  }

  /**
   * @param {{type: "reply-copilot:insert", conversation: string, text: string, reply?: string}
   *   | {type: "reply-copilot:sent", conversation: string}} said
   */
  tell(said) {
    if (this.origin) parent.postMessage(said, this.origin);
  }
}

/**
 * The conversation that a message of the host opens: ours, or Chatwoot's, which comes as a string.
 * @param {unknown} data
 * @returns {string | null}
 */
function opened(data) {
  const said = typeof data === "string" ? parsed(data) : data;
  if (typeof said !== "object" || said === null) return null;
  const found = /** @type {{type?: unknown, conversation?: unknown, event?: unknown, data?: {conversation?: {id?: unknown}}}} */ (said);
  const id = found.event === "appContext" ? found.data?.conversation?.id : found.type === "reply-copilot:open" ? found.conversation : null;
  return named(id);
}

/**
 * What a message of the host says of a text that it was given: that it was sent there, or will not be.
 * @param {unknown} data
 */
function endedBy(data) {
  if (typeof data !== "object" || data === null) return null;
  const said = /** @type {{type?: unknown, conversation?: unknown, reply?: unknown, message?: unknown}} */ (data);
  const what = said.type === "reply-copilot:sent" ? "sent" : said.type === "reply-copilot:dropped" ? "dropped" : null;
  const conversation = named(said.conversation);
  if (what === null || conversation === null) return null;
  return { what, of: { conversation, reply: named(said.reply), message: named(said.message) } };
}

/** @param {unknown} id */
function named(id) {
  const text = typeof id === "number" ? String(id) : id;
  return typeof text === "string" && text !== "" && text.length <= LONGEST ? text : null;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
