/* Data comes from the server that sent the page. */

/**
 * Fetch JSON.
 * @param {string} url An address of this server, relative to the page.
 * @returns {Promise<any>} What it answers.
 * @throws {Error} Where the server answers with an error: its own text, else the status code.
 */
export async function fetchJson(url) {
  const answer = await fetch(url);
  if (answer.ok) return answer.json();
  const body = await answer.json().catch(() => ({}));
  throw new Error(body.error || String(answer.status));
}
