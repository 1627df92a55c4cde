// Finds what stands in the page's file; what is missing is a mistake in that file, said at once.

/** @import {DraftCard} from "./card/draft-card.js" */
/** @import {DraftFeedback} from "./card/feedback.js" */
/** @import {ConversationList} from "./inbox.js" */
/** @import {OrderPanel} from "./orders.js" */
/** @import {MessageThread} from "./thread.js" */

/**
 * @typedef {{"draft-card": DraftCard, "draft-feedback": DraftFeedback, "conversation-list": ConversationList, "order-panel": OrderPanel,
 *   "message-thread": MessageThread}} Ours
 */

/**
 * @template {string} S
 * @template {HTMLElement} [E=S extends keyof Ours ? Ours[S] : HTMLElement]
 * @param {S} selector
 * @param {new () => E} [kind]
 * @returns {E}
 */
export function element(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`the page has no ${selector}`);
  return /** @type {E} */ (found);
}
