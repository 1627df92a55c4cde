// The lines of the sheet behind "?" that say how the desk calls: drawn from the wish, changed by a click.

import { h } from "./card/dom.js";

/** @import {Alarm} from "./alarm.js" */
/** @import {Alert} from "./types" */

const SOUNDS = /** @type {const} */ (["deadline", "message", "off"]);

/**
 * @param {Alarm} alarm
 * @param {(key: string) => string} t
 * @param {(error: unknown) => void} failed
 */
export function alarmWish(alarm, t, failed) {
  const choose = (/** @type {Partial<Alert>} */ change) => void alarm.choose(change).catch(failed);
  const sound = h(
    "select",
    { id: "alert-sound", class: "dc-field", on: { change: () => choose({ sound: SOUNDS.find((one) => one === sound.value) ?? "deadline" }) } },
    SOUNDS.map((name) => h("option", { value: name, selected: alarm.wish.sound === name }, t(`alert.sound.${name}`))),
  );
  const vibration = h("input", { type: "checkbox", id: "alert-vibration", checked: alarm.wish.vibration, on: { change: () => choose({ vibration: vibration.checked }) } });
  return [
    h("label", { class: "hold" }, h("span", {}, t("alert.sound")), sound),
    // Where the device cannot, there is nothing to choose.
    ...("vibrate" in navigator ? [h("label", { class: "hold" }, vibration, h("span", {}, t("alert.vibration")))] : []),
  ];
}
