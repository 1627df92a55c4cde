// The rota of each shop: who is on duty when, which peak minutes nobody covers, and who was missing for long.

import { get, post } from "../api.js";
import { h } from "../card/dom.js";
import { when } from "../card/format.js";
import { entered, formOf, labelled, table } from "./form.js";

/** @import {Session} from "../session.js" */
/** @import {Shop} from "../types" */
/** @typedef {{person: string, starts: string, ends: string, days: string[]}} Slot */
/** @typedef {{starts: string, ends: string}} Hours */
/**
 * @typedef {{shop: string, zone: string, slots: Slot[], people: Record<string, string>, peaks: Hours[], absent_minutes: number | null,
 *   own: {peaks: Hours[] | null, absent_minutes: number | null}, gaps: {start: string, end: string, minutes: number}[]}} Rota
 */
/** @typedef {{id: string, shop: string, person: {name: string}, since: string, ended_at: string | null}} Absence */

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/**
 * @param {Session} session
 * @param {HTMLElement} place
 */
export async function showRota(session, place) {
  const { absences } = /** @type {{absences: Absence[]}} */ (await get("/api/absences"));
  const parts = await Promise.all(session.me.shops.map(async (shop) => ({ shop, rota: /** @type {Rota} */ (await get(`/api/shops/${encodeURIComponent(shop.id)}/rota`)) })));
  place.replaceChildren(missing(session, absences), ...parts.map(({ shop, rota }) => card(session, shop, rota)));
}

/**
 * @param {Session} session
 * @param {Absence[]} absences
 */
function missing(session, absences) {
  const { t } = session;
  if (absences.length === 0) return h("p", { class: "hint" }, t("rota.nobody_missing"));
  const lines = absences.map((one) => {
    const shop = session.shop(one.shop);
    const at = (/** @type {string} */ moment) => when(moment, session.env(shop, never));
    return [one.person.name, shop?.name ?? "", at(one.since), one.ended_at ? at(one.ended_at) : t("rota.still")];
  });
  return h("section", {}, h("h2", {}, t("rota.missing")), table([t("people.name"), t("figures.shop"), t("rota.since"), t("rota.back")], lines));
}

/**
 * One shop, drawn again with what the server answers.
 * @param {Session} session
 * @param {Shop} shop
 * @param {Rota} rota
 */
function card(session, shop, rota) {
  const section = h("section", { class: "admin-part", "data-shop": shop.slug });
  const save = async (/** @type {Slot[]} */ slots, own = rota.own) => {
    const saved = /** @type {Rota} */ (await post(`/api/shops/${encodeURIComponent(shop.id)}/rota`, { slots, own }));
    section.replaceWith(card(session, shop, saved));
  };
  section.append(h("h2", {}, shop.name, " ", h("span", { class: "admin-about" }, rota.zone)), gaps(session, shop, rota), slots(session, rota, save), adding(session, rota, save), limits(session, rota, save));
  return section;
}

/**
 * @param {Session} session
 * @param {Shop} shop
 * @param {Rota} rota
 */
function gaps(session, shop, { gaps, peaks }) {
  const { t } = session;
  if (peaks.length === 0) return h("p", { class: "hint" }, t("rota.no_peaks"));
  if (gaps.length === 0) return h("p", { class: "hint" }, t("rota.covered"));
  const env = session.env(shop, never);
  const lines = gaps.map((one) => h("li", {}, `${when(one.start, env)} – ${when(one.end, env)}`, " · ", t("rota.minutes", { n: one.minutes })));
  return h("div", { class: "rota-gaps" }, h("p", { class: "admin-said bad" }, t("rota.gaps")), h("ul", {}, lines));
}

/**
 * @param {Session} session
 * @param {Rota} rota
 * @param {(slots: Slot[]) => Promise<void>} save
 */
function slots({ t }, { slots, people }, save) {
  const lines = slots.map((one) => [
    people[one.person] ?? t("people.away"),
    one.days.length ? one.days.map((day) => t(`day.${day}`)).join(t("list.and")) : t("rota.every_day"),
    `${one.starts}–${one.ends}`,
    h("button", { type: "button", class: "dc-button", on: { click: () => void save(slots.filter((other) => other !== one)) } }, t("rota.remove")),
  ]);
  return lines.length ? table([t("people.name"), t("rota.days"), t("rota.hours"), ""], lines) : h("p", { class: "hint" }, t("rota.none"));
}

/**
 * @param {Session} session
 * @param {Rota} rota
 * @param {(slots: Slot[]) => Promise<void>} save
 */
function adding(session, { slots, people }, save) {
  const { t } = session;
  const fields = [
    labelled({ name: "person", label: t("people.name"), kind: "choice", choices: Object.entries(people) }),
    labelled({ name: "starts", label: t("rota.starts"), kind: "time", required: true }),
    labelled({ name: "ends", label: t("rota.ends"), kind: "time", required: true }),
    h("fieldset", {}, h("legend", {}, t("rota.days")), DAYS.map((day) => labelled({ name: `day-${day}`, label: t(`day.${day}`), kind: "check" })), h("p", { class: "hint" }, t("rota.days.about"))),
  ];
  return formOf(session, "", fields, t("rota.add"), (form) =>
    save([...slots, { person: entered(form, "person"), starts: entered(form, "starts"), ends: entered(form, "ends"), days: DAYS.filter((day) => entered(form, `day-${day}`) === "true") }]),
  );
}

/**
 * The shop's own peak and limit; what is left empty is the platform's.
 * @param {Session} session
 * @param {Rota} rota
 * @param {(slots: Slot[], own: Rota["own"]) => Promise<void>} save
 */
function limits(session, { slots, peaks, absent_minutes, own }, save) {
  const { t } = session;
  const first = own.peaks?.[0];
  const named = peaks.map((one) => `${one.starts}–${one.ends}`).join(t("list.and"));
  const fields = [
    labelled({ name: "peak-starts", label: t("rota.peak_starts"), kind: "time", value: first?.starts ?? null, about: t("rota.peak.about", { peaks: named || "–" }) }),
    labelled({ name: "peak-ends", label: t("rota.peak_ends"), kind: "time", value: first?.ends ?? null }),
    labelled({ name: "absent", label: t("rota.absent"), kind: "number", value: own.absent_minutes, hint: absent_minutes === null ? null : String(absent_minutes), about: t("rota.absent.about") }),
  ];
  return formOf(session, "", fields, t("admin.save"), (form) => {
    const [starts, ends, absent] = [entered(form, "peak-starts"), entered(form, "peak-ends"), entered(form, "absent").trim()];
    // Further peaks of the shop, set over the interface, stay behind the first.
    const others = own.peaks?.slice(1) ?? [];
    return save(slots, { peaks: starts && ends ? [{ starts, ends }, ...others] : null, absent_minutes: absent ? Number(absent) : null });
  });
}

const never = () => Promise.reject(new Error("nothing is checked here"));
