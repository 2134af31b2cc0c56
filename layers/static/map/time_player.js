/* Plays the months of the register one after the other. */
import { monthEnd, monthIndex, dayNumber } from "../shared/days.js";

const STEP_MS = 220;

/**
 * The days that playing shows: the end of each month.
 * @param {string} first First day, such as "2019-12-31".
 * @param {string} last Last day.
 * @returns {number[]} Day numbers in order.
 */
export function monthEnds(first, last) {
  const from = monthIndex(dayNumber(first));
  const to = monthIndex(dayNumber(last));
  return Array.from({ length: to - from + 1 }, (_none, i) => monthEnd(from + i));
}

/** Shows one month after the other; when it ends, or is stopped by its button, the day from before is back. */
export class TimePlayer {
  /**
   * @param {string[]} span First and last day.
   * @param {{getDay: () => number, showDay: (day: number) => void, onChange: (isPlaying: boolean) => void}} screen
   *   Where the day stands, what draws another, and who hears that playing began or ended.
   */
  constructor(span, screen) {
    this.days = monthEnds(...span);
    this.screen = screen;
    this.timer = null;
  }

  /** Begin, or stop and return to the day from before. */
  toggle() {
    if (this.timer) this.stopAndReturn();
    else this.play();
  }

  /** Begin with the first month. */
  play() {
    const days = this.days.values();
    this.dayBefore = this.screen.getDay();
    this.timer = setInterval(() => {
      const { value, done } = days.next();
      if (done) this.stopAndReturn();
      else this.screen.showDay(value);
    }, STEP_MS);
    this.screen.onChange(true);
  }

  /** Stop where it is: somebody asked for another day. */
  stop() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.screen.onChange(false);
  }

  /** Stop, and show the day from before. */
  stopAndReturn() {
    this.stop();
    this.screen.showDay(this.dayBefore);
  }
}
