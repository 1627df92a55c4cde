// Many reasons to read something again become one reading; nothing that happened meanwhile is missed.

const GATHER = 40; // ms in which reasons are gathered

/**
 * @param {() => Promise<void>} read must not throw
 * @param {number} [apart] ms between the beginnings of two readings that nobody waits for
 * @returns {(atOnce?: boolean) => Promise<void>} asks for a reading that begins after the call; resolves when it is done.
 *   `atOnce`: somebody waits for it, nothing more is gathered
 */
export function coalesced(read, apart = GATHER) {
  /** @type {Promise<void> | null} */
  let running = null;
  /** @type {Promise<void> | null} */
  let next = null;
  /** @type {() => void} */
  let hurry = () => undefined;
  let began = -apart;
  return (atOnce = false) => {
    if (next === null) {
      const hurried = new Promise((resolve) => (hurry = () => resolve(undefined)));
      next = (async () => {
        await running;
        const wait = Math.max(GATHER, began + apart - performance.now());
        await Promise.race([hurried, new Promise((resolve) => setTimeout(resolve, wait))]);
        began = performance.now();
        running = read();
        next = null;
        await running;
      })();
    }
    if (atOnce) hurry();
    return next;
  };
}
