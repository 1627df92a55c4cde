// How a person is shown to the others: their name, and their picture with the platform's word on it. Read when it is opened.

import { ApiError, get, post, put, remove } from "./api.js";
import { h } from "./card/dom.js";
import { icon } from "./card/icons.js";
import { explain, isSignedOut, toLogin } from "./session.js";

/** @import {Session} from "./session.js" */
/** @import {Face} from "./types" */

/**
 * @param {string | null | undefined} avatar the id of a picture
 * @returns {Element} it, or a plain figure where there is none
 */
export function portrait(avatar) {
  return avatar ? h("img", { class: "portrait", src: pictureOf(avatar), alt: "", width: 20, height: 20 }) : icon("user");
}

/** @param {string} avatar */
const pictureOf = (avatar) => `/api/avatars/${encodeURIComponent(avatar)}`;

/**
 * @param {HTMLDialogElement} dialog
 * @param {Session} session
 * @param {(face: Face) => void} changed what the page shows of them is another now
 */
export async function showFace(dialog, session, changed) {
  const { t } = session;
  const body = h("div", { class: "face" }, h("p", { class: "hint", role: "status" }, t("thread.loading")));
  const said = h("p", { class: "face-said", role: "alert" });
  dialog.replaceChildren(
    h("h2", { id: "face-title", tabindex: -1 }, t("face.title")),
    body,
    said,
    h("form", { method: "dialog", class: "sheet-acts" }, h("button", { class: "dc-button" }, t("close"), h("kbd", {}, "Esc"))),
  );
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("h2")?.focus();
  const take = async (/** @type {() => Promise<Face>} */ asking, /** @type {string} */ held = "h2") => {
    said.replaceChildren();
    try {
      const face = await asking();
      body.replaceChildren(...parts(session, face, take));
      changed(face);
      dialog.querySelector(held) instanceof HTMLElement && /** @type {HTMLElement} */ (dialog.querySelector(held)).focus();
    } catch (error) {
      if (isSignedOut(error)) return toLogin();
      const unfit = error instanceof ApiError && [413, 422].includes(error.status);
      said.replaceChildren(unfit ? t(error.body.field === "name" ? "face.name.unfit" : "face.unfit") : explain(error, t));
    }
  };
  await take(() => get("/api/me/face"));
}

/**
 * @param {Session} session
 * @param {Face} face
 * @param {(asking: () => Promise<Face>, held?: string) => Promise<void>} take
 */
function parts({ t }, face, take) {
  const name = h("input", { id: "face-name", class: "dc-field", maxlength: 100, value: face.name, autocomplete: "off" });
  const file = h("input", { id: "face-file", type: "file", accept: "image/png,image/jpeg,image/webp,image/gif", class: "unseen", tabindex: -1, "aria-hidden": "true" });
  file.addEventListener("change", () => {
    const given = file.files?.[0];
    if (given) void take(() => put("/api/me/avatar", given), "#face-choose");
  });
  const rename = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    void take(() => post("/api/me/face", { name: name.value }), "#face-name");
  };
  const some = face.avatar !== null || face.waiting !== null;
  return [
    h(
      "form",
      { on: { submit: rename } },
      h("label", { for: "face-name" }, t("face.name")),
      h("div", { class: "face-row" }, name, h("button", { class: "dc-button" }, t("face.name.save"))),
    ),
    h("h3", {}, t("face.picture")),
    h(
      "div",
      { class: "face-row" },
      shown(face.avatar, t("face.shown"), t("face.none")),
      face.waiting && shown(face.waiting.id, t(`face.${face.waiting.state}`), ""),
    ),
    ...words(t, face),
    h(
      "div",
      { class: "face-row" },
      h("button", { id: "face-choose", type: "button", class: "dc-button", on: { click: () => file.click() } }, icon("image"), t("face.choose")),
      some && h("button", { type: "button", class: "dc-button", on: { click: () => void take(() => remove("/api/me/avatar"), "#face-choose") } }, t("face.remove")),
      file,
    ),
    h("p", { class: "hint" }, t("face.about")),
  ].filter((part) => part instanceof Node);
}

/**
 * @param {string | null} avatar
 * @param {string} what
 * @param {string} none what is said where there is no picture
 */
function shown(avatar, what, none) {
  const picture = avatar ? h("img", { class: "portrait portrait-large", src: pictureOf(avatar), alt: what, width: 64, height: 64 }) : h("span", { class: "portrait portrait-large portrait-none" }, icon("user"));
  return h("figure", { class: "face-picture" }, picture, h("figcaption", {}, avatar ? what : none));
}

/**
 * What is said of the picture that is not shown.
 * @param {Session["t"]} t
 * @param {Face} face
 */
function words(t, { waiting }) {
  if (!waiting) return [];
  const line = waiting.state === "rejected" ? "face.rejected.then" : "face.pending_review.then";
  const said = waiting.reviews.map((one) => h("li", {}, h("strong", {}, one.shop), " ", t(`face.${one.state}`), one.reason && t("face.reason", { reason: one.reason })));
  return [h("p", { role: "status" }, t(line)), h("ul", { class: "face-reviews" }, said)];
}
