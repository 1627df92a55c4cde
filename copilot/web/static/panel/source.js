// The event stream read by fetch, because an EventSource sends no header and a frame gets no cookie. Behaves as an
// EventSource does for connection.js, but never reconnects by itself: it closes and says so.

import { credentials } from "../api.js";

const CLOSED = 2;

export class FetchSource extends EventTarget {
  readyState = 0;
  #stop = new AbortController();

  /** @param {string} address */
  constructor(address) {
    super();
    void this.#read(address);
  }

  close() {
    this.readyState = CLOSED;
    this.#stop.abort();
  }

  /** @param {string} address */
  async #read(address) {
    try {
      const answer = await fetch(address, {
        headers: { Accept: "text/event-stream", ...credentials() },
        credentials: "omit",
        cache: "no-store",
        signal: this.#stop.signal,
      });
      if (answer.ok && answer.body) await this.#take(answer.body);
    } catch {
      // Broken off: the listener comes back to its place.
    }
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.dispatchEvent(new Event("error"));
  }

  /** @param {ReadableStream<Uint8Array>} body */
  async #take(body) {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.#tell(block);
    }
  }

  /** @param {string} block the lines of one event */
  #tell(block) {
    let [type, id] = ["message", ""];
    const data = [];
    for (const line of block.split("\n")) {
      const [, name, said] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name === "event") type = said ?? "";
      if (name === "id") id = said ?? "";
      if (name === "data") data.push(said ?? "");
    }
    if (data.length || id) this.dispatchEvent(new MessageEvent(type, { data: data.join("\n"), lastEventId: id }));
  }
}
