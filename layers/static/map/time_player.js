/* Plays the months of the register one after the other. */
import { monthEnd, monthIndex, dayNumber } from "../shared/days.js";

const STEP_MS = 220;

/**
 * The days that playing shows: the end of each month.
 * @param {string} first First day, such as "2019-12-31".
 * @param {string} last Last day.
 * @returns {number[]} Day numbers in order, none after the last day.
 */
export function monthEnds(first, last) {
  const from = monthIndex(dayNumber(first));
  const to = monthIndex(dayNumber(last));
  return Array.from({ length: to - from + 1 }, (_none, i) => Math.min(monthEnd(from + i), dayNumber(last)));
}

/** It plays nothing; the next time it begins with the first month. */
export const STOPPED = "stopped";
/** It shows one month after the other. */
export const PLAYING = "playing";
const PAUSED = "paused";

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Shows one month after the other, each when the one before is shown everywhere. It never goes back by itself: paused,
 * stopped or at its end, the day is the one that was shown last. */
export class TimePlayer {
  /**
   * @param {string[]} span First and last day.
   * @param {{showDay: (day: number) => Promise<void>, onChange: (state: string) => void}} screen What shows another day,
   *   done when all that belongs to the day is shown; and who hears that playing began, paused or ended.
   */
  constructor(span, screen) {
    this.days = monthEnds(...span);
    this.screen = screen;
    this.state = STOPPED;
    this.next = 0;
    this.run = 0;
  }

  /** Begin with the first month, pause, or go on after a pause. */
  toggle() {
    if (this.state === PLAYING) this.change(PAUSED);
    else this.play();
  }

  /** End: the next time begins with the first month. */
  stop() {
    if (this.state === STOPPED) return;
    this.next = 0;
    this.change(STOPPED);
  }

  async play() {
    const run = this.change(PLAYING);
    while (run === this.run && this.next < this.days.length) {
      const day = this.days[this.next];
      this.next += 1;
      await Promise.all([this.screen.showDay(day), pause(STEP_MS)]); // eslint-disable-line no-await-in-loop
    }
    if (run === this.run) this.stop();
  }

  /* Every change ends the run before it. */
  change(state) {
    this.state = state;
    this.run += 1;
    this.screen.onChange(state);
    return this.run;
  }
}
