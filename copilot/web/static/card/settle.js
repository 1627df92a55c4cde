// For how long after a change nothing can be decided: a press that was meant for what stood there before is lost.

/** Milliseconds. */
export const SETTLE = 400;
