// What a draft looks like before anybody touches it: order and why, text, options, weak points, what accepting owes.

import { optionChips } from "./chips.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { findingList, legend, markedText } from "./text.js";

/** @import {Choosing} from "./chips.js" */
/** @import {DraftView, Env, LeftOut, Owed, Risk, Spends, Translation} from "./types" */

/**
 * @typedef {object} Shown what stands around a draft's text
 * @property {{id: string, why_text: string} | null} order
 * @property {Record<string, string>} [titles] what the options are called in the reader's language, by letter
 * @property {LeftOut[]} [left_out] options that the agent left out
 * @property {string[]} look_at
 * @property {string[]} unknown
 * @property {Owed[]} owes
 * @property {{text: string}[]} [cites] which of the shop's answers and notices the text rests on
 * @property {Translation | null} [translation]
 * @property {Spends | null} [spends] what accepting it gives, and what is left
 */

/**
 * Everything of a draft but its actions.
 * @param {Env} env
 * @param {DraftView} draft
 * @param {Shown} around
 * @param {Choosing | null} [choosing] what the chips of the options do; null where they cannot be chosen
 * @returns {DocumentFragment}
 */
export function draftView(env, draft, around, choosing = null) {
  const whole = document.createDocumentFragment();
  whole.append(
    ...[
      riskLine(env, draft.risks),
      orderLine(env, around.order),
      h("p", { class: "dc-text", lang: draft.language }, markedText(env, draft.text, draft.claims, draft.verdict.findings)),
      translationView(around.translation ?? null),
      legend(env, draft.claims),
      findingList(env, draft.verdict.findings),
      optionChips(env, draft, around, choosing),
      notes(env, draft, around),
    ].filter((part) => part !== null),
  );
  return whole;
}

/**
 * What a text says in the reader's language, or why that does not stand there.
 * @param {Translation | null} translation
 */
export function translationView(translation) {
  if (!translation) return null;
  const words = translation.text && h("span", { lang: translation.language }, translation.text);
  return h("p", { class: `dc-translation dc-translation-${translation.state}` }, h("span", { class: "dc-translation-state" }, translation.state_text), words);
}

/**
 * What shows danger, in the buyer's own words.
 * @param {Env} env
 * @param {Risk[]} risks
 */
export function riskLine(env, risks) {
  if (risks.length === 0) return null;
  const signs = risks.map((one) => h("span", {}, env.t(`risk.${one.risk}`), " ", h("q", {}, one.evidence.text)));
  return h("p", { class: "dc-risk" }, icon("alert"), h("strong", {}, env.t("risk")), signs);
}

/**
 * @param {Env} env
 * @param {Shown["order"]} order
 */
function orderLine(env, order) {
  if (!order) return h("p", { class: "dc-order" }, icon("box"), h("span", {}, env.t("order.not_used")));
  return h(
    "p",
    { class: "dc-order" },
    icon("box"),
    h("span", {}, `${env.t("order")} `, h("span", { class: "dc-id" }, order.id)),
    h("span", { class: "dc-why" }, order.why_text),
  );
}

/**
 * @param {Env} env
 * @param {DraftView} draft
 * @param {Shown} around
 */
function notes(env, draft, around) {
  const lines = [
    ...around.look_at.map((text) => note("eye", env.t("look_at"), text, "dc-look")),
    ...(around.unknown.length ? [note("unknown", env.t("unknown"), around.unknown.join(env.t("list.and")), "dc-unknown")] : []),
    ...(around.cites ?? []).map((one) => note("book", env.t("cites"), one.text, "dc-cites")),
    ...around.owes.map((owed) => note("owe", env.t("owes"), owed.text, "dc-owes")),
    ...(around.spends ? [note("owe", env.t("spends"), around.spends.text, "dc-spends")] : []),
    note(draft.written_by === "model" ? "robot" : "pen", env.t("written"), writtenBy(env, draft), "dc-written"),
  ];
  return h("dl", { class: "dc-notes" }, lines);
}

/**
 * @param {string} symbol
 * @param {string} name
 * @param {string} text
 * @param {string} kind
 */
function note(symbol, name, text, kind) {
  return h("div", { class: `dc-note ${kind}` }, h("dt", {}, icon(symbol), name), h("dd", {}, text));
}

/**
 * @param {Env} env
 * @param {DraftView} draft
 */
function writtenBy(env, draft) {
  if (draft.written_by === "model") return env.t("written.model");
  const why = draft.composed_because ? env.t(`composed.${draft.composed_because}`) : "";
  return why ? `${env.t("written.composer")} · ${why}` : env.t("written.composer");
}
