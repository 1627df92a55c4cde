// Asks why a draft is rejected: one of a closed list, with the right order or issue where the reason needs one.

import { h } from "./dom.js";
import { candidateButton } from "./silence.js";

/** @import {Env, Rejection, Snapshot} from "./types" */

const REASONS = ["wrong_issue", "wrong_order", "wrong_fact", "not_allowed", "too_long", "tone", "already_answered", "other"];

/** The closed set of issues by category, as docs/formats.md lists it. */
const ISSUES = {
  pre_sale: "product_question usage_question size_fit stock price_promotion ad_mismatch",
  logistics: "shipping_time logistics_query delivery_delay lost_parcel not_received address_change",
  after_sale:
    "quality_defect damaged wrong_item missing_item not_as_described size_mismatch return_exchange refund_request" +
    " refund_status cancel_order warranty",
  daily_greeting: "greeting thanks",
  other: "payment_account invoice complaint human_request review off_platform_request abuse unclear",
};

/**
 * A form; `done` gets the rejection, `leave` is called when nothing was said.
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @param {(rejection: Rejection) => void} done
 * @param {() => void} leave
 * @returns {HTMLFormElement}
 */
export function rejectForm(env, snapshot, done, leave) {
  const more = h("div", { class: "dc-reject-more" });
  const reasons = REASONS.map((reason, place) =>
    h(
      "label",
      { class: "dc-reason" },
      h("input", { type: "radio", name: "reason", value: reason, checked: place === 0, on: { change: () => ask(reason) } }),
      h("span", {}, env.t(`reject.${reason}`)),
    ),
  );
  const form = h(
    "form",
    { class: "dc-reject", on: { submit: (/** @type {SubmitEvent} */ event) => submit(event) } },
    h("fieldset", { class: "dc-reasons" }, h("legend", {}, env.t("reject.why")), reasons),
    more,
    h(
      "div",
      { class: "dc-actions" },
      h("button", { type: "submit", class: "dc-button dc-primary" }, env.t("reject.do")),
      h("button", { type: "button", class: "dc-button", on: { click: leave } }, env.t("leave"), h("kbd", {}, env.keys("leave"))),
      h("span", { class: "dc-check" }, env.t("reject.then")),
    ),
  );
  ask(REASONS[0] ?? "");
  return form;

  /** @param {string} reason */
  function ask(reason) {
    /** @type {HTMLElement} */
    let field = note(env);
    if (reason === "wrong_issue") field = issues(env);
    else if (reason === "wrong_order" && snapshot.orders.length) field = orders(env, snapshot, done);
    more.replaceChildren(field);
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    const data = new FormData(form);
    /** @type {Rejection} */
    const rejection = { reason: String(data.get("reason")) };
    const [issue, text] = [String(data.get("issue") ?? ""), String(data.get("note") ?? "").trim()];
    if (issue) rejection.issue = issue;
    if (text) rejection.note = text;
    done(rejection);
  }
}

/** @param {Env} env */
function note(env) {
  const name = env.t("reject.note");
  return h("input", { name: "note", class: "dc-field", "aria-label": name, placeholder: name, maxlength: 300 });
}

/** @param {Env} env */
function issues(env) {
  const groups = Object.entries(ISSUES).map(([category, names]) =>
    h(
      "optgroup",
      { label: env.t(`category.${category}`) },
      names.split(" ").map((issue) => h("option", { value: issue }, env.t(`issue.${issue}`))),
    ),
  );
  const name = env.t("reject.issue");
  return h("select", { name: "issue", class: "dc-field", "aria-label": name }, h("option", { value: "" }, name), groups);
}

/**
 * @param {Env} env
 * @param {Snapshot} snapshot
 * @param {(rejection: Rejection) => void} done
 */
function orders(env, snapshot, done) {
  const used = snapshot.card?.order?.id;
  const others = snapshot.orders.filter((order) => order.id !== used);
  return h(
    "div",
    { class: "dc-candidates" },
    others.map((order) => candidateButton(env, order.id, snapshot.orders, (id) => done({ reason: "wrong_order", order: id }))),
  );
}
