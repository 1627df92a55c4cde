// Many reasons to read something again become one reading; nothing that happened meanwhile is missed.

const GATHER = 40; // ms in which reasons are gathered

/**
 * @param {() => Promise<void>} read must not throw
 * @returns {(atOnce?: boolean) => Promise<void>} asks for a reading that begins after the call; resolves when it is done.
 *   `atOnce`: somebody waits for it, nothing more is gathered
 */
export function coalesced(read) {
  /** @type {Promise<void> | null} */
  let running = null;
  /** @type {Promise<void> | null} */
  let next = null;
  /** @type {() => void} */
  let hurry = () => undefined;
  return (atOnce = false) => {
    if (next === null) {
      const hurried = new Promise((resolve) => (hurry = () => resolve(undefined)));
      next = (async () => {
        await running;
        await Promise.race([hurried, new Promise((resolve) => setTimeout(resolve, GATHER))]);
        running = read();
        next = null;
        await running;
      })();
    }
    if (atOnce) hurry();
    return next;
  };
}
