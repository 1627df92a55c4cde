// For how long after a change nothing can be decided: a press that was meant for what stood there before is lost.

/** Milliseconds. */
export const SETTLE = 400;

export class Settling {
  #at = -SETTLE;

  /** Whether presses are refused for the moment. */
  get still() {
    return performance.now() - this.#at < SETTLE;
  }

  /**
   * Something else stands there from now on.
   * @param {() => void} over called once presses count again, unless it has changed once more
   */
  begin(over) {
    const at = (this.#at = performance.now());
    setTimeout(() => this.#at === at && over(), SETTLE);
  }
}
