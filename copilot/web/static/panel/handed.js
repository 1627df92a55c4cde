// A reply that was approved and that nobody but the agent can send: handed to the tool around the panel, and settled when
// the tool, or the agent, says what became of it.

import { post } from "../api.js";
import { element } from "../page.js";

/** @import {Host} from "./host.js" */
/** @import {Conversation} from "../types" */
/** @typedef {{conversation: string, reply: string | null, message: string | null}} Ended */

export class Handed {
  #host;
  #after;
  /** @type {Set<string>} ids of replies that the tool was given */
  #given = new Set();
  /** @type {{id: string, text: string}[]} */
  #replies = [];
  /** @type {string | null} as the host calls the conversation */
  #named = null;

  /**
   * @param {Host} host
   * @param {() => void} after reads the conversation again
   * @param {(error: unknown) => void} failed
   */
  constructor(host, after, failed) {
    this.#host = host;
    this.#after = after;
    this.failed = failed;
    host.addEventListener("sent", (event) => this.#told(/** @type {CustomEvent<Ended>} */ (event).detail, "sent"));
    host.addEventListener("dropped", (event) => this.#told(/** @type {CustomEvent<Ended>} */ (event).detail, "failed"));
    element("#handed-again").addEventListener("click", () => this.#replies[0] && this.#give(this.#replies[0]));
    element("#handed-sent").addEventListener("click", () => this.#replies[0] && void this.#settle(this.#replies[0].id, "sent", null));
    element("#handed-dropped").addEventListener("click", () => this.#replies[0] && void this.#settle(this.#replies[0].id, "failed", null));
  }

  /**
   * Shows what lies with the agent, the oldest first; a box holds one text, so the next one follows when it has ended.
   * @param {Conversation | null} conversation
   * @param {string | null} named
   */
  show(conversation, named) {
    this.#named = named;
    this.#replies = conversation?.replies.filter((reply) => reply.state === "handed_over") ?? [];
    const [first] = this.#replies;
    element("#handed").hidden = first === undefined;
    element("#handed-text").textContent = first?.text ?? "";
    if (first && !this.#given.has(first.id)) this.#give(first);
  }

  /** @param {{id: string, text: string}} reply */
  #give({ id, text }) {
    if (this.#named === null) return;
    this.#given.add(id);
    this.#host.tell({ type: "reply-copilot:insert", conversation: this.#named, text, reply: id });
  }

  /**
   * What the tool says: it is heard for a reply of the conversation that is shown, and for none that lies elsewhere.
   * @param {Ended} ended
   * @param {"sent" | "failed"} state
   */
  #told({ conversation, reply, message }, state) {
    if (conversation !== this.#named) return;
    const found = reply === null ? this.#replies[0] : this.#replies.find((one) => one.id === reply);
    if (found) void this.#settle(found.id, state, message);
  }

  /**
   * @param {string} id
   * @param {"sent" | "failed"} state
   * @param {string | null} message the platform's id of it
   */
  async #settle(id, state, message) {
    try {
      await post(`/api/replies/${encodeURIComponent(id)}/settle`, { state, ...(message === null ? {} : { message }) });
    } catch (error) {
      // The platform may have told of it first.
      if (!(error instanceof Error && "status" in error && error.status === 409)) this.failed(error);
    }
    this.#after();
  }
}
