// Looks words up by key and puts values in. Knows no words itself.

/**
 * @param {Record<string, string>} words
 * @returns {(key: string, values?: Record<string, string | number>) => string} an unknown key gives its last part, so
 * that a code the page has never heard of is still shown
 */
export function speaker(words) {
  return (key, values = {}) => {
    const text = words[key] ?? key.split(".").at(-1)?.replaceAll("_", " ") ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  };
}
