// Tells whoever looks after the others that somebody on duty is missing; the server says so once a slot.

import { get } from "./api.js";
import { when } from "./card/format.js";
import { toast } from "./frame.js";

/** @import {Session} from "./session.js" */
/** @import {Change} from "./types" */

/**
 * @param {Session} session
 * @param {Change} change
 */
export async function tellAbsence(session, { topic, ref }) {
  if (topic !== "absence.raised" || !session.can("assign")) return;
  const { absences } = /** @type {{absences: {id: string, shop: string, person: {name: string}, since: string}[]}} */ (await get("/api/absences"));
  const found = absences.find((one) => one.id === ref);
  if (!found) return;
  const env = session.env(session.shop(found.shop), () => Promise.reject(new Error("nothing is checked here")));
  toast(session.t("absent", { who: found.person.name, since: when(found.since, env) }));
}
