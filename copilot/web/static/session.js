// Who sits here: reads /api/me, keeps the words of their language, and leads to the login when there is nobody.

import { ApiError, get, post, serverNow, useCsrf } from "./api.js";
import { Keymap } from "./keymap.js";
import { guessLanguage, speak, translate } from "./words.js";

/** @import {Me, Shop} from "./types" */
/** @import {Env} from "./card/types" */
/** @import {Language} from "./words.js" */

export class Session {
  /** @param {Me} me */
  constructor(me) {
    this.me = me;
    /** @type {Language} */
    this.language = me.person.language === "en" ? "en" : "zh";
    this.t = speak(this.language);
    this.keys = new Keymap(me.person.id);
    useCsrf(me.csrf);
  }

  /**
   * Who is signed in; leads to the login when nobody is, and then never returns.
   * @returns {Promise<Session>}
   */
  static async begin() {
    try {
      return new Session(await get("/api/me"));
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      toLogin();
      return new Promise(() => undefined);
    }
  }

  /** @param {string} id */
  shop(id) {
    return this.me.shops.find((shop) => shop.id === id);
  }

  /** @param {string} action */
  can(action) {
    return this.me.can.includes(action);
  }

  /**
   * What the card and the formats need, for one shop.
   * @param {Shop | undefined} shop
   * @param {Env["check"]} check
   * @returns {Env}
   */
  env(shop, check) {
    return { t: this.t, keys: (command) => this.keys.named(command), language: this.language, zone: shop?.zone, now: serverNow, check };
  }

  /** @param {Language} language */
  async speak(language) {
    this.language = language;
    this.t = speak(language);
    translate(this.t);
    await post("/api/me/language", { language });
  }

  async leave() {
    await post("/api/logout");
    location.assign("/login");
  }
}

/** @param {unknown} error */
export function isSignedOut(error) {
  return error instanceof ApiError && error.status === 401;
}

let leaving = false;
// Who comes back to the page as it stood may have to leave again.
addEventListener("pageshow", () => (leaving = false));

export function toLogin() {
  // Several requests may learn at once that nobody is signed in; a second navigation would break off the first.
  if (leaving) return;
  leaving = true;
  const here = location.pathname + location.search + location.hash;
  location.assign(here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`);
}

/**
 * What to tell a person about an error.
 * @param {unknown} error
 * @param {(key: string) => string} t
 * @param {string} [more] what else is to be said
 */
export function explain(error, t, more = "") {
  if (!(error instanceof ApiError)) return t("error.page");
  if (error.status === 0) return t("error.offline");
  const told = [error.message || t("error.server"), error.remedy ?? "", more].filter(Boolean).map(sentence);
  return told.join(CHINESE.test(told[0] ?? "") ? "" : " ");
}

const CHINESE = /[\u3400-\u9fff]/;

/**
 * The server's words, which a log or a terminal shows as half a line, as a sentence on a page.
 * @param {string} words
 */
function sentence(words) {
  const whole = /[.!?。！？…]$/.test(words) ? words : words + (CHINESE.test(words) ? "。" : ".");
  return whole.replace(/^[a-z]+(?=[ ,:.])/, (first) => first.charAt(0).toUpperCase() + first.slice(1));
}

/** The language that the browser or its last user chose; for pages before the login. */
export const before = () => guessLanguage();
