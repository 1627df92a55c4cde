// The administration page: which sections there are for whom, and the one that the address names. Each reads for itself.

import { showTrouble, watchTrouble } from "../beside.js";
import { h } from "../card/dom.js";
import { icon } from "../card/icons.js";
import { element } from "../page.js";
import { explain, isSignedOut, Session, toLogin } from "../session.js";
import { translate } from "../words.js";
import { showFeedback } from "./feedback.js";
import { showFigures } from "./figures.js";
import { showKnowledge } from "./knowledge.js";
import { showLog } from "./log.js";
import { showModels } from "./models.js";
import { showPeople } from "./people.js";
import { showRota } from "./rota.js";
import { showRules } from "./rules.js";
import { showSample } from "./sample.js";
import { showShops } from "./shops.js";
import { showTokens } from "./tokens.js";
import { showVoice } from "./voice.js";

/** @typedef {(session: Session, place: HTMLElement) => Promise<void>} Section reads and draws itself */

/** @type {Record<string, {action: string, show: Section}>} */
const SECTIONS = {
  people: { action: "assign", show: showPeople },
  rota: { action: "assign", show: showRota },
  shops: { action: "manage", show: showShops },
  models: { action: "manage", show: showModels },
  voice: { action: "manage", show: showVoice },
  faq: { action: "manage", show: (session, place) => showKnowledge(session, place, "faq") },
  phrases: { action: "manage", show: (session, place) => showKnowledge(session, place, "phrases") },
  greetings: { action: "manage", show: (session, place) => showKnowledge(session, place, "greetings") },
  "auto-replies": { action: "manage", show: (session, place) => showKnowledge(session, place, "auto-replies") },
  figures: { action: "watch", show: showFigures },
  sample: { action: "sample", show: showSample },
  feedback: { action: "hear", show: showFeedback },
  rules: { action: "assign", show: showRules },
  tokens: { action: "manage", show: showTokens },
  log: { action: "manage", show: showLog },
};

const session = await Session.begin();
let turn = 0;

element("#language").addEventListener("click", () => void switchLanguage());
element("#leave").addEventListener("click", () => void session.leave());
addEventListener("hashchange", () => void show(true));
frame();
watchTrouble(() => session);
await show(false);

function frame() {
  const { t, me } = session;
  translate(t);
  document.title = `${t("admin")} · reply-copilot`;
  showTrouble(session);
  element("#merchant").textContent = me.merchant.name;
  element("#person").replaceChildren(icon("user"), me.person.name);
}

/** @param {boolean} moved whether the hand follows to the section */
async function show(moved) {
  const { t } = session;
  const known = Object.entries(SECTIONS).filter(([, { action }]) => session.can(action));
  const asked = location.hash.slice(1);
  const [name, section] = known.find(([id]) => id === asked) ?? known[0] ?? [];
  element("#sections").replaceChildren(...known.map(([id]) => h("a", { href: `#${id}`, "aria-current": id === name ? "page" : null }, t(`admin.${id}`))));
  const place = element("#section");
  if (!name || !section) return place.replaceChildren(h("p", { class: "hint" }, t("admin.not_yours")));
  // Drawn aside, so that a slow answer never lands in another section.
  const mine = (turn += 1);
  const drawn = h("div", { class: "admin-main-inner" });
  place.replaceChildren(h("h1", {}, t(`admin.${name}`)), h("p", { class: "hint" }, t(`admin.${name}.about`)), drawn);
  if (moved) place.focus();
  try {
    await section.show(session, drawn);
  } catch (error) {
    if (isSignedOut(error)) return toLogin();
    if (mine === turn) drawn.replaceChildren(h("p", { class: "admin-said bad", role: "alert" }, explain(error, t)));
  }
}

async function switchLanguage() {
  await session.speak(session.language === "zh" ? "en" : "zh");
  frame();
  await show(false);
}
