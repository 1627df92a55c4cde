// What the card is told of a conversation: the thread and its row in the list, put together.

import { serverNow } from "./api.js";

/** @import {Snapshot} from "./card/types" */
/** @import {Conversation, Row} from "./types" */

const EXPECTED = 20_000; // ms after a buyer's message in which a draft may still come
const UNDERWAY = ["queued", "sending", "unconfirmed", "handed_over"];

/**
 * @param {Conversation} conversation
 * @param {Row | undefined} row undefined when the list shown does not have it
 * @param {boolean} narrowed whether the list shown leaves out conversations that wait
 * @param {{canDecide: boolean, canReply: boolean, goesOn?: boolean}} may
 * @returns {{snapshot: Snapshot, left: number}} `left`: ms until a draft can no longer be expected, 0 when it is not
 */
export function snapshotOf(conversation, row, narrowed, may) {
  const last = conversation.messages.findLast((message) => message.role !== "system");
  const underway = conversation.replies.some((reply) => UNDERWAY.includes(reply.state));
  const waits = last?.role === "buyer" && !underway && (row ? row.waiting_since !== null : narrowed);
  const left = waits && last.sent_at ? Math.max(0, Date.parse(last.sent_at) + EXPECTED - serverNow()) : 0;
  const snapshot = {
    conversation: conversation.id,
    card: conversation.card,
    orders: conversation.orders.orders,
    buyerWaits: waits,
    underway,
    awaiting: left > 0,
    due: row?.deadline_at ?? null,
    ...may,
    ...(conversation.loading ? { loading: true, canDecide: false, canReply: false } : {}),
  };
  return { snapshot, left };
}
