// A picture of the conversation, as large as the window; Esc, or a press anywhere, puts it away.

import { h } from "./card/dom.js";
import { icon } from "./card/icons.js";

/** @import {Env} from "./card/types" */

/**
 * The picture as it stands in the thread, to be pressed for a larger one.
 * @param {Env} env
 * @param {HTMLElement} picture
 * @param {string} address
 */
export function pressable(env, picture, address) {
  return h("button", { type: "button", class: "picture-button", "aria-label": env.t("picture.larger"), title: env.t("picture.larger"), on: { click: () => larger(env, address) } }, picture);
}

/**
 * @param {Env} env
 * @param {string} address
 */
function larger(env, address) {
  const shown = h("dialog", { class: "larger", "aria-label": env.t("kind.image") });
  const away = h("button", { type: "button", class: "icon-button", "aria-label": env.t("close"), autofocus: true }, icon("close"));
  shown.append(h("img", { src: address, alt: env.t("kind.image"), referrerpolicy: "no-referrer" }), away);
  shown.addEventListener("click", () => shown.close());
  shown.addEventListener("close", () => shown.remove());
  document.body.append(shown);
  shown.showModal();
}
