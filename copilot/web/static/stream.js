// The page's end of the event stream: through the shared worker, or by a stream of its own where there is none.
// Events: "change" (detail: Change), "reset", "open", "broken".

import { connect } from "./connection.js";

/** @import {Told} from "./connection.js" */

const JOINING = 3000; // ms a worker may take to answer before the page does without it

export class Stream extends EventTarget {
  /** @type {(() => void) | null} */
  #leave = null;
  #joined = false;
  #name;

  /** @param {string} name one worker per name: of another person, another stream */
  constructor(name) {
    super();
    this.#name = name;
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  open() {
    if (this.#leave) return;
    try {
      this.#join();
    } catch {
      this.#alone();
    }
  }

  close() {
    this.#leave?.();
    this.#leave = null;
  }

  #join() {
    const worker = new SharedWorker(new URL("stream-worker.js", import.meta.url), { type: "module", name: this.#name });
    const patience = setTimeout(() => this.#joined || this.#alone(), JOINING);
    this.#joined = false;
    worker.onerror = () => this.#joined || this.#alone();
    worker.port.onmessage = ({ data }) => {
      this.#joined = true;
      this.#tell(data);
    };
    this.#leave = () => {
      clearTimeout(patience);
      worker.port.postMessage("bye");
    };
  }

  #alone() {
    this.#leave?.();
    const connection = connect((told) => this.#tell(told));
    this.#leave = () => connection.close();
  }

  /** @param {Told} told */
  #tell(told) {
    if (told.type === "change") this.dispatchEvent(new CustomEvent("change", { detail: told.change }));
    else this.dispatchEvent(new Event(told.type === "state" ? told.state : told.type));
  }
}
