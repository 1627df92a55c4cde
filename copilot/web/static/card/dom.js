// Builds elements. Owns no state; text only ever enters as text nodes, so nothing from a buyer is ever markup.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @typedef {{[name: string]: string | number | boolean | null | undefined
 *   | {[event: string]: (event: any) => void}}} Props
 * `on` holds listeners; true sets an empty attribute; null, undefined and false set none.
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...present(children));
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {string} name
 * @param {Props[string]} value
 */
function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "object") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {(Child | Child[])[]} children
 * @returns {(Node | string)[]}
 */
function present(children) {
  /** @type {(Node | string)[]} */
  const kept = [];
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) kept.push(child);
  return kept;
}

/**
 * Makes the children of `parent` match `items` in order, keeping the element of a key that stays: focus and scroll
 * survive an update.
 * @template T
 * @param {HTMLElement} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T, known: HTMLElement | null) => HTMLElement} make `known` is the element shown for this key so far
 */
export function reconcile(parent, items, keyOf, make) {
  /** @type {Map<string, HTMLElement>} */
  const before = new Map();
  for (const child of parent.children) {
    if (child instanceof HTMLElement && child.dataset["key"]) before.set(child.dataset["key"], child);
  }
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const node = make(item, before.get(key) ?? null);
    node.dataset["key"] = key;
    return node;
  });
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(/** @type {HTMLElement} */ (child))) child.remove();
  wanted.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
}

/** @type {WeakMap<HTMLElement, string>} what each place was last filled from */
const filled = new WeakMap();

/**
 * Fills `place` again only when what that is made of has changed: what stands there keeps focus and selection, and costs
 * nothing.
 * @param {HTMLElement} place filled here alone
 * @param {unknown} from everything that `make` reads, as JSON has it
 * @param {() => (Node | string)[]} make
 * @returns {boolean} whether it was filled again
 */
export function renew(place, from, make) {
  const made = JSON.stringify(from);
  if (filled.get(place) === made) return false;
  filled.set(place, made);
  place.replaceChildren(...make());
  return true;
}
