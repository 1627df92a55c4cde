// The shared worker: one event stream for all pages of a browser, because a browser opens few connections per server.
// Knows nothing of what the events mean.

import { connect } from "./connection.js";

/** @type {Set<MessagePort>} */
const ports = new Set();
/** @type {{close: () => void} | null} */
let connection = null;
let state = "broken";

/** @type {any} */ (globalThis).onconnect = (/** @type {MessageEvent} */ event) => {
  const port = event.ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data === "bye") leave(port);
  };
  connection ??= connect((told) => {
    if (told.type === "state") state = told.state;
    for (const one of ports) one.postMessage(told);
  });
  port.postMessage({ type: "state", state: state === "open" ? "open" : "joining" });
};

/** @param {MessagePort} port */
function leave(port) {
  ports.delete(port);
  port.close();
  if (ports.size > 0) return;
  connection?.close();
  connection = null;
  state = "broken";
}
