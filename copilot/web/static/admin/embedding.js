// Where other chat tools may show a shop's conversations in the panel: one origin a line; what cannot be one is named.

import { ApiError, post } from "../api.js";
import { h } from "../card/dom.js";
import { entered, formOf, labelled } from "./form.js";

/** @import {Session} from "../session.js" */

/**
 * @param {Session} session
 * @param {{id: string, slug: string, panel: string[]}} shop
 */
export function embedding(session, { id, slug, panel }) {
  const { t, me } = session;
  const field = labelled({ name: "origins", label: t("shops.panel.origins"), kind: "long", value: panel.join("\n"), about: t("shops.panel.origins.about"), hint: "https://chat.example.com" });
  const address = `${location.origin}/panel?merchant=${encodeURIComponent(me.merchant.slug)}`;
  const form = formOf(session, t("shops.panel"), [h("p", { class: "admin-about" }, t("shops.panel.about"), " ", h("span", { class: "dc-id" }, address)), field], t("admin.save"), async (of) => {
    const lines = entered(of, "origins").split("\n").map((one) => one.trim()).filter(Boolean);
    try {
      const { origins } = /** @type {{origins: string[]}} */ (await post(`/api/shops/${encodeURIComponent(id)}/panel`, { origins: lines }));
      const place = field.querySelector("textarea");
      if (place) place.value = origins.join("\n");
    } catch (error) {
      const bad = error instanceof ApiError ? lines[Number(error.body.line) - 1] : undefined;
      // The server says which line it is and repeats nothing.
      if (error instanceof ApiError && bad) error.body.why = t("shops.panel.bad", { line: bad });
      throw error;
    }
  });
  form.id = `panel-${slug}`;
  return form;
}
