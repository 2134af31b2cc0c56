/* Whether the person's system is set to dark colours. */

const query = "(prefers-color-scheme: dark)";

/** @returns {boolean} Whether it is. */
export function isDark() {
  return matchMedia(query).matches;
}

/**
 * The look of a layer in the colours of the system: what a declaration names under `dark` stands for its light colours.
 * @param {Record<string, any>} style A declared style.
 * @returns {Record<string, any>} The style.
 */
export function themedStyle(style) {
  return isDark() ? { ...style, ...style.dark } : style;
}

/**
 * Hear when the system changes its colours.
 * @param {() => void} listener Hears it.
 */
export function onDarkChange(listener) {
  matchMedia(query).addEventListener("change", listener);
}
