// Trying auto replies out: a message that nobody wrote, and for each rule of the shop why it would leave or would not.

import { post } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @typedef {{kind: string, id: string, why: string, why_text: string}} Tried */
/** @typedef {{tried: Tried[], sends: {text: string} | null, language: string, waiting: number}} Explained */

/**
 * @param {Session} session
 * @param {string} shop
 */
export function tryOut(session, shop) {
  const { t } = session;
  const answer = h("div", { id: "auto-answer", role: "status" });
  const fields = [
    labelled({ name: "text", label: t("auto.try.text"), kind: "long", required: true }),
    labelled({ name: "waiting", label: t("auto.try.waiting"), kind: "number", hint: t("auto.try.now") }),
  ];
  const form = formOf(session, t("auto.try"), [h("p", { class: "admin-about" }, t("auto.try.about")), ...fields], t("auto.try"), async (of) => {
    const waiting = entered(of, "waiting").trim();
    const told = /** @type {Explained} */ (await post("/api/auto/explain", { shop, text: entered(of, "text"), ...(waiting ? { waiting: Number(waiting) } : {}) }));
    answer.replaceChildren(
      h("p", {}, h("strong", {}, told.sends ? t("auto.sends") : t("auto.sends.none")), told.sends ? ` ${told.sends.text}` : ""),
      told.tried.length ? table([t("auto.rule"), t("auto.why")], told.tried.map((one) => [h("span", { class: "dc-id" }, `${t(`auto.kind.${one.kind}`)} ${one.id}`), one.why_text])) : "",
    );
  }, [], "");
  form.id = "auto-try";
  return h("section", {}, form, answer);
}
