"""What the page itself tells during the peak: how long a key takes until it is painted, and which events arrived.

A step is painted twice: who it is with what the page knows, and the whole conversation with its draft.
"""

from typing import Any, Final

WATCHING: Final = """(() => {
  const kept = (window.peak = { open: false, told: [], painted: [], shown: [], whole: [], slow: [], stepped: [] });
  const steps = new Set();
  // What the browser itself measures of an interaction: from the key to the frame that is presented, in steps of 8 ms.
  new PerformanceObserver((list) => {
    for (const { name, duration, startTime } of list.getEntries()) {
      if (name === "keydown") (steps.delete(startTime) ? kept.stepped : kept.slow).push(duration);
    }
  }).observe({ type: "event", durationThreshold: 16 });
  // What the page's code hears, whichever way it came.
  const dispatch = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    if (event.type === "open") kept.open = true;
    if (event instanceof CustomEvent && event.type === "change" && event.detail?.topic) kept.told.push(event.detail.id);
    return dispatch.call(this, event);
  };
  const named = () => {
    const thread = document.querySelector("message-thread");
    return thread && !thread.hidden ? document.querySelector("#buyer")?.textContent : undefined;
  };
  // A message of its own comes after the frame was painted, a frame's callback before it.
  const afterPaint = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  });
  let step = 0;
  addEventListener("keydown", (event) => {
    if (!event.isTrusted) return;
    const began = event.timeStamp;
    afterPaint(() => kept.painted.push(performance.now() - began));
    if (event.key !== "j") return;
    steps.add(began);
    const [before, mine] = [named(), (step += 1)];
    const whole = () => document.querySelector("draft-card").dataset.state !== "loading";
    const look = (there, then) => {
      if (mine !== step || performance.now() - began > 10000) return;
      if (there()) then();
      else setTimeout(look, 1, there, then);
    };
    const note = (times) => afterPaint(() => times.push(performance.now() - began));
    const other = () => named() && named() !== before;
    look(other, () => (note(kept.shown), look(() => other() && whole(), () => note(kept.whole))));
  }, true);
})()"""
"""Runs before the page's own scripts."""

SEES: Final = """() => {
  const card = document.querySelector("draft-card"), text = card.querySelector(".dc-text")?.cloneNode(true);
  for (const number of text?.querySelectorAll("sup") ?? []) number.remove();
  const rows = [...document.querySelectorAll("conversation-list [role=option]")];
  const place = (row) => Number(row.getAttribute("aria-posinset"));
  const waits = rows.filter((row) => row.querySelector(".chip-ready, .chip-person"));
  const ready = waits.map(place).sort((one, other) => one - other);
  const open = rows.find((row) => row.getAttribute("aria-selected") === "true");
  // Until the platform told the shopper's name, what is sent could not be told from what another one got.
  const named = document.querySelector("#buyer").textContent !== "Buyer";
  return {
    buyer: document.querySelector("message-thread").hidden ? "" : document.querySelector("#buyer").textContent,
    decidable: named && !card.hidden && card.dataset.state === "proposed" && !card.classList.contains("dc-acting")
      && card.querySelector(".dc-accept")?.getAttribute("aria-disabled") === "false",
    blocked: named && !card.hidden && card.dataset.state === "blocked" && open?.querySelector(".chip-person") !== null,
    text: text?.textContent ?? "",
    box: card.querySelector(".dc-box")?.value ?? null,
    refused: card.querySelector(".dc-editor .dc-primary")?.getAttribute("aria-disabled") === "true",
    newer: card.querySelector(".dc-newer") !== null,
    mine: card.contains(document.activeElement),
    open: open ? place(open) : 0,
    ready,
  };
}"""
"""What a person would see: whose conversation is open, its draft, the places of the rows that need somebody."""

TAKE: Final = """() => {
  const taken = Object.entries(window.peak).filter(([, kept]) => Array.isArray(kept));
  return Object.fromEntries(taken.map(([name, kept]) => [name, kept.splice(0)]));
}"""
"""Hands over what was kept since the last time."""

Seen = dict[str, Any]
"""What ``SEES`` returns."""
