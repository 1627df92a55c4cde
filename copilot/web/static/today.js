// A person's own day in each shop: received, first reply, response rate, satisfaction. Read when it is opened, and no oftener.

import { get } from "./api.js";
import { h } from "./card/dom.js";
import { span } from "./card/format.js";
import { explain, isSignedOut, toLogin } from "./session.js";

/** @import {Child} from "./card/dom.js" */
/** @import {Env} from "./card/types" */
/** @import {Session} from "./session.js" */
/** @import {ShopToday} from "./types" */

/**
 * @param {HTMLDialogElement} dialog
 * @param {Session} session
 */
export async function showToday(dialog, session) {
  const { t } = session;
  draw(dialog, t, h("p", { class: "hint", role: "status" }, t("thread.loading")));
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("h2")?.focus();
  try {
    const { shops } = /** @type {{shops: ShopToday[]}} */ (await get("/api/me/today"));
    const known = shops.map((one) => shop(session, one, shops.length > 1));
    draw(dialog, t, known.length > 0 ? known : h("p", { class: "hint" }, t("today.nothing")));
  } catch (error) {
    if (isSignedOut(error)) return toLogin();
    draw(dialog, t, h("p", { class: "hint", role: "alert" }, explain(error, t)));
  }
  dialog.querySelector("h2")?.focus();
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Session["t"]} t
 * @param {Child | Child[]} content
 */
function draw(dialog, t, content) {
  dialog.replaceChildren(
    h("h2", { id: "today-title", tabindex: -1 }, t("today.title")),
    h("p", { class: "hint" }, t("today.about")),
    ...[content].flat().filter((part) => part instanceof Node),
    h("form", { method: "dialog", class: "sheet-acts" }, h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc"))),
  );
}

/**
 * @param {Session} session
 * @param {ShopToday} one
 * @param {boolean} several
 */
function shop(session, one, several) {
  const { t } = session;
  const env = session.env(session.shop(one.shop), () => Promise.reject(new Error("nothing is checked here")));
  const [first, rate, content] = [one.first_response, one.response, one.satisfaction];
  const long = (/** @type {number} */ seconds) => span(Math.round(seconds), env);
  const wait = (/** @type {number} */ seconds) => (seconds < 60 || seconds >= 3600 ? long(seconds) : clock(seconds));
  const decided = rate ? rate.in_time + rate.missed : 0;
  return h(
    "section",
    { class: "today", "aria-label": session.shop(one.shop)?.name ?? null },
    several && h("h3", {}, session.shop(one.shop)?.name ?? ""),
    h(
      "dl",
      { class: "today-figures" },
      figure(t("today.received"), String(one.received), t("today.received.about")),
      figure(t("today.first"), first && t("today.first.value", { median: wait(first.median_seconds), p90: wait(first.p90_seconds) }), first && t("today.first.about", { in_time: first.in_time, count: first.count, target: long(first.target_seconds) }), t("today.none")),
      figure(
        t("today.rate"),
        rate && (rate.percent === null ? t("today.rate.none") : percent(rate.percent, env)),
        rate && [decided > 0 && t("today.rate.about", { in_time: rate.in_time, decided, within: long(rate.within_seconds), target: rate.target_percent }), rate.pending > 0 && t("today.rate.pending", { n: rate.pending })].filter(Boolean).join(" · "),
        t("today.none"),
      ),
      figure(t("today.content"), content && percent(content.percent, env), content && t("today.content.about", { satisfied: content.satisfied, rated: content.rated }), t("today.none")),
    ),
  );
}

/**
 * @param {string} name
 * @param {string | null} value
 * @param {string | null} about
 * @param {string} [none] what stands there where nothing is known
 */
function figure(name, value, about, none = "") {
  return h("div", {}, h("dt", {}, name), h("dd", { class: "today-value" }, value ?? none), about && h("dd", { class: "hint" }, about));
}

/** @param {number} seconds minutes and seconds: which minute it was is what matters of a wait */
function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * @param {number} value
 * @param {Env} env
 */
function percent(value, { language }) {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(value / 100);
}
