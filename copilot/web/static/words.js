// Which language the page speaks, and its words. Before anybody has logged in the browser decides.

import { speaker } from "./card/i18n.js";
import { words as en } from "./words.en.js";
import { words as zh } from "./words.zh.js";

const REMEMBERED = "copilot.language";
const WORDS = { en, zh };

/** @typedef {"zh" | "en"} Language */

/** @returns {Language} what was chosen on this browser, else what the browser asks for */
export function guessLanguage() {
  const known = remembered() ?? navigator.language;
  return known.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

/**
 * The words of `language`, which becomes the page's.
 * @param {Language} language
 */
export function speak(language) {
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // In a frame on another site a browser may keep nothing; the person's own language comes with their login.
  }
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  return speaker(WORDS[language]);
}

/**
 * Writes the words into elements that stand in the page's file: `data-t` for the text, `data-t-<attribute>` for others.
 * @param {(key: string) => string} t
 * @param {ParentNode} [root]
 */
export function translate(t, root = document) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.getAttribute("data-t") ?? "");
  for (const name of ["aria-label", "placeholder", "title"]) {
    for (const node of root.querySelectorAll(`[data-t-${name}]`)) node.setAttribute(name, t(node.getAttribute(`data-t-${name}`) ?? ""));
  }
}
