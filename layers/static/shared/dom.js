/* Making elements. Names and other data reach the page through textContent only: nothing here takes markup. */

/**
 * Make an element.
 * @param {string} tag Its name, e.g. "div".
 * @param {string} [className] Its classes, separated by spaces.
 * @param {string} [text] Its text, shown as it is.
 * @returns {HTMLElement} The new element.
 */
export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/**
 * Make a button that does not send a form.
 * @param {string} className Its classes.
 * @param {string} text Its text.
 * @param {() => void} [action] What a click does; nothing where the click is meant for what it stands in.
 * @returns {HTMLButtonElement} The new button.
 */
export function button(className, text, action) {
  const node = element("button", className, text);
  node.type = "button";
  if (action) node.addEventListener("click", action);
  return node;
}

/**
 * Make the heading cell of a table's row.
 * @param {string} [text] Its text.
 * @returns {HTMLTableCellElement} The new cell.
 */
export function rowHeading(text) {
  const cell = element("th", "", text);
  cell.scope = "row";
  return cell;
}
