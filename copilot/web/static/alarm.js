// Calls the person to what is not on their screen: with every message, or once when its answer is nearly late. Which
// messages may call is the server's word (`alert` of an event); how, the person's.

import { post, serverNow } from "./api.js";

/** @import {Alert, Change, Row} from "./types" */

const NEAR = 60_000; // ms before a deadline, and never more than a third of the time that there was
const APART = 1000; // ms in which all pages of a browser call once
const LENGTH = 160; // ms of a tone, and of a vibration
const TONES = [660, 880]; // Hz

/**
 * @typedef {object} Screen what the desk shows
 * @property {(conversation: string) => boolean} shows whether the person is looking at it
 * @property {() => Row[]} rows of the list, what is lost first on top
 */

export class Alarm {
  /** @type {Set<string>} conversations whose deadline is watched */
  #watched = new Set();
  /** @type {AudioContext | null} */
  #audio = null;
  /** @type {Promise<void>} the wish that was made last, once it is kept or refused */
  #chosen = Promise.resolve();

  /**
   * @param {Alert | undefined} wish
   * @param {Screen} screen
   */
  constructor(wish, screen) {
    /** @type {Alert} */
    this.wish = wish ?? { sound: "off", vibration: false };
    this.screen = screen;
    setInterval(() => this.#look(), 1000);
  }

  /**
   * Wishes that come quickly are taken one behind the other: each changes what the one before left.
   * @param {Partial<Alert>} change
   */
  choose(change) {
    const chosen = this.#chosen.then(() => this.#take({ ...this.wish, ...change }));
    this.#chosen = chosen.catch(() => undefined);
    return chosen;
  }

  /** @param {Alert} wish */
  async #take(wish) {
    await post("/api/me/alert", wish);
    this.wish = wish;
    if (wish.sound !== "off") this.#sound();
    if (wish.vibration) vibrate();
  }

  /** @param {Change} change */
  heard({ alert, conversation }) {
    if (!alert || !conversation) return;
    if (this.wish.sound !== "message") this.#watched.add(conversation);
    else if (!this.screen.shows(conversation)) this.#call();
  }

  /** Each is called once; of several that are nearly late at the same moment one call is enough. */
  #look() {
    const near = this.screen.rows().filter((row) => this.#watched.has(row.id) && isNear(row));
    for (const row of near) this.#watched.delete(row.id);
    if (near.some((row) => !this.screen.shows(row.id))) this.#call();
  }

  /** Of several pages one calls; where a browser has no locks, each does. */
  #call() {
    const call = () => {
      if (this.wish.sound !== "off") this.#sound();
      if (this.wish.vibration) vibrate();
    };
    if (!("locks" in navigator)) return call();
    void navigator.locks.request("copilot.alarm", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      call();
      await new Promise((resolve) => setTimeout(resolve, APART));
    });
  }

  #sound() {
    // A browser stays silent until somebody has touched the page; then the next call is heard.
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    void audio.resume();
    TONES.forEach((pitch, place) => tone(audio, pitch, audio.currentTime + (place * LENGTH) / 1000));
  }
}

/** @param {Row} row */
function isNear(row) {
  if (row.waiting_since === null || row.deadline_at === null) return false;
  const due = Date.parse(row.deadline_at);
  return due - serverNow() <= Math.min(NEAR, (due - Date.parse(row.waiting_since)) / 3);
}

/**
 * @param {AudioContext} audio
 * @param {number} pitch
 * @param {number} at
 */
function tone(audio, pitch, at) {
  const voice = audio.createOscillator();
  const loudness = audio.createGain();
  const end = at + LENGTH / 1000;
  voice.frequency.value = pitch;
  loudness.gain.setValueAtTime(0.15, at);
  // Without it the end of a tone clicks.
  loudness.gain.exponentialRampToValueAtTime(0.001, end);
  voice.connect(loudness).connect(audio.destination);
  voice.start(at);
  voice.stop(end);
}

function vibrate() {
  // Firefox and Safari have none.
  if ("vibrate" in navigator) navigator.vibrate(LENGTH);
}
