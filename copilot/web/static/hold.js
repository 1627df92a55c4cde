// A moment before something is sent in which it can be taken back, for whoever wants one. Kept in this browser.

const KEPT = "copilot.hold";

/** Milliseconds. */
export const HOLD = 2000;

export class Hold {
  #place;
  #on;
  /** @type {((sends: boolean) => void) | null} */
  #end = null;

  /** @param {string} person whose wish it is */
  constructor(person) {
    this.#place = `${KEPT} ${person}`;
    this.#on = kept(this.#place);
  }

  get on() {
    return this.#on;
  }

  set on(on) {
    this.#on = on;
    try {
      localStorage.setItem(this.#place, on ? "1" : "");
    } catch {
      // A browser that keeps nothing has it until the page is closed.
    }
  }

  /** Whether something waits that can be taken back. */
  get waiting() {
    return this.#end !== null;
  }

  /**
   * The moment; at once over where nobody wants one. What waited before leaves now.
   * @returns {Promise<boolean>} false: it was taken back
   */
  moment() {
    this.#end?.(true);
    if (!this.#on) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => end(true), HOLD);
      const end = (/** @type {boolean} */ sends) => {
        clearTimeout(timer);
        if (this.#end === end) this.#end = null;
        resolve(sends);
      };
      this.#end = end;
    });
  }

  /** @returns {boolean} whether there was something to take back */
  takeBack() {
    const waited = this.#end !== null;
    this.#end?.(false);
    return waited;
  }
}

/** @param {string} place */
function kept(place) {
  try {
    return localStorage.getItem(place) === "1";
  } catch {
    return false;
  }
}
