// Carries what an agent decided to the server, and says in the card's words how it went. Shows nothing.

import { ApiError, post } from "./api.js";
import { onlyAuthority } from "./card/beyond.js";
import { explain } from "./session.js";

/** @import {Act, Card} from "./card/types" */
/** @import {Problem} from "./card/draft-card.js" */

let last = { key: "", id: "" };

/**
 * @param {Act} act
 * @param {number} [waited] ms for which it could be taken back
 * @throws {ApiError}
 */
export function send(act, waited = 0) {
  if (act.kind === "reply") {
    return post(`/api/conversations/${encodeURIComponent(act.conversation)}/replies`, {
      id: replyId(act),
      text: act.text,
      vouch: act.vouch,
      ...(act.source ? { source: act.source } : {}),
      ...(act.corrects ? { corrects: act.corrects } : {}),
      ...(act.at_order ? { at_order: act.at_order } : {}),
    });
  }
  const { card } = act;
  if (act.kind === "ask") {
    return post(`/api/drafts/${encodeURIComponent(card.id)}/approval`, { revision: card.revision, text_hash: card.text_hash, ...act.wanted });
  }
  return post(`/api/drafts/${encodeURIComponent(card.id)}/decision`, {
    kind: act.kind,
    revision: card.revision,
    text_hash: card.text_hash,
    ...(waited > 0 ? { waited_ms: waited } : {}),
    ...(act.kind === "edit" ? { text: act.text, vouch: act.vouch, ...(act.source ? { source: act.source } : {}) } : {}),
    ...(act.kind === "reject" ? { rejection: act.rejection } : {}),
  });
}

/**
 * The server took `act`: the same words again would be another reply.
 * @param {Act} act
 */
export function taken(act) {
  if (act.kind === "reply") last = { key: "", id: "" };
}

/**
 * @param {unknown} error
 * @param {(key: string) => string} t
 * @returns {Problem}
 */
export function problemOf(error, t) {
  const api = error instanceof ApiError ? error : null;
  return {
    code: api?.code ?? "page",
    message: explain(error, t),
    ...(api?.body.card !== undefined ? { card: /** @type {Card | null} */ (api.body.card) } : {}),
    ...(api?.status === 422 ? { verdict: api.body.verdict ?? null } : {}),
    askable: api?.code === "over_ceiling" || (api?.code === "text_blocked" && onlyAuthority(api.body.verdict ?? null)),
  };
}

/**
 * The same text tried again is the same reply: an answer that was lost must not make two.
 * @param {Act & {kind: "reply"}} act
 */
function replyId(act) {
  const key = `${act.conversation} ${act.at_order ?? ""} ${act.text}`;
  if (last.key !== key) last = { key, id: uuid() };
  return last.id;
}

/** Works also where the page is not served over https. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
