/* Data comes from the server that sent the page. */

const BUSY = 503;
const TRIES = 5;

/**
 * Fetch JSON; a server that is busy and says when it will not be is asked again then.
 * @param {string} url An address of this server, relative to the page.
 * @param {number} tries How often it is asked.
 * @returns {Promise<any>} What it answers.
 * @throws {Error} Where the server answers with an error: its own text, else the status code.
 */
export async function fetchJson(url, tries = TRIES) {
  const answer = await fetch(url);
  if (answer.ok) return answer.json();
  const seconds = Number(answer.headers.get("Retry-After"));
  if (answer.status === BUSY && seconds > 0 && tries > 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    return fetchJson(url, tries - 1);
  }
  const body = await answer.json().catch(() => ({}));
  throw new Error(body.error || String(answer.status));
}
