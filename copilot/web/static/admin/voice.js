// How a shop sounds: the form that the server describes, samples of it before anything is stored, and saving.

import { get, post } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled } from "./form.js";

/** @import {Session} from "../session.js" */
/** @import {Field} from "./form.js" */
/** @typedef {Record<string, string | Record<string, string | number>>} Voice */
/** @typedef {{name: string, part: string, language: string | null, kind: "text" | "number" | "choice", choices: string[]}} Part */
/** @typedef {{voice: Voice, below: Voice, own: boolean, version: number | null, emoji: boolean, max_chars: number | null, fields: Part[]}} Shown */
/** @typedef {{language: string, scene: string, text: string, findings: string[], blocked: boolean}} Sounded */

/**
 * @param {Session} session
 * @param {HTMLElement} place
 * @param {string} [chosen] the shop
 */
export async function showVoice(session, place, chosen) {
  const { t, me } = session;
  const shop = chosen ?? me.shops[0]?.id;
  if (!shop) return place.replaceChildren(h("p", { class: "hint" }, t("shops.none")));
  const at = `/api/shops/${encodeURIComponent(shop)}/voice`;
  const shown = /** @type {Shown} */ (await get(at));
  const shops = labelled({ name: "shop", label: t("paste.shop"), kind: "choice", value: shop, choices: me.shops.map((one) => /** @type {[string, string]} */ ([one.id, one.name])) });
  shops.addEventListener("change", (event) => event.target instanceof HTMLSelectElement && void showVoice(session, place, event.target.value));
  const stands = h("p", { class: "admin-about", id: "voice-stands" }, standing(session, shown));
  const heard = h("section", { id: "voice-heard", class: "admin-part", "aria-live": "polite" });
  const fields = shown.fields.map((part) => labelled(fieldOf(session, part, shown)));
  const listen = h("button", { type: "button", class: "dc-button", id: "voice-listen" }, t("voice.listen"));
  const form = formOf(session, "", fields, t("admin.save"), async (of) => {
    stands.textContent = standing(session, /** @type {Shown} */ (await post(at, given(of, shown))));
    await sample();
  }, [listen]);
  form.id = "voice-form";
  const sample = async () => {
    const { samples } = /** @type {{samples: Sounded[]}} */ (await post(`${at}/sample`, given(form, shown)));
    heard.replaceChildren(h("h2", {}, t("voice.heard")), ...samples.map((one) => sounded(session, one)));
  };
  // What a sample is refused for is told where saving would tell it: beside the field.
  listen.addEventListener("click", () => form.dispatchEvent(new CustomEvent("try", { detail: sample })));
  place.replaceChildren(h("div", { class: "admin-bar" }, shops), stands, h("div", { class: "admin-beside" }, form, heard));
  await sample();
}

/** @param {Session} session @param {Shown} shown */
function standing({ t }, { own, version }) {
  if (version !== null) return t("voice.published", { n: version });
  return own ? t("voice.in_folder") : t("voice.not_own");
}

/**
 * @param {Session} session
 * @param {Part} part
 * @param {Shown} shown
 * @returns {Field}
 */
function fieldOf({ t }, { name, part, language, kind, choices }, { voice, below, emoji, max_chars }) {
  const now = language ? inner(voice, part)[language] : voice[part];
  const label = language ? `${t(`voice.${part}`)} · ${t(`voice.in.${language}`)}` : t(`voice.${part}`);
  const common = { name, label, value: /** @type {string | number | null} */ (now ?? null) };
  if (kind === "choice") return { ...common, kind, choices: choices.map((one) => [one, t(`voice.${part}.${one}`)]), about: part === "emoji" && !emoji ? t("voice.emoji.unseen") : t(`voice.${part}.about`) };
  const instead = language ? inner(below, part)[language] : undefined;
  if (kind === "number") return { ...common, kind, hint: instead === undefined ? null : t("voice.else", { n: instead }), about: max_chars === null ? t(`voice.${part}.about`) : `${t(`voice.${part}.about`)} ${t("voice.platform", { n: max_chars })}` };
  return { ...common, kind, about: t(`voice.${part}.about`) };
}

/** @param {Voice} voice @param {string} part @returns {Record<string, string | number>} */
function inner(voice, part) {
  const found = voice[part];
  return typeof found === "object" ? found : {};
}

/**
 * What was entered, as the server takes it; an empty field says nothing.
 * @param {HTMLFormElement} form
 * @param {Shown} shown
 */
function given(form, { fields }) {
  /** @type {Voice} */
  const voice = {};
  for (const { name, part, language, kind } of fields) {
    const text = entered(form, name).trim();
    if (language) voice[part] = { ...inner(voice, part), ...(text ? { [language]: kind === "number" ? Number(text) : text } : {}) };
    else voice[part] = text;
  }
  return voice;
}

/** @param {Session} session @param {Sounded} one */
function sounded({ t }, { language, scene, text, findings, blocked }) {
  return h(
    "figure",
    { class: "admin-sample" },
    h("figcaption", { class: "admin-about" }, `${t(`voice.scene.${scene}`)} · ${t(`voice.in.${language}`)} · ${t("voice.characters", { n: [...text].length })}`),
    h("blockquote", { lang: language === "zh" ? "zh-CN" : "en" }, text),
    findings.length ? h("p", { class: blocked ? "admin-said bad" : "admin-about" }, `${t(blocked ? "voice.blocked" : "voice.warned")} ${findings.join(" ")}`) : "",
  );
}
