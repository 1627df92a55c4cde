// A conversation as far as the page knows it before it has been read: who it is, by its row in the list, and what was
// said, by that row and what was read of it before. Never a draft: that may be over.

/** @import {Conversation, Message, Row} from "./types" */

/**
 * @param {Row} row
 * @param {Conversation | null} known what was read of this very conversation before
 * @returns {Conversation}
 */
export function previewOf(row, known) {
  const before = known?.id === row.id ? known : null;
  return {
    id: row.id,
    shop: row.shop,
    buyer: { ...row.buyer, level: before?.buyer.level ?? null, tags: before?.buyer.tags ?? [] },
    messages: withLast(before?.messages ?? [], row),
    replies: [],
    orders: { state: "loading", as_of: null, orders: [] },
    commitments: [],
    card: null,
    event: "",
    now: "",
    loading: true,
  };
}

/**
 * @param {Message[]} messages
 * @param {Row} row
 */
function withLast(messages, { last }) {
  const newest = messages.at(-1);
  if (!last || Date.parse(newest?.sent_at ?? "") >= Date.parse(last.at)) return messages;
  /** @type {Message} */
  const shown = { id: "newest", role: last.role, kind: last.kind, text: last.text, sent_at: last.at, order_id: null, product_id: null, media: null, sent_by: null, agent: null, draft: null, recalled_at: null };
  return [...messages, shown];
}
