// How the panel is signed in: opens the pop-up, takes its code from a window of our own origin, and swaps it for a token
// that lives in memory only.

import { post, useBearer } from "../api.js";

const POPUP = "popup,width=440,height=560";

/**
 * Must be called by a press: browsers open no window otherwise.
 * @param {string} host the origin around the panel
 * @param {string} language
 * @returns {Promise<void>} resolved when the token is in use
 */
export function enter(host, language) {
  const nonce = made();
  const opened = window.open(`/panel/sign-in#${new URLSearchParams({ nonce, host, language })}`, "_blank", POPUP);
  return new Promise((resolve, reject) => {
    /** @param {MessageEvent<{type?: unknown, nonce?: unknown, code?: unknown} | null>} event */
    const hear = (event) => {
      const said = event.data;
      if (event.source !== opened || event.origin !== location.origin) return;
      if (said?.type !== "reply-copilot:code" || said.nonce !== nonce || typeof said.code !== "string") return;
      removeEventListener("message", hear);
      swap({ nonce, host, code: said.code }).then(resolve, reject);
    };
    addEventListener("message", hear);
  });
}

/** @param {{nonce: string, host: string, code: string}} body */
async function swap(body) {
  const { token } = await post("/api/panel/token", body);
  useBearer(token);
}

function made() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
