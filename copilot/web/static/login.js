// The login: takes name and password to the server and goes where the person wanted to go.

import { ApiError, post } from "./api.js";
import { element } from "./page.js";
import { before, explain } from "./session.js";
import { speak, translate } from "./words.js";

let language = before();
let t = speak(language);
const form = element("#form", HTMLFormElement);
const error = element("#error");

translate(t);
element("#language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  t = speak(language);
  translate(t);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void enter();
});
// Until now a press would have been the browser's own, with the password in the address.
element("#enter", HTMLButtonElement).disabled = false;
if (document.activeElement === document.body) element("[name=login]").focus();

async function enter() {
  const data = new FormData(form);
  const [login, password] = [String(data.get("login") ?? "").trim(), String(data.get("password") ?? "")];
  if (!login || !password) return say(t("login.missing"));
  form.inert = true;
  try {
    await post("/api/login", { login, password });
    location.replace(wanted());
  } catch (problem) {
    form.inert = false;
    say(words(problem));
    const field = element("[name=password]", HTMLInputElement);
    field.select();
    field.focus();
  }
}

/** @param {string} text */
function say(text) {
  error.textContent = text;
  error.hidden = false;
}

/** @param {unknown} problem */
function words(problem) {
  if (problem instanceof ApiError && problem.code === "wrong_login") return t("login.wrong");
  if (problem instanceof ApiError && problem.code === "too_many_attempts") return t("login.too_many").replace("{n}", String(problem.body.retry_after ?? 60));
  return explain(problem, t);
}

/** Where the person was going; never away from this server. */
function wanted() {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  const address = new URL(next, location.origin);
  return next.startsWith("/") && address.origin === location.origin ? address.pathname + address.search + address.hash : "/";
}
