// The parts of the card around a draft: head, announcement, note, and the row of buttons.

import { h } from "./dom.js";
import { countdown } from "./format.js";
import { icon } from "./icons.js";
import { decidable } from "./which.js";

/** @import {Card, Env, Snapshot} from "./types" */

/** @typedef {{level: "good" | "warn" | "bad", text: string, press?: {text: string, act: () => void}}} Note */

/**
 * @param {Env} env
 * @param {Snapshot} snapshot
 */
export function head(env, snapshot) {
  const card = snapshot.card;
  const issues = (card?.draft?.issues ?? []).map((one) => env.t(`issue.${one.issue}`));
  return h(
    "header",
    { class: "dc-head" },
    h("h2", { class: "dc-title" }, env.t("draft")),
    card && h("span", { class: `dc-state dc-state-${card.state}` }, env.t(`draft.${card.state}`)),
    issues.length > 0 && h("span", { class: "dc-issues" }, issues.join(" · ")),
    decidable(card) && card.stakes === "T2" && h("span", { class: "dc-stakes" }, icon("alert"), env.t("stakes.T2")),
    h("span", { class: "dc-countdown" }),
  );
}

/**
 * @param {Env} env
 * @param {HTMLElement} root
 * @param {Snapshot | null} snapshot
 */
export function tick(env, root, snapshot) {
  const place = root.querySelector(".dc-countdown");
  const open = !snapshot?.card || ["writing", "proposed", "blocked"].includes(snapshot.card.state);
  const due = open && snapshot?.buyerWaits ? snapshot.due : null;
  if (!place) return;
  if (!due) return place.replaceChildren();
  const left = countdown(due, env);
  const text = left.level === "late" ? left.text : env.t("deadline", { left: left.text });
  if (place.textContent !== text) place.replaceChildren(icon("clock"), text);
  place.className = `dc-countdown dc-${left.level}`;
}

/**
 * Says that something newer waits; pressing it shows that.
 * @param {Env} env
 * @param {Snapshot} next
 * @param {() => void} show
 */
export function announcement(env, next, show) {
  const text = env.t(decidable(next.card) ? "newer.draft" : next.buyerWaits ? "newer.message" : "newer.answered");
  return h(
    "div",
    { class: "dc-bar dc-newer", role: "status" },
    icon("newer"),
    h("span", {}, text),
    h("button", { type: "button", class: "dc-button dc-small", on: { click: show } }, env.t("newer.show"), h("kbd", {}, env.keys("newer"))),
  );
}

/** @param {Note} note */
export function noteBar(note) {
  const symbol = { good: "check", warn: "alert", bad: "stop" }[note.level];
  const press = note.press && h("button", { type: "button", class: "dc-button dc-small", on: { click: note.press.act } }, note.press.text);
  return h("div", { class: `dc-bar dc-${note.level}`, role: note.level === "bad" ? "alert" : "status" }, icon(symbol), h("span", {}, note.text), press);
}

/**
 * @typedef {object} Doing what the buttons do
 * @property {() => void} accept
 * @property {(() => void) | null} acceptNext accepts and goes on to whoever is due next; null where there is no list
 * @property {() => void} edit
 * @property {() => void} reject
 * @property {() => void} ignore
 * @property {() => void} own
 */

/**
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @param {Doing} doing
 * @param {boolean} still whether presses are refused for the moment
 */
export function actions(env, snapshot, doing, still) {
  const card = snapshot.card;
  const open = decidable(card) && snapshot.canDecide;
  const reply = snapshot.canReply ? button(env.t(open ? "act.own" : "act.own_first"), env.keys("own"), doing.own) : null;
  if (!open) {
    reply?.classList.remove("dc-quiet-button");
    return reply && h("div", { class: "dc-actions" }, reply);
  }
  const careful = card.stakes === "T2";
  const accept = h(
    "button",
    { type: "button", class: "dc-button dc-primary dc-accept", "data-settles": true, "aria-disabled": String(still), on: { click: doing.accept } },
    icon(careful ? "edit" : "send"),
    h("span", {}, card.button),
    h("kbd", {}, env.keys("accept")),
  );
  return h(
    "div",
    { class: "dc-actions dc-row" },
    accept,
    !careful && doing.acceptNext && onward(env, doing.acceptNext, still),
    !careful && button(env.t("act.edit"), env.keys("edit"), doing.edit),
    button(env.t("act.reject"), env.keys("reject"), doing.reject),
    reply,
    button(env.t("act.ignore"), "", doing.ignore),
  );
}

/**
 * @param {Env} env
 * @param {() => void} press
 * @param {boolean} still
 */
function onward(env, press, still) {
  return h(
    "button",
    { type: "button", class: "dc-button dc-primary dc-onward", "data-settles": true, "aria-disabled": String(still), "aria-label": env.t("act.accept_next"), title: `${env.t("act.accept_next")} ${env.keys("accept_next")}`, on: { click: press } },
    icon("onward"),
  );
}

/**
 * @param {string} text
 * @param {string} key
 * @param {() => void} press
 */
function button(text, key, press) {
  return h(
    "button",
    { type: "button", class: "dc-button dc-quiet-button", on: { click: press } },
    h("span", {}, text),
    key !== "" && h("kbd", {}, key),
  );
}

/**
 * What became of an accepted draft, in words; null while it can still be decided.
 * @param {Env} env
 * @param {Card | null} card
 */
export function outcome(env, card) {
  if (!card || !["approved", "sending", "unconfirmed", "failed"].includes(card.state)) return null;
  const level = { unconfirmed: "warn", failed: "bad" }[card.state] ?? "info";
  return h("p", { class: `dc-outcome dc-outcome-${level}`, role: "status" }, env.t(`outcome.${card.state}`));
}

/**
 * What to keep in mind while editing.
 * @param {Env} env
 * @param {Card | null} card
 */
export function context(env, card) {
  if (!card?.draft) return null;
  const lines = [...card.look_at, ...card.owes.map((owed) => `${env.t("owes")} ${owed.text}`)];
  return lines.length ? h("p", { class: "dc-context" }, lines.join(" · ")) : null;
}

/**
 * A text that did not leave, to go on from.
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @param {(text: string) => void} write
 */
export function again(env, snapshot, write) {
  const card = snapshot.card;
  const text = card?.draft?.text;
  if (!card || text === undefined || !snapshot.canReply || !["failed", "blocked"].includes(card.state)) return null;
  const words = env.t(card.state === "failed" ? "act.again" : "act.from_this");
  return h("div", { class: "dc-actions" }, h("button", { type: "button", class: "dc-button", on: { click: () => write(text) } }, icon("edit"), words));
}
