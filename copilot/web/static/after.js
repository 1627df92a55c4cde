// When what can wait is done: once everything has changed, so that the page is laid out once; or once it was painted, so
// that nothing delays what somebody waits to see.

/**
 * Whatever reads or sets places: behind all changes that are being made now, before they are painted.
 * @param {() => void} what
 */
export function onceChanged(what) {
  queueMicrotask(what);
}

/**
 * What nobody looks at, such as telling the server. While the page cannot be seen nothing is painted and nothing is done.
 * @param {() => void} what
 */
export function oncePainted(what) {
  requestAnimationFrame(() => setTimeout(what));
}

const LATEST = 500; // ms after which nobody waits for a frame any longer: a page that is not seen has none

/**
 * What has to be done in any case, but behind what somebody waits to see.
 * @param {() => void} what
 */
export function behindPaint(what) {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    what();
  };
  oncePainted(once);
  setTimeout(once, LATEST);
}
