// A shop's service over days: what we counted beside what its platform did. The two differ, and the page says why.

import { get } from "../api.js";
import { h } from "../card/dom.js";
import { explain } from "../session.js";
import { table } from "./form.js";

/** @import {Session} from "../session.js" */
/**
 * @typedef {{in_time: number, missed: number, pending: number, percent: number | null, with_machines_percent: number | null,
 *   target_percent: number, within_seconds: number}} Rate
 */
/** @typedef {{sessions: number, mean_seconds: number | null, response: Rate | null, rated: number | null, satisfied_percent: number | null}} Own */
/**
 * @typedef {{sessions: number | null, response_percent: number | null, response_minutes: number | null, satisfied_percent: number | null,
 *   machines_count: boolean | null}} Record
 */
/** @typedef {{first: string, last: string, own: Own | null, platform: Record | null, platform_missing: string | null}} Service */

const UNKNOWN = "–";

/**
 * The section; an answer that did not come is said in it.
 * @param {Session} session
 * @param {string} shop
 * @param {string} from
 * @param {string} to
 */
export async function serviceOf(session, shop, from, to) {
  const { t } = session;
  const heading = h("h2", {}, t("service.title"));
  try {
    const asked = new URLSearchParams({ from, to });
    const found = /** @type {Service} */ (await get(`/api/shops/${encodeURIComponent(shop)}/service?${asked}`));
    return h("section", { class: "admin-part" }, heading, ...drawn(session, found));
  } catch (error) {
    return h("section", { class: "admin-part" }, heading, h("p", { class: "bad", role: "status" }, explain(error, t)));
  }
}

/**
 * @param {Session} session
 * @param {Service} found
 */
function drawn(session, { own, platform, platform_missing }) {
  const { t } = session;
  const rate = own?.response ?? null;
  const hours = rate && number(session, rate.within_seconds / 3600, 2);
  const rows = [
    [t("service.sessions"), whole(own?.sessions), whole(platform?.sessions)],
    [hours ? t("service.response", { hours }) : t("service.response.any"), percent(session, rate?.percent), percent(session, platform?.response_percent)],
    [t("service.machines"), percent(session, rate?.with_machines_percent), platform?.machines_count ? t("service.included") : UNKNOWN],
    [t("service.mean"), minutes(session, own?.mean_seconds == null ? null : own.mean_seconds / 60), minutes(session, platform?.response_minutes)],
    [t("service.satisfied"), percent(session, own?.satisfied_percent), percent(session, platform?.satisfied_percent)],
  ];
  return [
    table([t("figures.what"), t("service.own"), t("service.platform")], rows),
    rate && h("p", { class: "hint" }, t("service.target", { target: number(session, rate.target_percent, 1), pending: rate.pending })),
    !own && h("p", { class: "hint" }, t("service.few")),
    platform_missing && h("p", { class: "hint" }, t(`service.${platform_missing}`)),
    h("p", { class: "hint" }, t("service.differ")),
  ];
}

/** @param {number | null | undefined} count */
function whole(count) {
  return count == null ? UNKNOWN : String(count);
}

/**
 * @param {Session} session
 * @param {number | null | undefined} share
 */
function percent(session, share) {
  return share == null ? UNKNOWN : `${number(session, share, 1)}%`;
}

/**
 * @param {Session} session
 * @param {number | null | undefined} length
 */
function minutes(session, length) {
  return length == null ? UNKNOWN : session.t("service.minutes", { minutes: number(session, length, 1) });
}

/**
 * @param {Session} session
 * @param {number} value
 * @param {number} digits
 */
function number({ language }, value, digits) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
