/* What is searched for where a text is typed, as geo.register.synonyms has it. */

const isLatin = (text) => !/[^\u0020-\u007e]/.test(text);

/**
 * A text in lower case with single spaces, none at its ends.
 * @param {string} text Such as " Taihu  Square".
 * @returns {string} Such as "taihu square".
 */
export function spaced(text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
}

/**
 * The forms to search for.
 * @param {string} text What was typed.
 * @param {[string, string][]} meanings Words and what stands for them in names, the longest words first.
 * @returns {string[]} The text itself, and with every synonym replaced.
 */
export function forms(text, meanings) {
  const plain = spaced(text);
  if (!meanings.length) return [plain];
  const standsFor = new Map(meanings);
  const each = [...standsFor.keys()].map((words) => (isLatin(words) ? `(?<![a-z])${words}(?![a-z])` : words));
  return [...new Set([plain, plain.replace(new RegExp(each.join("|"), "g"), (words) => standsFor.get(words))])];
}
