// The shapes of the desk's own requests (docs/api.md); a draft's shapes are the card's.

import type { Card, Order } from "./card/types";

export interface Shop {
  id: string; slug: string; name: string; platform: string; market: string;
  adapter: string | null; transport: string | null; zone: string; languages: string[];
}

export interface Me {
  person: { id: string; name: string; login: string; role: string; language: "zh" | "en" };
  merchant: { slug: string; name: string };
  csrf: string; shops: Shop[]; can: string[];
}

export interface Row {
  id: string; shop: string; buyer: { id: string; nickname: string | null };
  last: { role: string; kind: string; text: string; at: string } | null;
  waiting_since: string | null; unanswered: number; deadline_at: string | null;
  draft: { id: string; state: string; reason: string | null } | null;
  reply: { id: string; state: string } | null;
}

export interface Listing {
  conversations: Row[]; counts: { open: number; all: number; failed: number }; event: string; now: string;
}

export interface Message {
  id: string; role: string; kind: string; text: string; sent_at: string | null;
  order_id: string | null; product_id: string | null;
  media: { url: string; width: number | null; height: number | null } | null;
  sent_by: string | null; agent: string | null; by?: { id: string; name: string } | null; draft: { id: string } | null; recalled_at: string | null;
}

export interface Reply {
  id: string; source: string; source_id: string; text: string; state: string; error: string | null; at: string; by: string | null;
}

export interface Commitment { id: string; what: string; due: string | null; state: string; order_id: string | null }

export interface Orders { state: "known" | "none" | "unavailable"; as_of: string | null; orders: Order[] }

export interface Conversation {
  id: string; shop: string; buyer: { id: string; nickname: string | null; tags: string[] };
  messages: Message[]; replies: Reply[]; orders: Orders; commitments: Commitment[];
  card: Card | null; event: string; now: string;
}

export interface Change { id: string; topic: string; ref: string; shop: string | null; conversation: string | null }
