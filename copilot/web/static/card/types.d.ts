// The shapes the card is given (docs/api.md); everything outside this folder may change without touching them.

export interface Money { amount: string; currency: string }

export interface Claim { kind: string; start: number; end: number; text: string; value: unknown; source: string | null }

export interface Finding {
  rule: string; family: string; severity: "block" | "warn" | "info";
  start: number; end: number; text: string; reason: string; suggestion: string | null;
}

export interface Verdict { decision: "pass" | "warn" | "block"; pack: string; findings: Finding[] }

export interface Option {
  id: string; key?: string; title: string; text?: string; action: string; cost: Money | null; facts?: string[];
}

export interface Risk { risk: string; evidence: { text: string } }

export interface DraftView {
  text: string; language: string; turn: string;
  issues: { issue: string; confidence: number }[];
  risks: Risk[];
  order: { id: string; why: string } | null;
  options: Option[]; claims: Claim[]; verdict: Verdict;
  written_by: string; composed_because: string | null; flags: string[];
  owes: { what: string; due: string }[];
}

/** A text in the reader's language; `state_text` says in their words where it stands. */
export interface Translation {
  state: "no_model" | "pending" | "ready" | "differs" | "failed";
  language: string; text: string | null; state_text: string; differing: string[];
}

/** What a person typed, in the buyer's language; `verdict` is that of the translation. */
export interface Typed extends Translation { id: string | null; verdict: Verdict | null }

export interface Owed { what: string; due: string | null; text: string }

/** What a text gives, and what each ceiling leaves before that; `text` says both. */
export interface Spends { cost: Money | null; left: { ceiling: string; left: Money; text: string }[]; text: string }

/** An option that the agent left out: `letter` is the one that it would have. */
export interface LeftOut { key: string; title: string; cost: Money | null; letter: string }

export interface Beyond { key: string; title: string; cost: Money; ceiling: string; left: Money; text: string }

/** A request to a supervisor; `text` says where it stands. */
export interface Approval {
  id: string; conversation: string; shop: string; buyer: { id: string; nickname: string | null };
  draft: string; revision: number; state: string; text: string; title: string;
  option: string | null; own_text: string | null; order_id: string | null;
  cost: Money; ceiling_text: string; left: Money; lowerable: boolean; note: string | null; escalation: string | null;
  asked_by: { id: string; name: string }; mine: boolean; due: string | null; late: boolean; ruling_note: string | null;
}

export interface Card {
  id: string; conversation: string; revision: number; text_hash: string; state: string;
  reason: string | null; reason_text: string | null; deadline_at: string | null; created_at: string;
  draft: DraftView | null; stakes: "T0" | "T1" | "T2";
  order: { id: string; why: string; why_text: string } | null;
  risks?: Risk[]; titles?: Record<string, string>; left_out?: LeftOut[];
  candidates: string[]; look_at: string[]; unknown: string[]; owes: Owed[]; button: string;
  cites?: { id: string; fit: "well" | "partly" | null; text: string }[];
  beyond?: Beyond[]; escalation?: { to: string; why: string; text: string } | null; approval?: Approval | null;
  translation?: Translation | null; spends?: Spends | null;
}

export interface Item { name: string; sku?: string | null; quantity: number; price?: Money | null }

export interface Shipment {
  carrier?: string | null; tracking_no?: string | null; status?: string | null; eta?: string | null;
  events: { at: string; text: string }[];
}

export interface AfterSale {
  id: string; kind: string; status: string; amount?: Money | null; deadline?: string | null;
  received_at?: string | null; refunded_at?: string | null; refund_to?: string | null;
}

export interface Order {
  id: string; status: string; created_at?: string | null; paid_at?: string | null; ship_by?: string | null;
  delivered_at?: string | null; total?: Money | null; items: Item[]; shipments: Shipment[]; after_sales: AfterSale[];
}

export interface Checked { verdict: Verdict; claims: Claim[]; needs_vouching: string[]; spends?: Spends | null }

/** Words that agents put in; ``{name}`` is a value to be filled in. */
export interface Phrase { id: string; language: string; title: string; text: string }

/** What the surroundings lend the card: words, the shop's zone, the server's clock, and the check of a text. */
export interface Env {
  t: (key: string, values?: Record<string, string | number>) => string;
  /** The key of a command, as people read it; empty where it has none. */
  keys: (command: string) => string;
  language: "zh" | "en";
  zone: string | undefined;
  now: () => number;
  check: (text: string, draft: string | null) => Promise<Checked>;
  /** The shop's phrases, read when they are asked for. */
  phrases?: () => Promise<Phrase[]>;
  /** The text in the buyer's language; null where none is due. `early` is told of it while it is on its way. */
  translate?: (text: string, draft: string | null, current: () => boolean, early: (found: Typed) => void) => Promise<Typed | null>;
}

/** Everything about a conversation that the card shows. */
export interface Snapshot {
  conversation: string;
  card: Card | null;
  orders: Order[];
  buyerWaits: boolean;
  /** a reply of ours is on its way, or nobody knows whether it arrived */
  underway: boolean;
  /** a draft can still be expected */
  awaiting: boolean;
  /** when the platform wants an answer; a card's own deadline is only that of its writing */
  due: string | null;
  canDecide: boolean;
  canReply: boolean;
  /** there is a list to go on in */
  goesOn?: boolean;
  /** nothing is known yet but who it is */
  loading?: boolean;
}

/** `without` goes with the reason "options": the keys of those that the text leaves out. */
export interface Rejection { reason: string; issue?: string; order?: string; note?: string; without?: string[] }

/** What the agent decided; the surroundings carry it to the server and tell the card how it went. */
export type Act =
  | { kind: "accept"; card: Card; next?: boolean }
  | { kind: "ignore"; card: Card }
  | { kind: "edit"; card: Card; text: string; vouch: string[]; source?: string }
  | { kind: "reject"; card: Card; rejection: Rejection }
  | { kind: "ask"; card: Card; wanted: { option: string } | { text: string; vouch: string[] } }
  | { kind: "reply"; conversation: string; text: string; vouch: string[]; source?: string } & Besides;

/** What an own reply is besides its words: it puts a sent message right, or is left at an order because the chat is closed. */
export interface Besides { corrects?: string; at_order?: string }

/** A text that can be decided came to stand on the card; `typed`: words had been begun before. */
export interface Seen { draft: string; revision: number; text_hash: string; typed: boolean }
