// The pop-up of a panel: lets somebody sign in on our own origin and hands the panel a one-time code, then closes.

import { ApiError, get, post, useCsrf } from "../api.js";
import { element } from "../page.js";
import { before, explain, isSignedOut } from "../session.js";
import { speak, translate } from "../words.js";

/** @import {Me} from "../types" */

const asked = new URLSearchParams(location.hash.slice(1));
const [nonce, host] = [asked.get("nonce") ?? "", asked.get("host") ?? ""];
const t = speak(asked.get("language") === "en" ? "en" : asked.get("language") === "zh" ? "zh" : before());
const form = element("#form", HTMLFormElement);
const button = element("#enter", HTMLButtonElement);
/** @type {Me | null} */
let me = null;

translate(t);
element("#about").textContent = t("panel.about", { host });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void enter();
});
try {
  me = await get("/api/me");
} catch (error) {
  if (!isSignedOut(error)) say(explain(error, t));
}
for (const field of document.querySelectorAll("[data-who]")) if (field instanceof HTMLElement) field.hidden = me !== null;
button.textContent = me ? t("panel.go_on", { name: me.person.name }) : t("login.do");
button.disabled = false;
(me ? button : element("[name=login]")).focus();

async function enter() {
  const data = new FormData(form);
  form.inert = true;
  try {
    me ??= await post("/api/login", { login: String(data.get("login") ?? "").trim(), password: String(data.get("password") ?? "") });
    useCsrf(me?.csrf ?? "");
    const { code } = await post("/api/panel/code", { nonce, host });
    if (!window.opener) return say(t("panel.lost"));
    // The frame is a page of ours: nobody else can be told.
    window.opener.postMessage({ type: "reply-copilot:code", nonce, code }, location.origin);
    window.close();
  } catch (error) {
    form.inert = false;
    const wrong = error instanceof ApiError && error.code === "wrong_login";
    const many = error instanceof ApiError && error.code === "too_many_attempts";
    const unlisted = error instanceof ApiError && error.code === "origin_not_listed";
    say(wrong ? t("login.wrong") : many ? t("login.too_many").replace("{n}", String(error.body.retry_after ?? 60)) : unlisted ? t("panel.unlisted", { host }) : explain(error, t));
  }
}

/** @param {string} text */
function say(text) {
  element("#error").textContent = text;
  element("#error").hidden = false;
}
