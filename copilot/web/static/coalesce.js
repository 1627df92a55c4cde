// Many reasons to read something again become one reading; nothing that happened meanwhile is missed.

const GATHER = 40; // ms in which reasons are gathered

/**
 * @param {() => Promise<void>} read must not throw
 * @returns {() => Promise<void>} asks for a reading that begins after the call; resolves when it is done
 */
export function coalesced(read) {
  /** @type {Promise<void> | null} */
  let running = null;
  /** @type {Promise<void> | null} */
  let next = null;
  return () => {
    next ??= (async () => {
      await running;
      await new Promise((resolve) => setTimeout(resolve, GATHER));
      running = read();
      next = null;
      await running;
    })();
    return next;
  };
}
