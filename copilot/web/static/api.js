// Talks to the server (docs/api.md): one function, one error. Keeps the CSRF token and the server's clock; shows nothing.

const PATIENCE = 15_000; // ms
const AT_HAND = 2000; // ms after a person's act in which a request is taken for theirs

let csrf = "";
let bearer = ""; // of a panel in a frame, where no cookie arrives
let skew = 0; // ms the server's clock is ahead of ours
let handAt = performance.now(); // whoever opened the page sits at it
/** What the page's head has asked for already, until it is read. */
const preloaded = new Set([...document.querySelectorAll("link[rel=preload][as=fetch]")].map((link) => link.getAttribute("href") ?? ""));

// What the page reads by itself must not keep the login of somebody who has left alive.
for (const act of ["pointerdown", "keydown", "input", "wheel"]) {
  addEventListener(act, (event) => event.isTrusted && (handAt = performance.now()), { capture: true, passive: true });
}

export class ApiError extends Error {
  /**
   * @param {number} status 0 when the server could not be reached
   * @param {string} code
   * @param {string} message for people, in their language
   * @param {any} body the whole error of the server
   */
  constructor(status, code, message, body = {}) {
    super(message);
    this.status = status;
    this.code = code;
    /** @type {any} */
    this.body = body;
    /** @type {string | null} */
    this.remedy = body.remedy ?? null;
  }
}

/** @param {string} token */
export function useCsrf(token) {
  csrf = token;
}

/**
 * From now on requests carry `token` and no cookie; it is kept nowhere else.
 * @param {string} token
 */
export function useBearer(token) {
  bearer = token;
}

/**
 * What shows the server who asks.
 * @returns {Record<string, string>}
 */
export const credentials = () => (bearer ? { Authorization: `Bearer ${bearer}` } : {});

/** Now by the server's clock, in ms. */
export function serverNow() {
  return Date.now() + skew;
}

/** @param {string | undefined} now the server's time in an answer just read */
export function setClock(now) {
  const at = Date.parse(now ?? "");
  if (!Number.isNaN(at)) skew = at - Date.now();
}

/**
 * @param {"GET" | "POST" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {unknown} [body] a file goes as it is
 * @param {RequestPriority} [priority] "high": somebody waits for it before all else
 * @returns {Promise<any>} the answer, or null when it is empty
 * @throws {ApiError}
 */
export async function request(method, path, body, priority = "auto") {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...credentials() };
  if (document.documentElement.lang) headers["Accept-Language"] = document.documentElement.lang;
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  const file = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = file ? body.type : "application/json";
  if (performance.now() - handAt > AT_HAND) headers["X-Unattended"] = "1";
  // What is read is kept nowhere, and must not queue behind an earlier reading of the same as it would for a cache's sake: a
  // conversation that is read ahead, at leisure, is asked for anew when somebody opens it.
  /** @type {RequestCache} */
  const cache = method === "GET" && preloaded.delete(path) ? "default" : "no-store";
  /** @type {RequestInit} */
  const init = { method, headers, credentials: bearer ? "omit" : "same-origin", cache, priority, signal: AbortSignal.timeout(PATIENCE) };
  if (body !== undefined) init.body = file ? body : JSON.stringify(body);
  const answer = await reach(path, init);
  const content = await read(answer);
  if (answer.ok) return content;
  const error = content?.error ?? {};
  if (answer.headers.has("Retry-After")) error.retry_after = Number(answer.headers.get("Retry-After"));
  throw new ApiError(answer.status, error.code ?? `http_${answer.status}`, error.message ?? "", error);
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function reach(path, init) {
  try {
    return await fetch(path, init);
  } catch {
    throw new ApiError(0, "offline", "");
  }
}

/** @param {Response} answer */
async function read(answer) {
  try {
    const text = await answer.text();
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} path
 * @param {RequestPriority} [priority]
 */
export const get = (path, priority) => request("GET", path, undefined, priority);

/**
 * @param {string} path
 * @param {unknown} [body]
 */
export const post = (path, body) => request("POST", path, body);

/**
 * @param {string} path
 * @param {unknown} body
 */
export const put = (path, body) => request("PUT", path, body);

/** @param {string} path */
export const remove = (path) => request("DELETE", path);
