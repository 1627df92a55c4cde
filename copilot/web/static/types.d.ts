// The shapes of the desk's own requests (docs/api.md); a draft's shapes are the card's.

import type { Card, Order, Translation } from "./card/types";

export interface Shop {
  id: string; slug: string; name: string; platform: string; market: string;
  adapter: string | null; transport: string | null; writes_first?: boolean; zone: string; languages: string[];
}

/** How the desk calls its person. */
export interface Alert { sound: "off" | "deadline" | "message"; vibration: boolean }

export interface Me {
  person: { id: string; name: string; login: string; role: string; language: "zh" | "en"; alert?: Alert };
  merchant: { slug: string; name: string };
  csrf: string; shops: Shop[]; can: string[];
}

export interface Row {
  id: string; shop: string; buyer: { id: string; nickname: string | null };
  last: { role: string; kind: string; text: string; at: string } | null;
  waiting_since: string | null; unanswered: number; deadline_at: string | null;
  draft: { id: string; state: string; reason: string | null } | null;
  reply: { id: string; state: string } | null;
  state?: string; place?: "in_progress" | "unassigned" | "history"; unread?: boolean; unreplied?: string | null; expiring?: boolean;
  marked?: { by: { id: string; name: string }; at: string } | null; tags?: string[];
  holder?: { id: string; name: string } | null; how?: string | null; queued_since?: string | null; found_by?: string[];
}

export interface Colleague {
  id: string; name: string; role: string; receiving: boolean; receives: boolean; busy?: boolean; page_open: boolean; online: boolean;
  held: number; capacity: number | null; groups: string[]; avatar?: string | null;
}

export type Reviewed = "pending_review" | "approved" | "rejected";

export interface Face {
  name: string; avatar: string | null;
  waiting: { id: string; state: Reviewed; reviews: { shop: string; state: Reviewed; reason: string | null }[] } | null;
}

export interface Team { applicable: boolean; people: Colleague[] }

export interface OwedRow {
  id: string; conversation: string; shop: string; buyer: { id: string; nickname: string | null }; text: string;
  due: string | null; late: boolean; state: string; order_id: string | null; todo: string | null; link: string | null;
}

export interface OwedList { commitments: OwedRow[]; counts: { open: number; late: number } }

export interface CaseLine {
  id: string; conversation: string; shop: string; buyer: { id: string; nickname: string | null }; holder: { id: string; name: string } | null;
  issue: string; text: string; order_id: string | null; state: string; state_text: string; raised_at: string | null; serious: boolean;
  offered: { key: string; title: string }[]; chosen: { key: string; title: string } | null; refused: boolean; asked: string[];
  promised: { id: string; text: string; due: string | null; state: string; late: boolean }[]; due: string | null; late: boolean;
  resolved_text: string | null; follow_up_text: string | null;
}

export interface CaseList {
  cases: CaseLine[]; counts: { [list: string]: number }; by_issue: { [issue: string]: number }; next: string | null;
}

export interface Listing {
  conversations: Row[]; total?: number; after?: number; counts: { open: number; all: number; failed: number; mine?: number; unassigned?: number; [filter: string]: number | undefined }; event: string; now: string;
}

export interface Message {
  id: string; role: string; kind: string; text: string; sent_at: string | null;
  order_id: string | null; product_id: string | null;
  media: { url: string; width: number | null; height: number | null } | null;
  sent_by: string | null; agent: string | null; by?: { id: string; name: string } | null; draft: { id: string } | null; recalled_at: string | null;
  translation?: Translation | null;
}

export interface Takes { files: ("image" | "video")[]; cards: string[] }

export interface Pages { conversation: string | null; orders: Record<string, string>; after_sales: Record<string, string>; products: Record<string, string> }

export interface Reply {
  id: string; source: string; source_id: string; text: string; sendable?: string | null; state: string; error: string | null; at: string; by: string | null; at_orders?: string[];
}

export interface Commitment { id: string; what: string; text: string; due: string | null; state: string; order_id: string | null }

export interface Orders { state: "known" | "none" | "unavailable" | "loading"; as_of: string | null; orders: Order[] }

export interface Conversation {
  id: string; shop: string; buyer: { id: string; nickname: string | null; level: string | null; tags: string[] };
  messages: Message[]; replies: Reply[]; orders: Orders; commitments: Commitment[];
  card: Card | null; event: string; now: string;
  /** what the page knew before it was read */
  loading?: boolean;
}

/** One's own day in one shop; a part is null where there is nothing to tell. */
export interface ShopToday {
  shop: string; day: string; received: number;
  first_response: { count: number; median_seconds: number; p90_seconds: number; in_time: number; target_seconds: number } | null;
  response: { in_time: number; missed: number; pending: number; percent: number | null; target_percent: number; within_seconds: number } | null;
  satisfaction: { rated: number; satisfied: number; percent: number } | null;
}

/** `alert`: the server says that the person wants to be called for it. */
export interface Change { id: string; topic: string; ref: string; shop: string | null; conversation: string | null; alert?: boolean }
