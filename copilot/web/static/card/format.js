// Writes money, times and durations for people, in their language and the shop's zone. Takes the time as an argument.

/** @import {Env, Money} from "./types" */

/** @typedef {Pick<Env, "t" | "language" | "zone" | "now">} Formats */

/** @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/**
 * @param {Formats} env
 * @param {Intl.DateTimeFormatOptions} options
 */
function formatter(env, options) {
  const locale = env.language === "zh" ? "zh-CN" : "en-US";
  const key = `${locale} ${env.zone} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, env.zone ? { ...options, timeZone: env.zone } : options);
    formatters.set(key, found);
  }
  return found;
}

/**
 * "¥29.95", "$34.99"; amounts stay the decimal strings they came as.
 * @param {Money} value
 */
export function money(value) {
  /** @type {Record<string, string>} */
  const signs = { CNY: "¥", USD: "$", GBP: "£", EUR: "€" };
  const sign = signs[value.currency];
  return sign ? `${sign}${value.amount}` : `${value.amount} ${value.currency}`;
}

/**
 * The time of today, else the date with it: "14:20", "Nov 20, 2:20 PM".
 * @param {string} iso
 * @param {Formats} env
 */
export function when(iso, env) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const clock = formatter(env, { hour: env.language === "zh" ? "2-digit" : "numeric", minute: "2-digit" }).format(at);
  return sameDay(at, new Date(env.now()), env) ? clock : `${day(iso, env)} ${clock}`;
}

/**
 * "11月20日", "Nov 20"; with the year when it is another.
 * @param {string} iso
 * @param {Formats} env
 */
export function day(iso, env) {
  const at = new Date(iso);
  const year = formatter(env, { year: "numeric" });
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { month: env.language === "zh" ? "long" : "short", day: "numeric" };
  if (year.format(at) !== year.format(new Date(env.now()))) parts.year = "numeric";
  return formatter(env, parts).format(at);
}

/**
 * @param {Date} one
 * @param {Date} other
 * @param {Formats} env
 */
function sameDay(one, other, env) {
  const whole = formatter(env, { year: "numeric", month: "numeric", day: "numeric" });
  return whole.format(one) === whole.format(other);
}

/**
 * How long ago, in one unit: "just now", "3 min ago".
 * @param {string} iso
 * @param {Formats} env
 */
export function ago(iso, env) {
  const seconds = Math.max(0, (env.now() - Date.parse(iso)) / 1000);
  if (seconds < 45) return env.t("time.now");
  if (seconds < 3600) return env.t("time.minutes_ago", { n: Math.round(seconds / 60) });
  if (seconds < 86400) return env.t("time.hours_ago", { n: Math.round(seconds / 3600) });
  return when(iso, env);
}

/**
 * What is left until `iso`: "0:25", "4:05", "2 h 10 min", "overdue 3 min".
 * @param {string} iso
 * @param {Formats} env
 * @returns {{text: string, level: "late" | "soon" | "calm"}} soon: a minute or less
 */
export function countdown(iso, env) {
  const seconds = Math.round((Date.parse(iso) - env.now()) / 1000);
  if (seconds < 0) return { text: env.t("time.late", { span: span(-seconds, env) }), level: "late" };
  const text = seconds < 3600 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : span(seconds, env);
  return { text, level: seconds <= 60 ? "soon" : "calm" };
}

/**
 * @param {number} seconds
 * @param {Formats} env
 */
export function span(seconds, env) {
  if (seconds < 60) return env.t("time.seconds", { n: seconds });
  if (seconds < 3600) return env.t("time.minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 86400) {
    return env.t("time.hours", { n: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) });
  }
  return env.t("time.days", { n: Math.floor(seconds / 86400) });
}
