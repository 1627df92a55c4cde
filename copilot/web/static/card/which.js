// Which draft a card or an act is about, and whether it can still be decided.

/** @import {Act, Card} from "./types" */

/**
 * Whether a person can accept, edit or reject this card.
 * @param {Card | null | undefined} card
 * @returns {card is Card & {draft: NonNullable<Card["draft"]>}}
 */
export function decidable(card) {
  return card?.state === "proposed" && card.draft !== null;
}

/**
 * What is another whenever another text stands there.
 * @param {Card | null | undefined} card
 */
export function identity(card) {
  return card ? `${card.id} ${card.revision} ${card.text_hash}` : "";
}

/**
 * The conversation in which an act was done.
 * @param {Act} act
 */
export function conversationOf(act) {
  return act.kind === "reply" ? act.conversation : act.card.conversation;
}
