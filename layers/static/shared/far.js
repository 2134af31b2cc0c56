/* How far facilities serve: metres, or for a vehicle minutes, whose slider moves in metres at the vehicle's speed. */
import { wholeText } from "./numbers.js";

/**
 * How far, in the words of a question (geo.display.view says the same in Python).
 * @param {number} metres Of the slider.
 * @param {{question: Record<string, string>, speed?: number | null}} spec The question, and metres a minute.
 * @returns {Record<string, string>} Minutes where the question has them, else the radius.
 */
export function farWords(metres, { question, speed }) {
  return question.minutes && speed ? { minutes: String(Math.round((10 * metres) / speed) / 10) } : { radius: String(metres) };
}

/**
 * How far, in words: metres, with the minutes of a walk; for a vehicle its minutes alone.
 * @param {number} metres Of the slider.
 * @param {Record<string, any>} data The question and its texts.
 * @returns {string} A text.
 */
export function farText(metres, { text, speed, words = {} }) {
  const minutes = speed ? text.minutes.replace("{n}", String(Math.round(metres / speed))) : "";
  if (words.minutes) return minutes;
  return [`${wholeText(metres)} ${text.m}`, minutes].filter(Boolean).join(" · ");
}
